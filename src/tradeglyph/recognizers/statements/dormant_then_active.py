"""Accounts that lay dormant and then moved much money within days."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from tradeglyph.domain.recognizers import (
    Info,
    Lang,
    NotApplicable,
    Parameter,
    Profile,
    Reads,
    Severity,
)
from tradeglyph.domain.statements import IN, NEUTRAL
from tradeglyph.recognizers.statements.books import book_codes
from tradeglyph.recognizers.statements.card_parameters import amount, words
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.inactive_account import POSTINGS
from tradeglyph.recognizers.statements.keywords import has_word
from tradeglyph.recognizers.statements.result import Result

NOTION = (
    "中国人民银行令〔2006〕第2号 article 11 (4), repealed 2017 and still the wording that auditors "
    "use: a long idle account put to use without a reason, with much money within a short time"
)
INFO: Final = Info(
    name="dormant_then_active",
    title={"en": "Dormant, then active", "zh": "长期闲置后突然启用识别"},
    reads=Reads.LINES,
    rule={
        "en": "No line of the customer's for long, then within days a turnover of at least an "
        "amount.",
        "zh": "账户长期无客户交易，突然启用后数日内收付合计达到一定金额。",
    },
    parameters=(
        Parameter(
            name="dormant_days",
            default=180,
            unit="days",
            means={
                "en": "dormant are more days than this between two dates with a line",
                "zh": "相邻两个有客户交易的日期间隔超过此天数为闲置",
            },
            source="银发〔2016〕261号 and banks' notices: 6 months without a transaction; a year "
            "(久悬) is article 56 of the 2003 measures on RMB settlement accounts",
            least=1,
            most=3_650,
        ),
        Parameter(
            name="active_days",
            default=14,
            unit="days",
            means={
                "en": "successive dates, from the first line after it on, that are added up",
                "zh": "自启用之日起计算收付的连续日历天数",
            },
            source=f"{NOTION}; its 短期 is 10 business days, which are two weeks",
            least=1,
            most=366,
        ),
        amount(
            "turnover",
            10_000_000,
            "received and paid in these days together reach it",
            "期间收入与支出合计达到此数",
            "this project's: 50,000, the least statutory amount, in and out again",
            least=1,
        ),
        Parameter(
            name="grave_days",
            default=365,
            unit="days",
            means={
                "en": "a longer silence than this is graver",
                "zh": "闲置超过此天数时严重程度提高一级",
            },
            source="人民币银行结算账户管理办法 (People's Bank of China, 2003) article 56: a year",
            least=1,
            most=36_500,
        ),
        words(
            "bank_postings",
            POSTINGS,
            "words in the summary of the bank's own postings, which break no silence",
            "摘要中表示银行自动入账、扣费的词，这类记录不算客户交易",
            "as in inactive_account",
        ),
    ),
    profiles=frozenset({Profile.AUDIT}),
)


class DormantThenActive:
    """Silences that end with much money.

    What is open is decided so:
    - Days are counted from the date of one line to the date of the next, as `inactive_account`
      does: with 180, 181 dates later is after a silence.
    - The bank's own postings (interest, fees) and reversals (冲正) are no activity. Where a
      statement begins with postings, the silence is known from the first of them on; before the
      first line nothing is known.
    - Turnover is the sum of what was received and paid, of all customer's lines of the first
      `active_days` dates, the waking one included; NEUTRAL lines wake an account and add nothing.
    - All of these lines are reported, in one period.
    - Books (an account in one currency) are apart.

    SOURCE: as its parameters say. O(n log n).
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `before` and `woken` (dates), `days` of the
        silence, `received`, `paid` (minor units), `count` and `active_days` of the time after."""
        posted = has_word(pl.col("summary"), parameters["bank_postings"])
        whole = lines.select(
            "amount",
            "direction",
            day=pl.col("time").dt.date(),
            book=pl.Series(book_codes(lines)),
            active=~posted & ~pl.col("reversal"),
        ).with_row_index("row")
        woken = _woken(whole, parameters["dormant_days"])
        moves = _moves(whole, woken, parameters)
        findings, periods = _findings(lines, moves, parameters)
        return Result(
            findings=findings,
            periods=periods,
            statistics={"silences": woken.height, "with_turnover": periods.height},
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """How long the silence was, and what came after."""
        values = {
            **finding,
            "received": money(finding["received"]),
            "paid": money(finding["paid"]),
        }
        return _SAID[lang].format(**values)


def _woken(whole: pl.DataFrame, most: int) -> pl.DataFrame:
    """`book`, `before` and `woken` (dates) and `days` of each silence."""
    begun = whole.lazy().group_by("book").agg(pl.col("day").min())
    dates = whole.lazy().filter("active").select("book", "day")
    known = pl.concat([begun, dates]).unique().sort("book", "day")
    before = pl.when(pl.col("book") == pl.col("book").shift()).then(pl.col("day").shift())
    silences = known.with_columns(before=before).with_columns(
        days=(pl.col("day") - pl.col("before")).dt.total_days()
    )
    return (
        silences.filter(pl.col("days") > most)
        .select("book", "before", "days", woken="day")
        .collect()
    )


def _moves(whole: pl.DataFrame, woken: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """The customer's lines of the days after each silence that reach the turnover, and sums."""
    some = whole.filter(pl.col("active") & pl.col("book").is_in(woken["book"].implode()))
    after = some.sort("book", "day").join_asof(
        woken.sort("book", "woken"),
        left_on="day",
        right_on="woken",
        by="book",
        strategy="backward",
        check_sortedness=False,
    )
    within = (pl.col("day") - pl.col("woken")).dt.total_days() < parameters["active_days"]
    sums = {
        "received": pl.col("amount").filter(pl.col("direction") == IN).sum(),
        "paid": pl.col("amount").filter(-pl.col("direction") == IN).sum(),
        "moved": pl.col("amount").filter(pl.col("direction") != NEUTRAL).sum(),
        "count": pl.len(),
        "last": pl.col("day").max(),
    }
    return (
        after.filter(within)
        .with_columns(sum_.over("book", "woken").alias(name) for name, sum_ in sums.items())
        .filter(pl.col("moved") >= parameters["turnover"])
    )


