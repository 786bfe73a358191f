"""Cash that comes in or goes out often, in large part or in round amounts."""

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
from tradeglyph.recognizers.statements.card_parameters import amount
from tradeglyph.recognizers.statements.figures import money, units
from tradeglyph.recognizers.statements.payment_words import CASH_PARAMETERS, is_cash
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.sums import ratio

OWN_FIGURE = (
    "this project's: 中国人民银行令〔2006〕第2号 article 11 and FATF (2015), Money Laundering "
    "Through the Physical Transportation of Cash, name frequent and large cash and give no figure"
)
INFO: Final = Info(
    name="cash",
    title={"en": "Cash", "zh": "现金交易识别"},
    reads=Reads.LINES,
    rule={
        "en": "Cash lines of a month that are many, a large share of what came in or went out, or "
        "round several times; and large ones by themselves.",
        "zh": "自然月内现金笔数多、占当月收入或支出比例高、或多次为整数金额；大额现金逐笔列出。",
    },
    parameters=(
        Parameter(
            name="frequent",
            default=10,
            unit="lines",
            means={
                "en": "so many cash lines of one direction in a calendar month are frequent",
                "zh": "自然月内同向现金达到此笔数为频繁",
            },
            source=OWN_FIGURE,
            least=2,
            most=10_000,
        ),
        Parameter(
            name="share",
            default=0.5,
            unit="share",
            means={
                "en": "cash of at least this share of the month's sum of its direction is much",
                "zh": "现金占当月同向合计达到此比例为占比高",
            },
            source=OWN_FIGURE,
            least=0.01,
            most=1,
        ),
        amount(
            "least_total",
            1_000_000,
            "months with less cash of the direction are judged by no share",
            "当月同向现金合计低于此数时不判断占比",
            OWN_FIGURE,
        ),
        amount(
            "round_to",
            1_000_000,
            "round is a multiple of it",
            "整数金额：须为此数的整数倍",
            "this project's: 10,000, since machines pay out multiples of 100 to anyone",
            least=1,
        ),
        Parameter(
            name="rounds",
            default=3,
            unit="lines",
            means={
                "en": "so many round cash lines of one direction in a month",
                "zh": "自然月内同向整数现金达到此笔数",
            },
            source=OWN_FIGURE,
            least=1,
            most=10_000,
        ),
        amount(
            "large",
            5_000_000,
            "an amount from this on is told by itself, and graver",
            "单笔达到此数即列出，严重程度提高一级",
            "中国人民银行令〔2016〕第3号 article 5 (1): 50,000; must be verified",
            least=1,
        ),
        *CASH_PARAMETERS,
    ),
    profiles=frozenset({Profile.AUDIT}),
)


