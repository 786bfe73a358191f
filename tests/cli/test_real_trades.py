"""Real trades from outside to the scores, with candles built from them, as the how-to shows."""

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from tests.cli.command import done
from tests.shared import shared
from tradeglyph.model.shipped import shipped_names
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.trades import read_trades


@dataclass(frozen=True)
class Tape:
    """A file, how it is read, and what is known of it without our reader."""

    file: str
    columns: str
    more: tuple[str, ...]
    rows: int
    """Lines below the header."""


TAPES = {
    "hyperliquid": Tape(
        "data/trades_hyperliquid/historical_data.csv",
        "account_id=Account,symbol=Coin,time=Timestamp IST,side=Side,price=Execution Price,"
        "quantity=Size Tokens",
        ("--time-format", "%d-%m-%Y %H:%M", "--timezone", "Asia/Kolkata"),
        15_629,
    ),
    "polymarket": Tape(
        "data/trades_polymarket/polymarket_trades.csv",
        "account_id=user_id,symbol=option_type+option_yes_no,time=timestamp,side=trade_direction,"
        "price=price,quantity=shares",
        ("--time-format", "%A, %B %d, %Y %H:%M:%S %Z", "--timezone", "EST"),
        4_000,
    ),
    "mev": Tape(
        "data/trades_mev_eth/derived_trades_8944b6e.csv",
        "account_id=account,symbol=instrument,time=approx_seconds,price=price_weth_per_raw,"
        "quantity=qty_raw",
        ("--epoch-base", "2021-06-14"),
        9_384,
    ),
}


@dataclass(frozen=True)
class Scored:
    """What came of a tape."""

    tape: Tape
    trades: pl.DataFrame
    scores: pl.DataFrame
    stderr: str
    lines: int


@pytest.fixture(scope="module", params=TAPES)
def scored(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, ink: Path
) -> Scored:
    tape = TAPES[request.param]
    source = shared(tape.file)
    folder = tmp_path_factory.mktemp(request.param)
    how = ("--map", tape.columns, *tape.more)
    done("candles", "build", source, "--from", "trades", "--interval", "5m", *how,
         "--out", "k.parquet", cwd=folder)  # fmt: skip
    model = () if "default" in shipped_names() else ("--model", ink)
    result = done("score", "--trades", source, "--candles", "k.parquet", *how, *model,
                  "--out", "s.parquet", "--json", cwd=folder)  # fmt: skip
    scores = pl.read_parquet(folder / "s.parquet")
    assert json.loads(result.stdout)["windows"] == len(scores)
    with source.open("rb") as file:
        lines = sum(1 for _ in file) - 1
    return Scored(tape, _read(source, tape), scores, result.stderr, lines)


def _read(source: Path, tape: Tape) -> pl.DataFrame:
    from tradeglyph.cli.reading import trade_options

    names = {"--time-format": "time_format", "--timezone": "timezone", "--epoch-base": "epoch_base"}
    pairs = zip(tape.more[::2], tape.more[1::2], strict=True)
    options: ReadOptions = trade_options(
        mapping=[tape.columns], **{names[name]: value for name, value in pairs}
    )
    return read_trades(source, options).frame


def test_no_fill_is_lost(scored: Scored) -> None:
    assert scored.scores["trade_count"].sum() == scored.tape.rows == scored.lines


def test_one_row_per_account_symbol_and_day(scored: Scored) -> None:
    keys = scored.trades.select("account_id", "symbol", pl.col("time").dt.truncate("1d")).unique()
    found = scored.scores.select("account_id", "symbol", "window_start")
    assert len(found) == found.n_unique() == len(keys)
    missing = keys.join(
        found, left_on=keys.columns, right_on=found.columns, how="anti", nulls_equal=True
    )
    assert missing.is_empty()


def test_windows_with_both_sides_are_answered(scored: Scored) -> None:
    merged = scored.trades.with_columns(
        day=pl.col("time").dt.truncate("1d"), second=pl.col("time").dt.truncate("1s")
    ).unique(["account_id", "symbol", "day", "side", "price", "second"])
    windows = merged.group_by("account_id", "symbol", "day").agg(
        pl.len().alias("fills"), pl.col("side").n_unique().alias("sides")
    )
    joined = scored.scores.join(
        windows,
        left_on=["account_id", "symbol", "window_start"],
        right_on=["account_id", "symbol", "day"],
        validate="1:1",
    )
    both = joined.filter((pl.col("sides") == 2) & (pl.col("fills") >= 2))
    assert len(both) > 5
    answered = len(both) - both["probability"].null_count()
    assert answered >= 0.99 * len(both)
    # And what has no answer has a reason.
    silent = joined.filter(pl.col("probability").is_null())
    assert (silent["reason"].str.len_chars() > 0).all()
    assert (silent["fills"] < 2).all()


def test_fills_alone_hold_nobody(scored: Scored) -> None:
    assert set(scored.scores["verdict"]) <= {"", "quiet", "review"}
    probability = scored.scores["probability"].drop_nulls()
    assert probability.is_between(0, 1, closed="none").all()
    assert "no candle" not in scored.stderr
