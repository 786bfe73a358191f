"""`tradeglyph dataset` from outside; what lies in the folder is proven in the learning tests."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.cli.command import done, refused
from tests.cli.files import LABELS, market, table
from tradeglyph.learning.folder import read_folder

SIMULATED = ("--trades", "trades.parquet", "--candles", "candles.parquet")


def listed(folder: Path, side: str) -> list[str]:
    return (folder / f"data_{side}.lst").read_text().splitlines()


def test_a_folder_of_simulated_accounts(world: Path, tmp_path: Path) -> None:
    out = tmp_path / "d"
    result = done(
        "dataset", *SIMULATED, "--labels", "labels.csv", "--out", out, "--json", cwd=world
    )
    summary = json.loads(result.stdout)
    labels = pl.read_csv(world / "labels.csv")
    assert summary["windows"] == len(labels) - summary["unanswerable"]
    assert summary["unlabelled"] == 0
    assert summary["split"] == "day"
    assert "random" not in result.stderr
    assert len(listed(out, "train")) == summary["train"]
    assert len(listed(out, "val")) == summary["windows"] - summary["train"] > 0
    samples = read_folder(out)
    assert (len(samples), int(samples.label.sum())) == (summary["windows"], summary["fraud"])


def test_split_random_warns_on_stderr(tmp_path: Path) -> None:
    arguments = ("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d")
    result = done(*arguments, "--split", "random", "--json", cwd=tmp_path)
    assert "warning: --split random" in result.stderr
    assert "not held-out" in result.stderr
    assert json.loads(result.stdout)["split"] == "random"


def test_two_days_are_divided(tmp_path: Path) -> None:
    result = done("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d", "--json",
                  cwd=tmp_path)  # fmt: skip
    summary = json.loads(result.stdout)
    assert (summary["windows"], summary["fraud"]) == (3, 2)
    assert summary["train"] in (1, 2)


def test_one_day_is_refused(tmp_path: Path) -> None:
    arguments = ("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d")
    trades = [line for line in (tmp_path / "t.csv").read_text().splitlines() if "-03T" not in line]
    (tmp_path / "t.csv").write_text("\n".join(trades))
    before = {p.name for p in tmp_path.iterdir()}
    assert "one symbol and day" in refused(*arguments, cwd=tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == before
    done(*arguments, "--split", "random", cwd=tmp_path)


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (LABELS.replace("A,X", "Z,X").replace("B,X", "Z,Y"), "no window has a label"),
        (LABELS.replace("fraud", "bad"), "l.csv: line 2, column label"),
        (LABELS.replace(",label", ",truth"), "label"),
        ("", "l.csv"),
    ],
)
def test_labels_that_cannot_be_used(tmp_path: Path, labels: str, wanted: str) -> None:
    arguments = ("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d")
    (tmp_path / "l.csv").write_text(labels)
    assert wanted in refused(*arguments, cwd=tmp_path)
    assert not (tmp_path / "d").exists()


def test_labels_may_be_left_out_for_the_seeds_folder_alone(tmp_path: Path) -> None:
    arguments = ("dataset", *market(tmp_path), "--out", "d")
    assert "t.csv: a file of trades has no labels in it; add --labels" in refused(
        *arguments, cwd=tmp_path
    )
    for side, price in (("buy", 9), ("sell", 12)):
        (tmp_path / "seeds" / side).mkdir(parents=True)
        for stem, day in (("X_hacker_1", 2), ("X_2", 3)):
            (tmp_path / "seeds" / side / f"{side}_{stem}.csv").write_text(
                f"time,price\n2026-01-0{day} 10:00:00,{price}\n"
            )
    done("dataset", "--trades", "seeds", "--candles", "k.csv", "--out", "d", "--timezone", "UTC",
         cwd=tmp_path)  # fmt: skip
    windows = pl.read_parquet(tmp_path / "d" / "windows.parquet")
    assert sorted(windows["label"]) == ["fraud", "normal"]


def test_scenarios_can_be_left_out(tmp_path: Path) -> None:
    arguments = ("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d")
    done(*arguments, "--split", "random", "--leave-out", "day_trader", cwd=tmp_path)
    windows = pl.read_parquet(tmp_path / "d" / "windows.parquet")
    assert set(windows["scenario"]) == {"hacker"}
    (tmp_path / "l.csv").write_text(LABELS.replace("day_trader", "drip"))
    done(*arguments, "--split", "random", "--leave-out", "untellable", cwd=tmp_path)
    windows = pl.read_parquet(tmp_path / "d" / "windows.parquet")
    assert set(windows["scenario"]) == {"hacker"}
    (tmp_path / "l.csv").write_text(LABELS)
    said = refused(*arguments, "--leave-out", "hacker,robber", cwd=tmp_path)
    assert "--leave-out robber: no label names it; these do: day_trader, hacker" in said


def test_windows_left_out_are_said(tmp_path: Path) -> None:
    arguments = ("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d")
    with (tmp_path / "t.csv").open("a") as file:
        file.write("C,X,2026-01-02T10:00:00Z,buy,10,1\nB,X,2026-01-04T10:00:00Z,buy,10,1\n")
    result = done(*arguments, "--json", cwd=tmp_path)
    assert "1 windows have no label" in result.stderr
    assert "1 windows have fewer than two fills in candles" in result.stderr
    summary = json.loads(result.stdout)
    assert (summary["windows"], summary["unlabelled"], summary["unanswerable"]) == (3, 1, 1)


def test_a_label_of_one_window_speaks_of_that_alone(tmp_path: Path) -> None:
    arguments = ("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d")
    (tmp_path / "l.csv").write_text(
        "account_id,symbol,scenario,label,window_start\n"
        "A,X,hacker,fraud,2026-01-03T00:00:00Z\n"
        "B,X,day_trader,normal,\n"
    )
    done(*arguments, cwd=tmp_path)
    windows = pl.read_parquet(tmp_path / "d" / "windows.parquet")
    assert windows.select("account_id", "day", "label").rows() == [
        ("A", "2026-01-03", "fraud"),
        ("B", "2026-01-02", "normal"),
    ]


def test_naive_starts_of_labels_are_in_the_zone_of_the_trades(tmp_path: Path) -> None:
    arguments = ("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d")
    (tmp_path / "l.csv").write_text(
        "account_id,symbol,scenario,label,window_start\n"
        "A,X,hacker,fraud,2026-01-03 08:00:00\n"
        "B,X,day_trader,normal,2026-01-02 08:00:00\n"
    )
    assert "--timezone" in refused(*arguments, cwd=tmp_path)
    done(*arguments, "--timezone", "Asia/Shanghai", cwd=tmp_path)
    windows = pl.read_parquet(tmp_path / "d" / "windows.parquet")
    assert windows["account_id"].to_list() == ["A", "B"]


def test_a_folder_that_is_no_dataset_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    market(tmp_path)
    (tmp_path / "d" / "traindata").mkdir(parents=True)
    (tmp_path / "d" / "traindata" / "mine.txt").write_text("mine")
    said = refused("dataset", "--trades", "absent.csv", "--candles", "k.csv", "--labels", "l.csv",
                   "--out", "d", cwd=tmp_path)  # fmt: skip
    assert "d: holds traindata, which `tradeglyph dataset` did not write" in said
    assert (tmp_path / "d" / "traindata" / "mine.txt").read_text() == "mine"


def test_the_seeds_spec(tmp_path: Path) -> None:
    done("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d", "--spec", "seed",
         cwd=tmp_path)  # fmt: skip
    assert {p.suffix for p in (tmp_path / "d" / "traindata").rglob("*.*")} == {".jpg"}
    assert read_folder(tmp_path / "d").rasters.shape == (3, 150, 250, 3)


def test_skipped_rows_stand_beside_the_folder(tmp_path: Path) -> None:
    arguments = ("dataset", *market(tmp_path), "--labels", "l.csv", "--out", "d")
    with (tmp_path / "t.csv").open("a") as file:
        file.write("B,X,2026-01-03T10:00:00Z,hold,10,1\n")
    result = done(*arguments, "--on-error", "skip", cwd=tmp_path)
    assert "1 rejected rows are in d.rejects.csv" in result.stderr
    (row,) = table(tmp_path / "d.rejects.csv")
    assert (row["line"], row["column"]) == ("9", "side")