class Cash:
    """Cash of a calendar month.

    What is open is decided so:
    - Lines are cash by the words of their summary. NEUTRAL lines and reversals do not count.
    - Per book (an account in one currency), calendar month and direction: `frequent` or more cash
      lines; cash of `least_total` or more that is `share` or more of all that came in (went out);
      `rounds` or more multiples of `round_to`, of which only those round ones are reported.
    - An amount of `large` or more is reported in any month and is medium. All else is low: cash is
      a habit or a trade before it is a sign.

    SOURCE: as its parameters say. O(n).
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `amount`, `direction`, `month` (text), `count`
        and `total` of the month's cash, `flow` of all lines, `round` (lines), and whether the line
        is told for being `large`, the month `often`, `much`, `rounded`. A period is a month."""
        group = _groups(lines)
        cash = _cash(lines, group, parameters)
        months = _months(lines, group, cash, parameters)
        found = cash.join(months.with_row_index("period"), on="group").with_columns(
            large=pl.col("amount") >= parameters["large"],
            rounded=pl.col("rounded") & pl.col("is_round"),
        )
        findings = found.filter(pl.any_horizontal("large", "often", "much", "rounded"))
        return Result(
            findings=findings.select(
                "row",
                _severity(),
                "period",
                *("amount", "direction", "month", "count", "total", "flow", "round"),
                *("large", "often", "much", "rounded"),
            ).sort("row"),
            periods=months.select("account", "currency", "start", "end"),
            statistics={
                "cash_lines": cash.height,
                "cash_received": units(_sum(cash, received=True)),
                "cash_paid": units(_sum(cash, received=False)),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """The line and what is odd about it or its month."""
        said = _SAID[lang]
        told = [said[why] for why in ("large", "often", "much", "rounded") if finding[why]]
        values = dict(finding) | {
            "amount": money(finding["amount"]),
            "total": money(finding["total"]),
            "share": 100 * finding["total"] / max(finding["flow"], 1),
            "side": said["in" if finding["direction"] == IN else "out"],
        }
        return (
            said["text"].format(**values)
            + "".join(one.format(**values) for one in told)
            + (said["end"])
        )


def _cash(lines: pl.DataFrame, group: pl.Series, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """`row`, `amount`, `direction`, `is_round` and `group` (book, month, direction) of cash."""
    marks = is_cash(lines["summary"], parameters["cash_words"], parameters["not_cash"])
    counted = lines.select(
        pl.lit(marks) & (pl.col("direction") != NEUTRAL) & ~pl.col("reversal")
    ).to_series()
    rows = counted.arg_true()
    round_to = int(parameters["round_to"])
    return lines.select(
        pl.col("amount", "direction").gather(rows),
        row=rows.cast(pl.UInt32),
        group=group.gather(rows),
    ).with_columns(is_round=(pl.col("amount") > 0) & (pl.col("amount") % round_to == 0))


def _groups(lines: pl.DataFrame) -> pl.Series:
    """A number of each line's book, month and direction."""
    month = pl.col("time").dt.year().cast(pl.Int64) * 12 + pl.col("time").dt.month()
    book = pl.lit(pl.Series(book_codes(lines)))
    received = (pl.col("direction") == IN).cast(pl.Int64)
    return lines.select((book * 2**20 + month) * 2 + received).to_series()


def _months(
    lines: pl.DataFrame, group: pl.Series, cash: pl.DataFrame, parameters: Mapping[str, Any]
) -> pl.DataFrame:
    """Months with cash, in an order of their own: figures, what is odd, and when they are."""
    of_cash = cash.group_by("group").agg(
        pl.col("row").first(),
        count=pl.len(),
        total=pl.col("amount").sum(),
        round=pl.col("is_round").sum(),
    )
    moved = lines.select(
        "amount",
        group=group,
        counted=(pl.col("direction") != NEUTRAL) & ~pl.col("reversal"),
    )
    flow = (
        moved.filter(pl.col("counted") & pl.col("group").is_in(of_cash["group"].implode()))
        .group_by("group")
        .agg(flow=pl.col("amount").sum())
    )
    start = pl.col("time").gather(of_cash["row"]).dt.truncate("1mo")
    common = lines.select(pl.col("account", "currency").gather(of_cash["row"]), start=start)
    share = ratio(parameters["share"])
    total = pl.col("total")
    much = (
        total.cast(pl.Int128) * share.denominator
        >= pl.col("flow").cast(pl.Int128) * share.numerator
    )
    return (
        pl.concat([of_cash.drop("row"), common], how="horizontal")
        .join(flow, on="group")
        .with_columns(
            end=pl.col("start").dt.offset_by("1mo"),
            month=pl.col("start").dt.strftime("%Y-%m"),
            often=pl.col("count") >= parameters["frequent"],
            much=much & (total >= parameters["least_total"]) & (total > 0),
            rounded=pl.col("round") >= parameters["rounds"],
        )
        .sort("account", "currency", "start", "group")
    )


def _sum(cash: pl.DataFrame, *, received: bool) -> int:
    return int(cash.filter((pl.col("direction") == IN) == received)["amount"].sum())


def _severity() -> pl.Expr:
    large = pl.when("large").then(pl.lit(Severity.MEDIUM.value))
    return large.otherwise(pl.lit(Severity.LOW.value)).alias("severity")


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "text": "{amount} {side} in cash",
        "large": ", which is large by itself",
        "often": "; {count:,} such lines in {month}, which is often",
        "much": "; cash was {share:.1f} % of all {side} in {month}, in sum {total}",
        "rounded": "; {round:,} such round amounts in {month}",
        "in": "received",
        "out": "paid",
        "end": ".",
    },
    "zh": {
        "text": "现金{side} {amount}",
        "large": "，单笔较大",
        "often": "；{month} 同类现金共 {count:,} 笔，较为频繁",
        "much": "；{month} 现金占全部{side}的 {share:.1f} %，合计 {total}",
        "rounded": "；{month} 同类整数金额共 {round:,} 笔",
        "in": "收入",
        "out": "支出",
        "end": "。",
    },
}
