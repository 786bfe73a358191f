"""Which lines say a time of day, for the rules that ask at what hour something happened.

A bank that prints dates only, or stamps all of a day's lines 00:00:00, says nothing about hours.
An account all of whose lines are such has no time of day; one line of it at another time shows
that its clock runs, and then its 00:00:00 is midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.recognizers.statements.books import book_codes
from tradeglyph.recognizers.statements.once import once

HOUR_US = DAY_US // 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked:
    """The lines with a time of day, and what is not among them."""

    lines: pl.DataFrame
    """`row` (UInt32, position in the lines), `book` (of `book_codes`), `us` (Int64, microseconds of
    the bank's clock since 1970), `amount`, `direction`; in the order of the lines."""
    books: int
    """All books: accounts, currencies apart."""
    without: tuple[str, ...]
    """Names of the accounts that have no time of day, sorted; empty for one without a name."""
    left_out: int
    """Lines without a time of day."""

    def missing(self) -> NotApplicable | None:
        """Why a question about hours has no answer at all; None where it has one."""
        if self.lines.height or not self.left_out:
            return None
        return NotApplicable(
            reason={
                "en": f"no time of day: none of the {self.left_out} lines ({self.books} "
                "accounts) says one other than 00:00:00",
                "zh": f"没有具体时刻：{self.books} 个账户共 {self.left_out} 行，"
                "只有日期，或时刻全为 00:00:00",
            }
        )

    def statistics(self) -> Mapping[str, Any]:
        """What was left out, for a result's statistics."""
        return {
            "lines_without_time_of_day": self.left_out,
            "accounts_without_time_of_day": list(self.without),
        }


def clocked(lines: pl.DataFrame) -> Clocked:
    """Lines of accounts that have a time of day, less those lines of them that say none."""
    return once(_clocked, lines)


def _clocked(lines: pl.DataFrame) -> Clocked:
    book = book_codes(lines)
    says = lines["clock"].to_numpy()
    us = lines["time"].to_physical()
    runs = np.zeros(int(book.max(initial=-1)) + 1, dtype=bool)
    runs[book[says & (us.to_numpy() % DAY_US != 0)]] = True
    narrow = lines.select("amount", "direction", us=us, book=pl.Series(book)).with_row_index("row")
    if not (runs.all() and says.all()):
        narrow = narrow.filter(pl.Series(says & runs[book]))
    dumb = np.flatnonzero(~runs[book]) if not runs.all() else book[:0]
    return Clocked(
        lines=narrow,
        books=len(runs),
        without=tuple(lines["account"].gather(dumb).unique().sort()),
        left_out=lines.height - narrow.height,
    )
