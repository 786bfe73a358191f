"""Every source gives the same answers about the same trades and candles."""

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.sources.live import tables
from tests.sources.live.market import (
    CANDLE_NAMES,
    CANDLES,
    EMOJI,
    EVIL,
    MINUTE,
    SECOND,
    T0,
    TRADE_NAMES,
    TRADES,
    candles,
    expected,
    plain,
    plain_candles,
    trade_rows,
)
from tradeglyph.ports.sources import AccountSpan
from tradeglyph.sources.live.files import FileCandles, FileTrades
from tradeglyph.sources.live.memory import MemoryCandles, MemoryTrades
from tradeglyph.sources.options import ReadOptions

EVER = (-(1 << 62), 1 << 62)
KINDS = ("memory", "csv", "jsonl", "parquet", "scanned", "sqlite", "postgres", "mariadb")


def _cells(rows: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    cells = [dict(zip(names, row, strict=True)) for row in rows]
    for row in cells:
        row["time"] = tables.moment(T0 + row["time"])
        if "side" in row:
            row["side"] = "buy" if row["side"] > 0 else "sell"
    return cells


def write(path: Path, rows: Any, names: tuple[str, ...]) -> Path:
    """A file of the kind that its ending says."""
    cells = _cells(rows, names)
    if path.suffix == ".parquet":
        pl.DataFrame(cells, infer_schema_length=None).write_parquet(path)
        return path
    for row in cells:
        row["time"] = row["time"].isoformat()
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in cells))
        return path
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(cells)
    return path


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if kind in ("postgres", "mariadb"):
        with request.getfixturevalue(kind).database() as found:
            yield found
    else:
        yield f"sqlite:///{tmp_path}/market.db"


def _database(url: str) -> Any:
    from tradeglyph.sources.live.database import Database

    return Database(url)


@pytest.fixture
def trades(kind: str, url: str, tmp_path: Path) -> Iterator[Any]:
    if kind == "memory":
        source: Any = MemoryTrades(trade_rows(TRADES))
    elif kind in ("csv", "jsonl", "parquet", "scanned"):
        ending = "parquet" if kind == "scanned" else kind
        file = write(tmp_path / f"trades.{ending}", TRADES, TRADE_NAMES)
        most = 0 if kind == "scanned" else 1 << 30
        source = FileTrades(file, ReadOptions(), in_memory_bytes=most)
    else:
        from tradeglyph.sources.live.sql_trades import SqlTrades
        from tradeglyph.sources.live.user_table import TableSettings

        tables.make_trades(url, tables.dialect_of(url).aware, tables.aware(url))
        source = SqlTrades(_database(url), TableSettings(table="fills", columns=tables.COLUMNS))
    with closing(source):
        yield source


@pytest.fixture
def market(kind: str, url: str, tmp_path: Path) -> Iterator[Any]:
    if kind == "memory":
        source: Any = MemoryCandles(candles())
    elif kind in ("csv", "jsonl", "parquet", "scanned"):
        ending = "parquet" if kind == "scanned" else kind
        file = write(tmp_path / f"candles.{ending}", CANDLES, CANDLE_NAMES)
        source = FileCandles(file, ReadOptions(interval=timedelta(minutes=5)))
    else:
        from tradeglyph.sources.live.sql_candles import SqlCandles
        from tradeglyph.sources.live.user_table import TableSettings

        tables.make_candles(url, tables.dialect_of(url).aware, tables.aware(url))
        source = SqlCandles(_database(url), TableSettings(table="bars"))
    with closing(source):
        yield source


def test_gives_an_account_s_fills_in_a_half_open_span(trades):
    minute = (T0 + 60 * SECOND, T0 + 120 * SECOND)
    assert plain(trades.of_account("alice", *EVER)) == expected(lambda a, s, t: a == "alice")
    assert plain(trades.of_account("alice", *minute)) == sorted([TRADES[2], TRADES[3]], key=repr)
    assert plain(trades.of_account("alice", T0 + 120 * SECOND, EVER[1])) == [TRADES[4]]
    assert plain(trades.of_account("alice", T0, T0 + 1)) == [TRADES[0]]
    assert plain(trades.of_account("alice", T0 + 1, T0 + 1)) == []


