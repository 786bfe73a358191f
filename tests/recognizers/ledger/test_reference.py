"""References against a search that looks at every print, and what has no part in them."""

from fractions import Fraction
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.ledger.market import START, Row, tape_of_matches
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.recognizers.ledger.reference import CHOICES, Choice, References, Spans, references
from tradeglyph.recognizers.ledger.trades import NOBODY, trades_of

WIDTHS = (10 * MICROSECONDS, 30 * MICROSECONDS, 60 * MICROSECONDS)
NAMES = "ABCDEFGH"
prints = st.lists(
    st.tuples(
        st.integers(0, 120), st.sampled_from(NAMES), st.sampled_from(NAMES + "_"),
        st.integers(900, 1100),
    ).filter(lambda t: t[1] != t[2]),
    max_size=40,
)  # fmt: skip


def rows_of(drawn: list[tuple[int, str, str, int]]) -> list[Row]:
    return [(float(t), a, b.strip("_"), p / 10, 1.0) for t, a, b, p in drawn]


def found_of(
    rows: list[Row], spans: list[tuple[int, int, str, str]], choice: Choice, accounts: int
) -> tuple[References, int]:
    """References, and the units of a price of 1."""
    tape = tape_of_matches([*rows, (-500.0, "A", "B", 90.1, 1.0), (-499.0, *NAMES[2:4], 90.1, 1.0)])
    names = tape.fills.account_names.tolist()
    code = {name: names.index(name) if name in names else 99 for name in NAMES} | {"": NOBODY}
    trades = trades_of(tape, 0, 2**62)
    usable = np.flatnonzero(~trades.single)
    first, last = (np.array([(START + s[i]) * MICROSECONDS for s in spans]) for i in (0, 1))
    low, high = (np.array([code[s[i]] for s in spans]) for i in (2, 3))
    wanted = Spans(symbol=np.zeros(len(spans), int), first=first, last=last, low=low, high=high)
    done = references(
        wanted, trades.columns.take(usable), choice, half_widths=WIDTHS, accounts=accounts
    )
    return done, 10 ** int(trades.scales.price[0])


def expected(
    rows: list[Row], span: tuple[int, int, str, str], choice: Choice, accounts: int
) -> Fraction | None:
    """The specification, read aloud."""
    first, last, *own = span
    for width in (w // MICROSECONDS for w in WIDTHS):
        since = last if choice == "after" else first - width
        until = first if choice == "before" else last + width
        by_account: dict[str, list[Fraction]] = {}
        for second, buyer, seller, price, _ in rows:
            if since <= second <= until and not {buyer, seller} & set(own):
                for name in {buyer, seller} - {""}:
                    by_account.setdefault(name, []).append(Fraction(str(price)))
        if len(by_account) >= accounts:
            return median(median(prices) for prices in by_account.values())
    return None


@settings(max_examples=300)
@given(prints, st.integers(0, 120), st.integers(0, 20), st.sampled_from(CHOICES), st.integers(1, 5))
def test_median_of_medians(
    drawn: list[tuple[int, str, str, int]], at: int, more: int, choice: Choice, accounts: int
) -> None:
    rows = list(dict.fromkeys(rows_of(drawn)))
    span = (at, at + more, "A", "B")
    found, unit = found_of(rows, [span], choice, accounts)
    wanted = expected(rows, span, choice, accounts)
    assert found.known[0] == (wanted is not None)
    if wanted is not None:
        assert Fraction(int(found.quarters[0]), 4 * unit) == wanted
        assert found.spread[0] >= 0


@settings(max_examples=100)
@given(
    prints,
    st.lists(
        st.tuples(st.integers(0, 120), st.sampled_from(NAMES), st.integers(1, 20_000)),
        max_size=20,
    ),
    st.sampled_from(CHOICES),
)
def test_no_print_of_the_pair_moves_its_reference_by_a_bit(
    drawn: list[tuple[int, str, str, int]], own: list[tuple[int, str, int]], choice: Choice
) -> None:
    rows = rows_of(drawn)
    more: list[Row] = [(float(t), "A", "B" if b == "A" else b, p / 100, 1.0) for t, b, p in own]
    spans = [(at, at, "A", "B") for at in (0, 40, 77, 120)]
    before, unit = found_of(rows, spans, choice, 3)
    after, finer = found_of(rows + more, spans, choice, 3)
    assert (before.known == after.known).all()
    # Prices of another precision change the unit, and the same price in the new unit.
    assert (before.quarters * (finer // unit) == after.quarters).all()


def test_the_nearest_width_counts_and_a_busy_account_weighs_no_more() -> None:
    near: list[Row] = [(float(i), "C", "D", 100.0, 1.0) for i in range(8)]
    rows: list[Row] = [*near, (9.0, "E", "F", 104.0, 1.0), (9.0, "G", "H", 106.0, 1.0),
                       (50.0, "C", "E", 500.0, 1.0)]  # fmt: skip
    found, unit = found_of(rows, [(5, 5, "A", "B")], "both", 6)
    # Medians C, D 100, E, F 104, G, H 106: their median is 104, and 50 s is too far.
    assert found.quarters[0] / (4 * unit) == 104


def test_robust_deviation_of_the_accounts() -> None:
    rows: list[Row] = [(1.0, "C", "D", 100.0, 1.0), (1.0, "E", "F", 102.0, 1.0)]
    found, unit = found_of(rows, [(1, 1, "A", "B")], "both", 4)
    # 101 in the middle, everybody 1 away: 1.4826 times 1.
    assert found.quarters[0] / (4 * unit) == 101
    assert found.spread[0] / unit == pytest.approx(1.4826)
