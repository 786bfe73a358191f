"""Which days the statements of an account cover."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tradeglyph.recognizers.statements.books import Ints

_WIDE = 1 << 24
"""More days than there are between any two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredDays:
    """Spans of days, sorted by account and day, no two of an account touching."""

    account: Ints
    first: Ints
    last: Ints

    def spans(self, account: Ints, first: Ints, last: Ints) -> Ints:
        """Of each question: the span that holds all days from `first` to `last`; -1 for none."""
        if not len(self.account):
            return np.full(len(account), -1, dtype=np.int64)
        at = np.searchsorted(
            self.account * _WIDE + self.first, account * _WIDE + first, side="right"
        )
        at = np.maximum(at - 1, 0)
        inside = (self.account[at] == account) & (self.first[at] <= first) & (last <= self.last[at])
        return np.where(inside, at, -1)


def covered_days(lines: pl.DataFrame, account: Ints) -> CoveredDays:
    """The days that each file says of each account (numbers along the lines; negative: none): from
    its first line to its last, or those of the period that it names if that is longer."""
    day = pl.col("time").dt.date()
    spans = (
        lines.lazy()
        .select("file", "sheet", "since", "until", day.alias("day"))
        .with_columns(account=pl.Series(account))
        .filter(pl.col("account") >= 0)
        .group_by("account", "file", "sheet")
        .agg(
            pl.min_horizontal(pl.col("day").min(), pl.col("since").min()).alias("first"),
            pl.max_horizontal(pl.col("day").max(), pl.col("until").max()).alias("last"),
        )
        .select("account", pl.col("first", "last").cast(pl.Int32).cast(pl.Int64))
        .sort("account", "first", "last")
        .with_columns(reached=pl.col("last").cum_max().over("account"))
        .with_columns(before=pl.col("reached").shift(1).over("account"))
        .with_columns(new=(pl.col("first") > pl.col("before") + 1).fill_null(value=True))
        .with_columns(span=pl.col("new").cum_sum())
        .group_by("span")
        .agg(pl.col("account", "first").first(), pl.col("last").max())
        .sort("span")
        .collect()
    )
    columns = (spans[name].to_numpy() for name in ("account", "first", "last"))
    owner, first, last = columns
    return CoveredDays(account=owner, first=first, last=last)
