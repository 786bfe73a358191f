"""Amounts that a bank has to report as large (大额交易)."""

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
from tradeglyph.recognizers.statements.card_parameters import words
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.keywords import has_word
from tradeglyph.recognizers.statements.payment_words import (
    BORDER_WORDS,
    CASH_PARAMETERS,
    is_cash,
)
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.statutory import (
    ARTICLE_5,
    CASH,
    CROSS_BORDER,
    OWNER,
    REGULATION,
    TRANSFER,
    UNKNOWN,
    USD_RATES,
    Limits,
    limit_of,
    limits,
    without_limit,
)
from tradeglyph.recognizers.statements.sums import ratio

EXEMPT = (
    *(
        "定期转活期",
        "活期转定期",
        "定活互转",
        "定活转存",
        "到期转存",
        "自动转存",
        "定期续存",
        "约定转存",
    ),
    *("本息转存", "结息", "利息支付", "错账冲正", "缴税", "税款"),
)
INFO: Final = Info(
    name="statutory_amount",
    title={"en": "Reportable amount", "zh": "大额交易报告标准识别"},
    reads=Reads.LINES,
    rule={
        "en": "Amounts of one day and one direction that reach the amount from which banks report "
        "a transaction: in cash, by transfer, across the border; one by one or added up.",
        "zh": "当日单笔或者单边累计达到大额交易报告标准：现金收支、款项划转、跨境划转分别计算。",
    },
    parameters=(
        OWNER,
        USD_RATES,
        Parameter(
            name="least_part",
            default=0.01,
            unit="share",
            means={
                "en": "of a day that reaches the amount only in sum, lines under this share of it "
                "are added up and not named, unless they are the day's largest",
                "zh": "累计达标的当日，低于标准此比例的交易计入合计但不列出（当日最大一笔除外）",
            },
            source="this project's: small purchases of a busy day are nothing to ask about",
            least=0,
            most=1,
        ),
        *CASH_PARAMETERS,
        words(
            "border_words",
            BORDER_WORDS,
            "words in the summary of payments across the border",
            "摘要中表示跨境收付的词",
            f"{ARTICLE_5} (4); the words: payment_words.py",
        ),
        words(
            "exempt",
            EXEMPT,
            "words in the summary of transactions that need no report: deposits turned "
            "over under one name, interest, taxes",
            "摘要中表示免报交易的词：同户名定活互转、利息、税款等",
            "中国人民银行令〔2016〕第3号 article 7; the words are this project's",
        ),
    ),
    profiles=frozenset({Profile.AUDIT}),
)


