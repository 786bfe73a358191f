import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulate.markets import hand_market
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import (
    ANYBODY,
    COMPANY,
    LEAD,
    VICTIM,
    Draft,
    draft,
    join,
    numbered,
    owners,
    round_trips,
    split_fills,
)

MARKET = hand_market({2: {3: 50, 7: 40, 9: 45}, 5: {0: 60}}, {})


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def _draft(made: list[bool], owner: np.ndarray, lots: np.ndarray | None = None) -> Draft:
    n = len(owner)
    return draft(
        np.array(made), owner, ints(*[0] * n), ints(*range(n)), ints(*[10] * n), BUY,
        ints(*range(100, 100 + n)), ints(*[4] * n) if lots is None else lots,
    )  # fmt: skip


def test_a_draft_keeps_the_fills_of_accounts_that_are_made() -> None:
    kept = _draft([True, False, True], ints(0, 1, 1, 2))
    assert kept.owner.tolist() == [0, 2]
    assert kept.slot.tolist() == [0, 3]
    assert kept.side.tolist() == [BUY, BUY]
    assert kept.side.dtype == np.int8
    assert kept.actor.tolist() == [LEAD, LEAD]
    assert kept.other.tolist() == [ANYBODY, ANYBODY]


def test_joined_drafts_are_made_where_all_parts_are() -> None:
    whole = join([_draft([True, True], ints(0, 1)), _draft([True, False], ints(0, 0, 1))])
    assert whole.made.tolist() == [True, False]
    assert whole.owner.tolist() == [0, 0, 0]
    assert whole.slot.tolist() == [0, 0, 1]


def test_who_fills_and_against_whom() -> None:
    fills = _draft([True, True], ints(0, 1))
    assert fills.against(VICTIM).other.tolist() == [VICTIM, VICTIM]
    assert fills.by(COMPANY + ints(0, 3)).actor.tolist() == [COMPANY, COMPANY + 3]
    assert fills.against(VICTIM).actor.tolist() == [LEAD, LEAD]


def test_cases_with_too_few_fills_are_not_made() -> None:
    kept = _draft([True, True, True], ints(0, 0, 1)).with_at_least(2)
    assert kept.made.tolist() == [True, False, False]
    assert kept.owner.tolist() == [0, 0]


def test_only_some_cases_and_fills_by_position() -> None:
    fills = _draft([True, True], ints(0, 1, 1))
    assert fills.only(np.array([False, True])).slot.tolist() == [1, 2]
    assert fills.take(ints(2, 2, 0)).slot.tolist() == [2, 2, 0]
    assert fills.take(ints()).made.tolist() == [True, True]


def test_round_trips_are_flat_unless_said() -> None:
    rng, made = np.random.default_rng(0), np.array([True])
    args = (
        made, ints(0, 0), ints(0, 0), ints(3, 4), ints(10, 11), ints(20, 21), ints(5, 6)
    )  # fmt: skip
    even = round_trips(rng, MARKET, *args)
    assert sorted(zip(even.side, even.slot, even.ticks, even.lots, strict=True)) == [
        (SELL, 3, 20, 5), (SELL, 4, 21, 6), (BUY, 3, 10, 5), (BUY, 4, 11, 6),
    ]  # fmt: skip
    assert even.second.max() < MARKET.seconds == 300
    uneven = round_trips(rng, MARKET, *args, ints(7, 8))
    assert sorted(uneven.lots[uneven.side == SELL].tolist()) == [7, 8]


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 1)), min_size=1, max_size=20),
    st.integers(0, 99),
)
@settings(max_examples=80)
def test_a_split_keeps_side_price_and_the_sum_of_lots(
    fills: list[tuple[int, int]], seed: int
) -> None:
    lots, owner = (ints(*values) for values in zip(*fills, strict=True))
    before = _draft([True, True], owner, lots).against(VICTIM)
    after = split_fills(np.random.default_rng(seed), MARKET, before, ints(1, 5))
    # `_draft` gives every fill a slot of its own, which names it afterwards.
    np.testing.assert_array_equal(np.bincount(after.slot, after.lots, len(lots)), lots)
    assert (after.lots >= 1).all()
    assert (np.bincount(after.slot)[owner == 0] == 1).all()
    assert np.bincount(after.slot).max() <= 5
    np.testing.assert_array_equal(after.ticks, 100 + after.slot)
    np.testing.assert_array_equal(after.owner, owner[after.slot])
    assert after.second.min() >= 0
    assert after.second.max() <= 299
    assert set(after.other.tolist()) == {VICTIM}


def test_a_split_at_the_end_of_a_candle_stays_in_it() -> None:
    one = np.array([True])
    late = draft(one, ints(0), ints(0), ints(0), ints(299), BUY, ints(1), ints(50))
    parts = split_fills(np.random.default_rng(1), MARKET, late, ints(5))
    assert len(parts.lots) > 1
    assert set(parts.second.tolist()) == {299}


def test_owners_and_their_things_numbered() -> None:
    assert owners(ints(2, 0, 1)).tolist() == [0, 0, 2]
    assert owners(ints()).tolist() == []
    assert numbered(ints(2, 0, 3)).tolist() == [0, 1, 0, 1, 2]
    assert numbered(ints()).tolist() == []
