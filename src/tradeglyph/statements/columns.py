"""Which column is taken for what: by its heading, and by its cells where headings leave it open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.statements.amounts import parse_amounts
from tradeglyph.statements.dates import DateRule, parse_dates
from tradeglyph.statements.direction_words import parse_directions
from tradeglyph.statements.field_names import SEVERAL, Field
from tradeglyph.statements.headings import Headings, heading_key
from tradeglyph.statements.options import DateOrder

_SAMPLE = 2_000
"""Cells of a column that are looked at."""
_SCALES = {"百万元": 1_000_000, "万元": 10_000, "千元": 1_000}
_MOST = 0.8
"""Share of a column's filled cells that must be of a kind, for the column to be of it."""
_BLANK = r"^[-—/\s]*$"

_SINGLE = (
    Field.INCOME,
    Field.EXPENSE,
    Field.AMOUNT,
    Field.BALANCE,
    Field.CURRENCY,
    Field.COUNTERPARTY_ACCOUNT,
    Field.COUNTERPARTY,
    Field.ID,
    Field.ACCOUNT,
    Field.OWNER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Positions of the columns (from 0) by field."""

    headings: tuple[str, ...]
    fields: Mapping[Field, tuple[int, ...]]
    by_content: frozenset[Field]
    """Fields whose column was found by its cells alone."""

    def one(self, field: Field) -> int | None:
        """Position of a field's only column."""
        positions = self.fields.get(field, ())
        return positions[0] if positions else None

    def heading(self, position: int) -> str:
        """Heading of a column, or its position where it has none."""
        named = self.headings[position] if position < len(self.headings) else ""
        return named or f"#{position + 1}"

    def scale(self, position: int) -> int:
        """Units of currency in one unit of a column: 10,000 under 金额(万元)."""
        key = heading_key(self.heading(position))
        return next((scale for unit, scale in _SCALES.items() if unit in key), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What columns are chosen for."""

    where: str
    headings: tuple[str, ...]
    cells: pl.DataFrame
    """Clean cells below the heading line."""
    table: Headings
    mapped: Mapping[Field, tuple[str, ...]]
    """What the user says; it goes before everything else."""
    profiled: Mapping[Field, tuple[str, ...]]
    words: Mapping[str, int]
    decimal: str


def choose(question: Question) -> Plan:
    """Columns of a section.

    Raises InputError where a column that must be there isn't, where two would do equally, and
    where the user names one that isn't there; it lists the columns and says what to pass.
    """
    chooser = _Chooser(question)
    chooser.take_named(question.mapped, strict=True)
    chooser.take_named(question.profiled, strict=False)
    chooser.take_direction()
    chooser.take_time_and_dates()
    for field in _SINGLE:
        chooser.take_one(field)
    chooser.take_summary()
    chooser.settle()
    return chooser.plan()


class _Chooser:
    """Gives each column to one field at most."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.fields: dict[Field, tuple[int, ...]] = {}
        self.by_content: set[Field] = set()
        self.fixed: set[Field] = set()
        self._candidates: dict[Field, list[tuple[int, int]]] = {field: [] for field in Field}
        for position, heading in enumerate(question.headings):
            for field, rank in question.table.known(heading):
                self._candidates[field].append((rank, position))

    def take_named(self, named: Mapping[Field, tuple[str, ...]], *, strict: bool) -> None:
        """Columns that the user or a layout names."""
        for field, names in named.items():
            if field in self.fixed:
                continue
            positions = tuple(at for name in names if (at := self._position(name, strict)) >= 0)
            if positions:
                self.fields[field] = positions
                self.fixed.add(field)

    def take_direction(self) -> None:
        """The column whose cells are words of direction."""
        for position in self._free(Field.DIRECTION):
            if Field.DIRECTION not in self.fields and self._says_direction(position):
                self.fields[Field.DIRECTION] = (position,)

    def take_time_and_dates(self) -> None:
        """Days; under 交易时间 stand days with their time as often as times alone."""
        times = self._free(Field.TIME)
        whole = [at for at in times if self._share(at, self._is_date) > _MOST]
        clocks = [at for at in times if at not in whole and self._filled(at).len()]
        if clocks and Field.TIME not in self.fields:
            self.fields[Field.TIME] = (clocks[0],)
        if Field.DATE in self.fields:
            return
        days = self._free(Field.DATE)
        if clocks and not whole:
            # 记账日期 goes with 记账时间, where both 交易日期 and 记账日期 stand beside it.
            start = self.question.headings[clocks[0]][:2]
            days.sort(key=lambda at: self.question.headings[at][:2] != start)
        dates = (*whole, *(at for at in days if at not in whole))
        if not dates and times:
            dates = (times[0],)
            self.fields.pop(Field.TIME, None)
        if dates:
            self.fields[Field.DATE] = dates

    def take_one(self, field: Field) -> None:
        """The most preferred column that has anything in it."""
        if field in self.fields:
            return
        free = self._free(field)
        if field in (Field.AMOUNT, Field.INCOME, Field.EXPENSE):
            free = [at for at in free if self._share(at, self._is_amount) >= 0.5] or free
        filled = [at for at in free if self._filled(at).len()] or free
        if not filled:
            return
        alike = heading_key(self.question.headings[filled[0]])
        twins = [at for at in filled if heading_key(self.question.headings[at]) == alike]
        if len(twins) > 1 and not self._equal(twins):
            places = " and ".join(f"#{at + 1}" for at in twins)
            self._ask(
                f"two columns are headed {self.question.headings[twins[0]]!r} ({places})",
                f"--map {field}=#{twins[0] + 1}",
            )
        self.fields[field] = (filled[0],)

    def take_summary(self) -> None:
        """All texts that say what a line is for, in the order of the file."""
        if Field.SUMMARY not in self.fields:
            self.fields[Field.SUMMARY] = tuple(sorted(self._free(Field.SUMMARY)))

    def settle(self) -> None:
        """One way of saying how much, in which direction."""
        has = self.fields.keys()
        if Field.DATE not in has:
            self._ask("no column says the day", "--map txDate=COLUMN")
        pair = Field.INCOME in has and Field.EXPENSE in has
        one_side = Field.INCOME in has or Field.EXPENSE in has
        if Field.AMOUNT not in has and not one_side:
            self._ask("no column says the amount", "--map txAmount=COLUMN")
        named = {Field.INCOME, Field.EXPENSE} & self.fixed
        directed = Field.AMOUNT in has and Field.DIRECTION in has and not named
        if directed or (Field.AMOUNT in has and not pair):
            self._drop(Field.INCOME, Field.EXPENSE)
        else:
            self._drop(Field.AMOUNT, Field.DIRECTION)
        if Field.AMOUNT in self.fields and Field.DIRECTION not in self.fields:
            self._direction_by_content()

    def plan(self) -> Plan:
        """What was chosen."""
        return Plan(
            headings=self.question.headings,
            fields=dict(self.fields),
            by_content=frozenset(self.by_content),
        )

    def _drop(self, *fields: Field) -> None:
        for field in fields:
            self.fields.pop(field, None)

    def _direction_by_content(self) -> None:
        """A column of which every cell is a word of direction, where no amount has a sign."""
        (amount,) = self.fields[Field.AMOUNT]
        parsed = parse_amounts(self._filled(amount), decimal=self.question.decimal)
        if parsed["signed"].any():
            return
        taken = {at for field, some in self.fields.items() if field not in SEVERAL for at in some}
        for position in range(len(self.question.headings)):
            if position in taken or position in self.fields[Field.DATE]:
                continue
            cells = self._filled(position)
            ways = parse_directions(cells, self.question.words)
            if cells.len() and not ways.null_count() and cells.str.contains(r"\p{L}").all():
                self.fields[Field.DIRECTION] = (position,)
                self.by_content.add(Field.DIRECTION)
                rest = tuple(at for at in self.fields[Field.SUMMARY] if at != position)
                self.fields[Field.SUMMARY] = rest
                return

    def _position(self, name: str, strict: bool) -> int:
        """Of a heading or `#4`; -1 where a layout names one that isn't there."""
        headings = self.question.headings
        if name.startswith("#") and name[1:].isdecimal():
            at = int(name[1:]) - 1
            if 0 <= at < max(len(headings), self.question.cells.width):
                return at
        key = heading_key(name)
        found = [at for at, heading in enumerate(headings) if heading_key(heading) == key]
        if strict and not found:
            self._ask(f"there is no column {name!r}", "its heading or its position, such as #4")
        return found[0] if found else -1

    def _free(self, field: Field) -> list[int]:
        """Columns that may be of a field and are of no other, the preferred one first."""
        taken = {at for some in self.fields.values() for at in some}
        return [at for _, at in sorted(self._candidates[field]) if at not in taken]

    def _filled(self, position: int) -> pl.Series:
        if position >= self.question.cells.width:
            return pl.Series([], dtype=pl.String)
        cells = self.question.cells[str(position)].head(_SAMPLE)
        return cells.filter(~cells.str.contains(_BLANK))

    def _share(self, position: int, kind: Callable[[pl.Series], pl.Series]) -> float:
        cells = self._filled(position)
        return float(kind(cells).mean() or 0) if cells.len() else 0.0  # type: ignore[arg-type]

    def _is_date(self, cells: pl.Series) -> pl.Series:
        parsed = parse_dates(cells, DateRule(order=DateOrder.DAY_FIRST))
        return parsed["time"].is_not_null()

    def _is_amount(self, cells: pl.Series) -> pl.Series:
        parsed = parse_amounts(cells, decimal=self.question.decimal)
        return (
            parsed["minor"].is_not_null() | parsed["masked"] | (parsed["fault"] == "comma_decimal")
        )

    def _says_direction(self, position: int) -> bool:
        if position >= self.question.cells.width:
            return False
        cells = self.question.cells[str(position)].head(_SAMPLE)
        cells = cells.filter(cells != "")
        ways = parse_directions(cells, self.question.words)
        return 2 * ways.null_count() <= cells.len()

    def _equal(self, positions: Sequence[int]) -> bool:
        cells = self.question.cells
        first = cells[str(positions[0])]
        return all((cells[str(at)] == first).all() for at in positions[1:] if at < cells.width)

    def _ask(self, fault: str, remedy: str) -> NoReturn:
        question = self.question
        named = [
            f"#{at} {heading}" if heading else f"#{at}"
            for at, heading in enumerate(question.headings, 1)
        ]
        raise InputError(
            f"{question.where}: {fault}. Columns found: {', '.join(named)}. Pass {remedy}"
        )
