"""Spans of a tape, against a mask for each."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.fills import Fills
from tradeglyph.domain.tape import Tape

MONDAY = 1_772_409_600_000_000


def tape_of(rows: list[tuple[int, int]]) -> Tape:
    """Rows of symbol and time, sorted."""
    n = len(rows)
    symbol, time = (np.array([row[at] for row in sorted(rows)], dtype=np.int64) for at in (0, 1))
    fills = Fills(
        account=np.zeros(n, np.int32),
        symbol=symbol.astype(np.int32),
        time=MONDAY + time,
        side=np.ones(n, np.int8),
        price=np.ones(n),
        quantity=np.ones(n),
        account_names=np.array(["A"], dtype=object),
        symbol_names=np.array([f"S{at}" for at in range(10_000)], dtype=object),
    )
    none = np.full(n, -1)
    return Tape(fills=fills, other=none.astype(np.int32), match=none, fee=np.full(n, np.nan))


SYMBOL = st.sampled_from([0, 1, 2, 9_999])
TIME = st.integers(-50, 50)


@given(st.lists(st.tuples(SYMBOL, TIME), max_size=40), st.lists(st.tuples(SYMBOL, TIME, TIME)))
def test_a_span_holds_the_rows_of_its_symbol_and_time(
    rows: list[tuple[int, int]], asked: list[tuple[int, int, int]]
) -> None:
    tape = tape_of(rows)
    symbol = np.array([a for a, _, _ in asked], dtype=np.int64)
    since = MONDAY + np.array([min(b, c) for _, b, c in asked], dtype=np.int64)
    until = MONDAY + np.array([max(b, c) for _, b, c in asked], dtype=np.int64)
    first, last = tape.spans(symbol, since, until)
    at = np.arange(len(tape))
    for number in range(len(asked)):
        fills = tape.fills
        wanted = fills.symbol == symbol[number]
        wanted &= (fills.time >= since[number]) & (fills.time < until[number])
        assert at[first[number] : last[number]].tolist() == at[wanted].tolist()
