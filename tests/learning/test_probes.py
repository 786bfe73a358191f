import numpy as np

from tests.learning.probing import market, mean_place
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.probes import probe_of, sensitive, whole_accounts
from tradeglyph.pipeline.place import place


def test_answers_come_back_to_the_windows_that_were_asked_about() -> None:
    windows, candles = market()
    rows = np.array([7, 0, 3, 5])
    probe = probe_of(windows, candles, rows)
    wanted = mean_place(windows, candles)[rows]
    np.testing.assert_array_equal(probe.asked(mean_place), wanted)


def test_every_window_has_the_candles_of_its_own_day_to_itself() -> None:
    windows, candles = market()
    rows = np.arange(len(windows))
    probe = probe_of(windows, candles, rows)
    assert np.bincount(probe.candles.symbol).tolist() == [40] * len(rows)
    for number, row in enumerate(rows):
        own = probe.candles.start[probe.candles.symbol == number]
        assert own.min() >= windows.start[row]
        assert own.max() < windows.end[row]
    placed = place(probe_windows(probe), probe.candles)
    assert (placed.candle >= 0).all()


def probe_windows(probe) -> Windows:  # type: ignore[no-untyped-def]
    caught: list[Windows] = []

    def ask(windows: Windows, candles: Candles) -> np.ndarray:
        caught.append(windows)
        return np.zeros(len(windows))

    probe.asked(ask)
    return caught[0]


def test_habits_of_whole_accounts_are_kept() -> None:
    windows, candles = market()
    second_days = np.flatnonzero(~np.isnan(windows.habit))
    assert len(second_days)
    rows = whole_accounts(windows, second_days, most=100)
    assert set(rows) > set(second_days)
    again = probe_windows(probe_of(windows, candles, rows))
    known = np.isin(rows, second_days)
    by_number = np.empty(len(rows))
    by_number[again.symbol] = again.habit
    np.testing.assert_allclose(by_number[known], windows.habit[rows][known])
    assert whole_accounts(windows, second_days, most=1).tolist() == second_days.tolist()


def test_a_third_is_fraud_a_third_honest_and_a_third_undecided() -> None:
    rng = np.random.default_rng(4)
    probability = rng.random(3000)
    probability[:10] = np.nan
    fraud = np.arange(3000) < 300
    chosen = sensitive(probability, fraud, 90, seed=1)
    assert not np.isnan(probability[chosen]).any()
    assert (np.diff(chosen) > 0).all()
    nearest = np.argsort(np.abs(np.nan_to_num(probability, nan=9.0) - 0.5))[:30]
    assert set(nearest) <= set(chosen)
    assert fraud[chosen].sum() >= 30
    assert len(chosen) <= 90
