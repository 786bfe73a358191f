"""What the page on operations tells to type, beyond `tradeglyph`: backups, deletions, a unit."""

import configparser
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")

from tests.docs.commands import ROOT, files_of
from tests.servers import Server
from tests.stores.investigations import NOW, investigation
from tradeglyph.app.doctor.texts import TEXTS
from tradeglyph.cli.main import app
from tradeglyph.domain.alerts import Action, Status
from tradeglyph.domain.findings import Exhibit
from tradeglyph.ports.alert_store import AlertStore
from tradeglyph.stores.opening import open_store
from tradeglyph.stores.versions import upgrade

PAGE = ROOT / "docs" / "operations.md"
STORE = "sqlite:///tradeglyph-state/alerts.db"
PICTURE = Exhibit(name="picture-COIN.png", media_type="image/png", content=b"\x89PNG")


def blocks(kind: str, page: Path = PAGE) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in files_of(PAGE).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, words in (("tradeglyph", "-m tradeglyph"), ("python3", "")):
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        (commands / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def typed(text: str) -> None:
    done = subprocess.run(
        ["bash", "-euc", text], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


def raised(store: AlertStore) -> str:
    (recorded,) = store.record([investigation("k1", exhibits=(PICTURE,))], NOW)
    assert recorded.alert_id is not None
    return recorded.alert_id


def dismissed(store: AlertStore, alert_id: str) -> None:
    store.decide(alert_id, Action.DISMISSED, who="li", now=NOW + 1, note="known")


def test_a_backup_of_sqlite_comes_back_as_it_was(folder: Path) -> None:
    backup, restore, watch = blocks("bash")
    (folder / "event.json").write_text('{"userid": "u", "event_id": "e"}')
    typed("tradeglyph enqueue event.json")
    with closing(open_store(STORE)) as store:
        alert_id = raised(store)
        # While it is open, with what is still in the write-ahead log.
        typed(backup)
        dismissed(store, alert_id)
    assert (folder / "backup").stat().st_mode & 0o077 == 0
    typed(restore)
    with closing(open_store(STORE)) as store:
        assert store.alert(alert_id).status is Status.OPEN
        assert store.exhibit(alert_id, PICTURE.name).content == PICTURE.content
    with closing(sqlite3.connect(folder / "backup" / "queue.db")) as queue:
        assert queue.execute("SELECT count(*) FROM messages").fetchone() == (1,)
        assert queue.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    # The page's sources are files, which the other test makes; here there is one of each.
    (folder / "accounts").mkdir()
    typed("tradeglyph simulate --accounts 5 --seed 7 --out accounts")
    typed(watch)
    assert '"status": 0' in (folder / "doctor.json").read_text("utf-8")


def test_a_backup_of_postgresql_comes_back_as_it_was(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import DBAPIError

    (commands,) = blocks("bash postgres")
    save, prepare, restore = commands.splitlines()
    if shutil.which("pg_dump") is None or shutil.which("pg_restore") is None:
        pytest.skip("needs pg_dump")
    with postgres.database() as url:
        plain = url.replace("+psycopg", "")
        monkeypatch.setenv("STORE", plain)
        upgrade(url)
        with closing(open_store(url)) as store:
            alert_id = raised(store)
            dump = subprocess.run(["bash", "-euc", save], capture_output=True, text=True)
            if "server version mismatch" in dump.stderr:
                pytest.skip("pg_dump is older than the server")
            assert dump.returncode == 0, dump.stderr
            dismissed(store, alert_id)
        # Where it was, and in a new one.
        with postgres.database() as other:
            for place in (url, other):
                monkeypatch.setenv("STORE", place.replace("+psycopg", ""))
                typed(f"{prepare}\n{restore}")
                with closing(open_store(place)) as store:
                    assert store.alert(alert_id).status is Status.OPEN
                    assert store.exhibit(alert_id, PICTURE.name).content == PICTURE.content
                engine = create_engine(place)
                with engine.connect() as connection, pytest.raises(DBAPIError, match="only added"):
                    connection.execute(text("DELETE FROM tg_trail"))
                engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mariadb"])
def test_exhibits_of_closed_alerts_can_go(kind: str, request: pytest.FixtureRequest) -> None:
    from sqlalchemy import create_engine, text

    (delete,) = blocks("sql")

    def check(url: str) -> None:
        upgrade(url)
        engine = create_engine(url)
        with closing(open_store(url)) as store:
            alert_id = raised(store)
            for left in ((PICTURE.name,), ()):
                with engine.begin() as connection:
                    connection.execute(text(delete))
                # NOW is in 2023; as long as the alert is open, nothing goes.
                assert store.alert(alert_id).exhibits == left
                if left:
                    dismissed(store, alert_id)
            assert store.alert(alert_id).findings
            assert len(store.trail(alert_id)) == 2
        engine.dispose()

    if kind == "sqlite":
        Path("tradeglyph-state").mkdir()
        check(STORE)
    else:
        with request.getfixturevalue(kind).database() as url:
            check(url)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_tables_go_down_and_up_and_lose_nothing(kind: str, request: pytest.FixtureRequest) -> None:
    commands = [line for line in blocks("sh")[1].splitlines() if " store " in line]
    assert [line.split()[2] for line in commands] == ["current", "downgrade", "upgrade"]

    def check(url: str) -> None:
        upgrade(url)
        with closing(open_store(url)) as store:
            alert_id = raised(store)
        for command in commands:
            typed(f"{command} --store '{url}'")
        with closing(open_store(url)) as store:
            assert store.alert(alert_id).status is Status.OPEN
            assert store.exhibit(alert_id, PICTURE.name).content == PICTURE.content

    if kind == "sqlite":
        Path("tradeglyph-state").mkdir()
        check(STORE)
    else:
        with request.getfixturevalue(kind).database() as url:
            check(url)


def test_the_unit_and_the_image_start_what_there_is() -> None:
    (unit,) = blocks("ini")
    parsed = configparser.ConfigParser()
    parsed.read_string(unit)
    program, command = shlex.split(parsed["Service"]["ExecStart"])
    assert Path(program).name == "tradeglyph"
    (image,) = blocks("dockerfile")
    assert 'ENTRYPOINT ["tradeglyph"]' in image
    assert f'CMD ["{command}"]' in image
    known = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    assert command in known | {"worker"}


def test_codes_that_the_pages_name_are_codes() -> None:
    for page in (PAGE, PAGE.with_name("operations.zh-CN.md")):
        watch = re.split("## (?:Monitor|监控)", page.read_text("utf-8"))[1]
        told = set(re.findall(r"`([a-z]+_[a-z_]+)`", watch))
        assert len(told) == 6
        assert told <= set(TEXTS)


def test_both_languages_show_the_same() -> None:
    chinese = PAGE.with_name("operations.zh-CN.md")
    for kind in ("bash", "bash postgres", "sql", "ini", "dockerfile"):
        assert blocks(kind) == blocks(kind, chinese)
        assert blocks(kind)
