"""The places where a queue can be: a file, and an SQS server that is spoken to over HTTP."""

import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.queues.clocks import WALL
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.queue import Queue
from tradeglyph.queues.address import open_queue

_REGION = "eu-west-1"
_AWS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": _REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_names = itertools.count()


class Place(Protocol):
    """Somewhere a queue is, that can go away and come back."""

    def open(self, *, clock: Clock = WALL, max_deliveries: int = 10) -> Queue: ...

    def vanish(self) -> None: ...

    def come_back(self) -> None: ...

    def close(self) -> None: ...


class FilePlace:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "state" / "queue.db"
        self._away = folder / "away"
        self._opened: list[Queue] = []

    def open(self, *, clock: Clock = WALL, max_deliveries: int = 10) -> Queue:
        url = f"sqlite:///{self.path}?max_deliveries={max_deliveries}"
        self._opened.append(open_queue(url, clock=clock))
        return self._opened[-1]

    def vanish(self) -> None:
        self.path.parent.rename(self._away)

    def come_back(self) -> None:
        self._away.rename(self.path.parent)

    def close(self) -> None:
        for queue in self._opened:
            queue.close()


class SqsServer:
    """moto's server: what it holds outlives a stop."""

    def __init__(self) -> None:
        import boto3.session

        self._port = 0
        self.start()
        self.client: Any = boto3.session.Session(
            _AWS["AWS_ACCESS_KEY_ID"], _AWS["AWS_SECRET_ACCESS_KEY"], region_name=_REGION
        ).client("sqs", endpoint_url=self.endpoint)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        from moto.server import ThreadedMotoServer
        from moto.sqs import models

        # moto asks for the time once or thrice a message in every request, and makes dates of it.
        models.unix_time_millis = lambda: time.time() * 1000

        self._server = ThreadedMotoServer("127.0.0.1", self._port, verbose=False)
        self._server.start()
        self._port = self._server.get_host_and_port()[1]

    def stop(self) -> None:
        self._server.stop()
        # moto leaves the socket open, where callers would wait for ever.
        assert self._server._server is not None
        self._server._server.server_close()


class SqsPlace:
    def __init__(self, server: SqsServer) -> None:
        self._server = server
        self._opened: list[Queue] = []
        number = next(_names)
        self.name, self.dead_name = f"events-{number}", f"events-{number}-dead"
        self.client = server.client
        self.url = self.client.create_queue(QueueName=self.name)["QueueUrl"]
        self.dead_url = self.client.create_queue(QueueName=self.dead_name)["QueueUrl"]

    def address(self, options: str = "", *, endpoint: str | None = None) -> str:
        at = endpoint or self._server.endpoint
        return f"sqs://{self.name}?endpoint={at}{options}"

    def open(self, *, clock: Clock = WALL, max_deliveries: int = 10) -> Queue:
        return self.open_at(
            self.address(f"&dead={self.dead_name}&max_deliveries={max_deliveries}"), clock=clock
        )

    def open_at(self, address: str, *, clock: Clock = WALL) -> Queue:
        self._opened.append(open_queue(address, clock=clock))
        return self._opened[-1]

    def vanish(self) -> None:
        self._server.stop()

    def come_back(self) -> None:
        self._server.start()

    def close(self) -> None:
        for queue in self._opened:
            queue.close()


@pytest.fixture(scope="session")
def sqs_server() -> Iterator[SqsServer]:
    pytest.importorskip("moto", reason="needs moto[server]")
    server = SqsServer()
    yield server
    server.client.close()
    server.stop()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a developer's own account is, has no part in a test."""
    for name in os.environ:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    for name, value in _AWS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))


@pytest.fixture
def file_place(tmp_path: Path) -> Iterator[FilePlace]:
    place = FilePlace(tmp_path)
    yield place
    place.close()


@pytest.fixture
def sqs_place(aws: None, sqs_server: SqsServer) -> Iterator[SqsPlace]:
    place = SqsPlace(sqs_server)
    yield place
    place.close()


@pytest.fixture(params=["file", "sqs"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found


@pytest.fixture
def queue(place: Place) -> Queue:
    return place.open()
