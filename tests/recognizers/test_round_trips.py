from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.fills import BUY, MICROSECONDS, SELL, Fills
from tradeglyph.domain.windows import Windows
from tradeglyph.pipeline.cut import cut
from tradeglyph.recognizers.round_trips import round_trips

Rows = list[tuple[int, int, int, int]]
"""account, second, side, quantity in whole units"""


def windows_of(rows: Rows, scale: float = 1.0) -> Windows:
    account, second, side, quantity = (np.array(column) for column in zip(*rows, strict=True))
    fills = Fills(
        account=account.astype(np.int32),
        symbol=np.zeros(len(rows), dtype=np.int32),
        time=second.astype(np.int64) * MICROSECONDS,
        side=side.astype(np.int8),
        # Every second has a price of its own, so that the trips can be told apart.
        price=100.0 + second,
        quantity=quantity * scale,
        account_names=np.array([f"A{i}" for i in range(5)], dtype=object),
        symbol_names=np.array(["X"], dtype=object),
    )
    return cut(fills, np.array([0, 10_000 * MICROSECONDS]))


def by_hand(rows: Rows) -> dict[tuple[int, int, int], int]:
    """A queue of open units: account, second bought, second sold -> units."""
    trips: dict[tuple[int, int, int], int] = {}
    for account in {row[0] for row in rows}:
        open_units: deque[tuple[int, int]] = deque()
        for _, second, side, quantity in sorted(r for r in rows if r[0] == account):
            for _ in range(quantity):
                if open_units and open_units[0][1] != side:
                    other, _side = open_units.popleft()
                    pair = (second, other) if side == BUY else (other, second)
                    trips[(account, *pair)] = trips.get((account, *pair), 0) + 1
                else:
                    open_units.append((second, side))
    return trips


def found(windows: Windows) -> dict[tuple[int, int, int], float]:
    trips, second = round_trips(windows), windows.fills.time // MICROSECONDS
    keys = zip(windows.account[trips.owner], second[trips.buy], second[trips.sell], strict=True)
    return dict(zip([tuple(map(int, key)) for key in keys], trips.quantity, strict=True))


def test_a_purchase_sold_in_two_parts_and_a_short() -> None:
    rows = [(0, 1, BUY, 5), (0, 2, SELL, 2), (0, 3, SELL, 4), (0, 4, BUY, 1)]
    assert found(windows_of(rows)) == {
        (0, 1, 2): pytest.approx(2),
        (0, 1, 3): pytest.approx(3),
        (0, 4, 3): pytest.approx(1),
    }


def test_one_side_alone_makes_no_trip() -> None:
    assert found(windows_of([(0, 1, BUY, 5), (1, 2, SELL, 5)])) == {}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.integers(0, 500), st.sampled_from([BUY, SELL]), st.integers(1, 6)
        ),
        min_size=1,
        max_size=40,
        unique_by=lambda row: row[:2],
    ),
    st.sampled_from([1.0, 1e-7, 0.1, 1e9]),
)
def test_trips_are_those_of_a_queue_of_units(rows: Rows, scale: float) -> None:
    trips = found(windows_of(rows, scale))
    wanted = by_hand(rows)
    assert trips.keys() == wanted.keys()
    for key, units in wanted.items():
        assert trips[key] == pytest.approx(units * scale, rel=1e-6)
