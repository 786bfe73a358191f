"""One grid -> its lines, and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from tradeglyph.domain.recognizers import Words
from tradeglyph.statements import facts
from tradeglyph.statements.accounts import Accounts
from tradeglyph.statements.bearings import Bearings
from tradeglyph.statements.columns import Plan
from tradeglyph.statements.control import check_totals
from tradeglyph.statements.field_names import Field
from tradeglyph.statements.grid import Grid, clean_cells
from tradeglyph.statements.header import Section, sections_of
from tradeglyph.statements.headings import shipped_headings
from tradeglyph.statements.limits import EXAMPLES
from tradeglyph.statements.options import ReadOptions
from tradeglyph.statements.profiles import Profile
from tradeglyph.statements.rows import read_rows
from tradeglyph.statements.section import SectionRules, rules_of
from tradeglyph.statements.summary import ColumnTaken, Notice, Reject, RowCounts
from tradeglyph.statements.texts import (
    REASONS,
    flipped,
    masked,
    neutral_blank,
    remarks,
    rounded,
    unread_balances,
)
from tradeglyph.statements.totals import positional_totals

_NUMBERS = {
    Field.ACCOUNT: "cell_account",
    Field.COUNTERPARTY_ACCOUNT: "counterparty_account",
    Field.ID: "tx_id",
}
_ROUNDED = r"^\d(?:\.\d+)?[eE]\+\d+$"
"""A long number as a spreadsheet shows and saves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRead:
    """What was read of one grid."""

    sheet: str
    sections: int
    lines: pl.DataFrame
    counts: RowCounts
    columns: tuple[ColumnTaken, ...]
    rejects: tuple[Reject, ...]
    masked: int
    layouts: tuple[str, ...]
    holders: tuple[str, ...]
    assumptions: tuple[Words, ...]
    notices: tuple[Notice, ...]
    spoken: tuple[str, ...]
    """Texts of the rows that are no lines."""


