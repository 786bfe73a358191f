"""Opening a store that is a SQL database."""

from sqlalchemy import URL, Engine, inspect

from tradeglyph.stores.address import sql_url
from tradeglyph.stores.engines import open_engine
from tradeglyph.stores.faults import gone
from tradeglyph.stores.sql import SqlAlertStore
from tradeglyph.stores.versions import check_version, upgrade_engine


def open_sql(address: str) -> SqlAlertStore:
    """See `open_store`."""
    url = sql_url(address)
    engine = open_engine(url)
    try:
        with gone(url):
            if _is_new(engine, url):
                upgrade_engine(engine, address)
            with engine.connect() as connection:
                check_version(connection, address)
    except BaseException:
        engine.dispose()
        raise
    return SqlAlertStore(engine, url)


def _is_new(engine: Engine, url: URL) -> bool:
    """Whether it is an empty SQLite file. Of several processes that make one, each upgrades it,
    and all but the first find nothing left to do."""
    if not url.drivername.startswith("sqlite"):
        return False
    with engine.connect() as connection:
        return not inspect(connection).get_table_names()
