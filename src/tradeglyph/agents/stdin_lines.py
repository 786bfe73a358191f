"""The lines of stdin, for a process that must end when it is told to.

The protocol's own reader waits for stdin in a thread that its loop waits for in turn: SIGTERM and
Ctrl-C are heard only after the client's next line. Here nobody waits for the thread, and a signal
is as good as the end of stdin.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import BinaryIO


class StdinLines:
    """Lines as texts, to be iterated over once. What else in the process reads stdin finds it at
    its end."""

    def __init__(self) -> None:
        self._file = _own_stdin()
        self._queue = asyncio.Queue[bytes](1)
        self._ended: int | None = None

    @property
    def ended_by(self) -> int | None:
        """The signal that ended the lines, if one did."""
        return self._ended

    def __aiter__(self) -> AsyncIterator[str]:
        return self._lines()

    @contextmanager
    def until_a_signal(self) -> Iterator[None]:
        """While this lasts, SIGTERM and SIGINT end the lines, and nothing else. On Windows, whose
        loops hear no signals, they do what they do elsewhere."""
        if sys.platform == "win32":
            yield
            return
        loop, asked = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGINT)
        before = {one: signal.getsignal(one) for one in asked}
        for one in asked:
            loop.add_signal_handler(one, self._end, one)
        try:
            yield
        finally:
            for one, handler in before.items():
                loop.remove_signal_handler(one)
                signal.signal(one, handler)

    async def _lines(self) -> AsyncIterator[str]:
        work = (self._file, self._queue, asyncio.get_running_loop())
        threading.Thread(target=_read, args=work, daemon=True, name="stdin").start()
        while (line := await self._queue.get()) and self._ended is None:
            yield line.decode("utf-8", errors="replace")

    def _end(self, asked: int) -> None:
        self._ended = asked
        if self._queue.empty():
            self._queue.put_nowait(b"")


def _own_stdin() -> BinaryIO:
    handle = sys.stdin.fileno()
    file = os.fdopen(os.dup(handle), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, handle)
    os.close(nothing)
    return file


def _read(file: BinaryIO, queue: "asyncio.Queue[bytes]", loop: asyncio.AbstractEventLoop) -> None:
    """One line at a time; an empty one is the end."""
    line = b"begin"
    while line:
        try:
            line = file.readline()
        except OSError:
            line = b""
        try:
            asyncio.run_coroutine_threadsafe(queue.put(line), loop).result()
        except (RuntimeError, asyncio.CancelledError):
            return  # the loop has ended, and the process is about to
