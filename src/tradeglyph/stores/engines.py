"""Connections to each kind of database: pools, time-outs, and how a transaction begins."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError

from tradeglyph.domain.errors import InputError, MissingExtra

CONNECT_S = 5
STATEMENT_S = 30
"""Longest wait for one statement, and for SQLite's one writer at a time."""
LOCK_S = 10
POOL_S = 10
"""Longest wait for a connection of one's own."""
RECYCLE_S = 1800
"""Firewalls and servers drop connections that were idle for long."""

_FILE = "tradeglyph_file"
WRITES = {"tradeglyph_writes": True}
"""Execution options of a transaction that will write."""


def open_engine(url: URL) -> Engine:
    """An engine with our time-outs; nothing is connected yet.

    Raises MissingExtra where the database's driver is not installed, InputError for an option of
    the address that the driver does not know.
    """
    make = {"sqlite": _sqlite, "postgresql": _postgres, "mysql": _mysql}
    kind = url.drivername.split("+")[0]
    try:
        return make[kind](url)
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or kind, "serve") from None


def _server(url: URL, connect_args: dict[str, Any]) -> Engine:
    return create_engine(
        url,
        connect_args=connect_args,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        pool_pre_ping=True,
        pool_recycle=RECYCLE_S,
        pool_timeout=POOL_S,
    )


def _postgres(url: URL) -> Engine:
    ours = {
        "connect_timeout": CONNECT_S,
        "options": f"-c statement_timeout={STATEMENT_S}s -c lock_timeout={LOCK_S}s"
        f" -c idle_in_transaction_session_timeout={2 * STATEMENT_S}s",
        # A server that vanished says nothing: without these a statement waits for a quarter hour.
        "keepalives_idle": STATEMENT_S,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 1000 * STATEMENT_S,
        "application_name": "tradeglyph",
        "client_encoding": "utf8",
    }
    return _server(url, _unless_said(url, ours))


def _mysql(url: URL) -> Engine:
    ours = {
        "connect_timeout": CONNECT_S,
        "read_timeout": STATEMENT_S,
        "write_timeout": STATEMENT_S,
        "charset": "utf8mb4",
        # Strict: what does not fit is refused, and never cut off.
        "init_command": f"SET SESSION innodb_lock_wait_timeout = {LOCK_S}, "
        "sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
    }
    return _server(url, _unless_said(url, ours))


def _unless_said(url: URL, ours: dict[str, Any]) -> dict[str, Any]:
    """The user's own options in the address win."""
    return {name: value for name, value in ours.items() if name not in url.query}


def _sqlite(url: URL) -> Engine:
    file = Path(str(url.database))
    if not str(file).startswith("file:"):
        try:
            _make_private(file.parent)
        except OSError as error:
            raise InputError(
                f"{file.parent}: can't be made: {error.strerror}; name a file in a folder that "
                "this user may write"
            ) from None
    engine = create_engine(
        url,
        connect_args=_unless_said(url, {"timeout": STATEMENT_S}),
        hide_parameters=True,
        pool_timeout=POOL_S,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if url.database and url.database != ":memory:" and not str(file).startswith("file:"):
        _stay_with(engine, file)
    return engine


def _make_private(folder: Path) -> None:
    """Make it and those above it that are missing: what it holds names accounts, and is only for
    who runs this. `Path.mkdir` gives its mode to the last one alone."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _stay_with(engine: Engine, file: Path) -> None:
    """A file that was removed or replaced would still take what is written through a connection
    that has it open, and nobody would ever see it again."""

    known = False

    def before(*_: object) -> None:
        if _identity(file) is None:
            if known:
                raise _gone()  # and no empty one is made in its place
            # What lies beside it (-wal, -shm) gets the rights of the file.
            with suppress(OSError):  # which SQLite has words for
                os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))

    def remember(_connection: Any, record: Any) -> None:
        nonlocal known
        known = True
        record.info[_FILE] = _identity(file)

    def compare(_connection: Any, record: Any, _proxy: object) -> None:
        now = _identity(file)
        if now is None:
            raise _gone()
        if now != record.info[_FILE]:
            raise DisconnectionError("the file was replaced")  # the pool opens the new one

    event.listen(engine, "do_connect", before)
    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _gone() -> OperationalError:
    return OperationalError(None, None, sqlite3.OperationalError("the file is gone"))


def _identity(file: Path) -> tuple[int, int] | None:
    """Which file a path names now; None for none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Transactions begin where we say so, not where the driver guesses.
    connection.isolation_level = None
    # FULL: an event that was acknowledged survives a power failure, too.
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        _patiently(lambda pragma=pragma: connection.execute(f"PRAGMA {pragma}").close())  # type: ignore[misc]


def _patiently(say: Callable[[], None]) -> None:
    """Two that turn one new file to WAL don't wait for each other: SQLite says at once that it is
    locked."""
    until = time.monotonic() + CONNECT_S
    while True:
        try:
            return say()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    # A writer that began as a reader fails, instead of waiting, where another has written since.
    writes = connection.get_execution_options().get("tradeglyph_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
