import json
from pathlib import Path

import polars as pl
import pytest

from tests.cli.command import done, refused
from tradeglyph.results import simulation

FILES = ("candles.parquet", "labels.csv", "trades.parquet")


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_three_files_and_nothing_else(tmp_path: Path) -> None:
    done("simulate", "--accounts", 40, "--out", "a", cwd=tmp_path)
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == list(FILES)
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_seed_repeats_to_the_byte_and_another_does_not(tmp_path: Path) -> None:
    for out, seed in (("one", 7), ("two", 7), ("other", 8)):
        done("simulate", "--accounts", 60, "--seed", seed, "--out", out, cwd=tmp_path)
    one, two, other = (content(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert all(one[name] != other[name] for name in FILES)


def test_the_summary_counts_what_is_in_the_files(tmp_path: Path) -> None:
    result = done("simulate", "--accounts", 80, "--out", "a", "--json", cwd=tmp_path)
    (line,) = result.stdout.splitlines()
    summary = json.loads(line)
    labels = pl.read_csv(tmp_path / "a" / "labels.csv")
    assert summary["accounts"] == len(labels)
    assert summary["fraud"] == (labels["label"] == "fraud").sum() > 0
    assert summary["trades"] == len(pl.read_parquet(tmp_path / "a" / "trades.parquet"))
    assert summary["candles"] == len(pl.read_parquet(tmp_path / "a" / "candles.parquet"))
    assert all(count > 0 for count in summary["not_made"].values())
    assert f"{summary['trades']:,} trades" in result.stderr


def test_without_json_stdout_is_empty(tmp_path: Path) -> None:
    assert done("simulate", "--accounts", 5, "--out", "a", cwd=tmp_path).stdout == ""


def test_scenarios_by_name(tmp_path: Path) -> None:
    arguments = ("simulate", "--accounts", 60, "--out", "a")
    done(*arguments, "--scenarios", " grid, day_trader ,", cwd=tmp_path)
    made = set(pl.read_csv(tmp_path / "a" / "labels.csv")["scenario"])
    assert made == {"grid", "day_trader", "crowd"}


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("--accounts", 5, "--scenarios", "grid,wizard"), "'wizard'; there are: accumulator, "),
        (("--accounts", 0), "--accounts 0"),
        (("--accounts", -3), "--accounts -3"),
    ],
)
def test_wrong_arguments(tmp_path: Path, arguments: tuple[object, ...], wanted: str) -> None:
    assert wanted in refused("simulate", *arguments, "--out", "a", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_both_sides_of_every_match(tmp_path: Path) -> None:
    done("simulate", "--accounts", 60, "--out", "a", cwd=tmp_path)
    trades = pl.read_parquet(tmp_path / "a" / "trades.parquet")
    matches = trades.group_by("trade_id").agg(
        pl.len(), pl.col("side").n_unique().alias("sides"), pl.col("price", "quantity").n_unique()
    )
    assert matches.select(pl.col("len", "sides").unique()).rows() == [(2, 2)]
    assert matches.select(pl.col("price", "quantity").unique()).rows() == [(1, 1)]


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.cli.command import tradeglyph

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(simulation, "labels_frame", stop)
    assert tradeglyph("simulate", "--accounts", 5, "--out", "a", cwd=tmp_path).status == 130
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    assert "is a file" in refused("simulate", "--accounts", 5, "--out", "a", cwd=tmp_path)
    assert (tmp_path / "a").read_text() == "mine"
