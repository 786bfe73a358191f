"""Round amounts that are high for their statement."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.books import NO_PERIODS, Ints, book_codes
from tradeglyph.recognizers.statements.card_parameters import amount, seed_rule
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.sums import exceeds, ratio

SEED = seed_rule("occasional_high_integer")
OCCASIONAL, FREQUENT = "occasional", "frequent"
INFO = Info(
    name="occasional_high_integer",
    title={"en": "High round amount", "zh": "偶发高额整数交易异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "A round amount over a multiple of the statement's mean (or median) amount, now and "
        "then, or several within a few days.",
        "zh": "整数金额超过该流水平均（或中位）金额的若干倍，偶发或在数日内频发。",
    },
    parameters=(
        amount(
            "round_to",
            1_000_000,
            "amounts must be a multiple of it",
            "金额须为其整数倍",
            SEED,
            least=1,
        ),
        Parameter(
            name="multiple",
            default=5.0,
            unit="times the mean or median",
            means={"en": "amounts must be over so many times it", "zh": "金额须超过其倍数"},
            source=SEED,
            least=0,
            most=10_000,
        ),
        Parameter(
            name="against",
            default="mean",
            audit="median",
            choices=("mean", "median"),
            unit="choice",
            means={
                "en": "what an amount is compared with: the statement's mean, which a few high "
                "amounts raise, or its median, which they do not",
                "zh": "比较基准：mean 为平均金额（易被少数大额抬高），median 为中位金额",
            },
            source=SEED,
        ),
        Parameter(
            name="days",
            default=7,
            unit="days",
            means={"en": "span in which several are frequent", "zh": "判断频发的天数"},
            source=SEED,
            least=1,
            most=366,
        ),
        Parameter(
            name="frequent",
            default=3,
            unit="lines",
            means={"en": "so many within the span are frequent", "zh": "期间达到此笔数为频发"},
            source=SEED,
            least=2,
            most=1_000,
        ),
    ),
)


class OccasionalHighInteger:
    """Round amounts over a multiple of their statement's mean or median.

    What the rule leaves open is decided so:
    - A statement is a book: an account in one currency. Its mean and median are of all its lines
      of both directions, the judged one too: by the mean no line of a statement of five or fewer
      can be reported, however high; the median has no such blind spot.
    - NEUTRAL lines and reversals neither count nor are reported; an amount of 0 is not round.
    - Frequent are lines of which `frequent` or more lie within `days` times 24 hours, the last
      exactly so long after the first included (with dates only: so many dates later). They share a
      period, which spans whole days; periods that overlap are one.

    SOURCE: the seed's table of nine rules. O(n) without sorting but for the reported lines.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `amount`, `typical` (the mean or median, in
        minor units, rounded down), `against`, `pattern` (`occasional` or `frequent`), `count` of
        lines in the period."""
        rows = _high(lines, parameters)
        rows, periods = _patterns(rows, parameters)
        findings = rows.select(
            "row",
            pl.lit(Severity.HIGH.value).alias("severity"),
            "period",
            "amount",
            "typical",
            pl.lit(parameters["against"]).alias("against"),
            pl.when(pl.col("period").is_null())
            .then(pl.lit(OCCASIONAL))
            .otherwise(pl.lit(FREQUENT))
            .alias("pattern"),
            "count",
        ).sort("row")
        frequent = findings["period"].count()
        return Result(
            findings=findings,
            periods=periods,
            statistics={OCCASIONAL: len(findings) - frequent, FREQUENT: frequent},
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the amount, what it is compared with, and how often."""
        return _SAID[lang][finding["pattern"]].format(
            amount=money(finding["amount"]),
            typical=money(finding["typical"]),
            against=_AGAINST[lang][finding["against"]],
            times=finding["amount"] / max(finding["typical"], 1),
            count=finding["count"],
        )


