"""Numbers for groups of rows, against dictionaries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.recognizers.groups import numbered

LONG = 2**62


def by_dictionary(*keys: np.ndarray) -> tuple[list[int], list[int]]:
    rows = list(zip(*(key.tolist() for key in keys), strict=True))
    number = {row: at for at, row in enumerate(sorted(set(rows)))}
    return [number[row] for row in rows], [rows.index(row) for row in number]


def as_lists(found: tuple[np.ndarray, np.ndarray]) -> tuple[list[int], list[int]]:
    return found[0].tolist(), found[1].tolist()


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-LONG, LONG)), max_size=40))
def test_few_rows(rows: list[tuple[int, int]]) -> None:
    keys = [np.array([row[at] for row in rows], dtype=np.int64) for at in range(2)]
    assert as_lists(numbered(*keys)) == by_dictionary(*keys)


@pytest.mark.parametrize(
    "spans",
    [(7, 200), (7, 50_000, 3), (1_000, LONG), (LONG, LONG), (1,), (2**40, 2**40)],
    ids=["dense", "sparse", "long", "too_long", "one_group", "more_than_fit"],
)
def test_many_rows(spans: tuple[int, ...]) -> None:
    """Marked, sorted as one number, or sorted key by key: by how many different rows there may
    be."""
    rng = np.random.default_rng(4)
    pool = [rng.integers(-(span // 2), span - span // 2, 700) for span in spans]
    at = rng.integers(700, size=1_500)
    keys = [values[at] for values in pool]
    assert as_lists(numbered(*keys)) == by_dictionary(*keys)


def test_small_integers_do_not_overflow() -> None:
    account = np.arange(1_200, dtype=np.int32) % 1_100 * 1_000_000
    side = np.where(np.arange(1_200) % 2 == 0, 1, -1).astype(np.int8)
    assert as_lists(numbered(side, account)) == by_dictionary(side, account)
