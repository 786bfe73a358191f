"""A database of the user's: read only, with time-outs, and silent about its password."""

import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url

from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.ports.sources import SourceGone

DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}
"""First part of a URL to the driver that is used."""

_PROGRESS_STEPS = 10_000
"""Of SQLite's virtual machine between two looks at the time: about a millisecond."""
_CACHE_KIB = 32_768
"""Of each connection to SQLite, whose own 2 MiB hold few pages of an exchange's day."""
# Answers that mean: no row can hold what was asked for. PostgreSQL: not of the column's type, not
# in its encoding. MySQL and MariaDB: no common collation, not in the column's character set.
_NOT_HELD = frozenset({"22P02", "22021", "22P05", 1267, 1270, 1271, 1366, 3854, 3988})
# Answers that mean: the question is wrong, or this user may not ask it. PostgreSQL: class 42. MySQL
# and MariaDB: no such column, no such table, refused for the table and for a column, syntax.
_REFUSED_CLASS = "42"
_REFUSED = frozenset({1054, 1146, 1142, 1143, 1064})
_SYNTAX = 1064
"""MySQL's and MariaDB's words for this one repeat what was asked for."""


class Refused(SourceGone):
    """The database will not answer such a question until a person mends the settings or a right."""


class NotHeld(SourceGone):
    """The database says that a column can't hold a value: what was asked for, or one of its own
    that a query or a view converts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is waited for, and how much is taken."""

    connect_s: float = 5.0
    statement_s: float = 10.0
    """For one statement; there are few of them in one question."""
    pool_size: int = 4
    max_rows: int = 2_000_000
    """Of one question."""


class Database:
    """Connections to one database. Safe among threads; not to be carried over a fork."""

    def __init__(self, url: str, limits: Limits = Limits()) -> None:
        """Connects at the first question. Raises InputError for a URL that can't be meant, and
        MissingExtra where the driver is not installed."""
        self._url = _parsed(url)
        self.limits = limits
        self.place = _place(self._url)
        """What messages call it: without user and password."""
        self.engine = self._engine()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read by. Raises SourceGone for every fault of the database, NotHeld and
        Refused among them, without parameters and without the password."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except exc.SQLAlchemyError as error:
            if _codes(error) & _NOT_HELD:
                raise NotHeld(self._said(error)) from None
            if _is_refused(error):
                raise Refused(self._said(error)) from None
            raise SourceGone(self._said(error)) from None

    def close(self) -> None:
        """Close all connections; the next question opens others."""
        self.engine.dispose()

    def _engine(self) -> Engine:
        limits = self.limits
        backend = self._url.get_backend_name()
        options: dict[str, Any] = {
            "pool_size": limits.pool_size,
            "max_overflow": 0,
            "pool_timeout": limits.connect_s,
            "pool_recycle": 1800,
            "pool_pre_ping": True,
            # Each question is one statement: no transaction to begin or to end.
            "isolation_level": "AUTOCOMMIT",
            "pool_reset_on_return": None,
            "hide_parameters": True,
        }
        if backend == "sqlite":
            options |= {"creator": _sqlite_opener(self._url, limits), "pool_pre_ping": False}
            del options["isolation_level"]
            options["pool_reset_on_return"] = "rollback"
        else:
            options["connect_args"] = _CONNECT_ARGS[backend](limits)
        try:
            engine = create_engine(self._url, **options)
        except ImportError:
            package = self._url.get_driver_name()
            raise MissingExtra(package, "serve") from None
        except (exc.ArgumentError, TypeError, ValueError) as error:
            raise InputError(
                f"{self.place}: the URL can't be used: {type(error).__name__}"
            ) from None
        if backend == "sqlite":
            _watch_sqlite(engine, limits.statement_s)
            _follow_sqlite(engine, Path(self._url.database or "").absolute())
        else:
            event.listen(engine, "do_connect", self._connected)
            event.listen(engine, "connect", _SESSIONS[backend](limits))
        return engine

    def _connected(self, dialect: Any, _record: Any, args: Any, options: dict[str, Any]) -> Any:
        """A driver stumbles over options that it doesn't know, and over files that aren't there, in
        Python's errors. Raises InputError for these."""
        try:
            return dialect.connect(*args, **options)
        except dialect.loaded_dbapi.Error:
            raise
        except Exception as error:
            named = ", ".join(sorted(self._url.query))
            by = f" with the url's options ({named})" if named else ""
            said = self._without_password(f"{type(error).__name__}: {error}")
            raise InputError(f"{self.place}: can't connect{by}: {said}") from None

    def _said(self, error: exc.SQLAlchemyError) -> str:
        """One line: what the database said while connecting or of a question that it refuses, else
        only its code, because its words may repeat what was asked for."""
        cause = getattr(error, "orig", None) or error
        codes = sorted(map(str, _codes(error)))
        said = " ".join([type(cause).__name__, *codes])
        if getattr(error, "statement", None) is None:
            first = " ".join(str(cause).split())[:300]
            said = f"{said}: {first}"
        elif _is_refused(error) and _SYNTAX not in _codes(error):
            first = str(cause.args[-1]).partition("\n")[0]
            said = f"{said}: {first[:300]}"
        return f"{self.place}: {self._without_password(said)}"

    def _without_password(self, said: str) -> str:
        password = self._url.password
        for secret in (password, quote(password, safe="") if password else None):
            said = said.replace(str(secret), "***") if secret else said
        return said


