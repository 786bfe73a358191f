"""Runs of equal neighbours."""

from itertools import groupby

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.recognizers.statements.runs import changes, runs


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=12))
def test_they_are_those_of_a_loop(values: list[int]) -> None:
    held = runs(changes(np.array(values, dtype=np.int64)))
    groups = [list(group) for _, group in groupby(values)]
    assert held.number.tolist() == [at for at, group in enumerate(groups) for _ in group]
    assert held.at.tolist() == [at for group in groups for at in range(len(group))]
    assert held.size.tolist() == [len(group) for group in groups for _ in group]


def test_any_column_begins_one() -> None:
    one, other = np.array([1, 1, 1, 2]), np.array([5, 5, 6, 6])
    assert changes(one, other).tolist() == [False, False, True, True]
