"""Runs the service on a port until it is told to stop."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn

from tradeglyph.app.log import Log, json_log
from tradeglyph.domain.api_keys import ApiKeys
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.hosts import is_loopback
from tradeglyph.service.api import create_app
from tradeglyph.service.limits import Limits
from tradeglyph.service.parts import Parts
from tradeglyph.service.protocol import bounded

HOST, PORT = "127.0.0.1", 8000


def serve(
    parts: Parts,
    *,
    host: str = HOST,
    port: int = PORT,
    limits: Limits | None = None,
    sagemaker: bool = False,
    log: Log | None = None,
    started: Callable[[str], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then end what is under way, and return.

    Args:
        host: an address of this machine; only loopback ones are open to a service without keys.
        port: 0 for a free one.
        started: gets the address, such as `http://127.0.0.1:8000`, once it listens.
        stop: ends the service when it is set, for who runs it in a thread.

    Raises InputError where the address can't be used, or must not be without a key.
    """
    check_host(host, parts.keys, parts.clock.now(), sagemaker=sagemaker)
    limits, log = limits or Limits(), log or json_log("service")
    config = uvicorn.Config(
        create_app(parts, limits, sagemaker=sagemaker, log=log),
        host=host,
        port=port,
        access_log=False,  # it would write down queries, and so accounts
        log_config=None,
        log_level="critical",
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        # Connections, where the guard counts requests and gives a reason.
        limit_concurrency=4 * limits.open_requests,
        http=bounded(limits.header_bytes + limits.target_bytes + 4_096, limits.head_s),
        timeout_keep_alive=15,
        timeout_graceful_shutdown=round(limits.stop_s),
    )
    sock = _bound(config)
    server = _Server(config, lambda address: _say(address, log, started), stop or threading.Event())
    try:
        server.run(sockets=[sock])
    finally:
        sock.close()
    log.info("stopped")


def check_host(host: str, keys: ApiKeys, now: int, *, sagemaker: bool = False) -> None:
    """Raises InputError where others could reach a service that has no key to tell them apart.

    SageMaker's contract knows no keys: for it a container is served as it is. What takes a key
    then answers nobody.
    """
    if not is_loopback(host) and not keys.usable(now) and not sagemaker:
        raise InputError(
            f"--host {host} can be reached from other machines, and there is no valid API key: "
            "`tradeglyph key new` makes one, for [service] keys in the configuration"
        )


def is_free(host: str, port: int) -> bool:
    """Whether a service could listen there now."""
    try:
        _bound(uvicorn.Config("", host=host, port=port, log_config=None)).close()
    except InputError:
        return False
    return True


def _bound(config: uvicorn.Config) -> Any:
    """The socket; uvicorn's own way would end the process where it can't be had."""
    import socket

    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # An answer's head and body are two packets, and asyncio sets this only on sockets of its own:
    # without it the second waits 40 ms for the client's word on the first.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        sock.bind((config.host, config.port))
    except (OSError, OverflowError) as error:
        sock.close()
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"can't listen on {config.host} port {config.port}: {why}") from None
    return sock


def _say(address: str, log: Log, started: Callable[[str], None]) -> None:
    log.info("started", address=address)
    started(address)


class _Server(uvicorn.Server):
    """Says where it listens, and ends by itself: a signal is an order to stop, not a fault."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[str], None], stop: threading.Event
    ) -> None:
        super().__init__(config)
        self._say = started
        self._asked_to_stop = stop

    async def on_tick(self, counter: int) -> bool:
        """As uvicorn's: ten times a second, whether to end."""
        return await super().on_tick(counter) or self._asked_to_stop.is_set()

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """As uvicorn's."""
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            self._say(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but for not sending them once more at the end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self._stop) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.handle_exit(number, frame)
