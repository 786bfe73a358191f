"""The order of references: each kind where the better ones are missing, none where all are."""

from collections.abc import Sequence
from dataclasses import fields
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.ledger.market import START, Market, Row, between, tape_of_matches
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.references import QUOTED, Reference, ReferencePrices
from tradeglyph.recognizers.ledger import LedgerSettings, balances, excess_gains, ledger
from tradeglyph.recognizers.ledger.exact import QUARTERS, Scales
from tradeglyph.recognizers.ledger.quoted import Quotes
from tradeglyph.recognizers.ledger.settings import MINUTE_US

MIDQUOTE, OTHERS, VENUE, SETTLEMENT = (
    Reference.MIDQUOTE, Reference.OTHERS, Reference.VENUE, Reference.SETTLEMENT,
)  # fmt: skip
Quote = tuple[float, float, Reference]
"""second, price, kind"""
END = START * MICROSECONDS + DAY_US
NOON = 43_200.0


def quotes_of(rows: Sequence[Quote]) -> ReferencePrices:
    rows = sorted(rows, key=lambda row: row[0])
    return ReferencePrices(
        symbol=np.zeros(len(rows), dtype=np.int32),
        time=np.array([round((START + t) * MICROSECONDS) for t, _, _ in rows], dtype=np.int64),
        price=np.array([price for _, price, _ in rows], dtype=np.float64),
        kind=np.array([kind for _, _, kind in rows], dtype=np.int8),
        symbol_names=np.array(["X"], dtype=object),
    )


def near(
    rows: Sequence[Quote], kind: Reference, first: float, last: float, until: float = 1e6
) -> tuple[float, float, float] | None:
    """Both, before and after, in prices; units are hundredths."""
    scales = Scales(price=np.array([2]), quantity=np.array([0]))
    quotes = Quotes.of(quotes_of(rows), scales, LedgerSettings(), 2**62)
    assert quotes is not None
    at = (np.array([round((START + t) * MICROSECONDS)]) for t in (first, last, until))
    found = quotes.near(kind, np.zeros(1, dtype=np.int64), *at)
    if not found.known[0]:
        return None
    both, before, after = (
        float(found.quarters[c][0]) / QUARTERS / 100 for c in ("both", "before", "after")
    )
    return both, before, after


MINUTES = [(0.0, 100.0), (60.0, 101.0), (200.0, 104.0), (8_000.0, 107.0)]


@pytest.mark.parametrize(
    ("kind", "first", "last", "until", "expected"),
    [
        # As of: a quote at the very instant counts, on both sides.
        (MIDQUOTE, 60, 60, 1e6, (101.0, 101.0, 101.0)),
        (MIDQUOTE, 70, 190, 1e6, (102.5, 101.0, 104.0)),
        (MIDQUOTE, 70, 190, 200, (101.0, 101.0, 101.0)),
        # One side only: the other one is older than two and a half minutes.
        (MIDQUOTE, 349, 349, 1e6, (104.0, 104.0, 104.0)),
        (MIDQUOTE, 351, 351, 1e6, None),
        (MIDQUOTE, 7_900, 7_900, 1e6, (107.0, 107.0, 107.0)),
        # Of another venue the nearest width that has one: 150 s, then 300 s and so on.
        (VENUE, 70, 190, 1e6, (102.5, 101.0, 104.0)),
        (VENUE, 900, 900, 1e6, (104.0, 104.0, 107.0)),
        (VENUE, 900, 900, 8_000, (104.0, 104.0, 104.0)),
        (VENUE, 15_200, 15_200, 1e6, (107.0, 107.0, 107.0)),
        (VENUE, 15_201, 15_201, 1e6, None),
        # The nearest settlement, the other side for the range only, a day away at most.
        (SETTLEMENT, 3_000, 3_000, 1e6, (104.0, 104.0, 107.0)),
        (SETTLEMENT, 6_000, 6_000, 1e6, (107.0, 104.0, 107.0)),
        (SETTLEMENT, 6_000, 6_000, 8_000, (104.0, 104.0, 104.0)),
        (SETTLEMENT, 94_400, 94_400, 1e6, (107.0, 107.0, 107.0)),
        (SETTLEMENT, 94_401, 94_401, 1e6, None),
    ],
)
def test_as_of(
    kind: Reference,
    first: float,
    last: float,
    until: float,
    expected: tuple[float, float, float] | None,
) -> None:
    rows = [(t, price, kind) for t, price in MINUTES]
    assert near(rows, kind, first, last, until) == expected
    others = [k for k in QUOTED if k is not kind]
    assert near([(t, price, others[0]) for t, price, _ in rows], kind, first, last) is None


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(9_000, 11_000), st.sampled_from(QUOTED)),
        min_size=1, max_size=30,
    ),
    st.integers(0, 400), st.integers(0, 60), st.integers(0, 500),
)  # fmt: skip
def test_midquotes_read_aloud(
    drawn: list[tuple[int, int, Reference]], first: int, more: int, until: int
) -> None:
    rows = [(float(t), price / 100, kind) for t, price, kind in drawn]
    last = first + more
    until = max(until, last + 1)
    by_time: dict[int, list[int]] = {}
    for t, price, kind in drawn:
        if kind is MIDQUOTE and t < until:
            by_time.setdefault(t, []).append(price)
    before = [t for t in by_time if first - 150 <= t <= first]
    after = [t for t in by_time if last <= t <= last + 150]
    sides = [median(by_time[t]) / 100 for t in [*sorted(before)[-1:], *sorted(after)[:1]]]
    found = near(rows, MIDQUOTE, first, last, until)
    if not sides:
        assert found is None
    else:
        assert found is not None
        # To a quarter of a unit of 0.01, rounded down.
        assert found[0] == pytest.approx(sum(sides) / len(sides), abs=0.0025)


