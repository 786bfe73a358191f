import numpy as np

from tests.rows import DAY, fills_of

ROWS = [
    ("a", "X", DAY + 1, "buy", 10.0, 1.0),
    ("b", "Y", DAY + 2, "sell", 11.0, 2.0),
    ("a", "Y", DAY + 3, "buy", 12.0, 3.0),
]


def test_take_by_mask_keeps_rows_whole_and_names() -> None:
    fills = fills_of(ROWS)
    taken = fills.take(np.array([False, True, True]))
    assert taken.price.tolist() == [11.0, 12.0]
    assert taken.quantity.tolist() == [2.0, 3.0]
    assert taken.side.tolist() == [-1, 1]
    assert taken.account_names[taken.account].tolist() == ["b", "a"]
    assert taken.symbol_names[taken.symbol].tolist() == ["Y", "Y"]


def test_take_by_positions_keeps_their_order() -> None:
    assert fills_of(ROWS).take(np.array([2, 0])).time.tolist() == [
        (DAY + 3) * 1_000_000,
        (DAY + 1) * 1_000_000,
    ]


def test_no_fills() -> None:
    assert len(fills_of([])) == 0
