"""HTTP/1.1 on a connection, with heads that end.

httptools reads requests several times as fast as h11, but waits for the end of a head however long
it becomes; this bounds what a connection may send before that, and for how long. And it takes
what follows a head that offers another protocol for that protocol, where this service speaks no
other: every Java client offers HTTP/2, unless told not to, and its body would be lost, or read as a
request.
"""

import asyncio
import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tradeglyph.service.whole_answers import WholeAnswers

_OFFER = re.compile(rb"\nupgrade:", re.IGNORECASE)


class BoundedHead(HttpToolsProtocol):
    """uvicorn's, which gives up a connection whose request line and headers, or what follows a
    body, have more than `head_bytes` and no end, or whose head does not arrive within `head_s`."""

    head_bytes = 32_768
    head_s = 20.0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._waiting = 0
        """Bytes since a head, a part of a body or a request ended; below 0: some end just now."""
        self._in_head = True
        self._deadline: asyncio.TimerHandle | None = None
        """Of a head that is waited for; none between requests, where uvicorn waits."""

    def connection_made(self, transport: Any) -> None:
        """As uvicorn's."""
        super().connection_made(WholeAnswers(transport))  # type: ignore[arg-type]
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """As uvicorn's."""
        self._wait_no_more()
        super().connection_lost(exc)

    def on_header(self, name: bytes, value: bytes) -> None:
        """As uvicorn's, but for what follows a body, which is no header."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """As uvicorn's."""
        self._in_head, self._waiting = False, -1
        self._wait_no_more()
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
        elif self._in_head and self._deadline is None:
            self._wait()

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(self.head_s, self._give_up)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait()  # the answer to the request before it comes first
        elif self._waiting and not self.transport.is_closing():
            self.send_400_response(f"The head of a request arrives within {self.head_s:g} s.")
        else:
            self.transport.close()


def _without_offer(data: bytes) -> bytes:
    """Where a head says `Upgrade`, under another name of the same length, which means nothing."""
    end = data.find(b"\r\n\r\n")
    found = _OFFER.search(data, 0, end if end >= 0 else len(data))
    if found is None:
        return data
    return data[: found.start()] + b"\nIgnored:" + data[found.end() :]


def bounded(head_bytes: int, head_s: float) -> type[BoundedHead]:
    """With other bounds."""
    return type("BoundedHead", (BoundedHead,), {"head_bytes": head_bytes, "head_s": head_s})
