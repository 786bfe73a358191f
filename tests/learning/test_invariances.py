from dataclasses import replace

import numpy as np
import pytest

from tests.learning.probing import by_window, fill_count, market, mean_place
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import MICROSECONDS, Fills
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.invariances import in_parts, invariances
from tradeglyph.learning.probes import probe_of


def held(ask, reread=None) -> dict[str, bool]:  # type: ignore[no-untyped-def]
    windows, candles = market()
    probe = probe_of(windows, candles, np.arange(len(windows)))
    return {row["name"]: row["held"] for row in invariances(ask, probe, reread)}


def test_an_asker_of_places_gives_the_same_bits() -> None:
    assert held(mean_place) == {"shuffled_rows": True, "fill_in_parts": True}


def test_one_who_counts_fills_sees_the_parts() -> None:
    assert held(by_window(fill_count)) == {"shuffled_rows": True, "fill_in_parts": False}


def test_a_time_zone_that_moves_times_is_found() -> None:
    def late(fills: Fills) -> Fills:
        return replace(fills, time=fills.time + 300 * MICROSECONDS)

    def clock(windows: Windows, candles: Candles) -> np.ndarray:
        seconds = windows.fills.time[windows.offset[:-1]] - windows.start
        return seconds / 1e12

    assert held(clock, reread=lambda fills: fills.take(np.arange(len(fills))[::-1])) == {
        "shuffled_rows": True, "fill_in_parts": True, "input_time_zone": True,
    }  # fmt: skip
    assert held(clock, reread=late)["input_time_zone"] is False


def test_a_change_in_the_last_bit_is_a_change() -> None:
    calls = iter([1.0, np.nextafter(1.0, 2.0), 1.0])

    def drifting(windows: Windows, _: Candles) -> np.ndarray:
        return np.full(len(windows), next(calls))

    assert held(drifting) == {"shuffled_rows": False, "fill_in_parts": True}


def test_parts_add_up_and_share_side_price_and_second() -> None:
    windows, _ = market()
    fills = windows.fills
    parts = in_parts(fills, np.random.default_rng(0))
    assert len(parts) > 1.5 * len(fills)

    def totals(some: Fills) -> dict[tuple[float, ...], float]:
        found: dict[tuple[float, ...], float] = {}
        second = some.time // MICROSECONDS
        keys = zip(some.account, some.symbol, second, some.side, some.price, strict=True)
        for key, quantity in zip(keys, some.quantity, strict=True):
            found[key] = found.get(key, 0.0) + quantity
        return found

    wanted = totals(fills)
    assert totals(parts) == {key: pytest.approx(total) for key, total in wanted.items()}
