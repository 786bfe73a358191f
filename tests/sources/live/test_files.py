"""Files that change while they are asked, or are too large to hold."""

import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.sources.live.market import SECOND, T0, plain
from tradeglyph.ports.sources import SourceGone, TooManyRows
from tradeglyph.sources.live.files import FileCandles, FileTrades
from tradeglyph.sources.options import ReadOptions

EVER = (-(1 << 62), 1 << 62)
HEAD = "account_id,symbol,time,side,price,quantity,trade_id\n"
SCANNED = {"in_memory_bytes": 0}


def test_a_file_is_read_again_when_it_changes(tmp_path: Path):
    file = tmp_path / "trades.csv"
    source = FileTrades(tmp_path, ReadOptions())
    with pytest.raises(SourceGone, match="no readable file"):
        source.watermark(EVER[1])
    assert [p.code for p in source.check()] == ["unreadable"]
    file.write_text(HEAD + "a,X,2024-10-04T09:30:00Z,buy,1,1,\n")
    assert source.watermark(EVER[1]) == T0
    first = source.left_out
    assert source.left_out is first, "unchanged files are not read again"
    with file.open("a") as more:
        more.write("a,X,2024-10-04T09:30:01Z,sell,0,1,\na,X,2024-10-04T09:30:02Z,sell,2,1,\n")
    assert source.watermark(EVER[1]) == T0 + 2 * SECOND
    assert len(source.of_account("a", *EVER)) == 2
    assert source.left_out.counts() == {"price": 1}
    other = tmp_path / "more.csv"
    other.write_text(HEAD + "b,X,2024-10-04T09:31:00Z,buy,1,1,\n")
    assert len(source.of_symbols(["X"], *EVER)) == 3
    file.unlink()
    assert len(source.of_symbols(["X"], *EVER)) == 1


