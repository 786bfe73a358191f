import numpy as np
import pytest

from tests.rows import DAY, days, fills_of
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.gather import beginnings


def three() -> Windows:
    """Accounts a, b, c with 1, 2 and 3 fills, priced 1 to 6."""
    sizes = {"a": 1, "b": 2, "c": 3}
    rows, price = [], 0
    for account, size in sizes.items():
        for n in range(size):
            price += 1
            rows.append((account, "X", DAY + 60 * n, "buy", float(price), 1.0))
    return days(fills_of(rows))


def test_windows_are_taken_in_any_order_and_as_often_as_asked() -> None:
    part = beginnings(three(), np.array([2, 0, 2, 1]), np.array([3, 1, 1, 2]))
    assert part.sizes.tolist() == [3, 1, 1, 2]
    assert part.fills.price.tolist() == [4, 5, 6, 1, 4, 2, 3]
    assert part.account.tolist() == [2, 0, 2, 1]
    assert part.trade_count.tolist() == [3, 1, 1, 2]
    assert len(part.start) == len(part.habit) == 4


def test_all_fills_of_all_windows_are_the_windows() -> None:
    windows = three()
    same = beginnings(windows, np.arange(3), windows.sizes)
    assert same.offset.tolist() == windows.offset.tolist()
    assert same.fills.price.tolist() == windows.fills.price.tolist()


@pytest.mark.parametrize("size", [0, 2])
def test_a_beginning_that_is_none_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="no such beginning"):
        beginnings(three(), np.array([0]), np.array([size]))


def test_nothing_of_nothing() -> None:
    part = beginnings(three(), np.empty(0, dtype=np.intp), np.empty(0, dtype=np.int64))
    assert len(part) == len(part.fills) == 0
