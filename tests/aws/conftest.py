"""What tests of the AWS parts share."""

import importlib.util
import itertools
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.aws.exchange import make_exchange
from tradeglyph.ports.alert_store import AlertStore
from tradeglyph.stores.opening import open_store

_names = itertools.count()


@pytest.fixture(scope="session")
def packaging() -> ModuleType:
    """The script behind `make lambda`."""
    path = Path(__file__).resolve().parents[2] / "deploy" / "aws" / "package.py"
    spec = importlib.util.spec_from_file_location("lambda_package", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def moto() -> Iterator[Any]:
    """moto's server of every service."""
    pytest.importorskip("moto", reason="needs moto[server]")
    from tests.stores.moto_server import AWS, DynamoDBServer

    with pytest.MonkeyPatch.context() as environment:
        for name, value in AWS.items():
            environment.setenv(name, value)
        server = DynamoDBServer()
        yield server
        server.stop()


@dataclass(frozen=True, slots=True)
class Account:
    """What the template makes in an AWS account, spoken to over HTTP."""

    server: Any
    sqs: Any
    store_url: str
    queue: str
    dead_letters: str
    """Names of the queues, whose addresses are `url(NAME)`."""
    secret: str
    environment: dict[str, str]
    """Of the function."""

    def url(self, name: str) -> str:
        found: str = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return found

    def dead(self) -> list[tuple[str, str]]:
        """Body and reason of all dead letters, which are taken."""
        letters = []
        while told := self.sqs.receive_message(
            QueueUrl=self.url(self.dead_letters),
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
        ).get("Messages"):
            letters += [
                (one["Body"], one["MessageAttributes"]["tradeglyph-reason"]["StringValue"])
                for one in told
            ]
        return letters


@pytest.fixture
def account(moto: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    from tests.stores.moto_server import AWS

    number = next(_names)
    # moto keeps one account for all its servers in a process: no other test has these names.
    queue, dead = f"function-events-{number}", f"function-dead-{number}"
    secret = f"configuration-{number}"
    with (
        closing(moto.session.client("sqs", endpoint_url=moto.endpoint)) as sqs,
        closing(moto.session.client("secretsmanager", endpoint_url=moto.endpoint)) as secrets,
    ):
        sqs.create_queue(QueueName=queue)
        dead_url = sqs.create_queue(QueueName=dead)["QueueUrl"]
        secrets.create_secret(Name=secret, SecretString=make_exchange(tmp_path))
        store_url = moto.new_table()
        environment = {
            "TRADEGLYPH_CONFIGURATION_SECRET": secret,
            "TRADEGLYPH_STORE__URL": store_url,
            "TRADEGLYPH_DEAD_LETTERS": dead_url,
            "TRADEGLYPH_FRAUD_USER_EVENT": "",
            "OMP_NUM_THREADS": "1",
        }
        for name in os.environ:
            if name.startswith("AWS_"):
                monkeypatch.delenv(name)
        for name, value in {**AWS, **environment, "AWS_ENDPOINT_URL": moto.endpoint}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        yield Account(moto, sqs, store_url, queue, dead, secret, environment)


@pytest.fixture
def alerts(account: Account) -> Iterator[AlertStore]:
    """The store that the function writes to."""
    with closing(open_store(account.store_url)) as store:
        yield store
