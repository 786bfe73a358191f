from pathlib import Path

import polars as pl
import pytest

from tradeglyph.results.rejects import write_rejects

ROWS = pl.DataFrame(
    {
        "file": ["t.csv", "t.csv"],
        "line": [3, 9],
        "column": ["price", "side"],
        "reason": ["must be above 0", "is neither buy nor sell, or so"],
        "价格": ["-1", "=1+1"],
    }
)


def test_rows_stand_beside_the_output(tmp_path: Path) -> None:
    path = write_rejects(ROWS, tmp_path / "scores.csv")
    assert path == tmp_path / "scores.csv.rejects.csv"
    assert pl.read_csv(path).equals(ROWS)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_without_rows_an_earlier_file_goes(tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    assert write_rejects(ROWS.clear(), out) is None
    assert list(tmp_path.iterdir()) == []
    write_rejects(ROWS, out)
    out.write_text("scores")
    assert write_rejects(ROWS.clear(), out) is None
    assert [p.name for p in tmp_path.iterdir()] == ["scores.csv"]


def test_a_later_run_replaces_an_earlier_one(tmp_path: Path) -> None:
    write_rejects(ROWS, tmp_path / "s.csv")
    path = write_rejects(ROWS[1:], tmp_path / "s.csv")
    assert path is not None
    assert pl.read_csv(path)["line"].to_list() == [9]


def test_beside_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dataset").mkdir()
    assert write_rejects(ROWS, tmp_path / "dataset") == tmp_path / "dataset.rejects.csv"
    monkeypatch.chdir(tmp_path / "dataset")
    (tmp_path / "dataset.rejects.csv").unlink()
    write_rejects(ROWS, Path())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dataset", "dataset.rejects.csv"]
    write_rejects(ROWS, Path(".."))
    assert (tmp_path.parent / f"{tmp_path.name}.rejects.csv").is_file()
    (tmp_path.parent / f"{tmp_path.name}.rejects.csv").unlink()


def test_quotes_and_newlines_in_a_bad_row_survive(tmp_path: Path) -> None:
    nasty = ROWS.with_columns(pl.lit('a,"b"\nc').alias("reason"))
    path = write_rejects(nasty, tmp_path / "s.csv")
    assert path is not None
    assert pl.read_csv(path)["reason"].to_list() == ['a,"b"\nc'] * 2
