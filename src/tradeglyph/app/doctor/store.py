"""Is the alert store there, of the version that this release needs, and may it be written?"""

import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from tradeglyph.app.doctor import clock as clocks
from tradeglyph.app.doctor.check import Check, fault, good
from tradeglyph.app.doctor.closed import closed
from tradeglyph.app.doctor.database import time_of
from tradeglyph.app.settings import Settings
from tradeglyph.domain.errors import InputError
from tradeglyph.ports.alert_store import StoreGone
from tradeglyph.ports.clock import Clock
from tradeglyph.queues import address as queue_address
from tradeglyph.stores.opening import open_store, sql_installed

PART = "store"


def look(settings: Settings, clock: Clock) -> Iterator[Check]:
    """Nothing is made that is not there. Raises InputError for an address that can't be meant, and
    MissingExtra."""
    address = settings.store.url
    try:
        if address.startswith("dynamodb:"):
            from tradeglyph.stores.aws_client import table_address

            yield from _answering(address, f"dynamodb://{table_address(address).table}", None)
        else:
            yield from _sql(settings, clock)
    except StoreGone as error:
        yield fault(PART, "store_gone", what=str(error))


def file_of(address: str) -> Path | None:
    """The SQLite file of a store; None for a store elsewhere. Raises as `look`."""
    if not address.startswith("sqlite"):
        return None
    with sql_installed():
        from tradeglyph.stores.address import sql_url
    return Path(str(sql_url(address).database))


def _sql(settings: Settings, clock: Clock) -> Iterator[Check]:
    address = settings.store.url
    with sql_installed():
        from tradeglyph.stores import versions
        from tradeglyph.stores.address import shown, sql_url
    where = shown(sql_url(address))
    file = file_of(address)
    if file is not None:
        shut = closed(PART, file)
        if shut is not None:
            yield shut
            return
        _check_apart(file, settings)
        version, tables = _of_file(file) if file.is_file() else (None, False)
        if not tables:
            yield good(PART, "store_new", where=where)
            return
    else:
        with versions.connected(address) as connection:
            version = versions.version_of(connection)
            told = clocks.compare(clock, where, lambda: time_of(connection))
        if told is not None:
            yield told
    if version == versions.PRESENT:
        yield from _answering(address, where, version)
        return
    known = version is None or version in versions.VERSIONS
    code = "store_without_tables" if version is None else "store_old" if known else "store_newer"
    yield fault(PART, code, where=where, version=version, needed=versions.PRESENT)


def _check_apart(file: Path, settings: Settings) -> None:
    """Raises InputError where the queue is to be in the same file: whichever comes first would
    have it, and the other none."""
    from tradeglyph.stores.versions import of_a_queue

    other = None
    with suppress(InputError):  # its own part says so
        other = queue_address.file_of(settings.queue.url)
    if other is not None and other.resolve() == file.resolve():
        raise InputError(of_a_queue(str(file)))


def _of_file(file: Path) -> tuple[str | None, bool]:
    """Its version, and whether it has tables at all; read without a trace."""
    import sqlite3

    from tradeglyph.stores.tables import VERSION_TABLE

    address = f"file:{quote(str(file.absolute()))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            names = {name for (name,) in tables}
            if VERSION_TABLE not in names:
                return None, bool(names)
            select = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608  ours
            row = connection.execute(select).fetchone()
            return (None if row is None else str(row[0])), True
    except sqlite3.Error as error:
        raise StoreGone(f"{file}: {error}") from None


def _answering(address: str, where: str, version: str | None) -> Iterator[Check]:
    with closing(open_store(address)) as store:
        began = time.perf_counter()
        store.ping()
        took = time.perf_counter() - began
    code = "store_answers" if version is None else "store_ready"
    yield good(PART, code, where=where, version=version, ms=round(1000 * took, 1))
