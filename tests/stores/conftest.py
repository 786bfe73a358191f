"""An empty store of each kind, and another way to it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import Server
from tradeglyph.ports.alert_store import AlertStore
from tradeglyph.stores.opening import open_store


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is."""

    address: str
    server: Server | None
    """What answers there; None for a file."""


@contextmanager
def _sqlite(_request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    yield Place(f"sqlite:///{folder}/state/alerts.db", None)


@contextmanager
def _server(request: pytest.FixtureRequest, _folder: Path) -> Iterator[Place]:
    from tradeglyph.stores.versions import upgrade

    server: Server = request.getfixturevalue(request.param)
    with server.database() as address:
        upgrade(address)
        yield Place(address, server)


PLACES = {"sqlite": _sqlite, "postgres": _server, "mariadb": _server}
"""An implementation more is an entry more."""


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
    with PLACES[request.param](request, tmp_path) as place:
        yield place


@pytest.fixture
def store(place: Place) -> Iterator[AlertStore]:
    with closing(open_store(place.address)) as store:
        yield store