def test_prices_are_rounded_to_a_quarter_of_a_unit() -> None:
    assert near([(0.0, 100.0063, MIDQUOTE)], MIDQUOTE, 0, 0) == (100.0075,) * 3
    assert near([(0.0, 100.0061, MIDQUOTE)], MIDQUOTE, 0, 0) == (100.005,) * 3


def test_what_no_whole_number_can_hold_is_no_price() -> None:
    assert near([(0.0, 1e300, VENUE), (1.0, 100.0, VENUE)], VENUE, 0, 0) == (100.0,) * 3


@pytest.mark.parametrize("kind", QUOTED)
def test_what_rounds_to_nothing_is_no_price(kind: Reference) -> None:
    """A quarter of a unit is 0.0025, and half of that is rounded to the even 0."""
    assert near([(0.0, 1e-20, kind), (1.0, 100.0, kind)], kind, 0, 0) == (100.0,) * 3
    assert near([(0.0, 0.00125, kind)], kind, 0, 0) is None
    assert near([(0.0, 0.0013, kind)], kind, 0, 0) == (0.0025,) * 3


def crowd(accounts: int = 40) -> list[Row]:
    """A print at 100, give or take a cent, every ten seconds, of two who met by chance."""
    rng = np.random.default_rng(1)
    met = [rng.choice(accounts, 2, replace=False) for _ in range(8_600)]
    return [
        (10.0 * n, f"C{one}", f"C{other}", 99.99 + n % 3 / 100, 1.0)
        for n, (one, other) in enumerate(met)
    ]


def robbery() -> list[Row]:
    """V buys 10 at 110 from T, at noon and four times more, half an hour apart: 50 units."""
    return [(NOON + 1_800 * trip, "V", "T", 110.0, 10.0) for trip in range(5)]


def quoted(kind: Reference, price: float) -> list[Quote]:
    """Near each trade: a midquote every minute, a venue's price every ten, settlements by day."""
    step = {MIDQUOTE: 60, VENUE: 600, SETTLEMENT: 86_400}[kind]
    return [(float(t), price, kind) for t in range(-7 * 86_400, 86_400, step)]


def taken(rows: Sequence[Row], prices: Sequence[Quote]) -> dict[str, float] | None:
    tape = tape_of_matches(rows)
    found = ledger(tape, ends=np.array([END]), references=quotes_of(prices))
    return between(found, tape, "T", "V")


PRICE = {MIDQUOTE: 101.0, VENUE: 102.0, SETTLEMENT: 103.0}


