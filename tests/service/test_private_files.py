"""Files that hold accounts are their owner's alone, whatever the umask says."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.parts import HandClock, alerting
from tradeglyph.app.flow_demo import make_flow_demo
from tradeglyph.app.service_settings import KeySettings
from tradeglyph.queues.sqlite import SqliteQueue
from tradeglyph.stores.opening import open_store


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """Rights of all that is in a folder."""
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*")
    }


def test_the_store_and_the_queue_are_private(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'state' / 'alerts.db'}")
    queue = SqliteQueue(tmp_path / "new" / "state" / "queue.db", clock=HandClock())
    other = SqliteQueue(tmp_path / "other" / "state" / "queue.db", clock=HandClock())
    store.record([alerting("event:0")], 1)
    queue.send(["a"])
    other.send(["a"])
    found = modes(tmp_path)
    names = {f"new/state/{name}" for name in ("alerts.db", "queue.db")} | {"other/state/queue.db"}
    logs = {f"{name}-{end}" for name in names for end in ("wal", "shm")}
    folders = {"new", "new/state", "other", "other/state"}
    assert found == dict.fromkeys(names | logs, "0o600") | dict.fromkeys(folders, "0o700")
    for part in (store, queue, other):
        part.close()


def test_a_file_that_was_there_keeps_its_rights(tmp_path: Path) -> None:
    """An administrator may share it with a group."""
    (tmp_path / "queue.db").touch(mode=0o660)
    queue = SqliteQueue(tmp_path / "queue.db", clock=HandClock())
    queue.send(["a"])
    assert set(modes(tmp_path).values()) == {"0o660"}
    queue.close()


def test_the_state_of_the_demo_is_private(tmp_path: Path) -> None:
    key = KeySettings(name="demo", sha256="a" * 64, scopes=frozenset({"admin"}))
    make_flow_demo(tmp_path / "demo", HandClock(), lang="en", key=key, port=0)
    found = modes(tmp_path)
    assert found.pop("demo") == "0o700"
    assert {"demo/market.db", "demo/queue.db", "demo/tradeglyph.toml"} <= set(found)
    assert set(found.values()) == {"0o600"}
