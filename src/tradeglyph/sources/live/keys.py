"""Account ids and symbols as a database compares them.

What is asked is text; a column of numbers or UUIDs is asked in its own kind, so that its index
serves, and so that no database makes a number of `12 or 1=1`.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

Key = Callable[[str], tuple[Any, ...]]
"""The values to ask for, none where no row can hold the text."""

_INTEGERS = 1 << 63
"""The first that is too large for a column of integers."""
_UNSIGNED = 1 << 64
"""The same where they may be without a sign."""
_DIGITS = 65
"""Of MySQL's decimals. Others may have more, but no id has."""


def key_of(sample: object, *, unsigned: bool = False, untyped: bool = False) -> Key:
    """How to ask a column that holds values such as `sample`.

    Args:
        sample: one of them.
        unsigned: its database knows integers without a sign.
        untyped: a column of its may hold a number in one row and a text in the next.
    """
    if isinstance(sample, bytes):
        return lambda text: tuple(t.encode() for t in _text(text))
    if untyped:
        return lambda text: (*_integer(text, below=_INTEGERS), *_text(text))
    if isinstance(sample, Decimal):
        return partial(_integer, below=10**_DIGITS)
    if isinstance(sample, int | float) and not isinstance(sample, bool):
        return partial(_integer, below=_UNSIGNED if unsigned else _INTEGERS)
    return _uuid if isinstance(sample, UUID) else _text


def _integer(text: str, *, below: int) -> tuple[int, ...]:
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 1 + _DIGITS:
        return ()
    number = int(text)
    return (number,) if str(number) == text and -below <= number < below else ()


def _uuid(text: str) -> tuple[UUID, ...]:
    try:
        found = UUID(text)
    except ValueError:
        return ()
    return (found,) if str(found) == text else ()


def _text(text: str) -> tuple[str, ...]:
    return (text,) if writable(text) else ()


def writable(text: str) -> bool:
    """Whether it can be stored: no database takes half a character, nor PostgreSQL NUL."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
