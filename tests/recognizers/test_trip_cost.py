"""What trips cost in half-spreads: by hand in a market that quotes 99 and 101."""

import numpy as np
import pytest

from tests.rows import DAY, FillRow, fills_of
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.trip_cost import LEAST_PRINTS, trip_costs

SECONDS = 24 * 3_600


def market(prints: int) -> list[FillRow]:
    """Two buyers at 101 and two sellers at 99 in turns, each another account: the half-spread is 1
    by the step between prints, and nothing by Roll's estimator, which takes turns of one for more.
    """
    turns = [at // 2 % 2 for at in range(prints)]
    return [
        (f"m{at:03}", "X", DAY + 60 * at, ("buy", "sell")[turn], 101.0 - 2 * turn, 1.0)
        for at, turn in enumerate(turns)
    ]


def cost(rows: list[FillRow], who: str = "ann", days: int = 1) -> float:
    fills = fills_of(rows)
    fills = fills.take(np.lexsort((fills.time, fills.symbol)))
    none = np.full(len(fills), -1)
    tape = Tape(
        fills=fills, other=none.astype(np.int32), match=none, fee=np.full(len(fills), np.nan)
    )
    names = fills.account_names.tolist()
    account = np.array([names.index(who) if who in names else -1])
    start = np.array([DAY * MICROSECONDS])
    (found,) = trip_costs(
        tape, account, np.zeros(1, np.int64), start, start + days * SECONDS * MICROSECONDS
    )
    return float(found)


def trip(bought: float, sold: float, quantity: float = 5.0, second: int = 6_030) -> list[FillRow]:
    return [
        ("ann", "X", DAY + second, "buy", bought, quantity),
        ("ann", "X", DAY + second + 60, "sell", sold, quantity),
    ]


@pytest.mark.parametrize(
    ("bought", "sold", "expected"),
    [
        (101.0, 99.0, 1.0),  # crosses the spread twice: half of it on each trade
        (99.0, 101.0, 1.0),  # a maker earns what a taker pays
        (95.0, 105.0, 5.0),
        (100.0, 100.0, 0.0),
    ],
)
def test_half_spreads_a_unit_and_trade(bought: float, sold: float, expected: float) -> None:
    assert cost([*market(200), *trip(bought, sold)]) == pytest.approx(expected)


def test_trips_add_up_and_quantity_weighs() -> None:
    """5 won 2 and 15 lost 2: 20 lost on 20 bought and sold again, a half of it on each trade."""
    both = [*trip(99.0, 101.0, 5.0), *trip(101.0, 99.0, 15.0, second=9_030)]
    assert cost([*market(200), *both]) == pytest.approx(0.5)


def test_only_what_is_bought_and_sold_in_one_candle_counts() -> None:
    """Of 20 sold, 5 were bought in the candle; what was sold in the next does not count."""
    rows = [*trip(101.0, 99.0), ("ann", "X", DAY + 6_092, "sell", 99.0, 15.0)]
    assert cost([*market(200), *rows]) == pytest.approx(1.0)
    apart = [
        ("ann", "X", DAY + 6_030, "buy", 95.0, 5.0),
        ("ann", "X", DAY + 6_630, "sell", 105.0, 5.0),
    ]
    assert np.isnan(cost([*market(200), *apart]))


def test_its_own_prints_and_their_other_rows_make_no_spread() -> None:
    """A thief and a victim print 80 and 120 again and again; the market stays 99 to 101."""
    rows = market(200)
    for second in range(0, 9_000, 300):
        rows += trip(80.0, 120.0, second=second + 30)
        rows += [
            ("vic", "X", DAY + second + 30, "sell", 80.0, 5.0),
            ("vic", "X", DAY + second + 90, "buy", 120.0, 5.0),
        ]
    assert cost(rows) == pytest.approx(20.0)


def test_too_few_prints_and_nobody_there() -> None:
    assert np.isnan(cost([*market(LEAST_PRINTS - 1), *trip(101.0, 99.0, second=600 + 35)]))
    assert cost([*market(LEAST_PRINTS), *trip(101.0, 99.0, second=600 + 35)]) == pytest.approx(1.0)
    assert np.isnan(cost(market(200), who="nobody"))
