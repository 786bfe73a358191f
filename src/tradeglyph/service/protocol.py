"""HTTP/1.1 on a connection, with heads that end.

httptools reads requests several times as fast as h11, but waits for the end of a head however long
it becomes; this bounds what a connection may send before that. And it takes what follows a head
that offers another protocol for that protocol, where this service speaks no other: every Java
client offers HTTP/2, unless told not to, and its body would be lost, or read as a request.
"""

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tradeglyph.service.whole_answers import WholeAnswers

_OFFER = re.compile(rb"\nupgrade:", re.IGNORECASE)


class BoundedHead(HttpToolsProtocol):
    """uvicorn's, which gives up a connection whose request line and headers, or what follows a
    body, have more than `head_bytes` and no end."""

    head_bytes = 32_768

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._waiting = 0
        """Bytes since a head, a part of a body or a request ended; below 0: some end just now."""
        self._in_head = True

    def connection_made(self, transport: Any) -> None:
        """As uvicorn's."""
        super().connection_made(WholeAnswers(transport))  # type: ignore[arg-type]

    def on_header(self, name: bytes, value: bytes) -> None:
        """As uvicorn's, but for what follows a body, which is no header."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """As uvicorn's."""
        self._in_head, self._waiting = False, -1
        super().on_headers_complete()
        if self.parser.should_upgrade():  # an offer in two packets: what follows can't be told
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """As uvicorn's."""
        self._waiting = -1
        super().on_body(body)

    def on_message_complete(self) -> None:
        """As uvicorn's."""
        self._in_head, self._waiting = True, -1
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """As uvicorn's, but for reading on: requests that were read wait for their turn first."""
        super().on_response_complete()
        if self.pipeline:
            self.flow.pause_reading()

    def data_received(self, data: bytes) -> None:
        """As uvicorn's."""
        super().data_received(_without_offer(data) if self._in_head else data)
        if self._waiting < 0:
            self._waiting = 0
            return
        self._waiting += len(data)
        if self._waiting > self.head_bytes and not self.transport.is_closing():
            self.send_400_response(f"The head of a request has {self.head_bytes:,} bytes at most.")


def _without_offer(data: bytes) -> bytes:
    """Where a head says `Upgrade`, under another name of the same length, which means nothing."""
    end = data.find(b"\r\n\r\n")
    found = _OFFER.search(data, 0, end if end >= 0 else len(data))
    if found is None:
        return data
    return data[: found.start()] + b"\nIgnored:" + data[found.end() :]


def bounded(head_bytes: int) -> type[BoundedHead]:
    """With another bound."""
    return type("BoundedHead", (BoundedHead,), {"head_bytes": head_bytes})