@pytest.mark.parametrize("others", [True, False])
@pytest.mark.parametrize("given_", [(), *((k,) for k in QUOTED), (VENUE, SETTLEMENT), QUOTED])
def test_each_kind_is_taken_where_the_better_ones_are_missing(
    given_: tuple[Reference, ...], others: bool
) -> None:
    """Everybody else pays 100; the midquote says 101, the venue 102, the settlement 103."""
    prices = [quote for kind in given_ for quote in quoted(kind, PRICE[kind])]
    best = min([*given_, *([OTHERS] if others else [])], default=Reference.NONE)
    found = taken(robbery() + (crowd() if others else []), prices)
    if best is Reference.NONE:
        # Nobody can value it, so that nothing is worth a look.
        assert found is None
        return
    assert found is not None
    assert found["reference"] == best
    expected = 50 * (110 - {**PRICE, OTHERS: 100.0}[best])
    cent = 50 * 0.01 if best is OTHERS else 0.0
    assert found["low"] == pytest.approx(expected, abs=cent, rel=1e-12)
    assert found["high"] == pytest.approx(expected, abs=cent, rel=1e-12)


@pytest.mark.parametrize(("ago", "expected"), [(150, MIDQUOTE), (151, OTHERS), (3_600, OTHERS)])
def test_however_far_others_are_looked_for_a_midquote_is_near(
    ago: int, expected: Reference
) -> None:
    wide = LedgerSettings(half_widths=(60 * MINUTE_US, 120 * MINUTE_US))
    quotes = quotes_of([(t - ago, 101.0, MIDQUOTE) for t, *_ in robbery()])
    tape = tape_of_matches(robbery() + crowd())
    found = ledger(tape, ends=np.array([END]), references=quotes, settings=wide)
    row = between(found, tape, "T", "V")
    assert row is not None
    assert row["reference"] == expected


def test_none_of_them_is_near_and_the_ledger_abstains() -> None:
    """Nine others, ten are needed, and the quotes are all too far."""
    far = [(0.0, 100.0, MIDQUOTE), (0.0, 100.0, VENUE), (-60_000.0, 100.0, SETTLEMENT)]
    tape = tape_of_matches(robbery() + crowd(9))
    found = ledger(tape, ends=np.array([END]), references=quotes_of(far))
    # Who gained is a guess then.
    either = [between(found, tape, *ends) for ends in (("T", "V"), ("V", "T"))]
    (row,) = (one for one in either if one is not None)
    assert np.isnan([row["low"], row["high"], row["excess"]]).all()
    assert row["reference"] == Reference.NONE


@pytest.mark.parametrize("kind", QUOTED)
@pytest.mark.parametrize("legs", [1, 2])
def test_a_transfer_where_nobody_else_trades_is_recovered(kind: Reference, legs: int) -> None:
    market = Market(seed=legs, days=1, volatility=0.00005)
    moved = market.plant(0.05, legs, mules=0)
    step = {MIDQUOTE: 20, VENUE: 900, SETTLEMENT: 14_400}[kind]
    prices = [(float(t), market.middle(t), kind) for t in range(0, 86_400, step)]
    found = taken(market.rows, prices)
    assert found is not None
    assert found["reference"] == kind
    assert found["low"] == pytest.approx(moved, rel=0.05)
    assert found["excess"] > 0.9 * moved
    assert found["deviation"] > 5


def test_a_pair_s_own_false_prints_are_nothing_against_a_midquote() -> None:
    """Ten accounts could print a reference by themselves, so that only a quoted one counts."""
    market = Market(seed=1, days=1, prints_a_bar=3).honest()
    market.plant(0.05, legs=1, mules=8)
    tape = market.tape()
    without = between(ledger(tape, ends=np.array([END])), tape, "T", "V")
    assert without is None or np.isnan(without["low"])
    sold = [(t, p, q) for t, a, b, p, q in market.rows if (a, b) == ("V", "T") and q == 50]
    moved = sum((p - market.middle(t)) * q for t, p, q in sold)
    prices = [(float(t), market.middle(t), MIDQUOTE) for t in range(0, 86_400, 10)]
    found = taken(market.rows, prices)
    assert found is not None
    assert found["cluster_size"] == 10
    assert found["reference"] == MIDQUOTE
    assert found["low"] == pytest.approx(moved, rel=0.05)


def test_the_weakest_reference_of_a_flow_is_the_one_that_is_named() -> None:
    """Midquotes end before the last two of the five trades."""
    prices = [q for q in quoted(MIDQUOTE, 101.0) if q[0] < NOON + 5_000]
    found = taken(robbery(), prices + quoted(SETTLEMENT, 103.0))
    assert found is not None
    assert found["reference"] == SETTLEMENT
    assert found["low"] == 30 * 9 + 20 * 7


def test_a_lone_settlement_says_how_much_and_not_how_surely() -> None:
    found = taken(robbery(), [(NOON - 3_600, 100.0, SETTLEMENT)])
    assert found is not None
    assert found["low"] == 500
    assert found["deviation"] == 0


