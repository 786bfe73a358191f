"""Small windows of several symbols add up, by the shipped model, and honest ones do not."""

from functools import cache

import numpy as np
import pytest

from tests.simulate.several_symbols import OneDay, dealt, one_day, together
from tradeglyph.app.scoring import score_accounts
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.score import Scores
from tradeglyph.simulate.population import simulate

SEED = 20_262
"""Unlike the seed on the card of any shipped model."""
SYMBOLS = 10


@cache
def _day() -> OneDay:
    return one_day(simulate(2_500, SEED, scenarios=("hacker", "day_trader", "market_maker")))


def _scored(windows: Windows, candles: Candles) -> Scores:
    scorer = open_model("default")
    return score_accounts(windows, candles, scorer, scorer.threshold, "en")


def _accounts(windows: Windows, scores: Scores) -> tuple[np.ndarray, np.ndarray]:
    """Per account: a window is flagged by itself; only the sum is."""
    count = int(windows.account.max()) + 1
    flagged = np.bincount(windows.account, scores.flagged, minlength=count) > 0
    review = np.bincount(windows.account, scores.verdict == "review", minlength=count) > 0
    return flagged, review & ~flagged


def test_it_was_not_trained_on_these_worlds() -> None:
    assert open_model("default").artifact.card.data.seed not in (None, SEED)


def test_a_transfer_dealt_out_over_symbols_is_found_by_the_sum() -> None:
    """One or two trips in each of five symbols, which are normal in each of them."""
    day = _day()
    keys = day.of("hacker")
    windows, candles = dealt(day, keys, 5)
    scores = _scored(windows, candles)
    flagged, added = _accounts(windows, scores)
    count = len(flagged)
    trips = np.bincount(windows.account, scores.trips, minlength=count)
    most = np.zeros(count, dtype=np.int64)
    np.maximum.at(most, windows.account, scores.trips)
    small = (trips >= 5) & (most <= 2)
    assert small.sum() > 50
    # Few are flagged alone (a fifth of the candle's volume on one side is); the sum finds the rest.
    assert flagged[small].mean() < 0.2
    assert (flagged | added)[small].mean() > 0.85
    of_sum = added[windows.account] & (scores.trips > 0)
    assert (scores.role[of_sum] == "beneficiary").mean() >= 0.98
    assert not scores.flagged[of_sum].any()
    assert all("no symbol alone" in reason for reason in scores.reason[of_sum])


@pytest.mark.parametrize("honest", ["market_maker", "day_trader"])
def test_an_honest_habit_in_many_symbols_stays_one(honest: str) -> None:
    day = _day()
    windows = together(day, day.of(honest), SYMBOLS)
    scores = _scored(windows, day.candles)
    flagged, added = _accounts(windows, scores)
    assert len(flagged) > 30
    trips = np.bincount(windows.account, scores.trips)
    assert np.median(trips) > 20  # enough to add up, if it were that
    assert not added.any()
