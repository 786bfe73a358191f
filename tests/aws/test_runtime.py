"""The function in Lambda's own runtime: awslambdaric, which asks for events over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.aws.batches import batch, withdrawal
from tests.aws.conftest import Account
from tests.aws.exchange import CASUAL, TAKER
from tests.aws.runtime_api import RuntimeApi
from tradeglyph.domain.findings import Decision
from tradeglyph.ports.alert_store import AlertStore

pytest.importorskip("awslambdaric", reason="needs awslambdaric")
pytest.importorskip("boto3", reason="needs the extra `aws`")
pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    with closing(RuntimeApi()) as api:
        yield api


@pytest.fixture
def log(account: Account, api: RuntimeApi, tmp_path: Path) -> Iterator[Path]:
    """Runs the handler that the template names; what it writes to its log."""
    path = tmp_path / "log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", "tradeglyph.aws.handler.handle"],
            env={
                **os.environ,
                "AWS_LAMBDA_RUNTIME_API": api.address,
                "AWS_LAMBDA_FUNCTION_NAME": "investigate",
                "AWS_LAMBDA_FUNCTION_VERSION": "1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
            },
            stdout=log,
            stderr=log,
            cwd=tmp_path,
        )
        yield path
        process.terminate()
        process.wait(30)


def test_a_function_in_its_runtime(
    account: Account, api: RuntimeApi, log: Path, alerts: AlertStore
) -> None:
    """Three invocations of one process: a batch with one that is no event, one that comes again,
    and one that no queue sends."""
    first: Any = batch(withdrawal(TAKER), "hush, not JSON", withdrawal(CASUAL))
    assert api.ask(first) == ("response", {"batchItemFailures": []})
    assert [body for body, _ in account.dead()] == ["hush, not JSON"]
    [alert] = alerts.alerts().alerts
    assert (alert.account_id, alert.decision) == (str(TAKER), Decision.HOLD)
    assert api.ask(batch(withdrawal(TAKER))) == ("response", {"batchItemFailures": []})
    kind, said = api.ask({"detail-type": "Scheduled Event"})
    assert (kind, said["errorType"]) == ("error", "InputError")
    assert api.ask(batch(withdrawal(CASUAL))) == ("response", {"batchItemFailures": []})
    text = log.read_text()
    assert "received=3 answered=2 repeated=0 alerts=1" in text
    assert "received=1 answered=0 repeated=1" in text
    for secret in ("hush", str(TAKER), str(CASUAL), "exchange.db"):
        assert secret not in text


def test_what_failed_comes_again(
    account: Account, api: RuntimeApi, log: Path, alerts: AlertStore, tmp_path: Path
) -> None:
    import time

    database = tmp_path / "exchange.db"
    database.rename(tmp_path / "away")
    event: Any = batch(withdrawal(TAKER), withdrawal(CASUAL))
    event["Records"][1]["attributes"]["SentTimestamp"] = str(time.time_ns() // 1_000_000)
    failed = {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert api.ask(event) == ("response", failed)
    (tmp_path / "away").rename(database)
    event["Records"][1]["attributes"]["SentTimestamp"] = event["Records"][0]["attributes"][
        "SentTimestamp"
    ]
    assert api.ask(event) == ("response", {"batchItemFailures": []})
    known = alerts.handled(["message:m-0", "message:m-1"])
    assert [known[f"message:m-{n}"].decision for n in (0, 1)] == [
        Decision.REVIEW,
        Decision.LET_THROUGH,
    ]
