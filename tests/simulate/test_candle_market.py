from dataclasses import fields, replace

import numpy as np
import pytest

from tests.rows import DAY, NAN, candles_of
from tests.shared import shared
from tradeglyph.app.simulation import real_candles
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.simulate.candle_market import market_of
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.population import Population, simulate
from tradeglyph.sources.options import ReadOptions


def walk_candles(days: int = 30, symbols: tuple[str, ...] = ("X", "Y"), **more: object) -> Candles:
    """A day of 40 candles of hundredths that walk, for each symbol and day."""
    rng = np.random.default_rng(7)
    rows, edges = [], []
    for name in symbols:
        level = 5000
        for day in range(days):
            for at in range(40):
                path = np.maximum(level + np.cumsum(rng.integers(-9, 10, 8)), 20)
                level = int(path[-1])
                low, high = path.min() / 100, path.max() / 100
                rows.append((name, DAY + 86_400 * day + 300 * at, low, high))
                edges.append((path[0] / 100, path[-1] / 100))
    opened, closed = zip(*edges, strict=True)
    more.setdefault("volume", np.round(rng.lognormal(5, 1, len(rows)), 2).tolist())
    return candles_of(rows, symbols=symbols, open_=opened, close=closed, **more)  # type: ignore[arg-type]


def world_of(candles: Candles, worlds: int = 999) -> Market:
    return market_of(np.random.default_rng(0), candles, worlds)


def test_candles_become_worlds() -> None:
    candles = walk_candles()
    market = world_of(candles)
    assert len(market) == 60
    assert market.slots == 40
    assert market.symbol_names == ("X", "Y")
    assert market.exists.all()
    assert market.days_left.max() == 30
    assert set(market.decimals.tolist()) == {2}
    assert set(market.tick_step.tolist()) == {1}
    np.testing.assert_array_equal(market.start.ravel(), candles.start)
    for name in ("open", "high", "low", "close"):
        prices = market.price_of(np.arange(60)[:, None], getattr(market, name)).ravel()
        np.testing.assert_array_equal(prices, getattr(candles, name), name)


def test_prints_are_invented_inside_and_reach_both_ends() -> None:
    market = world_of(walk_candles())
    printed = market.prints >= 0
    top = market.prints.max(axis=2)
    bottom = np.where(printed, market.prints, 1 << 60).min(axis=2)
    np.testing.assert_array_equal(top, market.high)
    np.testing.assert_array_equal(bottom, market.low)
    first = printed.argmax(axis=2)
    opened = np.take_along_axis(market.prints, first[:, :, None], axis=2)[:, :, 0]
    np.testing.assert_array_equal(opened, market.open)
    # Many ways, and more prints where more was traded.
    assert len(np.unique(market.prints[:, :, 5])) > 50
    busy = market.volume > np.median(market.volume)
    assert printed[busy].mean() > printed[~busy].mean() + 0.2


def test_volumes_are_the_files_in_lots() -> None:
    candles = walk_candles()
    market = world_of(candles)
    assert market.publishes_volume.all()
    volume = market.volume * market.lot[:, None]
    np.testing.assert_allclose(volume.ravel(), candles.volume)
    assert 10**3 < np.median(market.volume) < 10**5


def test_without_a_volume_one_is_made_up_and_not_published() -> None:
    candles = walk_candles(volume=NAN)
    market = world_of(candles)
    assert not market.publishes_volume.any()
    assert market.volume.min() > 0
    population = simulate(300, 1, candles=candles)
    assert np.isnan(population.candles.volume).all()


def test_nobody_is_drawn_into_candles_in_which_nothing_was_traded() -> None:
    candles = walk_candles(days=4)
    volume = candles.volume.copy()
    volume[10:20] = 0.0
    population = simulate(400, 1, candles=replace(candles, volume=volume))
    at = _candle_of(population)
    silent = candles.start[10:20]
    in_x = population.fills.symbol == 0
    assert not np.isin(population.candles.start[at[in_x]], silent).any()
    assert np.isin(silent, population.candles.start).all()


def test_a_volume_of_nothing_anywhere_is_none() -> None:
    """As feeds of an index have it."""
    market = world_of(walk_candles(volume=0.0))
    assert market.exists.all()
    assert not market.publishes_volume.any()