def test_gives_several_accounts_what_each_is_given_alone(trades):
    names = ["alice", EVIL, "nobody", EMOJI, "alice", "ALICE", "\0"]
    spans = [
        AccountSpan(account_id=name, since=since, until=until)
        for since, until in (EVER, (T0, T0 + 1), (T0 + 60 * SECOND, T0 + 120 * SECOND))
        for name in names
    ]
    together = [plain(found) for found in trades.of_accounts(spans)]
    alone = [plain(trades.of_account(one.account_id, one.since, one.until)) for one in spans]
    assert together == alone
    assert sum(map(bool, together)) >= 6
    assert trades.of_accounts([]) == []


@pytest.mark.parametrize("name", [EVIL, EMOJI])
def test_takes_ids_as_they_are(trades, name):
    assert plain(trades.of_account(name, *EVER)) == expected(lambda a, s, t: a == name)
    assert len(trades.of_account("alice", *EVER)) == 4


@pytest.mark.parametrize("name", ["nobody", "", " ", "\0", "\ud83d", "alice\0", "%", "ALICE", "1"])
def test_gives_no_rows_of_an_account_that_is_not_there(trades, name):
    found = trades.of_account(name, *EVER)
    assert plain(found) == []
    assert [getattr(found, n).dtype for n in ("time", "side", "price", "symbol")] == [
        "int64", "int8", "float64", "object",
    ]  # fmt: skip


def test_gives_everybody_s_fills_in_symbols(trades):
    assert plain(trades.of_symbols(["X"], *EVER)) == expected(lambda a, s, t: s == "X")
    span = (T0 + 30 * SECOND, T0 + 60 * SECOND)
    many = [f"none {n}" for n in range(1200)]
    asked = [*many[:600], "x", "Z'; --", *many[600:], "X", "X", "\ud83d"]
    assert plain(trades.of_symbols(asked, *span)) == sorted([*TRADES[5:8]], key=repr)
    assert plain(trades.of_symbols([], *EVER)) == []
    assert plain(trades.of_symbols(many, *EVER)) == []


def test_tells_the_newest_fill(trades):
    assert trades.watermark(EVER[1]) == T0 + 120 * SECOND
    assert trades.watermark(T0 + 120 * SECOND + 1) == T0 + 120 * SECOND


def test_a_later_fill_does_not_hide_the_newest_before_an_instant(trades):
    assert trades.watermark(T0 + 120 * SECOND) == T0 + 120 * SECOND - 1
    assert trades.watermark(T0 + 30 * SECOND) == T0
    assert trades.watermark(T0) is None


def test_has_nothing_to_mend_but_indexes(trades):
    assert [p for p in trades.check() if p.fatal] == []
    assert trades.left_out.counts() == {}


def test_gives_candles_by_the_position_of_their_symbol(market):
    found = market.of_symbols(["Y", "none", "X"], *EVER)
    assert found.symbol_names.tolist() == ["Y", "none", "X"]
    assert found.interval == 5 * MINUTE
    # By position of the symbol, then start: Y first.
    assert plain_candles(found) == [CANDLES[3], CANDLES[0], CANDLES[1], CANDLES[2]]
    assert found.accounts.tolist() == [-1] * 4


def test_gives_candles_that_start_in_a_half_open_span(market):
    assert plain_candles(market.of_symbols(["X"], T0, T0 + 5 * MINUTE)) == [CANDLES[1]]
    assert plain_candles(market.of_symbols(["X"], T0 + 1, T0 + 5 * MINUTE + 1)) == [CANDLES[2]]
    assert plain_candles(market.of_symbols(["none"], *EVER)) == []
    assert plain_candles(market.of_symbols([], *EVER)) == []


def test_tells_the_newest_candle(market):
    assert market.watermark(EVER[1]) == T0 + 5 * MINUTE
    assert market.watermark(T0 + 5 * MINUTE) == T0
    assert market.watermark(T0) == T0 - 5 * MINUTE
    assert market.watermark(T0 - 5 * MINUTE) is None
    assert [p for p in market.check() if p.fatal] == []
