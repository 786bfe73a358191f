"""HTTP/1.1 on a connection, with heads that end, and answers that leave whole.

httptools reads requests several times as fast as h11, but waits for the end of a head however long
it becomes; this bounds what a connection may send before that. And uvicorn writes an answer's head
and its body one after the other; here they go out together.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class _WholeAnswers:
    """A transport on which what is written in one turn of the loop leaves together.

    Each write by itself is a system call and wakes who waits for the answer, who takes a core from
    the one that is about to write the rest: a head by itself costs as much as reading its request.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send it with what is held, or hold it for the rest of this turn."""
        self._held.append(data)
        if len(self._held) > 1:
            self._send()
        else:
            asyncio.get_running_loop().call_soon(self._send)

    def close(self) -> None:
        """As the transport's: after what was written."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        if self._held:
            self._transport.write(b"".join(self._held))
            self._held.clear()


class BoundedHead(HttpToolsProtocol):
    """uvicorn's, which gives up a connection whose request line and headers have more than
    `head_bytes` and no end."""

    head_bytes = 32_768

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._waiting = 0
        """Bytes of a head that has not ended."""
        self._in_head = True

    def connection_made(self, transport: Any) -> None:
        """As uvicorn's."""
        super().connection_made(_WholeAnswers(transport))  # type: ignore[arg-type]

    def on_headers_complete(self) -> None:
        """As uvicorn's."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """As uvicorn's."""
        self._in_head = True
        self._waiting = -1  # what came with the end of a body is no head
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """As uvicorn's."""
        super().data_received(data)
        if not self._in_head or self._waiting < 0:
            self._waiting = 0
            return
        self._waiting += len(data)
        if self._waiting > self.head_bytes and not self.transport.is_closing():
            self.send_400_response(f"The head of a request has {self.head_bytes:,} bytes at most.")


def bounded(head_bytes: int) -> type[BoundedHead]:
    """With another bound."""
    return type("BoundedHead", (BoundedHead,), {"head_bytes": head_bytes})
