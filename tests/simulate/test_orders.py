import numpy as np

from tests.simulate.markets import hand_market
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, draft
from tradeglyph.simulate.orders import EITHER, orders, when_printed

MARKET = hand_market({2: {3: 50, 7: 40, 9: 45}, 5: {0: 60}}, {4: {1: 70}}, {})


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def drawn(count: int, side: int = EITHER, looks: int = 1, seed: int = 0) -> Draft:
    """Of one account on three days, the last of which is empty."""
    rows = ints(0, 0, 0)
    return orders(
        np.random.default_rng(seed), MARKET, np.array([True]), rows, ints(0, 1, 2),
        np.full(3, count), size=np.full(3, 0.01), side=side, looks=looks,
    )  # fmt: skip


def test_each_fill_has_a_candle_of_its_own() -> None:
    fills = drawn(9)
    assert sorted(zip(fills.world, fills.slot, strict=True)) == [(0, 2), (0, 5), (1, 4)]
    assert len(drawn(1)) == 2
    assert len(drawn(0)) == 0


def test_patience_is_rewarded() -> None:
    in_2 = {side: drawn(9, side, looks=99) for side in (BUY, SELL)}
    assert in_2[BUY].ticks[in_2[BUY].slot == 2].tolist() == [40]
    assert in_2[SELL].ticks[in_2[SELL].slot == 2].tolist() == [50]
    assert set(in_2[SELL].side.tolist()) == {SELL}


def test_either_side_by_chance() -> None:
    sides = [side for seed in range(20) for side in drawn(9, seed=seed).side.tolist()]
    assert 10 < sides.count(BUY) < 50


def test_accounts_that_are_not_made_have_none() -> None:
    fills = orders(
        np.random.default_rng(0), MARKET, np.array([True, False]), ints(0, 1), ints(0, 0),
        ints(2, 2), size=np.array([0.01, 0.01]), allowed=MARKET.exists[ints(0, 0)],
    )  # fmt: skip
    assert set(fills.owner.tolist()) == {0}


def test_a_price_is_had_when_it_is_there() -> None:
    """Of the prints 50 at 75 s, 40 at 175 s and 45 at 225 s."""
    ticks = ints(50, 41, 44, 49, 46)
    same = np.zeros(5, dtype=np.int64)
    asked = draft(np.array([True]), same, same, same + 2, same, BUY, ticks, same + 1)
    second = when_printed(np.random.default_rng(0), MARKET, asked).second
    assert (second // 25).tolist() == [3, 7, 9, 3, 9]
