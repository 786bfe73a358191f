import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.results.atomic import whole_file, whole_folder

Whole = Callable[[Path], AbstractContextManager[Path]]


def _tree(folder: Path) -> dict[str, str | None]:
    """Every path under `folder`, hidden ones too, with its text (None for a folder)."""
    return {
        str(path.relative_to(folder)): None if path.is_dir() else path.read_text()
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture(params=[ValueError("no"), KeyboardInterrupt()], ids=["exception", "ctrl-c"])
def fault(request: pytest.FixtureRequest) -> Iterator[BaseException]:
    return request.param  # type: ignore[no-any-return]


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "new" / "deep" / "scores.csv"
    with whole_file(target) as staging:
        staging.write_text("half")
        assert staging.suffix == ".csv"
        assert not target.exists()
    assert _tree(tmp_path) == {"new": None, "new/deep": None, "new/deep/scores.csv": "half"}


def test_a_file_replaces_the_one_before(tmp_path: Path) -> None:
    target = tmp_path / "scores.csv"
    target.write_text("old")
    with whole_file(target) as staging:
        staging.write_text("new")
        assert target.read_text() == "old"
    assert _tree(tmp_path) == {"scores.csv": "new"}


@pytest.mark.parametrize("existing", [{}, {"scores.csv": "old"}], ids=["new", "existing"])
def test_a_fault_leaves_files_as_they_were(
    tmp_path: Path, existing: dict[str, str], fault: BaseException
) -> None:
    for name, text in existing.items():
        (tmp_path / name).write_text(text)

    def half() -> None:
        with whole_file(tmp_path / "scores.csv") as staging:
            staging.write_text("half")
            raise fault

    with pytest.raises(type(fault)):
        half()
    assert _tree(tmp_path) == existing


def test_a_block_that_writes_nothing_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("old")
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "scores.csv"):
        pass
    assert _tree(tmp_path) == {"scores.csv": "old"}


def test_a_file_can_be_written_with_a_bare_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with whole_file(Path("scores.csv")) as staging:
        staging.write_text("new")
    assert _tree(tmp_path) == {"scores.csv": "new"}


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match="out: is a folder"), whole_file(tmp_path / "out"):
        pytest.fail("a long run would be lost")
    assert _tree(tmp_path) == {"out": None}


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
@pytest.mark.parametrize("below", ["out", "deep/out"])
def test_a_path_through_a_file_cannot_be_written(tmp_path: Path, whole: Whole, below: str) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(InputError, match="can't be written"), whole(tmp_path / "file" / below):
        pytest.fail("a long run would be lost")
    assert _tree(tmp_path) == {"file": "old"}


def test_a_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out"
    with whole_folder(target) as staging:
        (staging / "a.csv").write_text("a")
        (staging / "sub").mkdir()
        (staging / "sub" / "b.csv").write_text("b")
        assert not target.exists()
    assert _tree(target) == {"a.csv": "a", "sub": None, "sub/b.csv": "b"}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]


