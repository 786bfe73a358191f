"""What only SQL stores do: versions of the schema, protection of the trail, and their addresses."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from tests.servers import Server
from tests.stores.conftest import SQL_PLACES, Place, place_of
from tests.stores.investigations import NOW, investigation
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.domain.alerts import Action
from tradeglyph.domain.errors import InputError
from tradeglyph.ports.alert_store import AlertStore, StoreGone
from tradeglyph.queues.address import open_queue
from tradeglyph.stores import versions
from tradeglyph.stores.address import shown, sql_url
from tradeglyph.stores.engines import WRITES, open_engine
from tradeglyph.stores.opening import open_store
from tradeglyph.stores.tables import METADATA, VERSION_TABLE


@pytest.fixture(params=SQL_PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with place_of(request, tmp_path) as place:
        yield place


@pytest.fixture(params=SQL_PLACES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/alerts.db"
        return
    server: Server = request.getfixturevalue(request.param)
    with server.database() as address:
        yield address


def say(address: str, *statements: str) -> None:
    engine = open_engine(sql_url(address))
    try:
        with engine.execution_options(**WRITES).begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def test_the_versions_are_those_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", "tradeglyph.stores:migrations")
    config.set_main_option("path_separator", "os")
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(known)) == versions.VERSIONS


def test_the_migrations_make_the_tables_that_are_used(place: Place) -> None:
    with closing(open_store(place.address)):
        pass
    engine = open_engine(sql_url(place.address))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "version_table": VERSION_TABLE}
            )
            assert compare_metadata(context, METADATA) == []
    finally:
        engine.dispose()


def test_up_and_down_keep_the_alerts(empty: str) -> None:
    assert versions.current(empty) is None
    assert versions.upgrade(empty) == versions.PRESENT == versions.current(empty)
    with closing(open_store(empty)) as store:
        store.record([investigation("k")], NOW)
        before = store.alerts()
        lines = store.trail(before.alerts[0].alert_id)
    assert versions.downgrade(empty, "0001") == "0001" == versions.current(empty)
    # What 0002 brought is gone.
    say(empty, "UPDATE tg_trail SET note = note")
    assert versions.upgrade(empty) == versions.PRESENT
    assert versions.upgrade(empty) == versions.PRESENT
    with closing(open_store(empty)) as store:
        assert store.alerts() == before
        assert store.trail(before.alerts[0].alert_id) == lines
    assert versions.downgrade(empty, versions.NOTHING) == versions.NOTHING
    assert versions.current(empty) is None
    assert versions.upgrade(empty) == versions.PRESENT
    with closing(open_store(empty)) as store:
        assert store.alerts().alerts == ()


def test_another_version_is_refused_with_the_remedy(empty: str) -> None:
    # Somebody else's tables may be there.
    say(empty, "CREATE TABLE theirs (a INTEGER)")
    with pytest.raises(InputError, match="no tables of tradeglyph yet; run: tradeglyph store upg"):
        open_store(empty)
    versions.upgrade(empty)
    versions.downgrade(empty, "0001")
    with pytest.raises(InputError, match=r"its schema is 0001.* run: tradeglyph store upgrade"):
        open_store(empty)
    say(empty, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")  # noqa: S608
    for asked in (
        lambda: open_store(empty),
        lambda: versions.upgrade(empty),
        lambda: versions.downgrade(empty, "0001"),
    ):
        with pytest.raises(InputError, match="9999, is of a newer release") as refused:
            asked()
        assert "\n" not in str(refused.value)
        assert "p%" not in str(refused.value)


@pytest.mark.parametrize("revision", ["0002", "9999", "head", "-1", "", "'; --"])
def test_down_is_to_an_older_version(tmp_path: Path, revision: str) -> None:
    address = f"sqlite:///{tmp_path}/a.db"
    versions.upgrade(address)
    versions.downgrade(address, "0001")
    with pytest.raises(InputError, match=r"can go down to one of these: base, 0001$"):
        versions.downgrade(address, revision)
    assert versions.current(address) == "0001"


@pytest.fixture
def slow_commits() -> Iterator[None]:
    """What others see too early, they see."""

    def wait(_: Connection) -> None:
        time.sleep(0.1)

    event.listen(Engine, "commit", wait)
    yield
    event.remove(Engine, "commit", wait)


@pytest.mark.usefixtures("slow_commits")
def test_several_upgrade_at_once(empty: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: versions.upgrade(empty), range(4))) == {versions.PRESENT}
    with closing(open_store(empty)) as store:
        store.ping()


def test_several_make_one_file_at_once(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/deep/er/alerts.db"

    def work(number: int) -> None:
        with closing(open_store(address)) as store:
            store.record([investigation(f"k{number}")], NOW)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    with closing(open_store(address)) as store:
        (alert,) = store.alerts().alerts
    assert len(alert.events) == 6


CHANGES = {
    "update": "UPDATE tg_trail SET note = 'else'",
    "delete": "DELETE FROM tg_trail",
    "truncate": "TRUNCATE TABLE tg_trail",
    "replace": "REPLACE INTO tg_trail (alert_id, number, time, who, action, note, event_key) "
    "SELECT alert_id, number, 0, 'x', action, note, event_key FROM tg_trail",
}


def test_the_database_refuses_to_change_the_trail(place: Place, store: AlertStore) -> None:
    (recorded,) = store.record([investigation("k")], NOW)
    alert_id = str(recorded.alert_id)
    store.decide(alert_id, Action.NOTED, who="ann", now=NOW, note="seen")
    before = store.trail(alert_id)
    kind = place.address.split(":")[0].split("+")[0]
    known = {"sqlite": "update delete replace", "postgresql": "update delete truncate"}
    # MySQL truncates as it drops, by a right of its own and without triggers.
    for change in known.get(kind, "update delete replace").split():
        with pytest.raises(DBAPIError, match="tg_trail is only added to"):
            say(place.address, CHANGES[change])
        assert store.trail(alert_id) == before, change


def test_an_alert_is_not_reopened_beside_another(place: Place, store: AlertStore) -> None:
    (first,) = store.record([investigation("k1")], NOW)
    store.decide(str(first.alert_id), Action.DISMISSED, who="ann", now=NOW)
    (second,) = store.record([investigation("k2")], NOW)
    with pytest.raises(ValueError, match=str(second.alert_id)):
        store.decide(str(first.alert_id), Action.REOPENED, who="ann", now=NOW)
    store.decide(str(second.alert_id), Action.CONFIRMED, who="ann", now=NOW)
    store.decide(str(first.alert_id), Action.REOPENED, who="ann", now=NOW)


def test_a_file_that_is_locked_for_long_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "alerts.db"
    with closing(open_store(f"sqlite:///{file}?timeout=0.05")) as store:
        store.record([investigation("k1")], NOW)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for asked in (lambda: store.record([investigation("k2")], NOW), store.ping):
                with pytest.raises(StoreGone, match="locked"):
                    asked()
            assert len(store.alerts().alerts) == 1
        store.ping()
        assert store.handled(["k2"]) == {}


def test_a_file_that_is_taken_away_keeps_nothing_unseen(tmp_path: Path) -> None:
    """A handle that is still open would take answers to where nobody reads them."""
    file, copy = tmp_path / "alerts.db", tmp_path / "copy.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        store.record([investigation("event:1")], NOW)
        store.alerts()
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        for part in tmp_path.glob("alerts.db*"):
            part.unlink()
        with pytest.raises(StoreGone):
            store.record([investigation("event:2")], NOW)
        with pytest.raises(StoreGone):
            store.ping()
        assert not file.exists()
        copy.rename(file)
        store.record([investigation("event:3")], NOW)
    with closing(open_store(f"sqlite:///{file}")) as again:
        assert set(again.handled(["event:1", "event:2", "event:3"])) == {"event:1", "event:3"}


@pytest.mark.parametrize("work", [open_store, versions.upgrade, versions.current])
def test_the_file_of_a_queue_is_left_alone(tmp_path: Path, work: Callable[[str], object]) -> None:
    """The queue does not share its file either: what is put back from a backup of one would undo
    the other's work."""
    address = f"sqlite:///{tmp_path}/kept.db"
    with closing(open_queue(address, clock=SystemClock())) as queue:
        queue.send(["{}"])
    before = (tmp_path / "kept.db").read_bytes()
    with pytest.raises(InputError, match="is the file of a queue; give the store its own"):
        work(address)
    assert (tmp_path / "kept.db").read_bytes() == before


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "alerts.db"
    file.write_text("userid,time\n" * 100)
    with pytest.raises(StoreGone, match="not a database"):
        open_store(f"sqlite:///{file}")
    assert file.read_text() == "userid,time\n" * 100


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("alerts.db", "not a URL"),
        ("oracle://u:hunter2@h/d", "oracle:// is not known"),
        ("u:hunter2@h", "not a URL"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("postgresql://u:hunter2@h", "names no database"),
    ],
)
def test_an_address_of_something_else(address: str, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted) as refused:
        open_store(address)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hunter2@127.0.0.1:1/alerts",
        "postgresql://127.0.0.1:1/alerts?user=me&password=hunter2",
        "mysql://me:hunter2@127.0.0.1:1/alerts",
        "mariadb://me:hunter2@127.0.0.1:1/alerts",
    ],
)
def test_nobody_there(address: str) -> None:
    for asked in (open_store, versions.current, versions.upgrade):
        with pytest.raises(StoreGone, match=r"://127\.0\.0\.1:1/alerts: ") as gone:
            asked(address)
        said = str(gone.value)
        assert "hunter2" not in said
        assert "\n" not in said


