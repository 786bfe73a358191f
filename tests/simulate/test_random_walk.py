from dataclasses import fields

import numpy as np
import pytest

from tests.simulate.markets import hand_market
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.random_walk import LONG_DAYS, SHORT_DAYS, simulate_market
from tradeglyph.simulate.sessions import FIRST_DAY_US, SESSIONS


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


def test_days_of_a_symbol_follow_one_another(market: Market) -> None:
    days = np.bincount(market.symbol)
    assert days.sum() == 400
    assert set(days[days < LONG_DAYS[0]].tolist()) <= {SHORT_DAYS, int(days[-1])}
    assert 0.2 < days[days >= LONG_DAYS[0]].sum() / 400 < 0.5
    assert days.max() <= LONG_DAYS[1]
    day = market.start[:, 0] // DAY_US
    same = np.diff(market.symbol) == 0
    assert (np.diff(day)[same] == 1).all()
    np.testing.assert_array_equal(market.day, day - FIRST_DAY_US // DAY_US)
    assert (market.day + market.days_left == days[market.symbol]).all()
    assert len(set(market.symbol_names)) == len(days)


def test_a_day_begins_where_the_one_before_ended(market: Market) -> None:
    """But for a gap over night, and for the clip that keeps wild symbols from zero."""
    exists = market.exists
    both = (np.diff(market.symbol) == 0) & exists[1:].any(axis=1) & exists[:-1].any(axis=1)
    first = market.open[np.arange(400), exists.argmax(axis=1)]
    last = market.close[np.arange(400), market.slots - 1 - exists[:, ::-1].argmax(axis=1)]
    gap = np.abs(np.log(first[1:][both] / last[:-1][both]))
    assert np.quantile(gap, 0.9) < 0.05


def test_candles_are_built_from_prints(market: Market) -> None:
    exists = market.exists
    printed = market.prints >= 0
    np.testing.assert_array_equal(exists, printed.any(axis=2))
    np.testing.assert_array_equal(market.shown, exists)
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


def test_a_shares_stay_within_their_daily_limits_and_some_lock(market: Market) -> None:
    """But for the first days of a new share. A fifth is the widest limit there is."""
    new = market.symbol[market.listing]
    shares = ((market.start >= 0).sum(axis=1) == 48) & ~np.isin(market.symbol, new)
    shares &= market.traded
    exists = market.exists[shares]
    high = np.where(exists, market.high[shares], 0).max(axis=1)
    low = np.where(exists, market.low[shares], 1 << 60).min(axis=1)
    assert (high / low).max() <= 1.2 / 0.8 + 0.02
    locked = exists & (market.height[shares] == 0) & (market.high[shares] == high[:, None])
    assert (locked.sum(axis=1) >= 6).any()


def test_listing_days_are_first_days_and_wild(market: Market) -> None:
    assert 0 < market.listing.sum() < 400 / SHORT_DAYS / 2
    assert (market.day[market.listing] == 0).all()
    swing = market.height / np.maximum(market.low, 1)
    mean = swing.sum(axis=1) / np.maximum(market.exists.sum(axis=1), 1)
    assert np.median(mean[market.listing]) > 2 * np.median(mean[~market.listing])


def test_a_seed_is_a_market() -> None:
    one, again, other = (simulate_market(np.random.default_rng(seed), 7) for seed in (4, 4, 5))
    for field in fields(Market):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(again, field.name))
    assert (one.prints != other.prints).any()


@pytest.mark.parametrize("worlds", [1, 4, 5, 6, 29])
def test_few_worlds_are_short_symbols(worlds: int) -> None:
    market = simulate_market(np.random.default_rng(0), worlds)
    assert len(market) == worlds
    assert len(market.symbol_names) == -(-worlds // SHORT_DAYS)


def test_price_of_ticks() -> None:
    """Ticks of five hundredths: 7 of them are 0.35, to the last bit."""
    market = hand_market({0: {0: 7}})
    ticks = np.array([1, 7, 20_001])
    prices = market.price_of(np.zeros(3, dtype=np.int64), ticks)
    assert prices.tolist() == [0.05, 0.35, 1000.05]
