"""A table of the user's, or a query: which columns it has, and how it stores times and ids."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    column,
    inspect,
    literal_column,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.sql.expression import FromClause, TextClause
from sqlalchemy.types import Integer, NullType

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import Column
from tradeglyph.ports.sources import SourceGone, TooManyRows
from tradeglyph.sources.live.cells import text_of
from tradeglyph.sources.live.database import Database, NotHeld, Refused
from tradeglyph.sources.live.instants import Instants, Unit, sniff
from tradeglyph.sources.live.keys import Key, key_of
from tradeglyph.sources.live.problems import Problem

_FETCHED = 50_000
"""Rows that are held as objects at a time."""
_ASKED = 500
"""Keys in one statement."""
_LOOKED_AT = 20
"""Rows of which the first whose time can be read shows how the table stores its times."""
_NEWEST = 20
"""Times looked at for the newest good one."""
_MYSQL_TIMESTAMP = 7
"""Type code of TIMESTAMP in MySQL's protocol, which is UTC; DATETIME is another."""


_Asked = tuple[str, tuple[Any, ...]]
"""A key, and the values as which the table may store it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSettings:
    """Where the rows are. One of `table` and `query` is given."""

    table: str | None = None
    """May name its schema: `schema.table`."""
    query: str | None = None
    """Yields the columns of the contract by their names; ours is put around it."""
    columns: Mapping[str, str] | None = None
    """Column of the contract to the user's; others have the contract's name, if they are there."""
    timezone: str | None = None
    """IANA name of the zone of times that have none."""
    time_unit: Unit | None = None
    """Of times that are counts since 1970; None takes the one that their size shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the table looks like, as its columns and one of its rows show."""

    columns: Mapping[str, str]
    """Column of the contract to the user's."""
    instants: Instants
    keys: Mapping[str, Key]
    sample: Mapping[str, Any]
    """A row, by the contract's names."""