class StatutoryAmount:
    """Amounts of a day that reach a reporting amount.

    What the regulation leaves to whoever holds only a statement is decided so:
    - Of a book (an account in one currency), received and paid apart, a day's cash lines, transfers
      and transfers across the border are added up. Banks add up by customer (以客户为单位): sums
      over several accounts of one owner are not seen here.
    - A line is cash or crosses the border by the words of its summary, cash first; every other
      one is a transfer. A personal transfer across the border counts there alone.
    - The amount itself reaches it (以上 includes 本数). A line that reaches it alone is medium; of
      a day that reaches it in sum, the lines of `least_part` or more, and the largest, are low: a
      report is a routine, and no reproach.
    - NEUTRAL lines, reversals and `exempt` lines do not count.
    - Books in currencies that have no amount, nor a rate to US dollars, are not judged.

    SOURCE: `statutory_amounts.toml`. O(n).
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `kind`, `amount`, `limit`, `total` (of the
        day, minor units), `count` (lines of the day), `day`, `direction`, `currency`, `assumed`
        (the owner is unknown). A period is a day of one kind and direction."""
        told_limits = limits(parameters["owner"], parameters["usd_rates"])
        if isinstance(told_limits, NotApplicable):
            return told_limits
        left_out, nothing = without_limit(lines, told_limits)
        if nothing:
            return nothing
        counted, exempt = _counted(lines, parameters, told_limits)
        days = _days(lines, counted, told_limits)
        return Result(
            findings=_findings(counted, days, parameters),
            periods=_periods(days),
            statistics={
                "lines_in_other_currencies": left_out,
                "exempt": exempt,
                **{f"days_{kind}": (days["kind"] == kind).sum() for kind in _KINDS},
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """The day's sum, the amount that it reaches and whose it is."""
        said = _SAID[lang]
        alone = finding["amount"] >= finding["limit"]
        text = said["alone" if alone else "sum"].format(
            **dict(finding)
            | {"amount": money(finding["amount"]), "total": money(finding["total"])}
            | {"limit": money(finding["limit"]), "kind": said[finding["kind"]]}
            | {"side": said["in" if finding["direction"] == IN else "out"]}
            | {"regulation": REGULATION}
        )
        if finding["assumed"] and finding["kind"] != CASH:
            text += said["assumed"]
        return text + said["end"]


_KINDS = (CASH, TRANSFER, CROSS_BORDER)


def _counted(
    lines: pl.DataFrame, parameters: Mapping[str, Any], told_limits: Limits
) -> tuple[pl.DataFrame, int]:
    """The lines that count: `row`, `amount`, `group` (a number of book, day, direction and, in its
    last two bits, kind); and how many are exempt."""
    cash = is_cash(lines["summary"], parameters["cash_words"], parameters["not_cash"])
    border = has_word(pl.col("summary"), parameters["border_words"])
    kind = pl.when(cash).then(0).when(border).then(2).otherwise(1).cast(pl.Int64)
    day = pl.col("time").dt.epoch("d").cast(pl.Int64) + (1 << 23)  # all years take 24 bits
    book = pl.lit(pl.Series(book_codes(lines)))
    received = (pl.col("direction") == IN).cast(pl.Int64)
    known = pl.col("currency").is_in(list(told_limits))
    whole = lines.select(
        "amount",
        group=((book * 2**24 + day) * 2 + received) * 4 + kind,
        exempt=has_word(pl.col("summary"), parameters["exempt"]),
        counted=(pl.col("direction") != NEUTRAL) & ~pl.col("reversal") & known,
    ).with_row_index("row")
    exempt = int(whole.select((pl.col("counted") & pl.col("exempt")).sum()).item())
    counted = whole.filter(pl.col("counted") & ~pl.col("exempt"))
    return counted.select("row", "amount", "group"), exempt


def _days(lines: pl.DataFrame, counted: pl.DataFrame, told_limits: Limits) -> pl.DataFrame:
    """The days that reach their amount: `group`, `kind`, `limit`, `total`, `largest`, `count` and
    what their lines have in common."""
    sums = counted.group_by("group").agg(
        pl.col("row").first(),
        total=pl.col("amount").sum(),
        largest=pl.col("amount").max(),
        count=pl.len(),
    )
    lowest = min(min(amounts.values()) for amounts in told_limits.values())
    sums = sums.filter(pl.col("total") >= lowest)
    common = lines.select(
        pl.col("account", "currency", "direction").gather(sums["row"]),
        day=pl.col("time").gather(sums["row"]).dt.date(),
    )
    number = pl.col("group") % 4
    kind = pl.when(number == 0).then(pl.lit(CASH)).when(number == 1).then(pl.lit(TRANSFER))
    limit = [pl.when(pl.col("kind") == kind).then(limit_of(told_limits, kind)) for kind in _KINDS]
    return (
        pl.concat([sums.drop("row"), common], how="horizontal")
        .with_columns(kind=kind.otherwise(pl.lit(CROSS_BORDER)))
        .with_columns(limit=pl.coalesce(limit))
        .filter(pl.col("total") >= pl.col("limit"))
        .sort("account", "currency", "day", "direction", "kind", "group")
    )


def _findings(
    counted: pl.DataFrame, days: pl.DataFrame, parameters: Mapping[str, Any]
) -> pl.DataFrame:
    share = ratio(parameters["least_part"])
    amount, limit = pl.col("amount"), pl.col("limit")
    part = amount * share.denominator >= limit * share.numerator
    alone = pl.when(amount >= limit).then(pl.lit(Severity.MEDIUM.value))
    numbered = days.with_row_index("period")
    return (
        counted.join(numbered, on="group")
        .filter(part | (amount == pl.col("largest")))
        .select(
            "row",
            alone.otherwise(pl.lit(Severity.LOW.value)).alias("severity"),
            "period",
            *("kind", "amount", "limit", "total", "count", "day", "direction", "currency"),
            pl.lit(parameters["owner"] == UNKNOWN).alias("assumed"),
        )
        .sort("row")
    )


def _periods(days: pl.DataFrame) -> pl.DataFrame:
    start = pl.col("day").cast(pl.Datetime("us"))
    return days.select("account", "currency", start=start, end=start.dt.offset_by("1d"))


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "alone": "{amount} {side} {kind} reaches {limit} {currency}, from which banks report it "
        "({regulation}, article 5)",
        "sum": "{amount} is one of {count:,} amounts {side} {kind} on {day}, in sum {total}, which "
        "reaches {limit} {currency}, from which banks report it ({regulation}, article 5)",
        CASH: "in cash",
        TRANSFER: "by transfer",
        CROSS_BORDER: "across the border",
        "in": "received",
        "out": "paid",
        "assumed": "; the amount of a personal account, since whose it is, is not said",
        "end": ".",
    },
    "zh": {
        "alone": "{kind}{side} {amount}，达到大额交易报告标准 {limit} {currency}"
        "（{regulation} 第 5 条）",
        "sum": "本笔 {amount}，{day} {kind}{side} {count:,} 笔累计 {total}，"
        "达到大额交易报告标准 {limit} {currency}（{regulation} 第 5 条）",
        CASH: "现金",
        TRANSFER: "转账",
        CROSS_BORDER: "跨境",
        "in": "收入",
        "out": "支出",
        "assumed": "；账户性质未说明，按自然人标准",
        "end": "。",
    },
}
