import json
from datetime import UTC, datetime, timedelta
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
    assert summary["windows"] == len(labels)
    assert summary["accounts"] == labels["account_id"].n_unique() < len(labels)
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


def candles_of_a_week(path: Path) -> pl.DataFrame:
    """Five-minute candles in hundredths, 48 a day, without a name of their symbol."""
    start = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
    rows = [
        {
            "time": (start + timedelta(days=day, minutes=5 * at)).isoformat(),
            "open": 10 + (day * 7 + at * 5) % 30 / 100,
            "high": 10.4 + (at * 11) % 17 / 100,
            "low": 10 - (at * 13) % 19 / 100,
            "close": 10.1 + (at * 3) % 20 / 100,
            "volume": 1000.0 + 37 * at,
        }
        for day in range(7)
        for at in range(48)
    ]
    frame = pl.DataFrame(rows)
    frame.write_csv(path)
    return frame


def test_accounts_in_real_candles(tmp_path: Path) -> None:
    file = candles_of_a_week(tmp_path / "600000.csv")
    arguments = ("simulate", "--accounts", 200, "--candles", "600000.csv", "--out", "a")
    result = done(*arguments, "--scenarios", "hacker,grid,day_trader", cwd=tmp_path)
    assert "336 rows read" in result.stderr
    written = pl.read_parquet(tmp_path / "a" / "candles.parquet")
    assert set(written["symbol"]) == {"600000"}
    known = file.with_columns(pl.col("time").str.to_datetime(time_unit="us", time_zone="UTC"))
    joined = written.join(known, on="time", suffix="_file")
    assert len(joined) == len(written) > 200
    for name in ("open", "high", "low", "close"):
        assert joined[name].to_list() == joined[f"{name}_file"].to_list()
    assert (joined["volume"] >= joined["volume_file"]).all()
    trades = pl.read_parquet(tmp_path / "a" / "trades.parquet")
    assert trades["price"].round(2).to_list() == trades["price"].to_list()


def test_real_candles_and_a_seed_repeat_to_the_byte(tmp_path: Path) -> None:
    candles_of_a_week(tmp_path / "k.csv")
    for out in ("one", "two"):
        done("simulate", "--accounts", 80, "--candles", "k.csv", "--out", out, cwd=tmp_path)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_real_candles_are_read_as_candles_are(tmp_path: Path) -> None:
    (tmp_path / "k.csv").write_text("When,Top,Bottom\n2024-03-04 09:35:00,11,10\n")
    arguments = ("simulate", "--accounts", 5, "--candles", "k.csv", "--out", "a")
    mapped = ("--candles-map", "time=When,high=Top,low=Bottom")
    assert "--timezone" in refused(*arguments, *mapped, cwd=tmp_path)
    zone = ("--candles-timezone", "Asia/Shanghai")
    done(*arguments, *mapped, *zone, "--candles-symbol", "S", cwd=tmp_path)
    written = pl.read_parquet(tmp_path / "a" / "candles.parquet")
    assert written["symbol"].to_list() == ["S"]
    assert written["time"].to_list() == [datetime(2024, 3, 4, 1, 35, tzinfo=UTC)]
    assert written["open"].to_list() == [None]


def test_options_of_candles_need_candles(tmp_path: Path) -> None:
    arguments = ("simulate", "--accounts", 5, "--candles-symbol", "S", "--out", "a")
    assert "add --candles FILE" in refused(*arguments, cwd=tmp_path)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("time,high,low\n", "k.csv: no rows"),
        ("time,high,low\n2024-03-04T09:35:00Z,10,11\n", "high is below low"),
        (
            "time,high,low\n2024-03-04T09:35:00Z,11,10\n2024-03-04T09:35:05Z,11,10\n",
            "5 s long, too short",
        ),
    ],
)
def test_candles_that_nobody_can_trade_in(tmp_path: Path, text: str, wanted: str) -> None:
    (tmp_path / "k.csv").write_text(text)
    arguments = ("simulate", "--accounts", 5, "--candles", "k.csv", "--out", "a")
    assert wanted in refused(*arguments, cwd=tmp_path)
    assert not (tmp_path / "a").exists()


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
