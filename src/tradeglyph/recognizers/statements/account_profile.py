"""What went through each account: by month, and by counterparty.

No rule: figures for a report, of each book, an account in one currency. NEUTRAL lines count as
lines and add to no sum; a reversal (冲正) is a line like any other, as the balance takes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tradeglyph.domain.recognizers import Lang, Words
from tradeglyph.domain.statements import IN, OUT
from tradeglyph.recognizers.statements.balance_groups import balance_groups, steps
from tradeglyph.recognizers.statements.books import Ints, book_codes
from tradeglyph.recognizers.statements.opposite_lines import codes
from tradeglyph.recognizers.statements.other_parties import other_parties

TOP = 20
"""Counterparties that are told of each book, those with the largest sums in and out together."""

MONTHS_TITLE: Words = {"en": "Net flow by month", "zh": "月度净流量"}
PARTIES_TITLE: Words = {"en": "Counterparties", "zh": "交易对手汇总"}
COLUMNS: dict[str, Words] = {
    "month": {"en": "Month", "zh": "月份"},
    "name": {"en": "Counterparty", "zh": "对方户名"},
    "account": {"en": "Account", "zh": "对方账号"},
    "into": {"en": "In", "zh": "收入"},
    "out": {"en": "Out", "zh": "支出"},
    "net": {"en": "Net", "zh": "净额"},
    "lines": {"en": "Lines", "zh": "笔数"},
    "closing": {"en": "Closing balance", "zh": "期末余额"},
    "first": {"en": "First", "zh": "首笔"},
    "last": {"en": "Last", "zh": "末笔"},
}
"""Titles of the columns, by the attributes of `Month` and `Counterparty`."""
_OTHERS: Words = {"en": "others ({count})", "zh": "其他（{count} 个）"}
_NAMELESS: Words = {"en": "not named", "zh": "未列对方"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Money that moved, in minor units."""

    into: int
    out: int
    lines: int

    @property
    def net(self) -> int:
        """In minus out."""
        return self.into - self.out


