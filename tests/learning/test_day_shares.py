"""Days of accounts in several symbols, counted by hand."""

import numpy as np

from tradeglyph.learning.day_shares import day_shares

# account, start, fraud, up, added
ROWS = np.array(
    [
        (1, 0, 1, 1, 1),  # a thief whose windows only the day brings up
        (1, 0, 1, 1, 1),
        (1, 9, 1, 1, 0),  # the same thief's next day: one window by itself, an honest one beside it
        (1, 9, 0, 0, 0),
        (2, 0, 1, 0, 0),  # a thief whom nothing finds
        (2, 0, 1, 0, 0),
        (3, 0, 0, 0, 0),  # honest: quiet, by the day, by a window that its day would bring up too
        (3, 0, 0, 0, 0),
        (4, 0, 0, 1, 1),
        (4, 0, 0, 0, 0),
        (5, 0, 0, 1, 0),
        (5, 0, 0, 1, 1),
        (6, 0, 0, 0, 1),  # brought up, and cleared by a look at everybody's trades
        (6, 0, 0, 0, 0),
        (7, 0, 1, 1, 0),  # in one symbol, on two days
        (7, 9, 1, 1, 0),
    ]
)


def found(rows: np.ndarray):  # type: ignore[no-untyped-def]
    account, start, *masks = rows.T
    return day_shares(account.astype(np.int32), start, *(mask > 0 for mask in masks))


def test_days_in_several_symbols_are_counted() -> None:
    figures = found(ROWS)
    counted = {
        kind: {name: (share["hits"], share["windows"]) for name, share in shares.items()}
        for kind, shares in figures.items()
    }
    assert counted == {
        "fraud": {"by_window": (1, 3), "with_day": (2, 3)},
        "honest": {"by_window": (1, 4), "with_day": (2, 4)},
    }


def test_the_order_of_windows_does_not_matter() -> None:
    shuffled = ROWS[np.random.default_rng(3).permutation(len(ROWS))]
    assert found(shuffled) == found(ROWS)


def test_accounts_of_one_symbol_have_no_such_day() -> None:
    assert found(ROWS[-2:]) is None
    assert found(ROWS[:0]) is None
