"""Answers that leave whole.

uvicorn writes an answer's head and its body one after the other. Each write is a system call and
wakes who waits for the answer, who takes a core from the one that is about to write the rest.
"""

import asyncio
from typing import Any


class WholeAnswers:
    """A transport on which a head leaves with what follows it in the same turn of the loop."""

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
