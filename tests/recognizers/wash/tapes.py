"""Tapes for tests, written as rows. Times in seconds after a UTC midnight that is a Monday."""

from collections.abc import Sequence

import numpy as np

from tests.rows import DAY
from tradeglyph.domain.fills import BUY, MICROSECONDS, SELL, Fills
from tradeglyph.domain.tape import Tape

MONDAY = DAY + 3 * 86_400
"""2024-10-07, a Monday, in seconds."""

MatchRow = tuple[float, str, str, float, float]
"""second, buyer, seller, price, quantity"""
AloneRow = tuple[float, str, int, float, float]
"""second, account, side, price, quantity; the other side is not known"""


def tape(
    matches: Sequence[MatchRow] = (),
    alone: Sequence[AloneRow] = (),
    *,
    one_row: bool = False,
    order: Sequence[int] | None = None,
) -> Tape:
    """A tape of symbol X: matches have two rows, or with `one_row` that of the buyer; `order`
    permutes rows of equal times."""
    names = sorted({name for row in matches for name in row[1:3]} | {row[1] for row in alone})
    rows: list[tuple[int, int, int, float, float, int, int]] = []
    for at, (second, buyer, seller, price, quantity) in enumerate(matches):
        time = round((MONDAY + second) * MICROSECONDS)
        one, two = names.index(buyer), names.index(seller)
        rows.append((time, one, BUY, price, quantity, two, at))
        if not one_row:
            rows.append((time, two, SELL, price, quantity, one, at))
    for second, name, side, price, quantity in alone:
        time = round((MONDAY + second) * MICROSECONDS)
        rows.append((time, names.index(name), side, price, quantity, -1, -1))
    if order is not None:
        rows = [rows[at] for at in order]
    rows.sort(key=lambda row: row[0])
    time_, account, side_, price_, quantity_, other, match = (
        np.array(column) for column in (zip(*rows, strict=True) if rows else [()] * 7)
    )
    return Tape(
        fills=Fills(
            account=account.astype(np.int32),
            symbol=np.zeros(len(rows), dtype=np.int32),
            time=time_.astype(np.int64),
            side=side_.astype(np.int8),
            price=price_.astype(np.float64),
            quantity=quantity_.astype(np.float64),
            account_names=np.array(names, dtype=object),
            symbol_names=np.array(["X"], dtype=object),
        ),
        other=other.astype(np.int32),
        match=match.astype(np.int64),
        fee=np.full(len(rows), np.nan),
    )
