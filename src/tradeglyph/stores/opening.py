"""Opening a store by its address."""

from collections.abc import Iterator
from contextlib import contextmanager

from tradeglyph.domain.errors import MissingExtra
from tradeglyph.ports.alert_store import AlertStore


def open_store(address: str) -> AlertStore:
    """The store at `sqlite:///FILE`, `postgresql://...`, `mysql://...` or `dynamodb://TABLE`.

    A SQLite file that is not there, or is empty, is made. Any other database must have been
    brought to the present schema by `tradeglyph store upgrade`.

    Raises StoreGone where it can't be reached now; InputError where the address is not one of
    these or the schema is older or newer than this release; MissingExtra where the packages that
    the database needs are not installed. No message holds a password.
    """
    if address.startswith("dynamodb:"):
        return _dynamodb(address)
    with sql_installed():
        from tradeglyph.stores.opening_sql import open_sql
    return open_sql(address)


@contextmanager
def sql_installed() -> Iterator[None]:
    """Raises MissingExtra where sqlalchemy is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "sqlalchemy":
            raise
        raise MissingExtra("sqlalchemy", "serve") from None


def _dynamodb(address: str) -> AlertStore:
    import importlib

    # By name, so that SQL needs nothing of it.
    store: AlertStore = importlib.import_module("tradeglyph.stores.dynamodb").open_dynamodb(address)
    return store
