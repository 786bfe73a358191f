"""Amounts that are large, and large for their account."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.books import NO_PERIODS, Ints, book_codes, by_book_and_time
from tradeglyph.recognizers.statements.card_parameters import (
    amount,
    keywords_silence,
    reasonable,
    seed_rule,
    words,
    yes_or_no,
)
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.keywords import HIGH_RISK, first_word, told
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.sums import exceeds, ratio

SEED = seed_rule("large_amount")
INFO = Info(
    name="large_amount",
    title={"en": "Large amount", "zh": "大额交易异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "An amount over a threshold and over a multiple of the account's mean amount of the "
        "days before, without a word that explains it.",
        "zh": "单笔金额超过阈值，且超过该账户此前若干天平均金额的若干倍，又无合理背景关键词。",
    },
    parameters=(
        amount(
            "threshold",
            5_000_000,
            "amounts must be over it",
            "金额须超过此数",
            SEED,
        ),
        Parameter(
            name="multiple",
            default=3.0,
            unit="times the mean",
            means={
                "en": "amounts must be over so many times the mean of the days before",
                "zh": "金额须超过此前平均金额的倍数",
            },
            source=SEED,
            least=0,
            most=10_000,
        ),
        Parameter(
            name="days",
            default=90,
            unit="days",
            means={
                "en": "whole days before the line's own day that the mean is of",
                "zh": "计算平均金额的天数（交易当日之前的整日）",
            },
            source=SEED,
            least=1,
            most=3_660,
        ),
        keywords_silence("large_amount"),
        yes_or_no(
            "without_history",
            "also report amounts over the threshold with no line in the days before",
            "此前无任何交易可比的大额交易也予列出",
            "this project's: the seed's mean of nothing is no number",
            default=False,
            audit=True,
        ),
        reasonable(),
        words(
            "high_risk",
            HIGH_RISK,
            "words that make an amount graver",
            "高风险关键词",
            "keywords.py",
        ),
    ),
)


class LargeAmount:
    """Amounts over a threshold and over a multiple of the mean of the days before.

    What the rule leaves open is decided so:
    - The mean is of the `days` whole days before the line's own day, of both directions. Lines of
      its own day do not count: several large amounts on one day do not hide each other, and the
      order within a day, which many statements do not give, does not matter.
    - With no line in those days there is no mean, and nothing to be large against: not reported
      unless `without_history`, and then as low. The statistics count such amounts either way.
    - NEUTRAL lines and reversals (冲正) neither count nor are reported.
    - Severity: medium; high with a high-risk word; low with a reasonable one, which with
      `keywords_silence` leaves the line out altogether, also where it has both.

    SOURCE: the seed's table of nine rules. O(n log n) at worst, O(n) where lines are sorted.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `amount` and `mean` in minor units (null
        without history), `count` of lines before, words `reasonable` and `risk` (null for none)."""
        counted = (
            lines.select((pl.col("direction") != NEUTRAL) & ~pl.col("reversal"))
            .to_series()
            .to_numpy()
        )
        amount = lines["amount"].to_numpy()
        large = np.flatnonzero(counted & (amount > parameters["threshold"]))
        total, count = _history(lines, counted, large, parameters["days"])
        told_rows = (
            lines.select("amount", "summary", "counterparty")[large]
            .with_columns(
                row=pl.Series(large, dtype=pl.UInt32),
                total=pl.Series(total, dtype=pl.Int64),
                count=pl.Series(count, dtype=pl.Int64),
            )
            .filter(_is_large(parameters))
        )
        told_rows = told_rows.with_columns(
            reasonable=first_word(told(), parameters["reasonable"]),
            risk=first_word(told(), parameters["high_risk"]),
        )
        if parameters["keywords_silence"]:
            told_rows = told_rows.filter(pl.col("reasonable").is_null())
        findings = told_rows.select(
            "row",
            _severity().alias("severity"),
            pl.lit(None, dtype=pl.UInt32).alias("period"),
            "amount",
            pl.when(pl.col("count") > 0).then(pl.col("total") // pl.col("count")).alias("mean"),
            "count",
            "reasonable",
            "risk",
        ).sort("row")
        return Result(
            findings=findings,
            periods=NO_PERIODS,
            statistics={
                "lines_over_threshold": len(large),
                "without_history": int((count == 0).sum()),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the amount, the mean and the words found."""
        said = _COMPARED[lang] if finding["count"] else _ALONE[lang]
        text = said.format(
            amount=money(finding["amount"]),
            mean=money(finding["mean"] or 0),
            times=finding["amount"] / max(finding["mean"] or 0, 1),
            count=finding["count"],
        )
        for name in ("risk", "reasonable"):
            if finding[name]:
                text += _WORDS[lang][name].format(word=finding[name])
        return text + ("." if lang == "en" else "。")


def _history(
    lines: pl.DataFrame, counted: NDArray[np.bool_], large: NDArray[np.int64], days: int
) -> tuple[Ints, Ints]:
    """Sum and number of the counted lines of the same book in the days before, for each of the
    lines at `large`."""
    if not len(large):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    book = book_codes(lines)
    wanted = np.zeros(int(book.max()) + 1, dtype=bool)
    wanted[book[large]] = True
    day = lines["time"].dt.epoch("d").to_numpy()
    key = (book << 24) + (day.astype(np.int64) + (1 << 23))  # years 1 to 9999 take 22 bits
    at = np.flatnonzero(wanted[book] & counted)
    keys = key[at]
    if np.any(keys[1:] < keys[:-1]):
        order = by_book_and_time(book[at], day[at].astype(np.int64))
        at, keys = at[order], keys[order]
    # Sums wrap around beyond 64 bits, and their differences come out right all the same.
    sums = np.concatenate(([0], np.cumsum(lines["amount"].to_numpy()[at])))
    first = np.searchsorted(keys, key[large] - days)
    last = np.searchsorted(keys, key[large])
    return sums[last] - sums[first], last - first


def _is_large(parameters: Mapping[str, Any]) -> pl.Expr:
    over = exceeds(
        pl.col("amount"), ratio(parameters["multiple"]), pl.col("total"), pl.col("count")
    )
    return over | (pl.col("count") == 0) if parameters["without_history"] else over


def _severity() -> pl.Expr:
    return (
        pl.when(pl.col("risk").is_not_null())
        .then(pl.lit(Severity.HIGH.value))
        .when(pl.col("reasonable").is_not_null() | (pl.col("count") == 0))
        .then(pl.lit(Severity.LOW.value))
        .otherwise(pl.lit(Severity.MEDIUM.value))
    )


_COMPARED: Mapping[Lang, str] = {
    "en": "{amount} is {times:,.1f} times the mean of {mean} of the account's {count:,} lines of "
    "the days before",
    "zh": "金额 {amount}，为该账户此前 {count:,} 笔平均金额 {mean} 的 {times:,.1f} 倍",
}
_ALONE: Mapping[Lang, str] = {
    "en": "{amount}, and no line in the days before to compare it with",
    "zh": "金额 {amount}，此前无交易可比",
}
_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "risk": "; its text has “{word}”, a high-risk word",
        "reasonable": "; its text has “{word}”, which may explain it",
    },
    "zh": {
        "risk": "；含高风险关键词“{word}”",
        "reasonable": "；含关键词“{word}”，或有合理背景",
    },
}
