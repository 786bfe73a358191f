"""The service in this process, and on a port of its own."""

import asyncio
import contextlib
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.parts import bearer, parts_of
from tradeglyph.app.log import json_log
from tradeglyph.service.api import create_app
from tradeglyph.service.limits import Limits
from tradeglyph.service.parts import Parts
from tradeglyph.service.server import serve


@dataclass
class Service:
    """An application that is asked without a network."""

    parts: Parts
    app: Any
    logged: io.StringIO

    def ask(self, method: str, path: str, who: str | None = "boss", **more: Any) -> httpx.Response:
        """One request and its answer."""
        headers = {**(bearer(who) if who else {}), **more.pop("headers", {})}

        async def asked() -> httpx.Response:
            # An exception that leaves the application is an answer nobody should get.
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(asked())


Made = Callable[..., Service]


@contextlib.contextmanager
def serviced(
    folder: Path, limits: Limits | None = None, *, sagemaker: bool = False, **changes: Any
) -> Iterator[Service]:
    """A service whose state is in the folder; what is given changes its parts."""
    parts = parts_of(folder, **changes)
    with contextlib.closing(parts.queue), contextlib.closing(parts.store):
        logged = io.StringIO()
        log = json_log("service", logged)
        yield Service(parts, create_app(parts, limits, sagemaker=sagemaker, log=log), logged)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Made]:
    """Makes services; what is given changes their parts."""
    with contextlib.ExitStack() as stack:
        yield lambda *limits, **changes: stack.enter_context(serviced(tmp_path, *limits, **changes))


@pytest.fixture(scope="session")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests of what it refuses, which change nothing in it."""
    limits = Limits(per_second=1e9, burst=10**9)
    with serviced(tmp_path_factory.mktemp("refusing"), limits) as service:
        yield service


@pytest.fixture
def service(make: Made) -> Service:
    return make()


@contextlib.contextmanager
def running(
    parts: Parts, limits: Limits | None = None, *, sagemaker: bool = False
) -> Iterator[str]:
    """A real server on a free port, in a thread; its address."""
    address: list[str] = []
    up, stop = threading.Event(), threading.Event()

    def started(said: str) -> None:
        address.append(said)
        up.set()

    def run() -> None:
        serve(
            parts,
            port=0,
            limits=limits,
            sagemaker=sagemaker,
            log=json_log("service", io.StringIO()),
            started=started,
            stop=stop,
        )

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert up.wait(20)
        yield address[0]
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()
