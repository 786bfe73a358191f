"""The file behind an embedded queue: its schema, and a connection that notices when it is gone."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradeglyph.domain.errors import InputError
from tradeglyph.ports.queue import FILE_MARK, QueueGone

SCHEMA_VERSION = 1
BUSY_TIMEOUT_S = 10.0
"""How long one process waits for another to finish writing; writing takes milliseconds."""

_SCHEMA = (
    # AUTOINCREMENT: the number of a dead letter is not given away, so that it can come back.
    """CREATE TABLE messages (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        sent_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        receipt TEXT
    )""",
    "CREATE INDEX messages_due ON messages (due_at, sequence)",
    """CREATE TABLE dead (
        sequence INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        sent_at INTEGER NOT NULL,
        died_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT NOT NULL
    )""",
    "CREATE INDEX dead_died ON dead (died_at, sequence)",
    f"PRAGMA application_id = {FILE_MARK}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)

# Closing a connection that a fork copied would disturb the parent's locks: they are kept.
_inherited: list[sqlite3.Connection] = []


class QueueFile:
    """One connection, used by one thread at a time; opened when it is first needed."""

    def __init__(self, path: Path, *, create: bool) -> None:
        self._path = path.absolute()
        self._shown = str(path)
        self._create = create
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._process = os.getpid()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one statement.

        Raises QueueGone where the file can't be read or written now, InputError where it is not a
        queue of this version.
        """
        self._after_fork()
        with self._lock:
            try:
                yield self._connected()
            except sqlite3.Error as error:
                self._disconnect()
                raise QueueGone(f"{self._shown}: {error}") from None

    @contextmanager
    def writing(self, *, to_disk: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction, written whole or not at all; raises as `reading`.

        What it wrote outlives the process; with `to_disk` it outlives a power cut, too.
        """
        with self.reading() as connection:
            connection.execute(f"PRAGMA synchronous = {'FULL' if to_disk else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        self._after_fork()
        with self._lock:
            self._disconnect()

    def _after_fork(self) -> None:
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        self._lock = threading.Lock()
        if self._connection is not None:
            _inherited.append(self._connection)
            self._connection = None

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        """The connection to the file that has this name now, not to one that was removed: what is
        written into a removed file is lost."""
        found = self._look()
        if self._connection is not None and found == self._identity:
            return self._connection
        self._disconnect()
        if found is None:
            self._make_file()
        self._connection = self._open()
        self._identity = self._look()
        return self._connection

    def _look(self) -> tuple[int, int] | None:
        """Device and inode of the file."""
        try:
            status = os.stat(self._path)
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _make_file(self) -> None:
        # A file that was there comes back, with its disk or its folder. An empty one in its place
        # would take messages that nobody finds afterwards.
        if self._identity is not None:
            raise QueueGone(f"{self._shown}: the file is gone; a restart begins an empty queue")
        if not self._create:
            raise InputError(f"{self._shown}: there is no queue; `tradeglyph enqueue` makes one")
        try:
            _make_private(self._path.parent)
            # What lies beside it (-wal, -shm) gets the rights of the file.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise QueueGone(f"{self._shown}: {error.strerror}") from None

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # One look: the marks and the tables of another process must not come between two reads.
        connection.execute("BEGIN")
        ours = self._is_ours(connection)
        connection.execute("COMMIT")
        if not ours:
            self._journal(connection)
            connection.execute("BEGIN IMMEDIATE")
            # Another process may have been faster.
            for statement in () if self._is_ours(connection) else _SCHEMA:
                connection.execute(statement)
            connection.execute("COMMIT")

    def _is_ours(self, connection: sqlite3.Connection) -> bool:
        """False for an empty file. Raises InputError for anything but a queue of this version."""
        try:
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            raise InputError(f"{self._shown}: is not an SQLite file; name another") from None
        if mark == FILE_MARK and version == SCHEMA_VERSION:
            return True
        if mark == FILE_MARK:
            raise InputError(
                f"{self._shown}: is a queue of schema {version}, and this version of tradeglyph "
                f"knows {SCHEMA_VERSION}: install a newer one"
            )
        if tables:
            raise InputError(
                f"{self._shown}: is a database of something else; give the queue its own file"
            )
        return False

    def _journal(self, connection: sqlite3.Connection) -> None:
        """Write-ahead log: readers and the writer don't wait for each other.

        The change needs the file for itself, and SQLite does not wait for that.
        """
        end = time.monotonic() + BUSY_TIMEOUT_S
        while True:
            try:
                mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
                break
            except sqlite3.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)
        if mode != "wal":
            raise InputError(
                f"{self._shown}: its file system has no shared memory, which the queue needs; "
                "name a file on a local disk"
            )


def _make_private(folder: Path) -> None:
    """Make it and those above it that are missing: events name accounts, and are only for who runs
    this. `Path.mkdir` gives its mode to the last one alone."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
