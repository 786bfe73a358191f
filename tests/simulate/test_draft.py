import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulate.markets import hand_market
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import (
    Draft,
    best_print,
    draft,
    join,
    lots_for,
    next_candle,
    owners,
    pick_slots,
    print_at,
    round_trips,
    split_fills,
)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def _draft(made: list[bool], owner: np.ndarray, lots: np.ndarray | None = None) -> Draft:
    n = len(owner)
    return draft(
        np.array(made), owner, ints(*range(n)), ints(*[10] * n), BUY, ints(*range(100, 100 + n)),
        ints(*[4] * n) if lots is None else lots,
    )  # fmt: skip


def test_a_draft_keeps_the_fills_of_accounts_that_are_made() -> None:
    kept = _draft([True, False, True], ints(0, 1, 1, 2))
    assert kept.owner.tolist() == [0, 2]
    assert kept.slot.tolist() == [0, 3]
    assert kept.side.tolist() == [BUY, BUY]
    assert kept.side.dtype == np.int8


def test_joined_drafts_are_made_where_all_parts_are() -> None:
    whole = join([_draft([True, True], ints(0, 1)), _draft([True, False], ints(0, 0, 1))])
    assert whole.made.tolist() == [True, False]
    assert whole.owner.tolist() == [0, 0, 0]
    assert whole.slot.tolist() == [0, 0, 1]


def test_round_trips_are_flat_unless_said() -> None:
    args = (np.array([True]), ints(0, 0), ints(3, 4), ints(10, 11), ints(20, 21), ints(5, 6))
    even = round_trips(np.random.default_rng(0), *args)
    assert sorted(zip(even.side, even.slot, even.ticks, even.lots, strict=True)) == [
        (SELL, 3, 20, 5), (SELL, 4, 21, 6), (BUY, 3, 10, 5), (BUY, 4, 11, 6),
    ]  # fmt: skip
    uneven = round_trips(np.random.default_rng(0), *args, ints(7, 8))
    assert sorted(uneven.lots[uneven.side == SELL].tolist()) == [7, 8]


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 1)), min_size=1, max_size=20),
    st.integers(0, 99),
)
@settings(max_examples=80, deadline=None)
def test_a_split_keeps_side_price_and_the_sum_of_lots(
    fills: list[tuple[int, int]], seed: int
) -> None:
    lots, owner = (ints(*values) for values in zip(*fills, strict=True))
    before = _draft([True, True], owner, lots)
    after = split_fills(np.random.default_rng(seed), before, ints(1, 5))
    # `_draft` gives every fill a slot of its own, which names it afterwards.
    np.testing.assert_array_equal(np.bincount(after.slot, after.lots, len(lots)), lots)
    assert (after.lots >= 1).all()
    assert (np.bincount(after.slot)[owner == 0] == 1).all()
    assert np.bincount(after.slot).max() <= 5
    np.testing.assert_array_equal(after.ticks, 100 + after.slot)
    np.testing.assert_array_equal(after.owner, owner[after.slot])
    assert after.second.min() >= 0
    assert after.second.max() <= 299


def test_a_split_at_the_end_of_a_candle_stays_in_it() -> None:
    late = draft(np.array([True]), ints(0), ints(0), ints(299), BUY, ints(1), ints(50))
    parts = split_fills(np.random.default_rng(1), late, ints(5))
    assert len(parts.lots) > 1
    assert set(parts.second.tolist()) == {299}


def test_owners() -> None:
    assert owners(ints(2, 0, 1)).tolist() == [0, 0, 2]
    assert owners(ints()).tolist() == []


@given(st.integers(0, 999), st.integers(1, 12))
@settings(max_examples=80, deadline=None)
def test_picked_slots_are_different_and_allowed(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    allowed = rng.random((rows, 20)) < 0.5
    count = np.minimum(rng.integers(0, 9, rows), allowed.sum(axis=1))
    slots, owner = pick_slots(rng, allowed, count), owners(count)
    assert len(slots) == len(owner)
    assert allowed[owner, slots].all()
    assert len(set(zip(owner, slots, strict=True))) == len(slots)


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


@pytest.mark.parametrize("volume", [0.0, 1.0, 1e6])
def test_lots_lie_between_their_shares_and_are_one_at_least(volume: float) -> None:
    lots = lots_for(np.random.default_rng(0), np.full(500, volume), 0.01, 0.5)
    assert lots.dtype == np.int64
    assert lots.min() >= max(1, round(0.01 * volume))
    assert lots.max() <= max(1, round(0.5 * volume))


MARKET = hand_market({2: {3: 50, 7: 40, 9: 45}, 5: {0: 60}}, {})


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


def test_the_next_candle() -> None:
    slot = ints(0, 2, 3, 5, 6, 287, 9999)
    found = next_candle(MARKET, np.zeros(len(slot), dtype=np.int64), slot)
    assert found.tolist() == [2, 2, 5, 5, 5, 5, 5]  # after the last one, the last
