"""At which thresholds windows are alerts; the oracle counts one threshold after the other."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.learning.alert_spans import NO_ALERT, AlertSpans
from tradeglyph.learning.alert_spans import threshold_for as threshold_for_spans

NAN = float("nan")


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def threshold_for(probability: np.ndarray, days: int, alerts_per_day: float) -> float:
    """Of a model whose flags are its alerts."""
    return threshold_for_spans(AlertSpans.of(probability), days, alerts_per_day)


@pytest.mark.parametrize(
    ("budget", "flagged"),
    [(1, [0.9]), (2, [0.9, 0.8]), (2.5, [0.9, 0.8]), (3, [0.9, 0.8, 0.5]), (0.5, [])],
)
def test_as_many_as_the_budget_allows(budget: float, flagged: list[float]) -> None:
    seen = floats(0.1, 0.9, NAN, 0.5, 0.8)
    threshold = threshold_for(seen, 1, budget)
    assert sorted(seen[seen > threshold], reverse=True) == flagged


def test_a_budget_is_for_a_day() -> None:
    seen = floats(0.9, 0.8, 0.7, 0.6)
    assert (seen > threshold_for(seen, 2, 1)).sum() == 2
    assert (seen > threshold_for(seen, 30, 0.1)).sum() == 3


def test_equals_are_flagged_together_or_not_at_all() -> None:
    seen = floats(0.9, 0.5, 0.5, 0.5, 0.1)
    assert (seen > threshold_for(seen, 1, 3)).sum() == 1
    assert (seen > threshold_for(seen, 1, 4)).sum() == 4
    assert not (floats(0.5, 0.5) > threshold_for(floats(0.5, 0.5), 1, 1)).any()


def test_a_budget_over_everything_flags_everything() -> None:
    assert threshold_for(floats(0.9, 1e-300), 1, 2) == 0.0
    assert threshold_for(floats(NAN), 1, 1) == 0.0


def test_the_shortest_threshold_is_taken() -> None:
    assert threshold_for(floats(0.91234567, 0.31234567), 1, 1) == 0.6
    assert threshold_for(floats(0.9999731, 0.9999612), 1, 1) == 0.99997


@given(
    st.lists(st.floats(1e-12, 1, exclude_max=True), min_size=1),
    st.integers(1, 9),
    st.floats(0.01, 50),
)
def test_threshold_is_the_lowest_that_keeps_the_budget(
    seen: list[float], days: int, budget: float
) -> None:
    scores = np.array(seen)
    threshold = threshold_for(scores, days, budget)
    flagged = int((scores > threshold).sum())
    assert flagged <= days * budget * (1 + 1e-9)
    if flagged < len(scores):
        # Letting in the next probability, with its equals, would break it.
        following = scores[scores <= threshold].max()
        assert (scores >= following).sum() > math.floor(days * budget)


def test_a_window_is_an_alert_for_itself_for_its_day_or_always() -> None:
    never = np.zeros(4, dtype=bool)
    spans = AlertSpans(
        below=floats(0.3, NAN, 0.9, NAN),
        day_from=floats(0.5, 0.5, NAN, NAN),
        day_below=floats(0.8, 0.8, NAN, NAN),
        always=np.array([False, False, False, True]),
        held=never,
    )
    wanted = {
        0.0: [True, False, True, True],
        0.3: [False, False, True, True],
        0.5: [True, True, True, True],
        0.8: [False, False, True, True],
        0.9: [False, False, False, True],
    }
    for threshold, alerts in wanted.items():
        assert spans.at(threshold).tolist() == alerts
    assert spans.turns().tolist() == [0.0, 0.3, 0.5, 0.8, 0.9]
    assert spans.counts(spans.turns()).tolist() == [3, 2, 4, 2, 1]


def test_what_the_ledger_shows_is_in_every_budget() -> None:
    seen = AlertSpans.of(floats(0.9, 0.8, 0.7, 0.1))
    spans = replace(seen, always=np.array([False, False, False, True]))
    # Of two alerts one is the ledger's, so that one is left for the model.
    assert spans.at(threshold_for_spans(spans, 1, 2)).tolist() == [True, False, False, True]
    assert threshold_for_spans(spans, 1, 0.5) == NO_ALERT
    assert spans.at(NO_ALERT).tolist() == [False, False, False, True]


@st.composite
def spans(draw: st.DrawFn) -> AlertSpans:
    count = draw(st.integers(1, 12))
    grid = st.sampled_from([NAN, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    below, one, other = (
        np.array(draw(st.lists(grid, min_size=count, max_size=count))) for _ in range(3)
    )
    # A day begins where none of its windows is flagged: not under the window's own.
    since, until = np.fmax(np.fmin(one, other), below), np.fmax(one, other)
    nowhere = ~(since < until)
    always = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    return AlertSpans(
        below=below,
        day_from=np.where(nowhere, NAN, since),
        day_below=np.where(nowhere, NAN, until),
        always=always,
        held=always,
    )


@given(spans(), st.integers(0, 13))
def test_no_threshold_from_there_on_breaks_the_budget(found: AlertSpans, allowed: int) -> None:
    threshold = threshold_for_spans(found, 1, allowed)
    grid = np.round(np.arange(0, 1.001, 0.05), 2)  # between any two turns, and at each
    assert found.counts(grid).tolist() == [int(found.at(at).sum()) for at in grid]
    over = [at for at in grid if found.at(at).sum() > allowed]
    if threshold == NO_ALERT:
        assert found.always.sum() > allowed
        return
    assert all(found.at(at).sum() <= allowed for at in [threshold, *grid[grid > threshold]])
    # And the next lower stretch breaks it.
    turns = found.turns()
    lower = turns[turns <= threshold][:-1]
    assert not over or found.at(lower[-1]).sum() > allowed
    assert over or threshold == 0
