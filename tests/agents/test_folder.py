"""The folder: what changes while it is read, and what lies deep in it."""

import os
from pathlib import Path

import pytest

from tradeglyph.agents import folder as module
from tradeglyph.agents.folder import Folder
from tradeglyph.domain.errors import InputError

CSV = (".csv",)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("one", encoding="utf-8")
    (tmp_path / "b.csv").write_text("outside", encoding="utf-8")
    return tmp_path / "in"


def test_a_file_is_read_by_its_real_path(place: Path) -> None:
    (place / "link.csv").symlink_to("a.csv")
    with Folder.named(place).files(["a.csv", "link.csv"], CSV) as paths:
        assert paths == [place.resolve() / "a.csv"] * 2


def test_a_folder_may_itself_be_behind_a_link(place: Path) -> None:
    (place.parent / "alias").symlink_to(place)
    with Folder.named(place.parent / "alias").files(["a.csv"], CSV) as paths:
        assert paths == [place.resolve() / "a.csv"]


def exchanged(place: Path, how: str) -> None:
    file = place / "a.csv"
    if how == "longer":
        file.write_text("one and more", encoding="utf-8")
        return
    (place / "c").write_text("one", encoding="utf-8")
    file.unlink()
    if how == "link":
        file.symlink_to(place.parent / "b.csv")
    if how == "other":
        os.rename(place / "c", file)


@pytest.mark.parametrize("exchange", ["link", "other", "longer", "gone"])
def test_a_file_that_is_exchanged_while_it_is_read_gives_no_answer(
    place: Path, exchange: str
) -> None:
    with pytest.raises(InputError), Folder.named(place).files(["a.csv"], CSV):
        exchanged(place, exchange)


def test_a_folder_of_tables_is_watched_as_a_whole(place: Path) -> None:
    (place / "deep" / "buy").mkdir(parents=True)
    (place / "deep" / "buy" / "x.csv").write_text("x", encoding="utf-8")
    folder = Folder.named(place)
    with folder.files_or_folders(["deep", "a.csv"], CSV) as paths:
        assert paths == [place.resolve() / "deep", place.resolve() / "a.csv"]
    with (
        pytest.raises(InputError, match="changed while"),
        folder.files_or_folders(["deep"], CSV),
    ):
        (place / "deep" / "buy" / "y.csv").write_text("y", encoding="utf-8")
    (place / "deep" / "sell").symlink_to(place.parent)
    with (
        pytest.raises(InputError, match="link to a folder"),
        folder.files_or_folders(["deep"], CSV),
    ):
        pass


def test_large_files_and_crowded_folders_are_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder.named(place)
    monkeypatch.setattr(module, "MOST_BYTES", 2)
    with pytest.raises(InputError, match="split it"), folder.files(["a.csv"], CSV):
        pass
    assert folder.entries(CSV) == []
    monkeypatch.setattr(module, "MOST_ENTRIES", 0)
    with pytest.raises(InputError, match="more than 0 entries"):
        folder.entries(CSV)


def test_texts_for_the_model_do_not_say_where_the_folder_is(place: Path) -> None:
    folder = Folder.named(place)
    said = f"{folder.root}/a.csv: line 1; {folder.root}: all"
    assert folder.shown(said) == "a.csv: line 1; .: all"
