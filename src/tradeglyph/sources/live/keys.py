"""Account ids and symbols as a database compares them.

What is asked is text; a column of numbers or UUIDs is asked in its own kind, so that its index
serves, and so that no database makes a number of `12 or 1=1`.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

Key = Callable[[str], Any]
"""The value to ask for, or None where no row can hold the text."""

_INTEGERS = 1 << 63


def key_of(sample: object) -> Key:
    """How to ask a column that holds values such as `sample`."""
    if isinstance(sample, int | Decimal | float) and not isinstance(sample, bool):
        return _integer
    if isinstance(sample, UUID):
        return _uuid
    if isinstance(sample, bytes):
        return lambda text: text.encode() if writable(text) else None
    return lambda text: text if writable(text) else None


def _integer(text: str) -> int | None:
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 20:
        return None
    number = int(text)
    return number if str(number) == text and -_INTEGERS <= number < _INTEGERS else None


def _uuid(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def writable(text: str) -> bool:
    """Whether it can be stored: no database takes half a character, nor PostgreSQL NUL."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