@dataclass(frozen=True, slots=True, kw_only=True)
class Month(Flow):
    """One month with lines."""

    month: date
    """Its first day."""
    closing: int | None
    """Its last balance; None where the lines don't tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparty(Flow):
    """All lines with one other side, or with all the others."""

    name: str
    """As its lines have it; empty where only an account is named."""
    account: str
    """Empty where lines have a name alone."""
    first: date
    last: date
    """Dates of the first and last line."""
    several: int = 1
    """How many counterparties these are: 1 but in `others`; 0 where none is named."""

    def called(self, lang: Lang) -> str:
        """What to call it in a table."""
        if self.name or self.account:
            return self.name or self.account
        if self.several:
            return _OTHERS[lang].format(count=f"{self.several:,}")
        return _NAMELESS[lang]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountProfile:
    """One book: an account in one currency, or the lines of a sheet that names no account."""

    account: str
    currency: str
    file: int
    """Number of the file that its first line is of."""
    sheet: str
    """Of its first line; accounts that have no name are told apart by it."""
    total: Flow
    months: Sequence[Month]
    """Those with lines, in order."""
    counterparties: Sequence[Counterparty]
    """At most `top`, the largest first."""
    others: Counterparty | None
    """The rest of them, as one."""
    nameless: Counterparty | None
    """Lines that name no counterparty."""


def account_profiles(lines: pl.DataFrame, *, top: int = TOP) -> list[AccountProfile]:
    """A profile of each book, by account, currency and file.

    The order of lines changes nothing. O(n log n); what is given back is bounded by the months and
    `top` counterparties of each book.
    """
    if lines.is_empty():
        return []
    table = _table(lines)
    months = _months(table, lines)
    parties = _parties(table, lines, top)
    totals = table.group_by("book").agg(
        *_sums(),
        pl.col("account", "currency", "file", "sheet").sort_by("file", "sheet", "line").first(),
    )
    return [
        AccountProfile(
            account=one["account"],
            currency=one["currency"],
            file=one["file"],
            sheet=one["sheet"],
            total=Flow(into=one["into"], out=one["out"], lines=one["lines"]),
            months=months.get(one["book"], []),
            **parties[one["book"]],
        )
        for one in totals.sort("account", "currency", "file", "sheet").iter_rows(named=True)
    ]


def _table(lines: pl.DataFrame) -> pl.DataFrame:
    """Along the lines: `book`, `day`, `into`, `out` and where they stand."""
    direction, amount = pl.col("direction"), pl.col("amount")
    return lines.select(
        "account",
        "currency",
        "file",
        "sheet",
        "line",
        pl.Series("book", book_codes(lines), dtype=pl.Int64),
        pl.col("time").dt.date().alias("day"),
        pl.when(direction == IN).then(amount).otherwise(0).alias("into"),
        pl.when(direction == OUT).then(amount).otherwise(0).alias("out"),
    )


def _sums() -> list[pl.Expr]:
    return [pl.col("into").sum(), pl.col("out").sum(), pl.len().alias("lines")]


def _months(table: pl.DataFrame, lines: pl.DataFrame) -> dict[int, list[Month]]:
    month = pl.col("day").dt.truncate("1mo").alias("month")
    sums = table.group_by("book", month).agg(*_sums())
    closed = _closings(table["book"].to_numpy(), lines)
    sums = sums.join(closed, on=["book", "month"], how="left").sort("book", "month")
    found: dict[int, list[Month]] = {}
    for book, *rest in sums.select("book", "month", "into", "out", "lines", "closing").iter_rows():
        first, into, out, count, closing = rest
        one = Month(month=first, into=into, out=out, lines=count, closing=closing)
        found.setdefault(book, []).append(one)
    return found


def _closings(book: Ints, lines: pl.DataFrame) -> pl.DataFrame:
    """`closing` of each book and month whose last lines tell it."""
    if lines["balance"].null_count() == len(lines):
        schema = {"book": pl.Int64, "month": pl.Date, "closing": pl.Int64}
        return pl.DataFrame(schema=schema)
    groups = balance_groups(lines)
    taken = steps(lines, groups, 0)
    last = np.cumsum(groups.size) - 1
    row = groups.row[last]
    table = pl.DataFrame(
        {
            "book": book[row],
            "month": lines["time"].dt.date().dt.truncate("1mo").gather(row),
            "closing": pl.Series(taken.end_low).set(pl.Series(~taken.single), None),
        }
    )
    return table.group_by("book", "month", maintain_order=True).agg(pl.col("closing").last())


def _parties(table: pl.DataFrame, lines: pl.DataFrame, top: int) -> dict[int, dict[str, Any]]:
    """Of each book: the largest counterparties, then the others as one, then the nameless."""
    parties = other_parties(lines)
    party = pl.Series("party", parties.party, dtype=pl.Int64)
    key = pl.Series("key", codes(table["book"].to_numpy(), parties.party), dtype=pl.Int64)
    days = [pl.col("day").min().alias("first"), pl.col("day").max().alias("last")]
    each = (
        table.with_columns(key, party)
        .group_by("key")
        .agg(pl.col("book", "party").first(), *_sums(), *days)
        .with_columns(total=pl.col("into") + pl.col("out"))
        .sort("book", pl.col("party") < 0, "total", "party", descending=[False, False, True, False])
        .with_columns(rank=pl.int_range(pl.len()).over("book"))
    )
    named = pl.col("party") >= 0
    shown = named & (pl.col("rank") < top)
    kind = pl.when(shown).then(0).when(named).then(1).otherwise(2)
    each = each.with_columns(kind=kind).join(
        _names(lines, key, each.filter(shown)["key"]), on="key", how="left"
    )
    text = pl.Series("text", parties.sides.texts, dtype=pl.String)
    account = text.gather(
        each["party"].set((each["party"] >= len(text)) | (each["party"] < 0), None)
    )
    together = (
        each.with_columns(account.fill_null("").alias("other"))
        .with_columns(one=pl.when(shown).then("rank").otherwise(-1))
        .group_by("book", "kind", "one")
        .agg(
            pl.col("into", "out", "lines").sum(),
            pl.col("first").min(),
            pl.col("last").max(),
            pl.col("name", "other").first(),
            pl.len().alias("several"),
        )
        .sort("book", "kind", "one")
    )
    found: dict[int, dict[str, Any]] = {}
    for one in together.iter_rows(named=True):
        none: dict[str, Any] = {"counterparties": [], "others": None, "nameless": None}
        of_book = found.setdefault(one["book"], none)
        if one["kind"] == 0:
            of_book["counterparties"].append(_counterparty(one))
        else:
            of_book[("others", "nameless")[one["kind"] - 1]] = _counterparty(one)
    return found


def _names(lines: pl.DataFrame, key: pl.Series, wanted: pl.Series) -> pl.DataFrame:
    """`key`, `name`: of each wanted key the name that its lines have; of several the last by
    letters."""
    some = lines.select("counterparty", key).filter(pl.col("key").is_in(wanted.implode()))
    return some.group_by("key").agg(pl.col("counterparty").max().alias("name"))


def _counterparty(one: Mapping[str, Any]) -> Counterparty:
    shown = one["kind"] == 0
    return Counterparty(
        name=one["name"] if shown else "",
        account=one["other"] if shown else "",
        into=one["into"],
        out=one["out"],
        lines=one["lines"],
        first=one["first"],
        last=one["last"],
        several=(1, one["several"], 0)[one["kind"]],
    )
