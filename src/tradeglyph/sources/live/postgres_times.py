"""Times of PostgreSQL that Python has none for: infinity, before the year 1, after 9999."""

from typing import Any

from psycopg import DataError
from psycopg.adapt import Buffer, Loader
from psycopg.pq import Format

_TYPES = ("timestamptz", "timestamp", "date")


def read_every_time(connection: Any) -> None:
    """They come as texts, which are no times that can be read; psycopg would raise, and with one
    such row no question that meets it had an answer."""
    for name in _TYPES:
        oid = connection.adapters.types[name].oid
        own = connection.adapters.get_loader(oid, Format.TEXT)
        connection.adapters.register_loader(oid, _tolerant(own))


def _tolerant(own: type[Loader]) -> type[Loader]:
    class Tolerant(Loader):
        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._load = own(oid, context).load

        def load(self, data: Buffer) -> Any:
            try:
                return self._load(data)
            except DataError:
                return bytes(data).decode()

    return Tolerant
