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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.recognizers.statements.books import Ints, book_codes, distinct
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
        active = _active(lines, parameters["bank_postings"])
        silences = _silences(active, parameters["inactive_days"])
        named = _first_lines(lines, active, silences)
        findings = _findings(named, parameters["inactive_days"])
        return Result(
            findings=findings,
            periods=_periods(named),
            statistics={
                "total_transactions": lines.height,
                "bank_postings": lines.height - len(active.row),
                "accounts": len(distinct(active.book)),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Active:
    """Lines that are transactions of the customer."""

    row: Ints
    book: Ints
    day: Ints
    """Since 1970."""


def _active(lines: pl.DataFrame, postings: Sequence[str]) -> _Active:
    book, day = book_codes(lines), lines["time"].to_physical().to_numpy() // DAY_US
    if not postings:
        return _Active(row=np.arange(len(lines)), book=book, day=day)
    posted = lines.select(has_word(pl.col("summary"), postings)).to_series()
    row = np.flatnonzero(~posted.to_numpy())
    return _Active(row=row, book=book[row], day=day[row])


def _silences(active: _Active, most: int) -> pl.DataFrame:
    """`book`, `before` and `day` (dates of the lines around it), `days`."""
    first = int(active.day.min()) if len(active.day) else 0
    width = int(active.day.max(initial=first)) - first + 1
    book, day = np.divmod(distinct(active.book * width + (active.day - first)), width)
    days = np.diff(day)
    at = np.flatnonzero((book[1:] == book[:-1]) & (days > most))
    return pl.DataFrame({"book": book[at], "before": day[at], "day": day[at + 1]}).select(
        "book",
        pl.col("before", "day").add(first).cast(pl.Date),
        days=pl.Series(days[at], dtype=pl.Int64),
    )


def _first_lines(lines: pl.DataFrame, active: _Active, silences: pl.DataFrame) -> pl.DataFrame:
    """Along the silences, by account and date: the first line after each."""
    some = np.zeros(int(active.book.max(initial=-1)) + 1, dtype=bool)
    some[silences["book"].to_numpy()] = True
    at = np.flatnonzero(some[active.book])
    of_some = pl.DataFrame(
        {"row": active.row[at], "book": active.book[at], "day": active.day[at]},
        schema={"row": pl.UInt32, "book": pl.Int64, "day": pl.Int64},
    )
    woken = of_some.with_columns(pl.col("day").cast(pl.Date)).join(silences, on=["book", "day"])
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
