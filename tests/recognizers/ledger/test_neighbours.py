"""The rough reference: the nearest prints of others, by a search that looks at every print."""

from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.ledger.market import Row, tape_of_matches
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.recognizers.ledger.neighbours import TRIES, rough
from tradeglyph.recognizers.ledger.trades import Columns, trades_of

NAMES = "ABCDEF"


def columns_of(rows: list[Row]) -> Columns:
    return trades_of(tape_of_matches(rows), 0, 2**62).columns


trade = st.tuples(
    st.integers(0, 60), st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(90, 110)
).filter(lambda t: t[1] != t[2])


@settings(max_examples=150)
@given(st.lists(trade, min_size=1, max_size=25), st.integers(1, 40), st.randoms())
def test_nearest_three_of_others(rows: list[tuple[int, str, str, int]], far: int, dice) -> None:  # type: ignore[no-untyped-def]
    columns = columns_of([(float(t), a, b, float(p), 1.0) for t, a, b, p in rows])
    usable = np.array([dice.random() < 0.8 for _ in range(len(columns))])
    found = rough(columns, usable, far * MICROSECONDS)
    second = (columns.time - columns.time[0]) / MICROSECONDS
    for at in range(len(columns)):
        own = {columns.low[at], columns.high[at]}
        sides = []
        for step in (-1, 1):
            order = range(at + step, -1 if step < 0 else len(columns), step)
            near = [
                i for i in order
                if usable[i] and abs(second[i] - second[at]) <= far
                and not own & {columns.low[i], columns.high[i]}
            ][:3]  # fmt: skip
            away = abs(second[near[-1]] - second[at]) if near else np.nan
            sides.append((median(columns.price[near]) if near else np.nan, away))
        (before, ago), (after, ahead) = sides
        assert found.before[at] == pytest.approx(before, nan_ok=True)
        assert found.after[at] == pytest.approx(after, nan_ok=True)
        if np.isnan(before) or np.isnan(after):
            both, distance = (after, ahead) if np.isnan(before) else (before, ago)
        else:
            # One microsecond more on each side keeps the weights of equal instants defined.
            weight = (ahead + 1e-6) / (ago + ahead + 2e-6)
            both, distance = weight * before + (1 - weight) * after, weight * ago
        assert found.both[at] == pytest.approx(both, nan_ok=True)
        assert found.distance[at] == pytest.approx(distance * MICROSECONDS, nan_ok=True, abs=2)


def test_a_long_run_of_the_own_parties_is_given_up_and_said() -> None:
    run: list[Row] = [(float(i), "A", f"B{i}", 10.0, 1.0) for i in range(TRIES + 5)]
    for length, lost in ((TRIES, False), (TRIES + 5, True)):
        columns = columns_of([(-1.0, "X", "Y", 9.0, 1.0), *run[:length]])
        found = rough(columns, np.ones(len(columns), dtype=bool), 10**12)
        assert found.lost[-1] == lost
        assert found.before[-1] == pytest.approx(np.nan if lost else 9.0, nan_ok=True)
