import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulate.markets import hand_market, mixed_market
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import owners
from tradeglyph.simulate.picks import (
    best_print,
    candle_rank,
    days_before,
    days_from,
    lots_for,
    mean_height,
    next_candle,
    nth_candle,
    pick_slots,
    print_at,
    quiet_share,
    quiet_slots,
    slots_for,
    standing,
    tall_candles,
    typical_volume,
    whole_lots,
    within_print,
)

MARKET = hand_market({2: {3: 50, 7: 40, 9: 45}, 5: {0: 60}}, {})


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(st.integers(0, 999), st.integers(1, 12))
@settings(max_examples=80)
def test_picked_slots_are_different_and_allowed(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    allowed = rng.random((rows, 20)) < 0.5
    count = np.minimum(rng.integers(0, 9, rows), allowed.sum(axis=1))
    slots, owner = pick_slots(rng, allowed, count), owners(count)
    assert len(slots) == len(owner)
    assert allowed[owner, slots].all()
    assert len(set(zip(owner, slots, strict=True))) == len(slots)


@given(st.integers(0, 999), st.integers(0, 12))
@settings(max_examples=80)
def test_rows_get_as_many_slots_as_they_allow(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    allowed = rng.random((rows, 10)) < 0.3
    count = rng.integers(0, 9, rows)
    row, slot = slots_for(rng, allowed, count)
    assert allowed[row, slot].all()
    assert len(set(zip(row, slot, strict=True))) == len(slot)
    expected = np.minimum(count, allowed.sum(axis=1))
    np.testing.assert_array_equal(np.bincount(row, minlength=rows), expected)


def test_every_allowed_slot_can_be_picked() -> None:
    allowed = np.zeros((4000, 5), dtype=bool)
    allowed[:, [1, 4]] = True
    slots = pick_slots(np.random.default_rng(0), allowed, np.ones(4000, dtype=np.int64))
    assert np.bincount(slots, minlength=5)[[0, 2, 3]].tolist() == [0, 0, 0]
    assert 1800 < (slots == 1).sum() < 2200


def test_nobody_picks_nothing() -> None:
    rng = np.random.default_rng(0)
    assert len(pick_slots(rng, np.zeros((0, 5), dtype=bool), ints())) == 0
    assert len(pick_slots(rng, np.ones((3, 5), dtype=bool), ints(0, 0, 0))) == 0


def test_more_than_there_are_slots() -> None:
    slots = pick_slots(np.random.default_rng(0), np.ones((2, 3), dtype=bool), ints(7, 1))
    assert len(slots) == 8


@pytest.mark.parametrize("volume", [0.0, 1.0, 1e6])
def test_lots_lie_between_their_shares_and_are_one_at_least(volume: float) -> None:
    lots = lots_for(np.random.default_rng(0), np.full(500, volume), 0.01, 0.5)
    assert lots.dtype == np.int64
    assert lots.min() >= max(1, round(0.01 * volume))
    assert lots.max() <= max(1, round(0.5 * volume))


def test_whole_lots() -> None:
    assert whole_lots(np.array([0.0, 0.4, 1.6, 7.2])).tolist() == [1, 1, 2, 7]


def test_days_of_a_symbol() -> None:
    market = hand_market({0: {0: 5}}, {0: {0: 5}}, {0: {0: 5}})
    assert market.day.tolist() == [0, 1, 2]
    assert market.days_left.tolist() == [3, 2, 1]
    owner, world = days_from(market, ints(0, 1, 2), ints(2, 9, 1))
    assert list(zip(owner, world, strict=True)) == [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)]
    owner, world = days_before(market, ints(2, 0, 2), ints(1, 3, 9))
    assert list(zip(owner, world, strict=True)) == [(0, 1), (2, 1), (2, 0)]


def test_days_do_not_leave_their_symbol() -> None:
    market = mixed_market(worlds=60)
    home = np.arange(len(market))
    for days in (days_from, days_before):
        owner, world = days(market, home, np.full(len(market), 99))
        np.testing.assert_array_equal(market.symbol[world], market.symbol[home[owner]])
    _, world = days_from(market, home, market.days_left)
    assert np.bincount(world).sum() == market.days_left.sum()


def test_a_print_is_the_next_one_in_its_candle() -> None:
    index = ints(0, 3, 4, 8, 10)
    ticks, second = print_at(MARKET, ints(*[0] * 5), ints(*[2] * 5), index)
    assert ticks.tolist() == [50, 50, 40, 45, 50]  # after the last comes the first
    assert second.tolist() == [75, 75, 175, 225, 75]


def test_all_looks_find_the_best_print() -> None:
    rng = np.random.default_rng(0)
    twice = ints(0, 0), ints(2, 2)
    ticks, second = best_print(rng, MARKET, *twice, ints(BUY, SELL), ints(99, 99))
    assert ticks.tolist() == [40, 50]
    assert second.tolist() == [175, 75]


def test_one_look_takes_what_comes() -> None:
    n = 3000
    rng = np.random.default_rng(0)
    world, slot = np.zeros(n, dtype=np.int64), np.full(n, 2)
    ticks, _ = best_print(rng, MARKET, world, slot, np.full(n, BUY), np.full(n, 1))
    shares = {price: (ticks == price).mean() for price in (40, 45, 50)}
    assert sum(shares.values()) == 1
    assert all(0.29 < share < 0.38 for share in shares.values())


def test_more_looks_are_better() -> None:
    n = 3000
    rng = np.random.default_rng(0)
    world, slot = np.zeros(n, dtype=np.int64), np.full(n, 2)
    means = [
        best_print(rng, MARKET, world, slot, np.full(n, BUY), np.full(n, looks))[0].mean()
        for looks in (1, 2, 3)
    ]
    assert means[0] == pytest.approx(45, abs=0.3)
    # The best of two of three: 40 in two pairs, 45 in one.
    assert means[1] == pytest.approx(125 / 3, abs=0.3)
    assert means[2] == 40


def test_seconds_within_a_print() -> None:
    second = within_print(np.random.default_rng(0), MARKET, np.full(500, 275))
    assert second.min() == 275
    assert second.max() == 299


def test_the_next_candle() -> None:
    slot = ints(0, 2, 3, 5, 6, 287, 9999)
    found = next_candle(MARKET, np.zeros(len(slot), dtype=np.int64), slot)
    assert found.tolist() == [2, 2, 5, 5, 5, 5, 5]  # after the last one, the last


def test_the_nth_candle() -> None:
    found = nth_candle(MARKET, ints(0, 0, 0, 0), ints(0, 1, 2, -1))
    assert found.tolist() == [2, 5, 5, 2]


def test_what_stands_when_a_slot_begins() -> None:
    """Opens and closes of a hand market are its highs: 50 and 60."""
    price = standing(MARKET)
    assert price[0, [0, 2, 3, 5, 6, 287]].tolist() == [50, 50, 50, 50, 60, 60]
    assert set(price[1].tolist()) == {1}


def test_quiet_slots_are_of_worlds_that_trade() -> None:
    quiet = quiet_slots(MARKET, 1)
    assert not quiet[0, 2]  # three prints
    assert quiet[0, 5]
    assert quiet[0, 0]
    assert not quiet[1].any()
    assert quiet_share(MARKET, 1).tolist() == [287 / 288, 0]


def test_the_days_candles_are_ranked() -> None:
    rank = candle_rank(MARKET, ints(0))
    assert rank[0, [2, 5]].tolist() == [0.25, 0.75]
    assert np.isnan(rank[0]).sum() == 286


def test_means_of_a_world() -> None:
    assert mean_height(MARKET).tolist() == [5, 0]
    assert typical_volume(MARKET).tolist() == [1000, 1]


def test_tall_candles() -> None:
    """Heights of 10 and 0, 5 in the mean."""
    assert np.argwhere(tall_candles(MARKET, 1, 0)).tolist() == [[0, 2]]
    assert tall_candles(MARKET, 0, 0).sum() == 2
    assert tall_candles(MARKET, 10, 2).sum() == 1
    assert tall_candles(MARKET, 11, 0).sum() == 0
    assert tall_candles(MARKET, 0, 2.1).sum() == 0