class UserTable:
    """Asks one table or query of one database."""

    def __init__(
        self,
        database: Database,
        settings: TableSettings,
        contract: Sequence[Column],
        required: Sequence[str],
        keys: Sequence[str],
    ) -> None:
        """Connects to nothing yet. Raises InputError for settings that can't be meant.

        Args:
            database: where it is.
            settings: what the user says of it.
            contract: the columns that may be there.
            required: those that must be.
            keys: those that are asked for by value.
        """
        self.database = database
        self._settings = settings
        self._contract = [c.name for c in contract]
        self._required, self._keys = tuple(required), tuple(keys)
        self._columns = dict(settings.columns or {})
        self.name = settings.table or "query"
        self.where = f"{database.place} {self.name}"
        if unknown := sorted(set(self._columns) - set(self._contract)):
            known = ", ".join(self._contract)
            raise InputError(f"{self.where}: {unknown[0]} is no column; these are: {known}")
        self._zone = _zone(settings.timezone, self.where)
        self._from = self._source()
        self._shape: Shape | None = None
        self._questions: dict[tuple[tuple[str, ...], str, bool], Select[Any]] = {}
        self._untimed: dict[tuple[str, bool], CompoundSelect[Any]] = {}

    def shape(self) -> Shape | None:
        """Looked at once; None while the table has no row that shows it.

        Raises InputError where columns are missing or times can't be read.
        """
        if self._shape is None:
            self._shape = self._look()
        return self._shape

    def fetch(
        self,
        names: Sequence[str],
        key: str,
        asked: Sequence[str],
        since: int,
        until: int,
    ) -> Iterator[tuple[set[str], dict[str, tuple[Any, ...]]]]:
        """Columns of the rows whose `key` may be one of `asked` and whose time may be in the span.

        Each block comes with those of `asked` that it answers: a collation may take `ABC` for
        `abc`, and where both are asked, give one row to both.

        Raises TooManyRows where there are more than the database's limit.
        """
        shape = self.shape()
        if shape is None:
            return
        low, high = shape.instants.bounds(since, until)
        names = tuple(name for name in names if name in shape.columns)
        chunks = _in_chunks(asked, shape.keys[key])
        left = self.database.limits.max_rows
        while chunks:
            chunk = chunks.pop(0)
            held = _held(chunk)
            statement = self._question(names, key, alone="key" in held)
            bound = {**held, "low": low, "high": high}
            try:
                for rows in self._rows(statement, bound, left):
                    left -= len(rows[0])
                    yield {text for text, _ in chunk}, dict(zip(names, rows, strict=True))
            except NotHeld:
                # One of them can't be in the column; the others may.
                if len(chunk) == 1 and any(self._holds(key, value) for value in chunk[0][1]):
                    raise
                chunks = _halves(chunk) + chunks

    def untimed(self, key: str, asked: Sequence[str]) -> dict[str, int]:
        """How many rows whose `key` is one of `asked` have a time that is none: null, or beyond all
        times (0, or a word where times are texts), so that `fetch` finds them in no span. Those
        without any are left out."""
        shape = self.shape()
        if shape is None:
            return {}
        low, high = shape.instants.every()
        found: Counter[str] = Counter()
        chunks = _in_chunks(asked, shape.keys[key])
        while chunks:
            chunk = chunks.pop(0)
            held = _held(chunk)
            statement = self._beyond(key, alone="key" in held)
            try:
                with self.database.read() as connection:
                    bound = {**held, "low": low, "high": high}
                    rows = connection.execute(statement, bound)
                    found.update(text_of(row[0]) for row in rows)
            except NotHeld:
                # Of one that can't be in the column there is no row.
                chunks = _halves(chunk) + chunks
        return {text: found[text] for text in asked if found[text]}

    def newest(self, before: int) -> int | None:
        """The newest good time before `before`, microseconds UTC; by one read of the index, and by
        more where the rows at the bound are all later, as a text's bound is late."""
        shape = self.shape()
        if shape is None:
            return None
        time = self._column(shape, "time")
        for bound in shape.instants.behind(before):
            found = self._times(time < _bound("before", bound), _NEWEST)
            micros, good = shape.instants.micros(found)
            good &= micros < before
            if good.any():
                return int(micros[good].max())
            if len(found) < _NEWEST:
                break
        return None

    def newest_of(self, key: str, value: Any, most: int) -> list[int]:
        """Up to `most` newest good times of the rows whose `key` is `value`, as it is stored."""
        shape = self.shape()
        if shape is None:
            return []
        found = self._times(self._column(shape, key) == _bound("key", value), most)
        micros, good = shape.instants.micros(found)
        return [int(t) for t in micros[good]]

    def check(self, indexes: Sequence[tuple[str, ...]]) -> list[Problem]:
        """What must be mended. Args:

        indexes: columns of the contract that one index must begin with.
        """
        try:
            if self._settings.table and (problem := self._absent()):
                return [problem]
            present = self._present()
            missing = [self._columns.get(n, n) for n in self._required]
            missing = [name for name in missing if name not in present]
            if missing:
                return [self._no_column(missing, present)]
            problems = self._unindexed(indexes)
            if self.shape() is None:
                problems.append(self._problem("empty", "has no rows that can be read"))
        except Refused as error:
            return [Problem(code="refused", where=self.where, what=str(error))]
        except SourceGone as error:
            return [Problem(code="unreachable", where=self.where, what=str(error))]
        except InputError as error:
            return [Problem(code="unreadable", where=self.where, what=str(error))]
        return problems

    def _times(self, condition: ColumnElement[bool], most: int) -> tuple[Any, ...]:
        shape = self.shape()
        assert shape is not None  # noqa: S101  the callers asked
        time = self._column(shape, "time")
        statement = select(time).select_from(self._from).where(condition)
        with self.database.read() as connection:
            return tuple(
                row[0] for row in connection.execute(statement.order_by(time.desc()).limit(most))
            )

    def _question(self, names: tuple[str, ...], key: str, *, alone: bool) -> Select[Any]:
        """For rows of one key, `alone`, or of several. Built once: to build it takes longer than
        to ask for a few rows."""
        known = self._questions.get((names, key, alone))
        if known is None:
            shape = self.shape()
            assert shape is not None  # noqa: S101  the callers asked
            time, of = self._column(shape, "time"), self._column(shape, key)
            columns = [self._column(shape, name).label(name) for name in names]
            here = _here(of, alone=alone)
            span = time >= _asked("low"), time < _asked("high")
            known = select(*columns).select_from(self._from).where(here, *span)
            known = known.limit(bindparam("most", type_=Integer()))
            self._questions[names, key, alone] = known
        return known

    def _beyond(self, key: str, *, alone: bool) -> CompoundSelect[Any]:
        """For the `key` of rows whose time is none, of one key, `alone`, or of several. Built
        once."""
        known = self._untimed.get((key, alone))
        if known is None:
            shape = self.shape()
            assert shape is not None  # noqa: S101  the callers asked
            time, of = self._column(shape, "time"), self._column(shape, key)
            here = _here(of, alone=alone)
            # One after the other, each is a read of the index that the fetch uses.
            beyond = (time.is_(None), time < _asked("low"), time >= _asked("high"))
            parts = [select(of).select_from(self._from).where(here, one) for one in beyond]
            known = union_all(*parts).limit(self.database.limits.max_rows)
            self._untimed[key, alone] = known
        return known

    def _rows(
        self, statement: Select[Any], asked: Mapping[str, Any], left: int
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Columns of blocks of rows."""
        most = self.database.limits.max_rows
        with self.database.read() as connection:
            result = connection.execute(statement, {**asked, "most": left + 1})
            while rows := result.fetchmany(_FETCHED):
                left -= len(rows)
                if left < 0:
                    raise TooManyRows(f"{self.where}: more than {most} rows answer one question")
                yield list(zip(*rows, strict=True))

    def _holds(self, key: str, value: Any) -> bool:
        """Whether the comparison can be made at all; no row is looked at, so that none is at
        fault."""
        shape = self.shape()
        assert shape is not None  # noqa: S101  the callers asked
        one: Select[Any] = select(literal_column("1"))
        condition = self._column(shape, key) == _asked("key")
        statement = one.select_from(self._from).where(condition).limit(0)
        try:
            with self.database.read() as connection:
                connection.execute(statement, {"key": value}).all()
        except NotHeld:
            return False
        return True

    def _finds(self, shape: Shape, key: str) -> bool:
        """Whether the sample is found by its `key`: else every account would look as if it had no
        trades."""
        values = shape.keys[key](text_of(shape.sample[key]))
        one: Select[Any] = select(literal_column("1")).select_from(self._from)
        statement = one.where(_here(self._column(shape, key), alone=False)).limit(1)
        try:
            with self.database.read() as connection:
                return bool(values) and bool(connection.execute(statement, {"keys": values}).all())
        except NotHeld:
            return False

    def _look(self) -> Shape | None:
        names = {n: self._columns.get(n, n) for n in self._contract}
        known: list[ColumnClause[Any]] = [column(names[n]) for n in ("time", *self._keys)]
        present = self._present()
        if missing := [names[n] for n in self._required if names[n] not in present]:
            raise InputError(str(self._no_column(missing, present)))
        columns = {n: name for n, name in names.items() if name in present}
        # Ours alone: what the driver can't read in another one is no matter of ours.
        ours: list[ColumnClause[Any]] = [column(name) for name in dict.fromkeys(columns.values())]
        found: Select[Any] = select(*ours)
        found = found.select_from(self._from).where(*(c.is_not(None) for c in known))
        try:
            return self._shown(found.limit(1), columns)
        except InputError:
            # That row may be a bad one.
            return self._shown(found.limit(_LOOKED_AT), columns)

    def _shown(self, statement: Select[Any], columns: Mapping[str, str]) -> Shape | None:
        """By the first of the rows whose time can be read and whose keys find it. Raises InputError
        where there is none such among them."""
        with self.database.read() as connection:
            result = connection.execute(statement)
            types = {d[0]: d[1] for d in result.cursor.description} if result.cursor else {}
            rows = result.mappings().all()
        dialect = self.database.engine.dialect.name
        mysql, sqlite = dialect == "mysql", dialect == "sqlite"
        utc = mysql and types[columns["time"]] == _MYSQL_TIMESTAMP
        unread: InputError | None = None
        for row in rows:
            sample = {n: row[name] for n, name in columns.items()}
            try:
                instants = self._sniffed(sample["time"], columns["time"], utc=utc)
            except InputError as error:
                unread = unread or error
                continue
            keys = {n: key_of(sample[n], unsigned=mysql, untyped=sqlite) for n in self._keys}
            shape = Shape(columns=columns, instants=instants, keys=keys, sample=sample)
            lost = [columns[n] for n in self._keys if not self._finds(shape, n)]
            if not lost:
                return shape
            unread = unread or InputError(
                f"{self.where}: {lost[0]}: a row is not found by its own value as text, such as"
                " bytes that are no text, or one with blanks around; make texts of them in a query"
            )
        if unread is not None:
            raise unread
        return None

    def _sniffed(self, time: object, name: str, *, utc: bool) -> Instants:
        return sniff(
            time,
            f"{self.where}: {name}",
            zone=self._zone,
            unit=self._settings.time_unit,
            utc=utc,
        )

    def _present(self) -> list[str]:
        """The columns that are there, by the user's names. Raises InputError where one of those
        that the user named isn't."""
        statement: Select[Any] = select(literal_column("*")).select_from(self._from).limit(0)
        with self.database.read() as connection:
            present = list(connection.execute(statement).keys())
        if absent := [name for name in self._columns.values() if name not in present]:
            raise InputError(str(self._no_column(absent, present)))
        return present

    def _source(self) -> FromClause | TextClause:
        if (self._settings.table is None) == (self._settings.query is None):
            raise InputError(f"{self.where}: give one of table and query")
        if self._settings.table is not None:
            schema, _, name = self._settings.table.rpartition(".")
            return table(name, schema=schema or None)
        query = (self._settings.query or "").strip().rstrip(";")
        # A colon of the user's begins no parameter.
        return text(f"({query.replace(':', chr(92) + ':')}\n) AS tradeglyph_query")

    def _column(self, shape: Shape, name: str) -> ColumnClause[Any]:
        return column(shape.columns[name])

    def _absent(self) -> Problem | None:
        schema, _, name = (self._settings.table or "").rpartition(".")
        with self.database.read() as connection:
            found = inspect(connection)
            if found.has_table(name, schema=schema or None):
                return None
            others = [*found.get_table_names(schema or None), *found.get_view_names(schema or None)]
        named = ", ".join(sorted(others)[:20]) or "none"
        return self._problem("no_table", f"there is no such table; there are: {named}")

    def _unindexed(self, indexes: Sequence[tuple[str, ...]]) -> list[Problem]:
        if self._settings.table is None:
            return [self._unseen("a query", indexes)]
        schema, _, name = self._settings.table.rpartition(".")
        with self.database.read() as connection:
            found = inspect(connection)
            if name in found.get_view_names(schema or None):
                return [self._unseen("a view", indexes)]
            there = _indexed(found, name, schema or None)
            quoted = connection.dialect.identifier_preparer.quote
            problems = []
            for wanted in indexes:
                columns = tuple(self._columns.get(n, n) for n in wanted)
                if any(index[: len(columns)] == columns for index in there):
                    continue
                listed = ", ".join(quoted(c) for c in columns)
                target = ".".join(quoted(part) for part in (schema, name) if part)
                index_name = quoted(f"ix_{name}_{'_'.join(columns)}"[:60])
                problems.append(
                    self._problem(
                        "no_index",
                        f"no index begins with ({listed}), so that questions read the whole table",
                        f"CREATE INDEX {index_name} ON {target} ({listed})",
                        columns,
                    )
                )
        return problems

    def _unseen(self, what: str, indexes: Sequence[tuple[str, ...]]) -> Problem:
        """The indexes are those of the tables below, which neither a view nor a query tells."""
        columns = (", ".join(self._columns.get(n, n) for n in wanted) for wanted in indexes)
        listed = tuple(f"({names})" for names in columns)
        return self._problem(
            "index_unseen",
            f"is {what}, so that it can't be seen whether indexes serve its questions",
            "see to it that the tables beneath have indexes that begin with the columns behind "
            f"{' and '.join(listed)}",
            listed,
        )

    def _no_column(self, missing: Sequence[str], present: Sequence[str]) -> Problem:
        what = f"there is no column {', '.join(missing)}; there are: {', '.join(present[:40])}"
        remedy = 'name yours in columns, such as {account_id = "uid"}'
        return self._problem("no_column", what, remedy, tuple(missing))

    def _problem(
        self, code: Any, what: str, remedy: str = "", columns: tuple[str, ...] = ()
    ) -> Problem:
        return Problem(code=code, where=self.where, what=what, remedy=remedy, columns=columns)


def _indexed(found: Any, name: str, schema: str | None) -> list[tuple[str, ...]]:
    """Columns of every index that holds all rows, in order: indexes, primary key, unique
    constraints."""
    whole = [index["column_names"] for index in found.get_indexes(name, schema) if _serves(index)]
    unique = [c["column_names"] for c in found.get_unique_constraints(name, schema)]
    primary = found.get_pk_constraint(name, schema)["constrained_columns"]
    return [tuple(columns) for columns in (*whole, *unique, primary)]


def _serves(index: Any) -> bool:
    """Not one of some rows alone, nor one such as BRIN, which gives neither the newest row nor the
    rows of an account without reading many more."""
    options = index.get("dialect_options", {})
    part = any(key.endswith("_where") and where is not None for key, where in options.items())
    return not part and options.get("postgresql_using", "btree") == "btree"


def _in_chunks(asked: Sequence[str], key: Key) -> list[list[_Asked]]:
    """As many as one statement takes, without those that no row can hold. The values of one stay
    together: a column may take one for the other, and a row would answer twice."""
    given = [(text, key(text)) for text in dict.fromkeys(asked)]
    held = [(text, values) for text, values in given if values]
    return [held[at : at + _ASKED] for at in range(0, len(held), _ASKED)]


def _halves(chunk: list[_Asked]) -> list[list[_Asked]]:
    """Of one alone there are none."""
    half = len(chunk) // 2
    return [chunk[:half], chunk[half:]] if half else []


def _held(chunk: list[_Asked]) -> dict[str, Any]:
    """The values for `_here`."""
    values = [value for _, values in chunk for value in values]
    return {"key": values[0]} if len(values) == 1 else {"keys": values}


def _here(of: ColumnClause[Any], *, alone: bool) -> ColumnElement[bool]:
    """The column is the one value that is asked for, or one of several."""
    return of == _asked("key") if alone else of.in_(_asked("keys", expanding=True))


def _bound(name: str, value: Any) -> Any:
    """A bound value without a cast, so that the column's own type and its index decide."""
    return bindparam(name, value, type_=NullType())


def _asked(name: str, *, expanding: bool = False) -> Any:
    """The same, whose value comes with the question."""
    return bindparam(name, type_=NullType(), expanding=expanding)


def _zone(name: str | None, where: str) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"{where}: timezone {name}: no such time zone; use an IANA name such as Asia/Shanghai"
        ) from None
