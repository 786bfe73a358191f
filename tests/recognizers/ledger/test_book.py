"""An account's book, exact in whole numbers."""

from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.recognizers.ledger.book import book

large = st.integers(1, 2**60)
trades = st.lists(st.tuples(st.sampled_from([-1, 1]), large, large, large), max_size=30)


@given(trades, large, large, st.integers(-(2**60), 2**60), large)
def test_cash_and_value_are_transfers_and_holding_less_fees(
    rows: list[tuple[int, int, int, int]], opening: int, closing: int, held: int, fees: int
) -> None:
    side, lots, units, quarters = ([row[i] for row in rows] for i in range(4))
    done = book(side, lots, units, quarters, opening=opening, closing=closing, held=held, fees=fees)
    # What a statement shows, reckoned without the book.
    bought = sum(s * n for s, n, *_ in rows)
    assert done.cash == -sum(4 * s * n * p for s, n, p, _ in rows) - fees
    assert done.value == (held + bought) * closing - held * opening
    assert done.cash + done.value == done.transfers + done.holding - done.fees


@given(trades, large, large)
def test_the_other_side_has_the_mirror_image(
    rows: list[tuple[int, int, int, int]], opening: int, closing: int
) -> None:
    side, lots, units, quarters = ([row[i] for row in rows] for i in range(4))
    turned = [-s for s in side]
    one = book(side, lots, units, quarters, opening=opening, closing=closing)
    other = book(turned, lots, units, quarters, opening=opening, closing=closing)
    assert (one.cash, one.value) == (-other.cash, -other.value)
    assert (one.transfers, one.holding) == (-other.transfers, -other.holding)


@given(st.lists(st.tuples(st.sampled_from([-1, 1]), large, large), max_size=20), large)
def test_flat_with_one_reference_the_transfers_are_the_net_cash(
    rows: list[tuple[int, int, int]], reference: int
) -> None:
    left = sum(s * n for s, n, _ in rows)
    if left:
        rows = [*rows, (-1 if left > 0 else 1, abs(left), 77)]
    side, lots, units = ([row[i] for row in rows] for i in range(3))
    done = book(side, lots, units, [reference] * len(rows), opening=1, closing=2)
    assert done.transfers == done.cash


def test_by_hand() -> None:
    # Holds 2 at 40 quarters; buys 3 at 9 units (36 quarters) when the reference is 44, closing 48.
    done = book([1], [3], [9], [44], opening=40, closing=48, held=2, fees=5)
    assert done.cash == -3 * 36 - 5
    assert done.value == 5 * 48 - 2 * 40
    assert done.transfers == 3 * (44 - 36)
    assert done.holding == 2 * (44 - 40) + 5 * (48 - 44)
