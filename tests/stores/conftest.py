"""An empty store of each kind, and another way to it.

Databases get their tables once: a file and a database of PostgreSQL are copied for each test, the
tables of one of MariaDB are emptied.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.servers import Server
from tradeglyph.ports.alert_store import AlertStore
from tradeglyph.stores.opening import open_store


class Stoppable(Protocol):
    """A server that can go away and come back with all that it holds."""

    def stop(self) -> None: ...

    def start(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is."""

    address: str
    server: Stoppable | None
    """What answers there; None for a file."""
    whole_batches: bool = True
    """Whether the events of one `record` are kept together; else each by itself."""
    exhibit_most: int = 17 << 20
    """Bytes of an exhibit that doesn't compress: more than a statement may have on most servers."""


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without alerts."""
    path = tmp_path_factory.mktemp("store") / "alerts.db"
    with closing(open_store(f"sqlite:///{path}")):
        pass
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> Iterator[str]:
    """Name of a database with the tables."""
    from sqlalchemy import make_url

    from tradeglyph.stores.versions import upgrade

    with postgres.database() as address:
        upgrade(address)
        yield str(make_url(address).database)


@pytest.fixture(scope="session")
def mariadb_tables(mariadb: Server) -> Iterator[str]:
    """URL of a database with the tables."""
    from tradeglyph.stores.versions import upgrade

    with mariadb.database() as address:
        upgrade(address)
        yield address


@pytest.fixture(scope="session")
def dynamodb_server() -> Iterator[Any]:
    """moto's server."""
    pytest.importorskip("boto3", reason="needs the extra `aws`")
    pytest.importorskip("moto", reason="needs moto[server]")
    from tests.stores.moto_server import DynamoDBServer

    server = DynamoDBServer()
    yield server
    server.stop()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of nobody."""
    from tests.stores.moto_server import AWS

    for name, value in AWS.items():
        monkeypatch.setenv(name, value)


@contextmanager
def _sqlite(request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    path = folder / "state" / "alerts.db"
    path.parent.mkdir()
    shutil.copy(request.getfixturevalue("sqlite_file"), path)
    yield Place(f"sqlite:///{path}", None)


@contextmanager
def _postgres(request: pytest.FixtureRequest, _folder: Path) -> Iterator[Place]:
    template = request.getfixturevalue("postgres_template")
    server: Server = request.getfixturevalue("postgres")
    with server.database(template) as address:
        yield Place(address, server)


@contextmanager
def _mariadb(request: pytest.FixtureRequest, _folder: Path) -> Iterator[Place]:
    from sqlalchemy import NullPool, create_engine, text

    from tradeglyph.stores.tables import METADATA

    address = request.getfixturevalue("mariadb_tables")
    yield Place(address, request.getfixturevalue("mariadb"))
    engine = create_engine(address, poolclass=NullPool)
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            # The trail refuses DELETE.
            connection.execute(text(f"TRUNCATE TABLE {table.name}"))


@contextmanager
def _dynamodb(request: pytest.FixtureRequest, _folder: Path) -> Iterator[Place]:
    request.getfixturevalue("aws")
    server = request.getfixturevalue("dynamodb_server")
    yield Place(server.new_table(), server, whole_batches=False, exhibit_most=1 << 20)


SQL_PLACES = {"sqlite": _sqlite, "postgres": _postgres, "mariadb": _mariadb}
PLACES = {**SQL_PLACES, "dynamodb": _dynamodb}
"""An implementation more is an entry more."""


@contextmanager
def place_of(request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    """A place of the kind that the test is asked for."""
    pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
    with PLACES[request.param](request, folder) as place:
        yield place


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with place_of(request, tmp_path) as place:
        yield place


@pytest.fixture
def store(place: Place) -> Iterator[AlertStore]:
    with closing(open_store(place.address)) as store:
        yield store
