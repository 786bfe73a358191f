"""Readers on real files, which stand beside the repository."""

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from tests.public_trades import HYPERLIQUID
from tests.shared import shared
from tradeglyph.domain.errors import InputError
from tradeglyph.sources.candles import read_candles
from tradeglyph.sources.options import ReadOptions, parse_mapping
from tradeglyph.sources.trades import read_trades


def test_hyperliquid_loses_no_fill() -> None:
    path = shared("data/trades_hyperliquid/historical_data.csv")
    table = read_trades(path, HYPERLIQUID)
    frame = table.frame
    assert frame.height == table.report.rows_read == 15_629
    assert (frame["account_id"].n_unique(), frame["symbol"].n_unique()) == (4, 29)
    assert frame["trade_id"].null_count() == frame.height
    # 2024-09-20 14:06 and 2025-05-01 07:06 in India, 5 h 30 min before.
    assert frame["time"].min() == datetime(2024, 9, 20, 8, 36, tzinfo=UTC)
    assert frame["time"].max() == datetime(2025, 5, 1, 1, 36, tzinfo=UTC)


def test_hyperliquid_ids_that_a_spreadsheet_rounded_are_refused() -> None:
    path = shared("data/trades_hyperliquid/historical_data.csv")
    options = replace(HYPERLIQUID, mapping={**HYPERLIQUID.mapping, "trade_id": ("Trade ID",)})
    with pytest.raises(InputError, match="rounded by a spreadsheet"):
        read_trades(path, options)


def test_polymarket_keeps_and_counts_its_duplicates() -> None:
    path = shared("data/trades_polymarket/polymarket_trades.csv")
    mapping = parse_mapping(
        [
            "account_id=user_id,side=trade_direction,quantity=shares,time=timestamp",
            "symbol=option_type+option_yes_no",
        ]
    )
    options = ReadOptions(mapping=mapping, time_format="%A, %B %d, %Y %H:%M:%S %Z")
    table = read_trades(path, options)
    assert table.frame.height == 4_000
    assert table.report.possible_duplicates == 9
    known = table.frame.filter(pl.col("account_id") != "")
    assert known["account_id"].n_unique() == 2_314
    assert table.report.without_account == 4_000 - known.height
    # 2026-02-26 20:03:48 EST, 5 h behind.
    assert table.frame["time"].max() == datetime(2026, 2, 27, 1, 3, 48, tzinfo=UTC)


def test_mev_counts_seconds_from_a_base() -> None:
    path = shared("data/trades_mev_eth/derived_trades_8944b6e.csv")
    mapping = parse_mapping(
        [
            "account_id=account,symbol=instrument,time=approx_seconds",
            "price=price_weth_per_raw,quantity=qty_raw",
        ]
    )
    base = datetime(2021, 6, 14, tzinfo=UTC)
    frame = read_trades(path, ReadOptions(mapping=mapping, epoch_base=base)).frame
    with path.open() as file:
        assert frame.height == sum(1 for _ in file) - 1
    assert frame["time"].min() == base


def test_the_a_share_file_is_stamped_at_the_end() -> None:
    path = shared("data/klines_ashare_5m")
    options = ReadOptions(timezone="Asia/Shanghai", candle_label="end")
    frame = read_candles(path, options).frame
    assert frame.height == 2_500
    local = frame["time"].dt.convert_time_zone("Asia/Shanghai")
    assert str(local.dt.time().min()) == "09:30:00"
    assert str(local.dt.time().max()) == "14:55:00"


def test_a_folder_of_feather_files_names_symbols_by_stems() -> None:
    path = shared("data/klines_crypto_5m")
    frame = read_candles(path).frame
    assert frame["symbol"].n_unique() == 10
    one = frame.filter(pl.col("symbol") == "ETH_BTC-5m")
    assert one["time"].min() == datetime(2018, 1, 10, 4, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "form", "rows"),
    [
        ("SP500_NOV2019_IDayRVol.csv", None, 1_563),
        ("SP500_NOV2019_IDay.csv", "%m/%d/%Y %H:%M", 1_563),
        ("SP500_20191106_IDayBollinger.csv", None, 391),
    ],
)
def test_the_index_in_open_close_high_low_order(name: str, form: str | None, rows: int) -> None:
    path = shared(f"data/klines_sp500_1m/{name}")
    frame = read_candles(path, ReadOptions(timezone="America/New_York", time_format=form)).frame
    assert frame.height == rows
    local = frame["time"].dt.convert_time_zone("America/New_York").dt.time()
    assert (str(local.min()), str(local.max())) == ("09:30:00", "16:00:00")


def test_a_stored_reply_without_an_ending() -> None:
    path = shared("data/klines_alphavantage/mock_time_series_extended")
    options = ReadOptions(timezone="America/New_York", candle_label="end", symbol="IBM")
    frame = read_candles(path, options).frame
    assert frame.height == 11_190
    # First stamp 2020-11-23 04:01 in New York.
    assert frame["time"].min() == datetime(2020, 11, 23, 9, 0, tzinfo=UTC)
