"""Work in threads, where there is so much of it that starting them pays."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

_Part = TypeVar("_Part")
_Made = TypeVar("_Made")


def mapped(work: Callable[[_Part], _Made], parts: Iterable[_Part], threads: int) -> Iterator[_Made]:
    """What `work` makes of each part, in their order, in so many threads.

    One part, or one thread, is worked on by the caller itself: on a busy machine a thread starts
    milliseconds late, which is longer than an event's answer takes.
    """
    listed = list(parts)
    if threads == 1 or len(listed) < 2:
        yield from map(work, listed)
        return
    with ThreadPoolExecutor(min(threads, len(listed))) as pool:
        yield from pool.map(work, listed)


@contextmanager
def beside(work: Callable[[], _Made], *, worth: bool) -> Iterator[Callable[[], _Made]]:
    """Begins `work` in a thread of its own and gives what waits for it; where that is not `worth`
    while, the work is done by who asks for it."""
    if not worth:
        yield work
        return
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(work).result