def test_a_wrong_password_is_not_said(mariadb: Server) -> None:
    with mariadb.database() as address, pytest.raises(StoreGone, match="Access denied") as gone:
        open_store(address.replace("p%2540ss", "hunter2"))
    assert "hunter2" not in str(gone.value)


def test_a_database_of_postgres_that_is_not_in_utf_8(postgres: Server) -> None:
    with postgres.database(encoding="SQL_ASCII") as address:
        versions.upgrade(address)
        with closing(open_store(address)) as store:
            (recorded,) = store.record([investigation("k", account="账户😀")], NOW)
            assert store.alert(str(recorded.alert_id)).account_id == "账户😀"
    for encoding in ("LATIN1", "EUC_CN"):
        with (
            postgres.database(encoding=encoding) as address,
            pytest.raises(InputError, match=f"is in {encoding}.*ENCODING 'UTF8'"),
        ):
            versions.upgrade(address)


def test_the_rest_of_a_password_with_an_at_sign_is_not_taken_for_the_host() -> None:
    with pytest.raises(InputError, match="%40") as caught:
        sql_url("postgres://me:p@hunter2@host/alerts")
    assert "hunter2" not in str(caught.value)


def test_an_address_is_shown_without_what_is_secret() -> None:
    url = sql_url("postgres://me:hunter2@[::1]:5432/alerts?sslpassword=x")
    assert shown(url) == "postgresql://[::1]:5432/alerts"
    assert shown(sql_url("sqlite:///a/b.db")) == "sqlite:///a/b.db"
