"""Work that several rules need of the same lines, done once while they are asked together.

A rule keeps nothing between questions, and asks for what it needs of its lines, such as the book of
each. While `together` holds those lines, the first rule's answer serves the next; elsewhere, and
for any other frame, the work is done anew. What is shared must not be changed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What was done for one frame so far."""

    lines: pl.DataFrame
    done: dict[Callable[[pl.DataFrame], Any], Any] = field(default_factory=dict)


T = TypeVar("T")
_HELD: ContextVar[Shared | None] = ContextVar("statement_lines", default=None)


@contextmanager
def together(shared: Shared) -> Iterator[None]:
    """In this context, work on the lines of `shared` is done once."""
    token = _HELD.set(shared)
    try:
        yield
    finally:
        _HELD.reset(token)


def once(work: Callable[[pl.DataFrame], T], lines: pl.DataFrame) -> T:
    """`work(lines)`, by a function of a module, which looks at nothing but the lines."""
    held = _HELD.get()
    if held is None or held.lines is not lines:
        return work(lines)
    if work not in held.done:
        held.done[work] = work(lines)
    found: T = held.done[work]
    return found
