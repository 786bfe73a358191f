"""What a database's errors mean: gone, in each other's way, or our own fault."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import URL
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as NoConnection

from tradeglyph.ports.alert_store import StoreGone
from tradeglyph.stores.address import secrets_of, shown

T = TypeVar("T")

ATTEMPTS = 12
FIRST_WAIT_S = 0.005
LONGEST_WAIT_S = 0.5

# Deadlock, serialization failure, lock time-out; of PostgreSQL, then of MySQL and MariaDB.
_STATES = frozenset({"40001", "40P01", "55P03"})
_NUMBERS = frozenset({1205, 1213, 1020, 3572})


@contextmanager
def gone(url: URL) -> Iterator[None]:
    """Turn errors that the database is to blame for into StoreGone, without the password."""
    try:
        yield
    except NoConnection:
        raise StoreGone(f"{shown(url)}: all connections are in use") from None
    except DBAPIError as error:
        if not _to_blame(error):
            raise
        raise StoreGone(f"{shown(url)}: {reason(error, url)}") from None


def again(work: Callable[[], T]) -> T:
    """Do a transaction anew, a few times, where another one was in its way."""
    wait = FIRST_WAIT_S
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except DBAPIError as error:
            if not _in_the_way(error):
                raise
        # At random, so that two that collided don't collide again.
        time.sleep(random.uniform(0, wait))  # noqa: S311
        wait = min(2 * wait, LONGEST_WAIT_S)
    return work()


def reason(error: DBAPIError, url: URL) -> str:
    """What the driver said, in one line, without the password."""
    said = " ".join(str(part) for part in getattr(error.orig, "args", ())) or str(error.orig)
    line = (said.strip().splitlines() or ["no reason given"])[0]
    for secret in secrets_of(url):
        line = line.replace(secret, "***")
    return line


def _to_blame(error: DBAPIError) -> bool:
    if isinstance(error, OperationalError | InterfaceError | InternalError):
        return True
    # SQLite: "file is not a database", "disk image is malformed".
    return type(error) is DatabaseError or error.connection_invalidated


def _in_the_way(error: DBAPIError) -> bool:
    """An integrity error is another process that recorded the same event at the same time."""
    if isinstance(error, IntegrityError):
        return True
    state = getattr(error.orig, "sqlstate", None)
    number = next(iter(getattr(error.orig, "args", ())), None)
    return state in _STATES or number in _NUMBERS