@pytest.mark.parametrize("move", [0.0, 0.01])
def test_a_midquote_that_says_what_everybody_pays_makes_nothing_less_sure(move: float) -> None:
    """A price that all prints leave where it is, of a coin that is worth one unit of another say,
    does not walk: that is known, not unknown."""
    prints = [(t, a, b, 100.0 + move * (n % 2), q) for n, (t, a, b, _, q) in enumerate(crowd())]
    tape = tape_of_matches(robbery() + prints)
    prices = quotes_of(quoted(MIDQUOTE, 100.0))
    for given_ in (None, prices):
        found = between(ledger(tape, ends=np.array([END]), references=given_), tape, "T", "V")
        assert found is not None
        assert found["low"] == pytest.approx(500, rel=0.002)
        assert found["deviation"] > 100


def test_the_further_a_quote_the_less_sure() -> None:
    rng = np.random.default_rng(5)
    path = 100 + 0.05 * np.cumsum(rng.standard_normal(1_500))
    deviations = []
    for lag in (1, 5, 30, 110):
        # A walk by the minute that ends so many minutes before the trade.
        rows = [(60.0 * t, float(path[t]), VENUE) for t in range(721 - lag)]
        trade: Row = (NOON, "V", "T", float(path[720]) + 50, 10.0)
        found = taken([trade], rows)
        assert found is not None
        deviations.append(found["deviation"])
    assert deviations == sorted(deviations, reverse=True)
    assert deviations[0] > 3 * deviations[-1] > 0


@pytest.mark.parametrize("days", [1, 2])
def test_no_quote_at_or_after_an_end_has_a_part_in_it(days: int) -> None:
    market = Market(seed=5, days=3, prints_a_bar=0.3, crowd=12).honest()
    market.plant(0.05, legs=2, mules=0, trips=30)
    market.add(days * 86_400.0 - 5, "V", "T", market.on_tick(market.middle(1) * 1.05), 50.0)
    rng = np.random.default_rng(days)
    prices = quotes_of(
        [
            (float(t), market.middle(t), QUOTED[int(rng.integers(3))])
            for t in range(0, market.seconds, 120)
        ]
    )
    ends = START * MICROSECONDS + DAY_US * np.arange(1, 4)
    known = prices.time < ends[days - 1]
    past = ReferencePrices(
        **{name: getattr(prices, name)[known] for name in ("symbol", "time", "price", "kind")},
        symbol_names=prices.symbol_names,
    )
    tape = market.tape()
    then, now = (
        ledger(tape, ends=e, references=p) for e, p in ((ends[:days], past), (ends, prices))
    )
    cut = now.window_end <= ends[days - 1]
    assert cut.any()
    for field in fields(Transfers):
        np.testing.assert_array_equal(getattr(then, field.name), getattr(now, field.name)[cut])


def test_prices_of_nothing_traded_change_nothing() -> None:
    market = Market(seed=3, days=1).honest()
    market.plant(0.05, legs=2, mules=2)
    tape, ends = market.tape(), np.array([market.end])
    other = quotes_of(quoted(MIDQUOTE, 50.0))
    elsewhere = ReferencePrices(
        symbol=other.symbol, time=other.time, price=other.price, kind=other.kind,
        symbol_names=np.array(["Y"], dtype=object),
    )  # fmt: skip
    with_, without = (
        ledger(tape, ends=ends, references=r) for r in (elsewhere.on(tape.fills.symbol_names), None)
    )
    for field in fields(Transfers):
        np.testing.assert_array_equal(getattr(with_, field.name), getattr(without, field.name))


def test_the_four_columns_and_single_accounts_are_measured_alike() -> None:
    prices = quotes_of(quoted(MIDQUOTE, 101.0))
    tape = tape_of_matches(robbery())
    table = balances(tape, ledger(tape, ends=np.array([END]), references=prices), references=prices)
    assert table.lost.tolist() == table.gained.tolist() == [450.0]
    blind = [row for t, a, b, p, q in robbery() for row in ((t, a, "", p, q), (t, "", b, p, q))]
    found = excess_gains(tape_of_matches(blind), ends=np.array([END]), references=prices)
    assert sorted(zip(found.direction.tolist(), found.low.tolist(), strict=True)) == [
        (-1, 450.0),
        (1, 450.0),
    ]
