import numpy as np
import pytest

from tests.learning.probing import market
from tests.rows import DAY, days, fills_of, steady_candles
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.first_alert import LOOKS, first_alert


def after(fills: int):  # type: ignore[no-untyped-def]
    """Alerts from so many fills on."""
    return lambda windows, _: np.where(windows.sizes >= fills, 0.9, 0.1)


def run(windows: Windows, candles: Candles, rows: np.ndarray, ask) -> dict:  # type: ignore[no-untyped-def,type-arg]
    world = np.array([f"w{i}" for i in rows], dtype=object)
    return first_alert(windows, candles, rows, world, ask, threshold=0.5, draws=50, seed=0)


def test_money_before_the_alert_by_hand() -> None:
    # Four fills of 10, 30, 40 and 20: alerted at the third, 80 of 100 have gone.
    windows = days(fills_of([
        ("A", "X", DAY + 300 * i, "buy" if i % 2 else "sell", price, 1.0)
        for i, price in enumerate((10.0, 30.0, 40.0, 20.0))
    ]))  # fmt: skip
    candles = steady_candles(9, 5.0, 50.0)
    figures = run(windows, candles, np.array([0]), after(3))
    assert (figures["windows"], figures["alerted"]) == (1, 1)
    assert figures["gone"] == pytest.approx(0.8)
    assert figures["median_gone"] == pytest.approx(0.8)
    assert figures["before_half"] == 0
    assert run(windows, candles, np.array([0]), after(2))["gone"] == pytest.approx(0.4)


def test_a_window_that_never_alerts_has_lost_all() -> None:
    windows, candles = market()
    rows = np.arange(len(windows))
    figures = run(windows, candles, rows, after(99))
    assert (figures["alerted"], figures["gone"], figures["median_gone"]) == (0, 1.0, 1.0)


def test_sums_are_over_money_and_not_over_windows() -> None:
    """Six fills a window; the larger accounts count for more. Half of each goes before the third
    fill of six has been seen, so that the interval is narrow too."""
    windows, candles = market()
    figures = run(windows, candles, np.arange(len(windows)), after(3))
    assert figures["alerted"] == len(windows)
    assert 0.45 < figures["gone"] < 0.55
    assert figures["low"] <= figures["gone"] <= figures["high"]


def test_a_long_window_is_looked_at_now_and_then() -> None:
    sizes: list[np.ndarray] = []

    def ask(windows: Windows, _: Candles) -> np.ndarray:
        sizes.append(windows.sizes)
        return np.zeros(len(windows))

    windows, candles = market(accounts=1, trips=15)
    run(windows, candles, np.array([0]), ask)
    assert len(sizes[0]) == LOOKS
    assert sizes[0][-1] == 30
    assert (np.diff(sizes[0]) > 0).all()
    short, candles = market(accounts=1, trips=1)
    run(short, candles, np.array([0]), ask)
    assert sizes[1].tolist() == [1, 2]