def _high(lines: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """The lines whose amounts are round and high, with their books and times."""
    counted = (pl.col("direction") != NEUTRAL) & ~pl.col("reversal")
    is_round = (pl.col("amount") > 0) & (pl.col("amount") % int(parameters["round_to"]) == 0)
    marks = lines.select(counted=counted, round=counted & is_round)
    rounds = np.flatnonzero(marks["round"].to_numpy())
    book = book_codes(lines) if len(rounds) else np.zeros(len(lines), dtype=np.int64)
    wanted = np.zeros(int(book.max(initial=0)) + 1, dtype=bool)
    wanted[book[rounds]] = True
    at = np.flatnonzero(wanted[book] & marks["counted"].to_numpy())
    typical = _typical(book[at], lines["amount"].to_numpy()[at], parameters["against"])
    return (
        lines.select("account", "time", "amount")[rounds]
        .with_columns(
            row=pl.Series(rounds, dtype=pl.UInt32), book=pl.Series(book[rounds], dtype=pl.Int64)
        )
        .join(typical, on="book", how="left")
        .filter(
            exceeds(
                pl.col("amount"), ratio(parameters["multiple"]), pl.col("total"), pl.col("parts")
            )
        )
        .with_columns(typical=pl.col("total") // pl.col("parts"))
    )


def _typical(book: Ints, amount: NDArray[np.int64], against: str) -> pl.DataFrame:
    """The mean or median of each book as a ratio of whole numbers, `total` / `parts`."""
    lines = pl.DataFrame({"book": book, "amount": amount}).group_by("book")
    if against == "mean":
        return lines.agg(total=pl.col("amount").sum(), parts=pl.len().cast(pl.Int64))
    middle = (pl.col("amount").median() * 2).cast(pl.Int64)  # two amounts' sum: whole
    return lines.agg(total=middle, parts=pl.lit(2, dtype=pl.Int64))


def _patterns(
    rows: pl.DataFrame, parameters: Mapping[str, Any]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines with `period` (null for occasional ones) and `count`, and the periods."""
    rows = rows.sort("book", "time")
    period = _spans(
        rows["book"].to_numpy(),
        rows["time"].to_physical().to_numpy(),
        int(parameters["frequent"]),
        int(parameters["days"]) * DAY_US,
    )
    numbered = pl.Series("period", period, dtype=pl.Int64)
    rows = rows.with_columns(
        pl.when(numbered >= 0).then(numbered).cast(pl.UInt32).alias("period"),
    )
    periods = (
        rows.drop_nulls("period")
        .group_by("period", maintain_order=True)
        .agg(
            pl.col("account").first(),
            pl.col("time").min().dt.truncate("1d").alias("start"),
            pl.col("time").max().dt.truncate("1d").dt.offset_by("1d").alias("end"),
            pl.len().alias("count"),
        )
    )
    counts = periods.select("period", "count")
    rows = rows.join(counts, on="period", how="left").with_columns(
        pl.col("count").fill_null(1).cast(pl.UInt32)
    )
    return rows, NO_PERIODS if periods.is_empty() else periods.drop("period")


def _spans(book: Ints, time: Ints, least: int, span: int) -> Ints:
    """The number of each line's frequent period, -1 for none; lines sorted by book and time."""
    first = np.arange(max(len(book) - least + 1, 0))
    last = first + least - 1
    run = (book[first] == book[last]) & (time[last] - time[first] <= span)
    first, last = first[run], last[run]
    inside = _covered(first, last, len(book))
    joined = _covered(first + 1, last, len(book))  # to the line before, by a run of both
    return np.where(inside, np.cumsum(inside & ~joined) - 1, -1)


def _covered(first: Ints, last: Ints, size: int) -> NDArray[np.bool_]:
    """Which positions lie between a first and its last, both included."""
    opened = np.bincount(first, minlength=size + 1) - np.bincount(last + 1, minlength=size + 1)
    return np.cumsum(opened[:size]) > 0


_AGAINST: Mapping[Lang, Mapping[str, str]] = {
    "en": {"mean": "mean", "median": "median"},
    "zh": {"mean": "平均", "median": "中位"},
}
_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        OCCASIONAL: "{amount} is round and {times:,.1f} times the statement's {against} amount of "
        "{typical}.",
        FREQUENT: "{amount} is round and {times:,.1f} times the statement's {against} amount of "
        "{typical}, one of {count:,} such lines within days of each other.",
    },
    "zh": {
        OCCASIONAL: "整数金额 {amount}，为该流水{against}金额 {typical} 的 {times:,.1f} 倍。",
        FREQUENT: "整数金额 {amount}，为该流水{against}金额 {typical} 的 {times:,.1f} 倍，"
        "数日内共 {count:,} 笔同类交易。",
    },
}
