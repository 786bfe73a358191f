"""Fills left out of a window, and what follows from the answers."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import DAY, FillRow, days, fills_of
from tradeglyph.domain.windows import Windows
from tradeglyph.recognizers.occlusion import (
    MATTERS,
    Occlusion,
    by_candle,
    heaviest,
    left_out,
    refined,
)


def window(rows: list[FillRow]) -> Windows:
    return days(fills_of(rows))


def some_window(count: int = 4) -> Windows:
    return window([("A", "X", DAY + 60 * i, "buy", 10.0 + i, 1.0 + i) for i in range(count)])


def occlusion(
    without: list[float], probability: float = 0.9, group: list[int] | None = None
) -> Occlusion:
    return Occlusion(
        group=np.array(range(len(without)) if group is None else group),
        probability=probability,
        without=np.array(without),
        asked=len(without) + 1,
    )


def test_the_whole_first_then_without_each() -> None:
    whole = some_window()
    batch = left_out(whole, np.array([0, 1, -1, 0]))
    # Group 0 is the first and the last fill, group 1 the second; the third always stays.
    prices = [batch.slice(at, at + 1).fills.price.tolist() for at in range(len(batch))]
    assert prices == [[10, 11, 12, 13], [11, 12], [10, 12, 13]]
    assert batch.trade_count.tolist() == [4, 2, 3]
    assert batch.start.tolist() == [DAY * 1_000_000] * 3
    assert batch.account.tolist() == whole.account.tolist() * 3
    assert batch.habit.shape == (3,)


@given(st.lists(st.integers(-1, 5), min_size=1, max_size=20))
def test_each_lacks_its_group_and_nothing_else(cells: list[int]) -> None:
    names = sorted({cell for cell in cells if cell >= 0})
    group = np.array([names.index(cell) if cell >= 0 else -1 for cell in cells])
    whole = some_window(len(cells))
    batch = left_out(whole, group)
    assert len(batch) == 1 + len(names)
    everything = Counter(whole.fills.price.tolist())
    for at in range(len(batch)):
        mine = batch.slice(at, at + 1).fills
        lacking = everything - Counter(mine.price.tolist())
        assert sorted(lacking.elements()) == whole.fills.price[group == at - 1].tolist() * (at > 0)
        assert (np.diff(mine.time) > 0).all()


def test_groups_by_candle() -> None:
    assert by_candle(np.array([-1, 7, 7, 9, 30]), 9).tolist() == [0, 1, 1, 2, 3]
    # Four candles in two groups: neighbours share one.
    assert by_candle(np.array([5, 7, 7, 9, 30]), 2).tolist() == [0, 0, 0, 1, 1]


def test_the_heaviest_groups_that_fit_are_asked_one_by_one() -> None:
    group = np.array([0, 0, 1, 1, 1, 2, 3, 3])
    evidence = np.array([1.0, 3.0, 9.0, 2.0])
    # Group 2 is a single fill already; 1 has three fills, then 3 has two, then 0 finds no room.
    assert heaviest(group, evidence, 5).tolist() == [1, 3]
    assert heaviest(group, evidence, 4).tolist() == [1]
    assert heaviest(group, evidence, 2).tolist() == [3]
    assert heaviest(group, np.array([np.nan, -1.0, 2.0, 0.0]), 99).tolist() == []


def test_a_refined_answer_is_the_finer_where_there_is_one() -> None:
    coarse = occlusion([0.8, 0.1, 0.7], group=[0, 0, 1, 1, 2])
    fine = occlusion([0.4, 0.5], group=[-1, -1, 0, 1, -1])
    both = refined(coarse, fine)
    assert both.without[both.group].tolist() == [0.8, 0.8, 0.4, 0.5, 0.7]
    assert both.sizes.tolist() == [2, 1, 1, 1]
    assert both.asked == 4 + 3


def test_falls_and_odds() -> None:
    done = occlusion([0.5, 0.95, float("nan"), 0.9])
    assert done.fall.tolist()[:2] == pytest.approx([0.4, -0.05])
    # Odds of 9 fall to 1, rise to 19, can't be known, stay.
    assert done.evidence.tolist() == pytest.approx(
        [np.log(9), np.log(9 / 19), np.nan, 0], nan_ok=True
    )


def test_what_matters_is_ranked_and_weighed() -> None:
    # Odds of 9 become 3, 1, 9 / 1.05 and 9 * 2: falls by a factor of 3, 9, 1.05 and 1/2.
    done = occlusion([3 / 4, 1 / 2, 9 / 1.05 / (1 + 9 / 1.05), 18 / 19])
    assert done.ranked.tolist() == [1, 0]
    assert done.weight.tolist() == pytest.approx([0.5, 1, 0, 0])
    assert np.log(1.05) < MATTERS < np.log(3)


def test_the_bound_of_what_matters() -> None:
    for factor, named in ((1.11, True), (1.10, False)):  # the logarithm of 1.1052 is a tenth
        odds = 9 / factor
        assert bool(len(occlusion([odds / (1 + odds)]).ranked)) is named


def test_probabilities_near_one_still_differ() -> None:
    done = occlusion([1 - 1e-9, 1 - 1e-6], probability=1 - 1e-12)
    assert done.weight.tolist() == pytest.approx([0.5, 1], rel=1e-3)


def test_nothing_is_named_in_a_window_that_is_not_suspected() -> None:
    done = occlusion([1e-9, 0.001], probability=0.009)
    assert done.ranked.tolist() == []
    assert done.weight.tolist() == [0, 0]
    assert occlusion([1e-9, 0.001], probability=0.011).ranked.tolist() == [0, 1]


def test_no_answer_without_any() -> None:
    done = occlusion([np.nan, np.nan])
    assert done.ranked.tolist() == []
    assert done.weight.tolist() == [0, 0]
