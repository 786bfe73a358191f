"""Interest that is low for the balance it was paid on."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.recognizers.statements.books import NO_PERIODS
from tradeglyph.recognizers.statements.card_parameters import amount, seed_rule, words
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.interest import (
    MILLION,
    NOT_DEPOSIT_WORDS,
    NOTICE,
    base_rate,
    by_day,
    interest_lines,
)
from tradeglyph.recognizers.statements.keywords import INTEREST
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.sums import ratio

SEED = seed_rule("low_interest")
INFO = Info(
    name="low_interest",
    title={"en": "Low interest", "zh": "利息偏低异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "Deposit interest under half of what the base rate pays on the balance: the balance "
        "may not have been there.",
        "zh": "存款结息不足按基准利率对余额计算利息的一半，余额可能不真实。",
    },
    parameters=(
        Parameter(
            name="rates",
            default="flat",
            audit="dated",
            choices=("flat", "dated"),
            unit="choice",
            means={
                "en": "one base rate, or the rate in force on the day of the interest",
                "zh": "flat 为单一基准利率；dated 为结息日当日适用的利率表",
            },
            source=f"flat: {SEED}; dated: deposit_rates.py",
        ),
        Parameter(
            name="base_rate",
            default=0.0035,
            unit="share a year",
            means={"en": "the flat base rate", "zh": "单一基准利率（年）"},
            source=SEED,
            least=0,
            most=1,
        ),
        Parameter(
            name="share",
            default=0.5,
            unit="share",
            means={
                "en": "interest under this share of what the rate pays is low",
                "zh": "低于应计利息的此比例视为偏低",
            },
            source=SEED,
            least=0,
            most=1,
        ),
        Parameter(
            name="basis",
            default="balance",
            audit="daily",
            choices=("balance", "daily"),
            unit="choice",
            means={
                "en": "interest on the line's own balance for fixed days, or on the balance of "
                "each day since the interest before",
                "zh": "balance 为按本笔余额和固定天数；daily 为按上次结息以来每日余额积数",
            },
            source=f"balance: {SEED}; daily: {NOTICE}",
        ),
        Parameter(
            name="days",
            default=90,
            unit="days",
            means={"en": "days that a line's interest is for", "zh": "一次结息的计息天数"},
            source=SEED,
            least=1,
            most=366,
        ),
        Parameter(
            name="year",
            default=360,
            unit="days",
            means={"en": "days of a year of interest", "zh": "一年按多少天计息"},
            source=SEED,
            least=360,
            most=366,
        ),
        amount(
            "least_balance",
            10_000,
            "smaller balances (daily: on average) are skipped",
            "余额（积数法为日均余额）低于此数不查",
            SEED,
            least=1,
        ),
        words(
            "interest",
            INTEREST,
            "words of interest",
            "结息关键词",
            SEED,
        ),
        NOT_DEPOSIT_WORDS,
    ),
)
NO_INTEREST = NotApplicable(
    reason={
        "en": "no line of interest on a demand deposit in CNY",
        "zh": "没有人民币活期存款结息交易",
    }
)


class LowInterest:
    """Interest lines under a share of what a base rate pays.

    What the rule leaves open is decided so:
    - An interest line is an income in CNY whose summary has a word of interest, and neither it nor
      the counterparty a word of `not_deposit`. Reversals are none.
    - Basis `balance`: interest over the line's own printed balance, times `year` / `days`, is under
      `share` of the rate: exactly half is not low, a balance of exactly `least_balance` is judged.
      Lines without a balance are skipped and counted.
    - Basis `daily` (积数): the sum of the balances at the end of each day from the day of the
      interest before (included) to the line's own (excluded), times the rate / `year`, rounded
      down to a minor unit, as no bank pays parts of it. All interest of a day of a book is one.
      Days below zero count as zero; a day whose last balance nobody can tell counts as the day
      before. The first interest of a statement is not judged: when its days began is not known.
    - Rates `dated`: of the day of the interest. Interest before the first date is not judged.

    SOURCE: the seed's table of nine rules; 银发〔2005〕129号 for the daily basis.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `interest` (daily: of the day), `balance`
        (daily: the average) in minor units, `days`, `rate` paid and `base` rate, shares a year."""
        paid = interest_lines(lines, parameters)
        if paid.is_empty():
            return NO_INTEREST
        if parameters["basis"] == "balance":
            judged = paid.drop_nulls("balance").with_columns(
                interest=pl.col("amount"),
                days=pl.lit(int(parameters["days"]), dtype=pl.Int64),
            )
            judged = judged.with_columns(product=pl.col("balance") * pl.col("days"))
        else:
            judged = by_day(lines, paid)
        judged = judged.with_columns(base=base_rate(parameters)).drop_nulls("base")
        findings = (
            judged.filter(pl.col("product") >= pl.col("days") * int(parameters["least_balance"]))
            .filter(_is_low(parameters))
            .select(
                "row",
                pl.lit(Severity.MEDIUM.value).alias("severity"),
                pl.lit(None, dtype=pl.UInt32).alias("period"),
                "interest",
                (pl.col("product") // pl.col("days")).alias("balance"),
                pl.col("days").cast(pl.UInt32),
                (pl.col("interest") * float(parameters["year"]) / pl.col("product")).alias("rate"),
                (pl.col("base") / MILLION).alias("base"),
            )
            .sort("row")
        )
        return Result(
            findings=findings,
            periods=NO_PERIODS,
            statistics={"interest_lines": len(paid), "not_judged": len(paid) - len(judged)},
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the interest, the balance and both rates."""
        return _SAID[lang].format(
            interest=money(finding["interest"]),
            balance=money(finding["balance"]),
            days=finding["days"],
            rate=100 * finding["rate"],
            base=100 * finding["base"],
        )


def _is_low(parameters: Mapping[str, Any]) -> pl.Expr:
    wide, share = pl.Int128, ratio(parameters["share"])
    interest = pl.col("interest").cast(wide) * share.denominator
    earned = pl.col("product").cast(wide) * pl.col("base")
    year = int(parameters["year"]) * MILLION
    if parameters["basis"] == "daily":
        return interest < (earned // year) * share.numerator
    return interest * year < earned * share.numerator


_SAID: Mapping[Lang, str] = {
    "en": "Interest of {interest} on a balance of {balance} over {days} days is {rate:.4f} % a "
    "year; the base rate is {base:.2f} %.",
    "zh": "余额 {balance}，{days} 天利息 {interest}，年化 {rate:.4f}%，基准利率 {base:.2f}%。",
}
