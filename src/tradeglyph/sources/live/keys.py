"""Account ids and symbols as a database compares them.

What is asked is text; a column of numbers or UUIDs is asked in its own kind, so that its index
serves, and so that no database makes a number of `12 or 1=1`.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

Key = Callable[[str], Any]
"""The value to ask for, or None where no row can hold the text."""

_INTEGERS = 1 << 63
"""The first that is too large for a column of integers."""
_UNSIGNED = 1 << 64
"""The same where they may be without a sign."""
_DIGITS = 65
"""Of MySQL's decimals. Others may have more, but no id has."""


def key_of(sample: object, *, unsigned: bool) -> Key:
    """How to ask a column that holds values such as `sample`; `unsigned`: its database knows
    integers without a sign."""
    if isinstance(sample, Decimal):
        return partial(_integer, below=10**_DIGITS)
    if isinstance(sample, int | float) and not isinstance(sample, bool):
        return partial(_integer, below=_UNSIGNED if unsigned else _INTEGERS)
    if isinstance(sample, UUID):
        return _uuid
    if isinstance(sample, bytes):
        return lambda text: text.encode() if writable(text) else None
    return lambda text: text if writable(text) else None


def _integer(text: str, *, below: int) -> int | None:
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 1 + _DIGITS:
        return None
    number = int(text)
    return number if str(number) == text and -below <= number < below else None


def _uuid(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def writable(text: str) -> bool:
    """Whether it can be stored: no database takes half a character, nor PostgreSQL NUL."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