def test_entries_are_replaced_whole_and_foreign_ones_stay(tmp_path: Path) -> None:
    for name in ("sub/old.csv", "was_folder/old.csv", "foreign/mine.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("old")
    for name in ("a.csv", "was_file", "mine.txt"):
        (tmp_path / name).write_text("old")
    with whole_folder(tmp_path) as staging:
        (staging / "a.csv").write_text("new")
        (staging / "was_folder").write_text("new")
        for name in ("sub", "was_file"):
            (staging / name).mkdir()
            (staging / name / "new.csv").write_text("new")
        assert (tmp_path / "a.csv").read_text() == "old"
    assert _tree(tmp_path) == {
        "a.csv": "new",
        "foreign": None,
        "foreign/mine.txt": "old",
        "mine.txt": "old",
        "sub": None,
        "sub/new.csv": "new",
        "was_file": None,
        "was_file/new.csv": "new",
        "was_folder": "new",
    }


def test_links_are_replaced_not_followed(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (elsewhere / "keep.txt").write_text("keep")
    (out / "to_folder").symlink_to(elsewhere)
    (out / "dangling").symlink_to(tmp_path / "nowhere")
    with whole_folder(out) as staging:
        for name in ("to_folder", "dangling"):
            (staging / name).mkdir()
            (staging / name / "new.csv").write_text("new")
    assert (elsewhere / "keep.txt").read_text() == "keep"
    assert not (out / "to_folder").is_symlink()
    assert (out / "dangling" / "new.csv").read_text() == "new"


@pytest.mark.parametrize("existing", [False, True])
def test_a_fault_leaves_folders_as_they_were(
    tmp_path: Path, fault: BaseException, existing: bool
) -> None:
    target = tmp_path / "out"
    if existing:
        target.mkdir()
        (target / "a.csv").write_text("old")
    before = _tree(tmp_path)

    def half() -> None:
        with whole_folder(target) as staging:
            (staging / "a.csv").write_text("half")
            (staging / "sub").mkdir()
            raise fault

    with pytest.raises(type(fault)):
        half()
    assert _tree(tmp_path) == before


def test_stale_entries_go_when_the_new_ones_come(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).write_text("old")
    (tmp_path / "rasters").mkdir()
    (tmp_path / "rasters" / "0.npz").write_text("old")
    with whole_folder(tmp_path, stale=("b.csv", "a.csv", "rasters", "absent")) as staging:
        (staging / "a.csv").write_text("new")
        assert (tmp_path / "rasters" / "0.npz").exists()
    assert _tree(tmp_path) == {"a.csv": "new", "c.csv": "old"}


@pytest.mark.parametrize("done", [False, True], ids=["before it is made", "after it is made"])
@pytest.mark.parametrize("at", range(7))
def test_a_fault_at_any_move_puts_everything_back(
    tmp_path: Path,
    fault: BaseException,
    at: int,
    done: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three old entries go aside, four new ones come in: each of the seven moves in turn fails."""
    (tmp_path / "sub").mkdir()
    for name in ("a.csv", "sub/old.csv", "stale", "mine.txt"):
        (tmp_path / name).write_text("old")
    before, moves, real = _tree(tmp_path), 0, os.replace

    def replace(source: Path, place: Path) -> None:
        nonlocal moves
        moves += 1
        if moves - 1 != at:
            real(source, place)
            return
        if done:
            real(source, place)
        raise fault

    def swap() -> None:
        with whole_folder(tmp_path, stale=("stale",)) as staging:
            (staging / "sub").mkdir()
            for name in ("a.csv", "sub/new.csv", "b.csv", "c.csv"):
                (staging / name).write_text("new")
            monkeypatch.setattr(os, "replace", replace)

    with pytest.raises(type(fault)):
        swap()
    assert moves > at
    assert _tree(tmp_path) == before


def test_what_could_not_be_put_back_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second Ctrl-C, while the first one is mended, must not cost the old entries either."""
    (tmp_path / "a.csv").write_text("old")
    (tmp_path / "b.csv").write_text("old")
    real, moves = os.replace, 0

    def replace(source: Path, place: Path) -> None:
        nonlocal moves
        moves += 1
        if moves > 2:
            raise KeyboardInterrupt
        real(source, place)

    def swap() -> None:
        with whole_folder(tmp_path) as staging:
            for name in ("a.csv", "b.csv"):
                (staging / name).write_text("new")
            monkeypatch.setattr(os, "replace", replace)

    with pytest.raises(KeyboardInterrupt):
        swap()
    assert sorted(_tree(tmp_path).values(), key=str) == [None, "old", "old"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("old")
    with pytest.raises(InputError, match="is a file, not a folder"), whole_folder(tmp_path / "out"):
        pytest.fail("a long run would be lost")
    assert _tree(tmp_path) == {"out": "old"}


def test_a_folder_that_exists_is_filled_from_inside(tmp_path: Path) -> None:
    """It may be another file system than its parent (a mounted volume), or the parent be closed."""
    with whole_folder(tmp_path) as staging:
        assert staging.parent == tmp_path
        assert staging.name.startswith(".")
        (staging / "a.csv").write_text("a")
    assert _tree(tmp_path) == {"a.csv": "a"}


def test_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "here"
    inside.mkdir()
    monkeypatch.chdir(inside)
    with whole_folder(Path()) as staging:
        (staging / "a.csv").write_text("a")
    assert _tree(tmp_path) == {"here": None, "here/a.csv": "a"}


def test_new_files_can_be_read_by_others(tmp_path: Path) -> None:
    """Staging folders are private, what comes out of them is not."""
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "file").write_text("x")
    with whole_folder(tmp_path / "out") as staging:
        (staging / "a.csv").write_text("a")
    with whole_file(tmp_path / "out" / "b.csv") as path:
        path.write_text("b")
    assert (tmp_path / "out").stat().st_mode == plain.stat().st_mode
    for name in ("a.csv", "b.csv"):
        assert (tmp_path / "out" / name).stat().st_mode == (plain / "file").stat().st_mode
