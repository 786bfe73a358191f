import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulate.markets import hand_market
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import LEAD, VICTIM
from tradeglyph.simulate.transfers import apart, candle_trips, price_trips

N = 2000
MARKET = hand_market({0: {0: 1000, 5: 2000}})
MADE, HERE, LOTS = np.ones(N, dtype=bool), np.zeros(N, dtype=np.int64), np.full(N, 7)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("gap", [0.2, 0.5, 0.95])
def test_trips_take_their_share_of_the_candle(gap: float) -> None:
    trips = candle_trips(
        rng(), MARKET, MADE, np.arange(N), HERE, HERE, gap=np.full(N, gap), lots=LOTS
    )
    bought, sold = (trips.ticks[trips.side == side] for side in (BUY, SELL))
    assert np.median((sold - bought) / 1000) == pytest.approx(gap, rel=0.05)
    assert trips.ticks.min() >= 1000
    assert trips.ticks.max() <= 2000
    assert set(trips.other.tolist()) == {VICTIM}
    assert set(trips.actor.tolist()) == {LEAD}
    assert set(trips.lots.tolist()) == {7}


def test_trips_lie_anywhere_in_the_candle() -> None:
    gap = np.full(N, 0.3)
    trips = candle_trips(rng(), MARKET, MADE, np.arange(N), HERE, HERE, gap=gap, lots=LOTS)
    bought = trips.ticks[trips.side == BUY]
    assert np.quantile(bought, 0.05) < 1100
    assert np.quantile(bought, 0.95) > 1550


@given(st.integers(1, 10**6), st.floats(1e-6, 0.5), st.integers(0, 99))
def test_prices_apart_are_a_gap_apart(middle: int, gap: float, seed: int) -> None:
    low, high = apart(np.random.default_rng(seed), np.array([middle]), np.array([gap]))
    assert 1 <= low[0] < high[0]
    # Each is rounded to a whole tick.
    assert abs((high[0] - low[0]) - max(gap * middle, 1)) <= 1.5
    assert low[0] <= middle <= high[0]


def test_trips_around_a_price_may_leave_the_candle() -> None:
    middle = np.full(N, 2000)
    trips = price_trips(
        rng(), MARKET, MADE, np.arange(N), HERE, HERE, middle=middle, gap=np.full(N, 0.1),
        lots=LOTS,
    )  # fmt: skip
    assert trips.ticks.max() > 2000
    bought, sold = (trips.ticks[trips.side == side] for side in (BUY, SELL))
    np.testing.assert_allclose(sold - bought, 200, atol=1)
