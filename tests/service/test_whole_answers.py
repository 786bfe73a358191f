"""An answer is one write, and none of it stays behind."""

import asyncio
from typing import Any

import uvicorn
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from tradeglyph.service.protocol import bounded


class _Wire(asyncio.Transport):
    """Keeps each write by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        assert not self.closed
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def answered(app: ASGIApp, *sent: bytes) -> _Wire:
    """What the application's answers to what was sent become on the wire."""

    async def talk() -> _Wire:
        config = uvicorn.Config(app, http=bounded(1_000, 20.0), ws="none", log_config=None)
        config.load()
        protocol: Any = config.http_protocol_class
        connection = protocol(config=config, server_state=ServerState(), app_state={})
        wire = _Wire()
        connection.connection_made(wire)
        for part in sent:
            connection.data_received(part)
            for _ in range(20):
                await asyncio.sleep(0)
        connection.connection_lost(None)
        return wire

    return asyncio.run(talk())


GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


def test_head_and_body_leave_together() -> None:
    wire = answered(Response(b"whole"), GET, GET)
    assert len(wire.sent) == 2  # one for each of two requests
    for said in wire.sent:
        assert said.startswith(b"HTTP/1.1 200 OK\r\n")
        assert said.endswith(b"\r\n\r\nwhole")


def test_a_head_without_a_body_leaves_too() -> None:
    (said,) = answered(Response(status_code=204), GET).sent
    assert said.startswith(b"HTTP/1.1 204 ")
    assert said.endswith(b"\r\n\r\n")


def test_what_comes_in_parts_arrives_in_their_order() -> None:
    parts = [b"a" * 10, b"b" * 10, b"c" * 10]

    async def slowly() -> Any:
        for part in parts:
            yield part
            await asyncio.sleep(0)

    wire = answered(StreamingResponse(slowly(), headers={"Content-Length": "30"}), GET)
    assert b"".join(wire.sent).partition(b"\r\n\r\n")[2] == b"".join(parts)


def test_a_connection_that_is_closed_has_its_answer() -> None:
    wire = answered(Response(b"last", headers={"Connection": "close"}), GET)
    assert wire.closed
    assert b"".join(wire.sent).endswith(b"\r\n\r\nlast")


def test_a_head_that_does_not_end_is_answered_before_the_end() -> None:
    wire = answered(Response(b""), b"GET / HTTP/1.1\r\nX: " + b"a" * 1_001)
    assert wire.closed
    assert b"".join(wire.sent).startswith(b"HTTP/1.1 400 ")
