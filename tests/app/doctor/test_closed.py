"""Files that can't be written, whatever is tried: what is wrong is said, and what to do."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.command import tradeglyph
from tradeglyph.app.doctor.closed import closed

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")

EVENT = '{"account_id": "a", "event_id": "w1"}'
COMMANDS = (
    ("enqueue", "event.json"),
    ("queue", "dead", "list"),
    ("alerts", "list"),
    ("store", "upgrade"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("event.json").write_text(EVENT)
    Path("tradeglyph.toml").write_text(
        '[queue]\nurl = "sqlite:///kept/queue.db"\n[store]\nurl = "sqlite:///kept/alerts.db"\n'
    )
    return tmp_path


def refused(said: str, commands: Sequence[tuple[str, ...]] = COMMANDS) -> None:
    """By the commands, in one line with a remedy, and by the doctor."""
    for command in commands:
        done = tradeglyph(*command, cwd=Path())
        assert done.status == 2, (command, done)
        assert said in done.stderr, (command, done)
        assert "; run as its owner" in done.stderr or "; name a file" in done.stderr
        assert "later" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
    _told_by_doctor(said)


def _told_by_doctor(said: str) -> None:
    done = tradeglyph("doctor", cwd=Path())
    assert done.status == 2, "nothing of this is a fault of ours"
    for part in ("queue", "store"):
        fault = [line for line in done.stdout.splitlines() if line.startswith(f"fault   {part}:")]
        assert len(fault) == 1
        assert said in fault[0]


def test_folders_in_the_place_of_files() -> None:
    for name in ("queue.db", "alerts.db"):
        (Path("kept") / name).mkdir(parents=True)
    refused("is a folder, not a file")


def test_a_file_in_the_place_of_the_folder() -> None:
    Path("kept").touch()
    _told_by_doctor("kept: is no folder")
    for command, said in (
        (("enqueue", "event.json"), "kept: is no folder; name a file in a folder"),
        (("alerts", "list"), "kept: can't be made: File exists; name a file in a folder"),
    ):
        done = tradeglyph(*command, cwd=Path())
        assert (done.status, said in done.stderr) == (2, True), done


def test_a_folder_that_may_not_be_entered_or_written() -> None:
    _not_as_root()
    Path("kept").mkdir()
    for mode in (0o000, 0o500):
        Path("kept").chmod(mode)
        try:
            refused("kept: can't be written by this user")
        finally:
            Path("kept").chmod(0o700)


def test_files_that_may_not_be_written() -> None:
    _not_as_root()
    for command in COMMANDS:
        assert tradeglyph(*command, cwd=Path()).status == 0
    for mode, commands in ((0o000, COMMANDS), (0o400, COMMANDS[:1])):  # the others may read
        for file in Path("kept").iterdir():
            file.chmod(mode)
        refused("can't be written by this user", commands)


def test_a_disk_that_is_read_only() -> None:
    """The kernel's own, which nobody writes: /proc and /sys are only sometimes mounted so."""
    places = [place for place in ("/sys", "/proc/sys", "/usr") if _read_only(place)]
    if not places:
        pytest.skip("no file system here is read-only")
    found = closed("store", Path(places[0]) / "alerts.db")
    assert found is not None
    assert found.code == "disk_read_only"


def test_what_can_be_written_is_not_closed() -> None:
    Path("kept").mkdir()
    assert closed("store", Path("kept/alerts.db")) is None
    assert closed("store", Path("kept/new/alerts.db")) is None
    Path("kept/alerts.db").touch()
    assert closed("store", Path("kept/alerts.db")) is None


def _read_only(place: str) -> bool:
    return os.path.isdir(place) and bool(os.statvfs(place).f_flag & os.ST_RDONLY)


def _not_as_root() -> None:
    Path("probe").mkdir(mode=0o500)
    if os.access("probe", os.W_OK):
        pytest.skip("root may write anything")
