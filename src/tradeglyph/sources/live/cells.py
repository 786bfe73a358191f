"""Columns of a database's answer as arrays."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.domain.schema import BUY_WORDS, SELL_WORDS

_SIDES: dict[Any, int] = {
    **dict.fromkeys(BUY_WORDS, BUY),
    **dict.fromkeys(SELL_WORDS, SELL),
    "1": BUY,
    "+1": BUY,
    "-1": SELL,
    BUY: BUY,
    SELL: SELL,
}
UNKNOWN_SIDE = 0


def text_of(value: object) -> str:
    """Text of an id, without blanks around it; empty for null. Whole numbers have no fraction, and
    bytes that are no text are hexadecimal, so that no two ids look alike."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bytes):
        try:
            return value.decode().strip()
        except UnicodeDecodeError:
            return value.hex()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return str(int(value))
    return str(value)


def texts(values: Sequence[Any]) -> NDArray[np.object_]:
    """An array of str."""
    array = np.empty(len(values), dtype=object)
    try:
        array[:] = list(map(str.strip, values))  # nearly always, and there may be many
    except TypeError:
        array[:] = list(map(text_of, values))
    return array


def numbers(values: Sequence[Any]) -> NDArray[np.float64]:
    """Floats; NaN for null and for what is no number."""
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return np.array([_number(value) for value in values], dtype=np.float64)


def sides(values: Sequence[Any]) -> NDArray[np.int8]:
    """`BUY` or `SELL`, from the words that files have and from 1 and -1; else `UNKNOWN_SIDE`."""
    known = {value: _side(value) for value in set(values)}
    return np.fromiter(map(known.__getitem__, values), dtype=np.int8, count=len(values))


def _side(value: object) -> int:
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, str):
        value = value.strip().lower()
    return UNKNOWN_SIDE if isinstance(value, bool) else _SIDES.get(value, UNKNOWN_SIDE)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")
