"""A team's account list: links, market makers and exemptions, one mark a row."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tradeglyph.domain.errors import RowErrors
from tradeglyph.domain.lists import LINKS, AccountLists, Mark, MarkKind
from tradeglyph.domain.schema import Column
from tradeglyph.sources.normalise import RowCheck
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.reading import Reading
from tradeglyph.sources.report import ReadReport
from tradeglyph.sources.zones import check_zone

ACCOUNT_LIST: tuple[Column, ...] = (
    Column("account_id", "text", True, (
        "资金账号", "资金帐号", "资金账户", "客户号", "客户代码", "账号", "帐号", "账户",
    )),
    Column("kind", "text", True, ("类型", "类别", "标记")),
    Column("group", "text", False, ("分组", "组别", "账户组")),
    Column("reason", "text", True, ("理由", "原因", "说明")),
    Column("expires", "text", False, ("到期日", "到期时间", "有效期至", "截止日期")),
)  # fmt: skip
"""Columns of the file; several marks of one account are several rows."""

DTYPES: dict[str, pl.DataType | type[pl.DataType]] = {c.name: pl.String for c in ACCOUNT_LIST}

KIND_WORDS: dict[str, MarkKind] = {
    **{kind.value: kind for kind in MarkKind},
    "家庭": MarkKind.HOUSEHOLD,
    "本人": MarkKind.OWN,
    "实际控制": MarkKind.OWN,
    "做市商": MarkKind.MARKET_MAKER,
    "豁免": MarkKind.EXEMPT,
}
"""Words for kinds, in any case; a blank or hyphen inside is an underscore."""

_DEFAULT = ReadOptions()
_WRITE_AN_END = "write its last day, such as 2027-06-30"
_WORD = pl.col("kind").str.to_lowercase().str.replace_all(r"[ -]", "_")


@dataclass(frozen=True, slots=True)
class AccountListTable:
    """Marks that were read."""

    lists: AccountLists
    report: ReadReport
    rejects: pl.DataFrame
    """Rows that were skipped: `file, line, column, reason` and their original cells."""


def read_account_lists(path: Path, options: ReadOptions = _DEFAULT) -> AccountListTable:
    """The marks of a file or folder of files (CSV, JSONL, Parquet, Feather).

    `expires` is a date, which is the last day on which the mark holds (in `options.timezone`,
    else UTC), or an instant with its offset, at which it ends. Empty: it holds until removed; an
    exemption may not, so that somebody looks at it again.

    Raises RowErrors for rows without account, kind or reason, of an unknown kind, with a link
    that names no group, an exemption without end, or an `expires` that can't be read; InputError
    where the file or its columns can't be read at all.
    """
    zone = options.timezone or "UTC"
    check_zone(zone)
    reading = Reading(
        path=path, contract=ACCOUNT_LIST, dtypes=DTYPES, options=options, checks=_checks(zone)
    )
    try:
        frame = pl.concat(list(reading.frames()))
    except RowErrors as error:
        # Skipping rows, as trades may, would let a team believe in marks that are not there.
        raise RowErrors(error.rows, error.total, "Nothing was written. Mend the list.") from None
    return AccountListTable(_lists(frame, zone), reading.report(), reading.faults.rejects())


def _checks(zone: str) -> list[RowCheck]:
    known = ", ".join(kind.value for kind in MarkKind)
    links = [word for word, kind in KIND_WORDS.items() if kind in LINKS]
    unread = pl.col("expires").is_not_null() & _expires(zone).is_null()
    exempt = [word for word, kind in KIND_WORDS.items() if kind is MarkKind.EXEMPT]
    endless = _WORD.is_in(exempt) & pl.col("expires").is_null()
    return [
        RowCheck("kind", ~_WORD.is_in(list(KIND_WORDS)), f"must be one of {known}"),
        RowCheck(
            "kind",
            _WORD.is_in(links) & pl.col("group").is_null(),
            "needs a group: the accounts that belong together share one name in column group",
        ),
        RowCheck("expires", unread, "write a date such as 2027-06-30, or 2027-06-30T12:00:00Z"),
        RowCheck("expires", endless, f"an exemption needs an end: {_WRITE_AN_END}"),
        # Where the file has no such column, its kind is the cell to show.
        RowCheck("kind", endless, f"needs an end in a column expires: {_WRITE_AN_END}"),
    ]


def _expires(zone: str) -> pl.Expr:
    """First instant at which the mark holds no more; null where none is given or readable."""
    text = pl.col("expires")
    date = pl.coalesce(text.str.to_date(form, strict=False) for form in ("%Y-%m-%d", "%Y/%m/%d"))
    midnight = (date + pl.duration(days=1)).cast(pl.Datetime("us"))
    # Where the clock skips midnight, the day ends at the first instant that exists.
    ends = midnight.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    late = (midnight + pl.duration(hours=1)).dt.replace_time_zone(
        zone, ambiguous="earliest", non_existent="null"
    )
    instant = pl.coalesce(
        text.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
        for form in ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
    )
    ends_utc = pl.coalesce(ends, late).dt.convert_time_zone("UTC")
    return pl.coalesce(ends_utc, instant).dt.timestamp("us")


def _lists(frame: pl.DataFrame, zone: str) -> AccountLists:
    columns = frame.select(
        "account_id", _WORD.alias("kind"), "reason", "group", _expires(zone).alias("expires")
    )
    return AccountLists(
        entries=tuple(
            Mark(
                account_id=account,
                kind=KIND_WORDS[kind],
                reason=reason,
                group=group or "",
                expires=expires,
            )
            for account, kind, reason, group, expires in columns.iter_rows()
        )
    )