def test_a_file_that_is_half_there_is_gone_for_now(tmp_path: Path):
    file = tmp_path / "trades.parquet"
    frame(1).write_parquet(file)
    whole = file.read_bytes()
    for options in ({}, SCANNED):
        file.write_bytes(whole[: len(whole) // 2])
        source = FileTrades(file, ReadOptions(), **options)
        with pytest.raises(SourceGone, match="not a whole"):
            source.of_account("a", *EVER)
        file.write_bytes(whole)
        assert len(source.of_account("a", *EVER)) == 1


def frame(rows: int, **columns: pl.Series) -> pl.DataFrame:
    given = {
        "account_id": ["a"] * rows,
        "symbol": ["X"] * rows,
        "time": [datetime(2024, 10, 4, 9, 30, n, tzinfo=UTC) for n in range(rows)],
        "side": ["buy"] * rows,
        "price": [1.0] * rows,
        "quantity": [1.0] * rows,
    }
    return pl.DataFrame(given | columns)


def test_scanned_files_answer_as_those_that_are_held(tmp_path: Path):
    local = pl.Series([datetime(2024, 10, 4, 17, 30, n) for n in range(3)])  # noqa: DTZ001
    zoned = frame(3)["time"].dt.convert_time_zone("America/New_York").dt.cast_time_unit("ns")
    frames = {
        "numbers": frame(3, account_id=pl.Series([7, 7, 8]), price=pl.Series([1.0, 0.0, 1.0])),
        "floats": frame(3, account_id=pl.Series([7.0, 7.0, None])),
        "blanks": frame(3, account_id=pl.Series([" 7", '="7"', "70"])),
        "bytes": frame(3, account_id=pl.Series([b"7", b"7", b"\xff"])),
        "local": frame(3, account_id=pl.Series(["7", "8", "7"]), time=local),
        "zoned": frame(3, account_id=pl.Series(["7"] * 3), time=zoned),
        "counts": frame(3, account_id=pl.Series(["7"] * 3), time=pl.Series([T0, T0 + 1, T0 + 2])),
        "symbols": frame(3, account_id=pl.Series(["7"] * 3)).drop("symbol"),
    }
    options = ReadOptions(timezone="Asia/Shanghai")
    sizes = {}
    for name, found in frames.items():
        file = tmp_path / f"{name}.parquet"
        found.write_parquet(file)
        held, scanned = FileTrades(file, options), FileTrades(file, options, **SCANNED)
        assert type(held._watched.get()) is not type(scanned._watched.get())
        for since, until in (EVER, (T0, T0 + 1), (T0 + 1, T0 + 2 * SECOND)):
            mine = plain(scanned.of_account("7", since, until))
            assert mine == plain(held.of_account("7", since, until))
            sizes[name, since] = len(mine)
            for symbols in (["X"], ["symbols"]):
                theirs = plain(held.of_symbols(symbols, since, until))
                assert plain(scanned.of_symbols(symbols, since, until)) == theirs
        # A row whose price can't be read tells how far a file is that is scanned.
        second = T0 + 2 * SECOND - (name == "numbers") * SECOND
        for before in (EVER[1], second, T0 + 1, T0):
            assert scanned.watermark(before) == held.watermark(before)
        assert scanned.watermark(T0 + 1) == T0
        assert scanned.watermark(T0) is None
    assert {name: sizes[name, EVER[0]] for name in frames} == {
        "numbers": 1, "floats": 2, "blanks": 2, "bytes": 2, "local": 2, "zoned": 3, "counts": 3,
        "symbols": 3,
    }  # fmt: skip


UUID_BYTES = bytes.fromhex("8a6e08042bd04672b79dd97027f9071a")
IDS = {
    # As pandas writes whole numbers with a gap among them.
    "floats with NaN": pl.Series([42.0, float("nan"), 7.0]),
    "single floats with NaN": pl.Series([42.0, float("nan"), 7.0], dtype=pl.Float32),
    "floats with infinity": pl.Series([42.0, float("inf"), 7.0]),
    "floats with a fraction": pl.Series([42.0, 42.5, 7.0]),
    "decimals": pl.Series([42, None, 7]).cast(pl.Decimal(38, 10)),
    "whole decimals": pl.Series([42, None, 7]).cast(pl.Decimal(38, 0)),
    "integers": pl.Series([42, None, 7]),
    "texts": pl.Series(["42", "042", "7"]),
    "bytes": pl.Series([b"42", UUID_BYTES, b"7"]),
}


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize("options", [{}, SCANNED], ids=["held", "scanned"])
def test_a_whole_number_is_its_digits_however_a_file_keeps_ids(tmp_path: Path, kind, options):
    trades = frame(3, account_id=IDS[kind], trade_id=IDS[kind], counterparty_id=IDS[kind])
    trades.write_parquet(tmp_path / "trades.parquet")
    source = FileTrades(tmp_path, ReadOptions(), **options)
    second = {
        "floats with infinity": "inf",
        "floats with a fraction": "42.5",
        "texts": "042",
        "bytes": UUID_BYTES.hex(),
    }.get(kind, "")
    for at, name in ((0, "42"), (1, second or "none"), (2, "7")):
        found = source.of_account(name, *EVER)
        assert (found.time - T0).tolist() == [at * SECOND] * (name != "none")
        assert found.trade_id.tolist() == found.counterparty_id.tolist() == [name] * len(found)
    assert sorted(source.of_symbols(["X"], *EVER).account_id) == sorted(["42", second, "7"])


def test_scanned_files_have_a_limit(tmp_path: Path):
    file = tmp_path / "trades.parquet"
    frame(5).write_parquet(file)
    source = FileTrades(file, ReadOptions(), max_rows=4, **SCANNED)
    with pytest.raises(TooManyRows, match="more than 4"):
        source.of_account("a", *EVER)
    assert len(source.of_account("a", T0, T0 + 4 * SECOND)) == 4


def test_candles_are_read_again_and_bad_ones_left_out(tmp_path: Path):
    file = tmp_path / "candles.csv"
    file.write_text("symbol,time,high,low\nX,2024-10-04T09:30:00Z,2,1\n")
    source = FileCandles(file, ReadOptions())
    assert len(source.of_symbols(["X"], *EVER)) == 1
    file.write_text(
        "symbol,time,high,low\nX,2024-10-04T09:30:00Z,1,2\nX,2024-10-04T09:31:00Z,2,1\n"
        "X,2024-10-04T09:32:00Z,2,1\n"
    )
    os.utime(file, (1, 1))
    found = source.of_symbols(["X"], *EVER)
    assert (len(found), found.interval) == (2, 60 * SECOND)
    assert sum(source.left_out.counts().values()) == 1
