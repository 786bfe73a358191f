"""The order of a tape's rows, against a sort of all of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.recognizers.row_order import row_order

SMALL = st.integers(0, 2)
ROWS = st.lists(st.tuples(SMALL, st.integers(0, 4), SMALL, SMALL), max_size=30)


def checked(rows: list[tuple[int, int, int, int]]) -> list[int]:
    symbol, time, price, size = (np.array([r[n] for r in rows], dtype=np.int64) for n in range(4))
    found = row_order(symbol, time, price / 4, size).tolist()
    # Python's sort leaves equal ones as they are.
    assert found == sorted(range(len(rows)), key=rows.__getitem__)
    return found


@given(ROWS)
def test_rows_in_any_order(rows: list[tuple[int, int, int, int]]) -> None:
    checked(rows)


@given(ROWS)
def test_rows_in_order_of_symbol_and_time(rows: list[tuple[int, int, int, int]]) -> None:
    checked(sorted(rows, key=lambda row: row[:2]))


@given(ROWS)
def test_sorted_rows_stay(rows: list[tuple[int, int, int, int]]) -> None:
    assert checked(sorted(rows)) == list(range(len(rows)))