@dataclass(slots=True)
class _Collected:
    """What grows while the sections of a grid are read."""

    spoken: list[tuple[int, str]] = field(default_factory=list)
    lines: list[pl.DataFrame] = field(default_factory=list)
    plans: list[tuple[Section, Plan]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    assumptions: list[Words] = field(default_factory=list)
    layouts: list[str] = field(default_factory=list)
    totals: list[facts.Total] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    masked: int = 0


def read_sheet(
    grid: Grid,
    path: str,
    cover: Sequence[str],
    options: ReadOptions,
    profiles: Sequence[Profile],
) -> SheetRead:
    """Lines of a grid. `cover`: what sheets before it say of all."""
    where = f"{path}: sheet {grid.sheet}" if grid.sheet else path
    table = shipped_headings()
    for profile in profiles:
        table = table.adding(profile.columns)
    sections = sections_of(grid, table.adding(options.columns))
    if not sections and _positions_only(options):
        sections = [Section(headings=(), start=0, first=0, end=grid.cells.height)]
    found = _Collected()
    top = sections[0].start if sections else grid.cells.height
    found.spoken.extend(_texts(grid, list(range(top))))
    for section in sections:
        said = [*cover, *(text for _, text in found.spoken)]
        index, cells = _body(grid, section)
        rules = rules_of(
            section, cells, said, f"{where}: line {grid.line[section.start]}", options, profiles
        )
        _read_section(grid, section, rules, index, cells, found)
    return _finished(grid, sections, top, cover, options, found)


def _positions_only(options: ReadOptions) -> bool:
    names = [name for some in options.columns.values() for name in some]
    return bool(names) and all(name.startswith("#") for name in names)


def _texts(grid: Grid, rows: Sequence[int]) -> list[tuple[int, str]]:
    """The rows that say something, as one text each."""
    joined = ((row, " ".join(text for text in grid.texts(row) if text)) for row in rows)
    return [(row, facts.normal(text)) for row, text in joined if text]


def _body(grid: Grid, section: Section) -> tuple[pl.Series, pl.DataFrame]:
    """Rows below a heading line, and their clean cells."""
    index = pl.int_range(section.first, section.end, eager=True).alias("row")
    cells = grid.cells.slice(section.first, section.end - section.first)
    if section.repeated:
        keep = ~index.is_in(list(section.repeated))
        index, cells = index.filter(keep), cells.filter(keep)
    return index, clean_cells(cells)


def _read_section(
    grid: Grid,
    section: Section,
    rules: SectionRules,
    index: pl.Series,
    cells: pl.DataFrame,
    found: _Collected,
) -> None:
    rows = read_rows(cells, rules.plan, rules.rules, delimited=grid.delimited)
    rows = rows.with_columns(index)
    for kind, count in rows["kind"].value_counts().iter_rows():
        found.kinds[kind] = found.kinds.get(kind, 0) + count
    notes = rows.filter(pl.col("kind") == "note")
    found.spoken.extend(_texts(grid, notes["row"].to_list()))
    found.totals.extend(positional_totals(grid, notes, rules))
    lines = rows.filter(pl.col("kind") == "line")
    found.lines.append(lines)
    found.plans.append((section, rules.plan))
    found.assumptions.extend(rules.assumptions)
    found.layouts.extend([rules.layout] if rules.layout else [])
    found.masked += int(lines["masked"].sum())
    found.notices.extend(_noticed(grid, lines, rules.plan))
    found.rejects.extend(_rejected(grid, rows, rules.plan))


def _rejected(grid: Grid, rows: pl.DataFrame, plan: Plan) -> list[Reject]:
    some = rows.filter(pl.col("kind") == "reject").head(EXAMPLES)
    rejects = []
    for row, at, fault in some.select("row", "at", "fault").iter_rows():
        texts = grid.texts(row)
        whole = at is None or at >= len(texts)
        rejects.append(
            Reject(
                sheet=grid.sheet,
                line=grid.line[row],
                column="" if at is None else plan.heading(at),
                value=" | ".join(filter(None, texts))[:80] if whole else texts[at],
                reason=REASONS[fault],
            )
        )
    return rejects


def _noticed(grid: Grid, lines: pl.DataFrame, plan: Plan) -> list[Notice]:
    notices = []

    def first(name: str, *fields: Field) -> tuple[int, int, str]:
        row = int(lines.filter(pl.col(name))["row"][0])
        texts = grid.texts(row)
        at = next(place for one in fields if (place := plan.one(one)) is not None)
        return int(lines[name].sum()), grid.line[row], texts[at]

    for known, name in _NUMBERS.items():
        lost = lines.filter(pl.col(name).str.contains(_ROUNDED))
        if lost.height and (at := plan.one(known)) is not None:
            where = grid.line[int(lost["row"][0])]
            notices.append(rounded(plan.heading(at), lost.height, where, lost[name][0]))
    if lines["masked"].any():
        notices.append(masked(int(lines["masked"].sum())))
    if lines["unread"].any():
        notices.append(unread_balances(*first("unread", Field.BALANCE)))
    if lines["remark"].any():
        notices.append(remarks(*first("remark", Field.AMOUNT, Field.INCOME, Field.EXPENSE)))
    if lines["flipped"].any():
        notices.append(flipped(int(lines["flipped"].sum())))
    if lines["neutral_blank"].any():
        notices.append(neutral_blank(int(lines["neutral_blank"].sum())))
    return notices


def _finished(
    grid: Grid,
    sections: Sequence[Section],
    top: int,
    cover: Sequence[str],
    options: ReadOptions,
    found: _Collected,
) -> SheetRead:
    accounts = Accounts.of(found.spoken, cover, options.account)
    lines = _lines(grid, found.lines, accounts, Bearings.of(found.spoken, cover))
    found.notices.extend(_control(lines, sections, found, accounts))
    said = [*cover, *(text for _, text in found.spoken)]
    blank = _blank(grid, top)
    header = sum(section.first - section.start + len(section.repeated) for section in sections)
    return SheetRead(
        sheet=grid.sheet,
        sections=len(sections),
        lines=lines.drop("row"),
        counts=RowCounts(
            read=found.kinds.get("line", 0),
            rejected=found.kinds.get("reject", 0),
            header=header,
            preamble=top - blank,
            notes=found.kinds.get("note", 0),
            blank=found.kinds.get("blank", 0) + blank,
        ),
        columns=tuple(_taken(grid.sheet, found.plans)),
        rejects=tuple(found.rejects),
        masked=found.masked,
        layouts=tuple(found.layouts),
        holders=tuple(name for text in said if (name := facts.holder_in(text))),
        assumptions=tuple(found.assumptions),
        notices=tuple(found.notices),
        spoken=tuple(text for _, text in found.spoken),
    )


def _blank(grid: Grid, top: int) -> int:
    above = clean_cells(grid.cells.head(top))
    return int(above.select(pl.all_horizontal(pl.all() == "").sum()).item()) if top else 0


def _lines(
    grid: Grid, parts: Sequence[pl.DataFrame], accounts: Accounts, bearings: Bearings
) -> pl.DataFrame:
    rows = pl.concat(parts) if parts else _NO_ROWS
    named = accounts.at(rows["row"])
    rows = pl.concat([rows, bearings.at(rows["row"])], how="horizontal")
    return rows.select(
        "row",
        pl.lit(grid.sheet).alias("sheet"),
        grid.line.gather(rows["row"]).alias("line"),
        pl.when(pl.col("cell_account") != "")
        .then("cell_account")
        .otherwise(pl.lit(named))
        .alias("account"),
        "tx_id",
        "time",
        "clock",
        pl.col("minor").alias("amount"),
        "direction",
        "balance",
        "currency",
        "summary",
        "counterparty",
        "counterparty_account",
        (pl.col("reversal") | pl.col("back")).alias("reversal"),
        pl.when(pl.col("cell_owner") != "").then("cell_owner").otherwise("owner").alias("owner"),
        "since",
        "until",
    )


_NO_ROWS = pl.DataFrame(
    schema={
        "row": pl.Int64,
        "cell_account": pl.String,
        "cell_owner": pl.String,
        "tx_id": pl.String,
        "time": pl.Datetime("us"),
        "clock": pl.Boolean,
        "minor": pl.Int64,
        "direction": pl.Int8,
        "balance": pl.Int64,
        "currency": pl.String,
        "summary": pl.String,
        "counterparty": pl.String,
        "counterparty_account": pl.String,
        "reversal": pl.Boolean,
        "back": pl.Boolean,
    }
)


def _control(
    lines: pl.DataFrame, sections: Sequence[Section], found: _Collected, accounts: Accounts
) -> list[Notice]:
    """Totals of the rows around the lines, against the lines."""
    totals = list(found.totals)
    for row, text in found.spoken:
        totals.extend(facts.totals_in(text, row))
    tops = [_preamble_end(section, lines) for section in sections]
    totals = [
        replace(total, above_all=any(start <= total.row < end for start, end in tops))
        for total in totals
    ]
    breaks = sorted({*accounts.rows, *(section.start for section in sections)})
    return list(check_totals(lines, sorted(totals, key=lambda total: total.row), breaks))


def _preamble_end(section: Section, lines: pl.DataFrame) -> tuple[int, int]:
    """Rows between the last line above a section and its heading line."""
    above = lines.filter(pl.col("row") < section.start)["row"]
    return (int(above[-1]) + 1 if above.len() else 0), section.start


def _taken(sheet: str, plans: Sequence[tuple[Section, Plan]]) -> list[ColumnTaken]:
    taken: dict[tuple[str, int, str], ColumnTaken] = {}
    for _, plan in plans:
        fields = {at: field for field, some in plan.fields.items() for at in some}
        for position in range(max(len(plan.headings), max(fields, default=-1) + 1)):
            one = ColumnTaken(
                sheet=sheet,
                heading=plan.heading(position),
                position=position + 1,
                field=str(fields.get(position, "")),
            )
            taken[one.heading, one.position, one.field] = one
    return list(taken.values())