def test_a_candle_between_two_ticks_is_shown_and_not_traded_in() -> None:
    candles = walk_candles()
    high, low = candles.high.copy(), candles.low.copy()
    high[5] = low[5] = 50.005
    market = world_of(replace(candles, high=high, low=low))
    assert market.decimals.max() == 2
    assert not market.exists[0, 5]
    assert market.shown[0, 5]
    assert market.exists.sum() == market.exists.size - 1


def test_other_intervals_have_other_prints() -> None:
    market = world_of(walk_candles(interval=60))
    assert (market.seconds, market.print_seconds) == (60, 5)
    population = simulate(300, 1, candles=walk_candles(interval=60))
    assert population.candles.interval == 60 * 10**6
    start = population.fills.time // (300 * 10**6) * 300 * 10**6
    assert (population.fills.time - start < 60 * 10**6).all()


def test_no_candles_and_short_ones_are_input_errors() -> None:
    none = candles_of([])
    with pytest.raises(InputError, match=r"--candles: there are no candles"):
        world_of(none)
    with pytest.raises(InputError, match=r"10 s long, too short; build longer ones"):
        world_of(candles_of([("X", DAY, 1.0, 2.0)], interval=10))


def _check_candles(candles: Candles, population: Population) -> float:
    """Share of the written candles whose prices are not the file's; those are printed over."""
    written = population.candles
    names = candles.symbol_names.tolist()
    code = np.array([names.index(name) for name in written.symbol_names.tolist()])
    key = candles.symbol.astype(np.int64) << 50 | candles.start // 10**6
    at = np.searchsorted(key, code[written.symbol].astype(np.int64) << 50 | written.start // 10**6)
    np.testing.assert_array_equal(candles.start[at], written.start)
    assert (written.high >= candles.high[at]).all()
    assert (written.low <= candles.low[at]).all()
    same = np.ones(len(at), dtype=bool)
    for name in ("open", "high", "low", "close"):
        same &= getattr(written, name) == getattr(candles, name)[at]
    grown = written.volume - candles.volume[at]
    assert (grown[~np.isnan(grown)] >= -1e-9 * candles.volume[at].max()).all()
    printed = (written.high > candles.high[at]) | (written.low < candles.low[at])
    assert same[~printed].all()
    return float(1 - same.mean())


def test_prices_of_the_file_are_kept_where_fraud_does_not_print() -> None:
    candles = walk_candles()
    changed = _check_candles(candles, simulate(1500, 3, candles=candles))
    assert 0 < changed < 0.2
    honest = simulate(600, 3, candles=candles, scenarios=["grid", "day_trader", "hacker"])
    assert _check_candles(candles, honest) == 0


def test_fills_lie_inside_their_candles() -> None:
    candles = walk_candles()
    population = simulate(1500, 3, candles=candles)
    _inside(population)


def _candle_of(population: Population) -> np.ndarray:
    written, fills = population.candles, population.fills
    key = written.symbol.astype(np.int64) << 50 | written.start // 10**6
    wanted = fills.symbol.astype(np.int64) << 50 | fills.time // 10**6
    return np.searchsorted(key, wanted, side="right") - 1


def _inside(population: Population) -> None:
    written, fills, at = population.candles, population.fills, _candle_of(population)
    assert (fills.time < written.start[at] + written.interval).all()
    assert (fills.price >= written.low[at]).all()
    assert (fills.price <= written.high[at]).all()
    matched = np.bincount(at, fills.quantity, len(written)) / 2
    known = ~np.isnan(written.volume)
    assert (matched[known] <= written.volume[known] * (1 + 1e-9)).all()


def test_equal_seeds_are_equal_markets() -> None:
    one, again = (world_of(walk_candles(), 20) for _ in range(2))
    for field in fields(Market):
        if field.name != "quotes":
            np.testing.assert_array_equal(getattr(one, field.name), getattr(again, field.name))
    assert len(one) == 20


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("data/klines_crypto_5m", ReadOptions()),
        (
            "data/klines_ashare_5m",
            ReadOptions(timezone="Asia/Shanghai", candle_label="end"),
        ),
    ],
)
def test_files_of_real_candles(path: str, options: ReadOptions) -> None:
    candles = real_candles(shared(path), options, lambda _: None)
    population = simulate(1500, 3, candles=candles)
    assert _check_candles(candles, population) < 0.1
    _inside(population)
    labels = population.labels
    assert (labels.label == "fraud").sum() > 100
    made = sum(population.not_made.values())
    assert made < 0.2 * len(np.unique(labels.account))
