"""Candles out of shorter candles, or out of trades. None is invented: a gap stays a gap.

The grid. Without market hours a candle starts at a UTC multiple of the interval. With them every
stretch of the local day (each session segment, and what lies before, between and after them)
starts its own grid at its first instant, so that no candle straddles an opening, a lunch break or
a close; the last candle of a stretch may be cut short by its end. Starts that lie on both grids,
such as 5-minute starts of a session that opens at 09:30, are the same.

The values. `open` is the first price by time and `close` the last, equal times in the order of
the rows; `high` and `low` go over all; `volume` is the sum. An interval and every length here is
in microseconds; times are UTC.
"""

from typing import Literal

import numpy as np
import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import BUY
from tradeglyph.sources.interval import interval_text
from tradeglyph.sources.sessions import MINUTE_US, OUTSIDE, MarketHours
from tradeglyph.sources.tables import CANDLE_DTYPES, UTC_TIME

SessionChoice = Literal["regular", "all"]

ENOUGH = 32
"""Distances of one symbol whose common divisor is taken for its interval: a symbol that skips
candles at random would need 32 even skips in a row to look twice as coarse as it is."""

INSTANT = pl.duration(microseconds=1)


def candles_from_candles(
    frame: pl.DataFrame,
    *,
    interval: int,
    hours: MarketHours | None = None,
    session: SessionChoice = "all",
    source_interval: int | None = None,
) -> pl.DataFrame:
    """Longer candles out of shorter ones, columns `CANDLE_DTYPES`, sorted by symbol and time.

    A null `open` of the first source candle, or `close` of the last, stays null; `volume` is null
    where one of the source candles has none. `accounts` is kept where a candle has one source
    candle only, else null: distinct accounts can't be added up.

    Args:
        frame: candles in `CANDLE_DTYPES`, `time` their start, in any order.
        interval: length of the new candles; equal lengths just filter by session.
        hours: the market's hours; None puts every candle on the UTC grid.
        session: `regular` keeps source candles that start inside a segment of `hours`.
        source_interval: length of the candles in `frame`; by default the commonest distance
            between two neighbours.

    Raises:
        InputError: the source's interval doesn't divide the new one, a source candle reaches
            into the next new one, or `regular` is asked for without hours.
    """
    rows = _placed(frame.sort("symbol", "time", maintain_order=True), interval, hours)
    _check_source(rows, interval, source_interval, hours)
    placed = _chosen(rows, hours, session).lazy()
    return _finished(placed.group_by("symbol", "start", maintain_order=True).agg(
        high=pl.col("high").max(),
        low=pl.col("low").min(),
        open=pl.col("open").first(),
        close=pl.col("close").last(),
        volume=pl.when(pl.col("volume").null_count() == 0).then(pl.col("volume").sum()),
        accounts=pl.when(pl.len() == 1).then(pl.col("accounts").first()),
    ))  # fmt: skip


def candles_from_trades(
    trades: pl.DataFrame,
    *,
    interval: int,
    hours: MarketHours | None = None,
    session: SessionChoice = "all",
) -> pl.DataFrame:
    """Candles out of fills, columns `CANDLE_DTYPES`, sorted by symbol and time.

    `volume` counts every match once. The rows of one `trade_id` in a candle are one match; its
    size is the larger of what they bought and what they sold, so that both sides of a match, a
    match split into parts on one side, and a self-trade count once, and an identifier seen once
    counts in full. A row without `trade_id` counts in full: where a file holds both sides of a
    match without saying so, its volume is counted twice.

    `accounts` is the number of distinct `account_id` in the candle. A counterparty without a row
    of its own isn't counted: its view of the price is not in the candle either.

    Args:
        trades: fills in `TRADE_DTYPES`, in any order.
        interval: length of the candles.
        hours: the market's hours; None puts every candle on the UTC grid.
        session: `regular` keeps fills inside a segment of `hours`.

    Raises:
        InputError: `regular` is asked for without hours.
    """
    rows = trades.select(
        "account_id", "symbol", "time", "side", "price", "quantity", "trade_id"
    )  # fmt: skip
    if not rows["time"].is_sorted():
        rows = rows.sort("time", maintain_order=True)
    placed = _chosen(_placed(rows, interval, hours), hours, session)
    prices = placed.lazy().group_by("symbol", "start").agg(
        high=pl.col("price").max(),
        low=pl.col("price").min(),
        open=pl.col("price").first(),
        close=pl.col("price").last(),
        accounts=pl.col("account_id").n_unique(),
    )  # fmt: skip
    return _finished(prices.join(_volumes(placed), on=["symbol", "start"], how="left"))


def _volumes(placed: pl.DataFrame) -> pl.LazyFrame:
    """Volume per symbol and start, each match counted once."""
    candle = ["symbol", "start"]
    alone = placed.lazy().filter(pl.col("trade_id").is_null()).select(*candle, "quantity")
    # Orders are kept because sums of floats depend on them, and results must not vary by run.
    matches = (
        placed.lazy()
        .filter(pl.col("trade_id").is_not_null())
        .group_by(*candle, "trade_id", maintain_order=True)
        .agg(
            bought=pl.col("quantity").filter(pl.col("side") == BUY).sum(),
            sold=pl.col("quantity").filter(pl.col("side") != BUY).sum(),
        )
        .select(*candle, quantity=pl.max_horizontal("bought", "sold"))
    )
    every = pl.concat([alone, matches])
    return every.group_by(candle).agg(volume=pl.col("quantity").sum())