def _findings(
    lines: pl.DataFrame, moves: pl.DataFrame, parameters: Mapping[str, Any]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    midnight = pl.Datetime("us")
    whose = lines.select(pl.col("account", "currency").gather(moves["row"]))
    periods = (
        pl.concat([moves, whose], how="horizontal")
        .group_by("book", "woken")
        .agg(pl.col("account", "currency", "last").first())
        .sort("account", "currency", "woken", "book")
        .with_row_index("period")
    )
    grave = pl.when(pl.col("days") > parameters["grave_days"]).then(pl.lit(Severity.HIGH.value))
    findings = moves.join(periods.select("book", "woken", "period"), on=["book", "woken"]).select(
        "row",
        grave.otherwise(pl.lit(Severity.MEDIUM.value)).alias("severity"),
        "period",
        *("before", "woken", "days", "received", "paid", "count"),
        pl.lit(parameters["active_days"]).alias("active_days"),
    )
    return findings.sort("row"), periods.select(
        "account",
        "currency",
        pl.col("woken").cast(midnight).alias("start"),
        pl.col("last").cast(midnight).dt.offset_by("1d").alias("end"),
    )


_SAID: Mapping[Lang, str] = {
    "en": "after {days:,} days without a transaction of the customer's, from {before} to {woken}, "
    "{received} received and {paid} paid in {count:,} lines of {active_days} days.",
    "zh": "{before} 至 {woken} 共 {days:,} 天无客户交易，启用后 {active_days} 天内 {count:,} 笔，"
    "收入 {received}、支出 {paid}。",
}
