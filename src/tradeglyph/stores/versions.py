"""Versions of the schema: which one a database has, and how to get to another.

`tradeglyph store upgrade` does it, and nobody else: but for a SQLite file that is still empty,
which is brought to the present version when it is opened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.ports.queue import FILE_MARK
from tradeglyph.stores.address import shown, sql_url
from tradeglyph.stores.engines import STATEMENT_S, WRITES, open_engine
from tradeglyph.stores.faults import gone, reason
from tradeglyph.stores.tables import VERSION_TABLE

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = ("0001", "0002")
"""All that there were, the first one first."""
PRESENT = VERSIONS[-1]
NOTHING = "base"
"""What a database without our tables is at."""

_ENCODINGS = ("UTF8", "SQL_ASCII")
"""Of databases of PostgreSQL that hold every text."""
_LOCK = 0x7472_6164_6567_6C79
"""Any number that others don't take: PostgreSQL's advisory locks are numbers ("tradegly")."""
_LOCK_S = STATEMENT_S - 5


def current(address: str) -> str | None:
    """The version that the database has; None where it has none of our tables.

    Raises StoreGone where it can't be reached.
    """
    with connected(address) as connection:
        return version_of(connection)


@contextmanager
def connected(address: str) -> Iterator[Connection]:
    """A connection of its own, whatever the schema. Raises StoreGone where the database can't be
    reached."""
    with _engine(address) as engine, engine.connect() as connection:
        yield connection


def upgrade(address: str) -> str:
    """Bring the schema to the present version, which is returned; nothing is lost by it.

    Two that do it at once wait for each other. Raises StoreGone where the database can't be
    reached, InputError where it refuses, or is of a newer version.
    """
    with _engine(address) as engine:
        upgrade_engine(engine, address)
    return PRESENT


def upgrade_engine(engine: Engine, address: str) -> None:
    """`upgrade`, over connections that are there already."""
    with _migrating(engine, address) as (config, version):
        if version is not None and version not in VERSIONS:
            raise InputError(_newer(address, version))
        if version is None:
            _check_encoding(config.attributes["connection"], address)
        _alembic().upgrade(config, PRESENT)


def downgrade(address: str, revision: str) -> str:
    """Bring the schema back to an older version, which is returned, so that an older release can
    be installed again. `base` removes all tables and what is in them.

    Raises StoreGone where the database can't be reached, InputError where it refuses, or the
    version is not one that is older than the database's.
    """
    with _engine(address) as engine, _migrating(engine, address) as (config, version):
        place = {NOTHING: -1, None: -1} | {known: at for at, known in enumerate(VERSIONS)}
        if version not in place:
            raise InputError(_newer(address, str(version)))
        if revision not in place or place[revision] > place[version]:
            older = ", ".join((NOTHING, *VERSIONS[: place[version] + 1]))
            raise InputError(f"{revision}: the store can go down to one of these: {older}")
        _alembic().downgrade(config, revision)
    return revision


def check_version(connection: Connection, address: str) -> None:
    """Raises InputError, with what to do, where the schema is not of the present version."""
    version = version_of(connection)
    if version == PRESENT:
        return
    name = shown(sql_url(address))
    if version is None:
        raise InputError(f"{name}: has no tables of tradeglyph yet; run: tradeglyph store upgrade")
    if version in VERSIONS:
        raise InputError(
            f"{name}: its schema is {version}, this release needs {PRESENT}; "
            "run: tradeglyph store upgrade"
        )
    raise InputError(_newer(address, version))


def version_of(connection: Connection) -> str | None:
    """What the database says of itself; None where it says nothing. Raises InputError where it is
    the file of a queue."""
    if connection.dialect.name == "sqlite":
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
        if mark == FILE_MARK:
            raise InputError(of_a_queue(str(connection.engine.url.database)))
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    row = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).first()  # noqa: S608
    return None if row is None else str(row[0])


def of_a_queue(file: str) -> str:
    """Why a file can't be a store: a backup that is put back would undo the other's work, and each
    would wait for the other's writing."""
    return f"{file}: is the file of a queue; give the store its own, by [store] url"


def _check_encoding(connection: Connection, address: str) -> None:
    """Raises InputError where accounts of some scripts could never be recorded."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding not in _ENCODINGS:
        raise InputError(
            f"{shown(sql_url(address))}: is in {encoding}, which can't hold every account id; make "
            "a database for the store with ENCODING 'UTF8'"
        )


def _newer(address: str, version: str) -> str:
    return (
        f"{shown(sql_url(address))}: its schema, {version}, is of a newer release than this one, "
        f"which knows {PRESENT}; install that release, or go back with its own: "
        f"tradeglyph store downgrade {PRESENT}"
    )


@contextmanager
def _engine(address: str) -> Iterator[Engine]:
    url = sql_url(address)
    engine = open_engine(url)
    try:
        with gone(url):
            yield engine
    finally:
        engine.dispose()


@contextmanager
def _migrating(engine: Engine, address: str) -> "Iterator[tuple[Config, str | None]]":
    """One at a time, in one transaction where the database has those for tables."""
    try:
        from alembic.config import Config
    except ModuleNotFoundError:
        raise MissingExtra("alembic", "serve") from None
    config = Config()
    config.set_main_option("script_location", "tradeglyph.stores:migrations")
    config.set_main_option("path_separator", "os")
    with engine.execution_options(**WRITES).connect() as connection:
        config.attributes["connection"] = connection
        try:
            with _alone(connection):
                yield config, version_of(connection)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            url = sql_url(address)
            raise InputError(f"{shown(url)}: refused the change: {reason(error, url)}") from None


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """A transaction that waits for others' to end. SQLite lets only one write at a time anyway."""
    with _locked(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            # What large tables need is not known beforehand.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_S}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield


@contextmanager
def _locked(connection: Connection) -> Iterator[None]:
    """MySQL's lock is of a session and not of a transaction: held around all of it, so that the
    next one sees what it has changed."""
    if connection.dialect.name != "mysql":
        yield
        return
    name = {"name": f"tradeglyph {_LOCK:x}", "wait": _LOCK_S}
    if connection.execute(text("SELECT GET_LOCK(:name, :wait)"), name).scalar() != 1:
        raise InputError("another upgrade of this store is under way; try again later")
    connection.commit()
    try:
        yield
    finally:
        if not connection.invalidated:  # a session that is gone has let go
            connection.execute(text("SELECT RELEASE_LOCK(:name)"), name)


def _alembic() -> Any:
    from alembic import command

    return command
