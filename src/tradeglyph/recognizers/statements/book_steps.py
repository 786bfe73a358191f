"""The balances of each book from step to step, with their days."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tradeglyph.domain.fills import DAY_US
from tradeglyph.recognizers.statements.balance_groups import (
    Groups,
    Steps,
    balance_groups,
    steps,
)
from tradeglyph.recognizers.statements.books import ADDRESS, Ints, book_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSteps:
    """Groups of lines of one book and time in order, and what they say."""

    groups: Groups
    taken: Steps
    """Without tolerance."""
    book: Ints
    day: Ints
    """Per group: its book and its date, in days since 1970."""

    def last_rows(self, lines: pl.DataFrame, wanted: Ints, balance: Ints | None = None) -> Ints:
        """Of each wanted group (ascending) the row that stands last in its file; with `balance`
        (per wanted group), of those that say it."""
        mark = np.zeros(len(self.groups.size), dtype=bool)
        mark[wanted] = True
        at = self.groups.of(mark)
        if balance is not None:
            said = np.zeros(len(mark), dtype=np.int64)
            said[wanted] = balance
            at = at[self.groups.after[at] == said[self.groups.group[at]]]
        table = lines.select(pl.col(ADDRESS).gather(self.groups.row[at])).with_columns(
            row=pl.Series(self.groups.row[at]), group=pl.Series(self.groups.group[at])
        )
        last = table.sort("group", *ADDRESS).unique("group", keep="last", maintain_order=True)
        return last["row"].to_numpy()


def book_steps(lines: pl.DataFrame) -> BookSteps:
    """The steps of `lines`; O(n) for ordinary statements, as in `balance_groups`."""
    groups = balance_groups(lines)
    first = groups.row[np.cumsum(groups.size) - groups.size]
    time = lines["time"].to_physical().to_numpy()
    return BookSteps(
        groups=groups,
        taken=steps(lines, groups, 0),
        book=book_codes(lines)[first],
        day=time[first].astype(np.int64) // DAY_US,
    )


def month_of(day: Ints) -> Ints:
    """Months since 1970 of days since 1970."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