def _placed(rows: pl.DataFrame, interval: int, hours: MarketHours | None) -> pl.DataFrame:
    """`rows` in their order, with what places them on the grid.

    `start` is their candle's start and `began` that of their stretch (microseconds UTC);
    `segment` is -1 outside every segment.
    """
    time = pl.col("time").to_physical()
    if hours is None:
        origin = {"began": pl.lit(0, pl.Int64), "segment": pl.lit(OUTSIDE, pl.Int8)}
        return rows.with_columns(start=time // interval * interval, **origin)
    minute = rows.select(minute=time // MINUTE_US)
    stretches = minute.join(
        _stretches(minute, hours), on="minute", how="left", maintain_order="left"
    )
    start = pl.col("began") + (time - pl.col("began")) // interval * interval
    return rows.hstack(stretches.select("segment", "began")).with_columns(start=start)


def _chosen(
    placed: pl.DataFrame, hours: MarketHours | None, session: SessionChoice
) -> pl.DataFrame:
    if session == "all":
        return placed
    if hours is None:
        raise InputError("--session regular: name the market whose session it is with --market")
    return placed.filter(pl.col("segment") != OUTSIDE)


def _stretches(minutes: pl.DataFrame, hours: MarketHours) -> pl.DataFrame:
    """Segment and first instant of the stretch of each distinct minute.

    Time-zone arithmetic is slow, and every boundary lies on a minute: a million fills of a day
    ask for 1,440 answers.
    """
    time = (pl.col("minute") * MINUTE_US).cast(UTC_TIME)
    return minutes.unique().with_columns(
        segment=hours.segment(time), began=hours.stretch_start(time).to_physical()
    )


def _finished(candles: pl.LazyFrame) -> pl.DataFrame:
    return (
        candles.with_columns(time=pl.col("start").cast(UTC_TIME))
        .select(pl.col(name).cast(dtype) for name, dtype in CANDLE_DTYPES.items())
        .sort("symbol", "time")
        .collect()
    )


def _check_source(
    rows: pl.DataFrame, interval: int, source: int | None, hours: MarketHours | None
) -> None:
    """Whether candles of `interval` can be built from the placed candles `rows`, else InputError.

    Rows are sorted by symbol and time. Nothing is known, and nothing checked, of the length of
    candles without neighbours.
    """
    length = source or _commonest_distance(rows)
    if length is None:
        return
    _check_divides(length, interval, "the file's candles")
    if source is None:
        _check_symbols(rows, interval)
    _check_edges(rows, length, interval, hours)


def _distances(rows: pl.DataFrame) -> pl.DataFrame:
    """`symbol` and `distance` (microseconds) of neighbouring candles of one stretch."""
    return (
        rows.select("symbol", distance=pl.col("time").diff().over("symbol", "began").to_physical())
        .filter(pl.col("distance") > 0)
    )  # fmt: skip


def _commonest_distance(rows: pl.DataFrame) -> int | None:
    """The commonest distance of neighbours, the shortest of equals; None without neighbours."""
    counts = _distances(rows).group_by("distance").len()
    commonest = counts.sort(["len", "distance"], descending=[True, False])["distance"]
    return int(commonest[0]) if len(commonest) else None


def _check_divides(source: int, interval: int, whose: str) -> None:
    if interval % source:
        raise InputError(
            f"{whose} are {interval_text(source)} apart, so {interval_text(interval)} candles "
            "can't be built from them: choose a multiple, or, where they are shorter and only "
            "have gaps, say their length with --source-interval"
        )


def _check_symbols(rows: pl.DataFrame, interval: int) -> None:
    """No symbol is coarser than the others: its candles would pass unchanged for short ones."""
    steps = _distances(rows).group_by("symbol", maintain_order=True).agg("distance")
    for symbol, distances in steps.filter(pl.col("distance").list.len() >= ENOUGH).iter_rows():
        _check_divides(int(np.gcd.reduce(distances)), interval, f"the candles of {symbol}")


def _check_edges(rows: pl.DataFrame, source: int, interval: int, hours: MarketHours | None) -> None:
    """No source candle reaches into the next new candle of its stretch.

    A candle ends where the next of its symbol starts, at the latest, and may reach over the end
    of its stretch, which cuts the last candle of a stretch short.
    """
    time, later = pl.col("time"), pl.col("time").shift(-1).over("symbol")
    last = pl.min_horizontal(time + pl.duration(microseconds=source), later) - INSTANT
    ends = _placed(rows.select(time=pl.max_horizontal(time, last)), interval, hours)
    over = rows.filter((rows["began"] == ends["began"]) & (rows["start"] != ends["start"]))
    if len(over):
        symbol, start = over.select("symbol", "time").row(0)
        raise InputError(
            f"{symbol}: the {interval_text(source)} candle of {start:%Y-%m-%dT%H:%M:%SZ} reaches "
            f"into the next {interval_text(interval)} candle ({len(over):,} such): build from "
            "shorter candles, or see --candle-label, --timezone and --market"
        )