def _parsed(text: str) -> URL:
    try:
        url = make_url(text)
    except (exc.ArgumentError, ValueError):
        raise InputError(
            "the url of the source is no database URL; write it as sqlite:///trades.db,"
            " postgresql://USER:PASSWORD@HOST/DATABASE or mysql://USER:PASSWORD@HOST/DATABASE"
        ) from None
    if "@" in (url.host or ""):
        # What is taken for the host begins with the rest of the password.
        raise InputError(
            "the url of the source has more than one @; write one in a password or a user as %40"
        )
    kind = url.drivername.partition("+")[0]
    if kind not in DRIVERS:
        known = ", ".join(sorted(DRIVERS))
        raise InputError(f"the url of the source begins with {kind!r}; known are {known}")
    if kind == "sqlite" and (not url.database or url.database == ":memory:"):
        raise InputError("sqlite: the url names no file; write it as sqlite:///trades.db")
    return url.set(drivername=DRIVERS[kind])


def _place(url: URL) -> str:
    host = f"{url.host or ''}{f':{url.port}' if url.port else ''}"
    return f"{url.get_backend_name()}://{host}/{url.database or ''}"


def _codes(error: exc.SQLAlchemyError) -> set[str | int]:
    """PostgreSQL's SQLSTATE, or MySQL's number."""
    cause = getattr(error, "orig", None)
    state, args = getattr(cause, "sqlstate", None), getattr(cause, "args", ())
    number = args[0] if args and isinstance(args[0], int) else None
    return {code for code in (state, number) if code is not None}


def _is_refused(error: exc.SQLAlchemyError) -> bool:
    if getattr(error, "statement", None) is None:
        return False
    cause = getattr(error, "orig", None)
    state = getattr(cause, "sqlstate", None) or ""
    wrong = getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return wrong or state.startswith(_REFUSED_CLASS) or bool(_codes(error) & _REFUSED)


def _sqlite_opener(url: URL, limits: Limits) -> Callable[[], sqlite3.Connection]:
    path = Path(url.database or "").absolute()
    address = f"file:{quote(str(path))}?mode=ro"

    def connect() -> sqlite3.Connection:
        found = sqlite3.connect(
            address, uri=True, timeout=limits.connect_s, check_same_thread=False
        )
        # SQLite keeps whatever bytes it is given: one text that is no UTF-8 is one bad cell.
        found.text_factory = partial(str, encoding="utf-8", errors="replace")
        found.execute("PRAGMA query_only = ON").close()
        found.execute(f"PRAGMA cache_size = -{_CACHE_KIB}").close()
        return found

    return connect


def _watch_sqlite(engine: Engine, statement_s: float) -> None:
    """Interrupt statements that take too long, while they run and while they are read."""

    def watch(connection: sqlite3.Connection, record: Any) -> None:
        record.info["until"] = math.inf
        info = record.info
        connection.set_progress_handler(
            lambda: int(time.monotonic() > info["until"]), _PROGRESS_STEPS
        )

    def begin(connection: Connection, *_: Any) -> None:
        connection.info["until"] = time.monotonic() + statement_s

    event.listen(engine, "connect", watch)
    event.listen(engine, "before_cursor_execute", begin)


def _follow_sqlite(engine: Engine, file: Path) -> None:
    """A file that was removed or replaced would go on being read by a connection that has it open:
    a feed that stands still, and is there all the same."""

    def identity() -> tuple[int, int]:
        try:
            found = file.stat()
        except OSError:
            gone = sqlite3.OperationalError("the file is gone")
            raise exc.OperationalError(None, None, gone) from None
        return found.st_dev, found.st_ino

    def remember(_connection: Any, record: Any) -> None:
        record.info["file"] = identity()

    def compare(_connection: Any, record: Any, _proxy: object) -> None:
        if identity() != record.info["file"]:
            raise exc.DisconnectionError("the file was replaced")  # the pool opens the new one

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _postgres_args(limits: Limits) -> dict[str, Any]:
    return {
        "connect_timeout": max(2, math.ceil(limits.connect_s)),
        # A machine that vanishes sends no word; libpq then gives up after these.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": math.ceil((limits.statement_s + limits.connect_s) * 1000),
        # Whatever the database is in: what it can't hold is its own answer, not the driver's fault.
        "client_encoding": "utf8",
        # Plans made for the values that are asked for; poolers hold no prepared statements.
        "prepare_threshold": None,
    }


def _mysql_args(limits: Limits) -> dict[str, Any]:
    wait = math.ceil(limits.statement_s + limits.connect_s)
    return {
        "connect_timeout": max(1, math.ceil(limits.connect_s)),
        # Whatever the url says: a narrower one makes `?` of the ids that it lacks.
        "charset": "utf8mb4",
        "read_timeout": wait,
        "write_timeout": wait,
    }


def _postgres_session(limits: Limits) -> Callable[..., None]:
    milliseconds = math.ceil(limits.statement_s * 1000)

    from tradeglyph.sources.live.postgres_times import read_every_time

    def begin(connection: Any, _: Any) -> None:
        read_every_time(connection)
        before = connection.autocommit
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('default_transaction_read_only', 'on', false),"
                " set_config('statement_timeout', %s, false), set_config('TimeZone', 'UTC', false)",
                (str(milliseconds),),
            )
        connection.autocommit = before

    return begin


def _mysql_session(limits: Limits) -> Callable[..., None]:
    def begin(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            mariadb = "mariadb" in cursor.fetchone()[0].lower()
            if mariadb:
                cursor.execute("SET SESSION max_statement_time = %s", (limits.statement_s,))
            else:
                milliseconds = math.ceil(limits.statement_s * 1000)
                cursor.execute("SET SESSION max_execution_time = %s", (milliseconds,))
            cursor.execute("SET SESSION time_zone = '+00:00'")
            cursor.execute("SET SESSION TRANSACTION READ ONLY")

    return begin


_CONNECT_ARGS = {"postgresql": _postgres_args, "mysql": _mysql_args}
_SESSIONS = {"postgresql": _postgres_session, "mysql": _mysql_session}
