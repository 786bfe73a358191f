"""What is usual for an account, before each of its windows and never after."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.fills import DAY_US, Fills
from tradeglyph.pipeline.cut import cut

DAYS = 6


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, 1),
            st.integers(0, DAYS - 1),
            st.floats(1e-3, 1e5),
        ),
        max_size=40,
    )
)
def test_it_is_the_geometric_mean_of_earlier_fills_over_all_symbols(
    rows: list[tuple[int, int, int, float]],
) -> None:
    account, symbol, day, price = (np.array(c) for c in zip(*rows, strict=True)) if rows else [
        np.empty(0)] * 4  # fmt: skip
    # A second of its own for each, so that none are merged.
    time = day.astype(np.int64) * DAY_US + np.arange(len(rows), dtype=np.int64) * 1_000_000
    fills = Fills(
        account=account.astype(np.int32),
        symbol=symbol.astype(np.int32),
        time=time,
        side=np.ones(len(rows), np.int8),
        price=price.astype(float),
        quantity=np.full(len(rows), 2.0),
        account_names=np.array(["a", "b", "c"], dtype=object),
        symbol_names=np.array(["X", "Y"], dtype=object),
    )
    windows = cut(fills, np.arange(DAYS + 1) * DAY_US)
    for at in range(len(windows)):
        mine = (account == windows.account[at]) & (time < windows.start[at])
        if not mine.any():
            assert np.isnan(windows.habit[at])
        else:
            usual = np.exp(np.log(2.0 * price[mine]).mean())
            assert windows.habit[at] == pytest.approx(usual, rel=1e-9)
