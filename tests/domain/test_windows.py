import numpy as np

from tests.rows import DAY, FillRow, days, fills_of

# a/X has two fills, b/X one, b/Y three.
ROWS: list[FillRow] = [
    ("a", "X", DAY + 1, "buy", 10.0, 1.0),
    ("a", "X", DAY + 2, "sell", 11.0, 2.0),
    ("b", "X", DAY + 3, "buy", 12.0, 3.0),
    ("b", "Y", DAY + 4, "buy", 13.0, 4.0),
    ("b", "Y", DAY + 5, "buy", 14.0, 5.0),
    ("b", "Y", DAY + 6, "sell", 15.0, 6.0),
]


def test_sizes_and_owner() -> None:
    windows = days(fills_of(ROWS))
    assert windows.sizes.tolist() == [2, 1, 3]
    assert windows.owner.tolist() == [0, 0, 1, 2, 2, 2]


def test_slice_owns_just_its_fills() -> None:
    part = days(fills_of(ROWS)).slice(1, 3)
    assert len(part) == 2
    assert part.offset.tolist() == [0, 1, 4]
    assert part.fills.price.tolist() == [12.0, 13.0, 14.0, 15.0]
    assert part.trade_count.tolist() == [1, 3]
    assert part.fills.account_names[part.account].tolist() == ["b", "b"]


def test_an_empty_slice() -> None:
    part = days(fills_of(ROWS)).slice(2, 2)
    assert len(part) == 0
    assert len(part.fills) == 0
    assert part.offset.tolist() == [0]
    assert part.owner.tolist() == []


def test_slices_side_by_side_are_the_whole() -> None:
    windows = days(fills_of(ROWS))
    parts = [windows.slice(at, at + 1) for at in range(3)]
    assert np.concatenate([p.fills.time for p in parts]).tolist() == windows.fills.time.tolist()
    assert np.concatenate([p.start for p in parts]).tolist() == windows.start.tolist()


def test_windows_are_taken_in_any_order_and_as_often_as_asked() -> None:
    part = days(fills_of(ROWS)).take(np.array([2, 0, 2]))
    assert part.sizes.tolist() == [3, 2, 3]
    assert part.fills.price.tolist() == [13.0, 14.0, 15.0, 10.0, 11.0, 13.0, 14.0, 15.0]
    assert part.account.tolist() == [1, 0, 1]
    assert part.symbol.tolist() == [1, 0, 1]
    assert part.trade_count.tolist() == [3, 2, 3]
    assert len(part.start) == len(part.end) == len(part.habit) == 3


def test_none_are_taken() -> None:
    part = days(fills_of(ROWS)).take(np.empty(0, dtype=np.intp))
    assert len(part) == len(part.fills) == 0
    assert part.offset.tolist() == [0]
