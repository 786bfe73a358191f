import numpy as np
import pytest

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.evasion import GAPS, HOUR, SIZES, TRIPS, Pairs, evasion, fraud_pairs
from tradeglyph.pipeline.cut import cut
from tradeglyph.pipeline.place import place
from tradeglyph.simulate.random_walk import simulate_market

pytest.importorskip("scipy", reason="needs the extra `train` or `plot`")


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    rng = np.random.default_rng(5)
    return fraud_pairs(rng, simulate_market(rng, 150), 2)


def test_every_choice_is_there_as_often_as_asked(pairs: Pairs) -> None:
    choices = set(zip(pairs.gap.tolist(), pairs.trips.tolist(), pairs.size.tolist(), strict=True))
    assert len(choices) == len(GAPS) * len(TRIPS) * len(SIZES)
    assert len(pairs) == 2 * len(choices)


def test_trips_take_the_gap_they_were_given(pairs: Pairs) -> None:
    windows = cut(pairs.fills, pairs.edges)
    placed = place(windows, pairs.candles)
    assert (placed.candle >= 0).all()
    assert not placed.clipped.any()
    fills, account = windows.fills, windows.fills.account
    for pair in range(0, len(pairs), 37):
        for account_of, sign in ((2 * pair, 1), (2 * pair + 1, -1)):
            own = account == account_of
            buys = own & (fills.side == BUY)
            # All fills of a side weigh the same in a trip, so their mean places are gap apart.
            gap = placed.place[own & ~buys].mean() - placed.place[buys].mean()
            # At least 20 ticks tall, and both ends are rounded to a tick.
            assert gap == pytest.approx(sign * pairs.gap[pair], abs=0.051)


def test_a_side_is_the_share_of_its_candle_that_it_was_given(pairs: Pairs) -> None:
    placed = place(cut(pairs.fills, pairs.edges), pairs.candles)
    assert not placed.over_volume.any()
    share = placed.share
    wanted = pairs.size[placed.windows.fills.symbol]
    # One lot at least, and whole lots: off where a candle trades a few of them.
    near = np.abs(share - wanted) < 0.02
    assert near.mean() > 0.9


def test_money_is_what_the_victim_lost_over_the_turnover_of_the_others(pairs: Pairs) -> None:
    fills, candles = pairs.fills, pairs.candles
    for pair in range(0, len(pairs), 41):
        own = fills.account == 2 * pair
        cash = float((-fills.side * fills.price * fills.quantity)[own].sum())
        assert cash > 0
        lost = fills.account == 2 * pair + 1
        assert float((-fills.side * fills.price * fills.quantity)[lost].sum()) == -cash
        trades = fills.time[own]
        span = trades.max() // candles.interval - trades.min() // candles.interval
        assert span < HOUR
        # Of what the others traded in the hour, at least that in the candles that the pair used.
        slots = np.unique(trades // candles.interval * candles.interval)
        used = (candles.symbol == pair) & np.isin(candles.start, slots)
        middle = (candles.high[used] + candles.low[used]) / 2
        others = float((candles.volume[used] * middle).sum())
        others -= float((fills.quantity[own] * fills.price[own]).sum()) * 1.1
        assert cash / pairs.money[pair] > others


def test_who_flags_nobody_lets_the_largest_choice_through() -> None:
    figures = evasion(
        lambda windows, _: np.zeros(len(windows)), threshold=0.5, pairs_each=1, seed=1
    )
    money = {(c["gap"], c["trips"], c["size"]): c["money"] for c in figures["cells"]}
    for row in figures["gaps"]:
        assert row["detected"] == 0.0
        assert row["money"] == max(m for (gap, *_), m in money.items() if gap == row["gap"])


def test_who_flags_everybody_lets_nothing_through() -> None:
    figures = evasion(lambda windows, _: np.ones(len(windows)), threshold=0.5, pairs_each=1, seed=1)
    assert all(row["money"] is None for row in figures["gaps"])
    assert all(share == 1.0 for row in figures["by_trips"] for share in row["detected"])


def test_a_pair_is_caught_by_either_of_its_accounts() -> None:
    """Flags beneficiaries with a wide gap only: accounts of even number buy low."""

    def ask(windows: Windows, candles: Candles) -> np.ndarray:
        placed = place(windows, candles)
        side = windows.fills.side == BUY
        n = len(windows)
        sells = np.bincount(windows.owner, np.where(side, 0, placed.place), minlength=n)
        buys = np.bincount(windows.owner, np.where(side, placed.place, 0), minlength=n)
        gap = (sells - buys) / (np.bincount(windows.owner, minlength=n) / 2)
        return (gap > 0.58).astype(float)

    figures = evasion(ask, threshold=0.5, pairs_each=4, seed=2)
    for row in figures["by_trips"]:
        assert row["detected"] == [float(gap >= 0.65) for gap in GAPS]
    assert [row["money"] is None for row in figures["gaps"]] == [gap >= 0.65 for gap in GAPS]
