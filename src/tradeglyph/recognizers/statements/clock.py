"""Which lines say a time of day, for the rules that ask at what hour something happened.

A bank that prints dates only, or stamps all of a day's lines 00:00:00, says nothing about hours.
An account all of whose lines are such has no time of day; one line of it at another time shows
that its clock runs, and then its 00:00:00 is midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.recognizers.statements.accounts import owners

HOUR_US = DAY_US // 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked:
    """The lines with a time of day, and what is not among them."""

    lines: pl.DataFrame
    """`row` (UInt32, position in the lines), `owner` (of `owners`), `us` (Int64, microseconds of
    the bank's clock since 1970), `amount`, `direction`; in the order of the lines."""
    accounts: int
    """All accounts, currencies apart."""
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
                "en": f"no time of day: none of the {self.left_out} lines ({self.accounts} "
                "accounts) says one other than 00:00:00",
                "zh": f"没有具体时刻：{self.accounts} 个账户共 {self.left_out} 行，"
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
    narrow = lines.select(
        "clock", "amount", "direction", us=pl.col("time").to_physical(), owner=owners(lines)
    ).with_row_index("row")
    running = pl.col("clock") & (pl.col("us") % DAY_US != 0)
    told = narrow.lazy().group_by("owner").agg(running.any().alias("told"), pl.col("row").first())
    known = told.collect()
    dumb = known.filter(~pl.col("told"))
    if dumb.height or not lines["clock"].all():
        dumb_lines = pl.col("owner").is_in(dumb["owner"].implode())
        narrow = narrow.filter(pl.col("clock") & ~dumb_lines)
    names = lines["account"].gather(dumb["row"]).unique().sort()
    return Clocked(
        lines=narrow.drop("clock"),
        accounts=known.height,
        without=tuple(names),
        left_out=lines.height - narrow.height,
    )
