from dataclasses import fields

import numpy as np
import pytest

from tests.simulate.markets import hand_market
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.simulate.market import (
    DAYS_PER_SYMBOL,
    FIRST_DAY_US,
    SESSIONS,
    Market,
    simulate_market,
)


@pytest.fixture(scope="module")
def market() -> Market:
    return simulate_market(np.random.default_rng(1), 400)


def _minutes(session: int) -> list[int]:
    return (SESSIONS[session].starts() // (60 * MICROSECONDS)).tolist()


def test_a_shares_day_has_48_candles_and_a_lunch_break() -> None:
    """9:30 to 11:30 and 13:00 to 15:00 in Shanghai, which is 1:30 to 3:30 and 5 to 7 UTC."""
    minutes = _minutes(0)
    assert minutes == list(range(90, 210, 5)) + list(range(300, 420, 5))
    assert len(minutes) == 48


def test_a_new_york_day_has_78_candles() -> None:
    """9:30 to 16:00 in winter, which is 14:30 to 21:00 UTC."""
    assert _minutes(1) == list(range(14 * 60 + 30, 21 * 60, 5))
    assert len(_minutes(1)) == 78


def test_crypto_never_sleeps() -> None:
    assert _minutes(2) == list(range(0, 1440, 5))


def test_all_sessions_appear(market: Market) -> None:
    slots = (market.start >= 0).sum(axis=1)
    assert set(slots.tolist()) == {48, 78, 288}


def test_a_world_lies_inside_one_utc_day(market: Market) -> None:
    day = market.start[:, :1] // DAY_US
    inside = market.start >= 0
    assert ((market.start // DAY_US == day) | ~inside).all()
    assert ((np.diff(market.start) >= 5 * 60 * MICROSECONDS) | ~inside[:, 1:]).all()
    assert np.datetime64(FIRST_DAY_US, "us") == np.datetime64("2026-01-01")


def test_up_to_five_days_of_a_symbol(market: Market) -> None:
    assert np.bincount(market.symbol).tolist() == [DAYS_PER_SYMBOL] * 80
    pairs = np.stack([market.symbol, market.start[:, 0]])
    assert len(np.unique(pairs, axis=1).T) == len(market)
    assert len(set(market.symbol_names)) == 80


def test_candles_are_built_from_prints(market: Market) -> None:
    exists = market.exists
    printed = market.prints >= 0
    np.testing.assert_array_equal(exists, printed.any(axis=2))
    assert not exists[market.start < 0].any()
    world, slot = np.nonzero(exists)
    for at in range(0, len(world), 977):
        where = world[at], slot[at]
        seen = market.prints[where][market.prints[where] >= 0]
        assert market.open[where] == seen[0]
        assert market.close[where] == seen[-1]
        assert market.high[where] == seen.max()
        assert market.low[where] == seen.min()


def test_prices_are_positive_and_volumes_whole(market: Market) -> None:
    exists = market.exists
    assert market.low[exists].min() >= 1
    assert market.volume[exists].min() >= 1
    assert (market.volume == np.rint(market.volume)).all()
    assert (market.volume[~exists] == 0).all()
    assert (market.height[~exists] == 0).all()


def test_thin_and_liquid_many_scales(market: Market) -> None:
    slots = (market.start >= 0).sum(axis=1)
    share = market.exists.sum(axis=1) / slots
    assert share.min() < 0.9
    assert share.max() == 1
    price = market.price_of(np.arange(len(market)), np.where(market.exists, market.low, 0).max(1))
    assert price.max() / price.min() > 1e5
    assert set(market.tick_step.tolist()) == {1, 2, 5}
    median = [np.median(row[row > 0]) for row in market.height if (row > 0).any()]
    assert min(median) <= 3
    assert max(median) > 100


def test_a_seed_is_a_market() -> None:
    one, again, other = (simulate_market(np.random.default_rng(seed), 7) for seed in (4, 4, 5))
    for field in fields(Market):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(again, field.name))
    assert (one.prints != other.prints).any()


@pytest.mark.parametrize("worlds", [1, 4, 5, 6])
def test_any_number_of_worlds(worlds: int) -> None:
    market = simulate_market(np.random.default_rng(0), worlds)
    assert len(market) == worlds
    assert len(market.symbol_names) == (worlds > 5) + 1


def test_price_of_ticks() -> None:
    """Ticks of five hundredths: 7 of them are 0.35, to the last bit."""
    market = hand_market({0: {0: 7}})
    ticks = np.array([1, 7, 20_001])
    prices = market.price_of(np.zeros(3, dtype=np.int64), ticks)
    assert prices.tolist() == [0.05, 0.35, 1000.05]
