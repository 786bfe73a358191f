from pathlib import Path

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.results.earlier import check_replaceable


def check(folder: Path) -> None:
    check_replaceable(folder, ("pictures", "index.csv", "spec.json"), ("index.csv", "spec.json"),
                      "paint")  # fmt: skip


def test_nothing_stands_in_the_way(tmp_path: Path) -> None:
    check(tmp_path / "new")
    (tmp_path / "mine.txt").write_text("mine")
    check(tmp_path)


@pytest.mark.parametrize("foreign", [("pictures",), ("pictures", "index.csv"), ("spec.json",)])
def test_entries_of_somebody_else(tmp_path: Path, foreign: tuple[str, ...]) -> None:
    for name in foreign:
        (tmp_path / name).write_text("theirs")
    held = ", ".join(foreign)
    with pytest.raises(InputError, match=f"^{tmp_path}: holds {held}, which `tradeglyph paint`"):
        check(tmp_path)


def test_a_folder_called_like_a_sign_is_none(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("theirs")
    (tmp_path / "spec.json").mkdir()
    with pytest.raises(InputError, match=r"holds index\.csv, spec\.json"):
        check(tmp_path)


def test_our_own_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for name in ("index.csv", "spec.json"):
        (tmp_path / name).write_text("ours")
    check(tmp_path)
