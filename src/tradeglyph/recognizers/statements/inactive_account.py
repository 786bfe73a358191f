"""Inactive accounts: a long silence between two transactions.

Decided where the rule leaves it open:

- Days are counted from the date of one transaction to the date of the next: from 1 March to
  31 March are 30 days, which are quiet; to 1 April 31, which are not. The time of day says nothing.
- The finding is the first line after the silence, which is what woke the account, and the one
  before it is told by its date. Of several at one time it is the first by its contents, so that
  the order of the file doesn't matter.
- Before the first line and after the last one nothing is known: a statement may begin and end
  where it was asked to.
- Accounts are apart, and so are an account's currencies.
- In profile `audit` the bank's own postings (interest, fees) are no activity of the customer: an
  account that only earned its quarterly interest was silent. The rule as it was written takes every
  line for a transaction. (Chinese rules on settlement accounts call one dormant, 久悬, after a year
  without receipts and payments: People's Bank of China, 2003, measures on RMB settlement accounts,
  article 56; 30 days are a question to ask, not yet that.)
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.recognizers.statements.books import book_codes
from tradeglyph.recognizers.statements.card_parameters import seed_rule, words
from tradeglyph.recognizers.statements.keywords import has_word
from tradeglyph.recognizers.statements.result import Result

POSTINGS = ("结息", "存款利息", "利息税", "账户管理费", "小额账户", "短信费", "短信服务费", "年费")
_CONTENTS = (
    "time", "tx_id", "amount", "direction", "balance", "summary", "counterparty",
    "counterparty_account", "reversal", "file", "sheet", "line",
)  # fmt: skip

INFO: Final = Info(
    name="inactive_account",
    title={"en": "Inactive account", "zh": "长期未交易异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "more days between two transactions of one account than the threshold",
        "zh": "同一账户相邻两笔交易之间的天数超过阈值",
    },
    parameters=(
        Parameter(
            name="inactive_days",
            default=30,
            unit="days",
            means={
                "en": "two transactions may be so many days apart",
                "zh": "相邻两笔交易之间允许的天数",
            },
            source=seed_rule("inactive_account"),
            least=1,
            most=3_650,
        ),
        words(
            "bank_postings",
            (),
            "words in the summary of the bank's own postings, which break no silence",
            "摘要中表示银行自动入账、扣费的词，这类记录不算客户交易",
            "PBC 2003, art. 56, counts receipts and payments; the words are this project's",
            audit=POSTINGS,
        ),
    ),
)


class InactiveAccount:
    """The rule of this file."""

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """The line after each silence."""
        posted = has_word(pl.col("summary"), parameters["bank_postings"])
        active = (
            lines.select("summary", day=pl.col("time").dt.date(), book=pl.Series(book_codes(lines)))
            .with_row_index("row")
            .filter(~posted)
            .drop("summary")
        )
        silences = _silences(active, parameters["inactive_days"])
        named = _first_lines(lines, active, silences)
        findings = _findings(named, parameters["inactive_days"])
        return Result(
            findings=findings,
            periods=_periods(named),
            statistics={
                "total_transactions": lines.height,
                "bank_postings": lines.height - active.height,
                "accounts": active["book"].n_unique(),
                "inactive_periods": findings.height,
                "max_inactive_days": findings["days"].max(),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """From when to when, how many days, and how many are allowed."""
        before, after = finding["before"], finding["after"]
        days, most = finding["days"], finding["inactive_days"]
        if lang == "zh":
            return (
                f"{before} 之后至 {after} 共 {days} 天没有交易，超过 {most} 天，本笔为恢复后的首笔"
            )
        return (
            f"{days} days from the transaction before, {before}, to this one, {after}, more than "
            f"{most}"
        )


def _silences(active: pl.DataFrame, most: int) -> pl.DataFrame:
    """`book`, `before` and `day` (dates of the lines around it), `days`."""
    dated = active.lazy().select("book", "day").unique().sort("book", "day")
    before = pl.when(pl.col("book") == pl.col("book").shift()).then(pl.col("day").shift())
    return (
        dated.with_columns(before=before)
        .with_columns(days=(pl.col("day") - pl.col("before")).dt.total_days())
        .filter(pl.col("days") > most)
        .collect()
    )


def _first_lines(lines: pl.DataFrame, active: pl.DataFrame, silences: pl.DataFrame) -> pl.DataFrame:
    """Along the silences, by account and date: the first line after each."""
    woken = active.join(silences, on=["book", "day"])
    told = lines.select(pl.col("account", "currency", *_CONTENTS).gather(woken["row"]))
    return (
        pl.concat([woken, told], how="horizontal")
        .sort(*_CONTENTS)
        .unique(["book", "day"], keep="first", maintain_order=True)
        .sort("account", "currency", "file", "sheet", "day")
    )


def _findings(named: pl.DataFrame, most: int) -> pl.DataFrame:
    return (
        named.with_row_index("period")
        .select(
            "row",
            pl.lit(Severity.MEDIUM.value).alias("severity"),
            "period",
            "before",
            pl.col("day").alias("after"),
            "days",
            pl.lit(most, pl.Int64).alias("inactive_days"),
        )
        .sort("row")
    )


def _periods(named: pl.DataFrame) -> pl.DataFrame:
    """The days without a transaction: from the day after the last to that of the next."""
    midnight = pl.Datetime("us")
    return named.select(
        "account",
        "currency",
        pl.col("before").dt.offset_by("1d").cast(midnight).alias("start"),
        pl.col("day").cast(midnight).alias("end"),
        "days",
    )
