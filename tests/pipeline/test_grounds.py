"""What there is to rule on, reckoned by hand: in a market that quotes 99 and 101, and on a tape
whose other sides are known on its first day only."""

import numpy as np
import pytest

from tests.recognizers.test_trip_cost import market, trip
from tests.rows import DAY, FillRow, fills_of
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.domain.tape import Tape
from tradeglyph.pipeline.grounds import Grounds, grounds_of
from tradeglyph.pipeline.rules import Rules

FIRST = DAY * MICROSECONDS
NOBODY = np.zeros(2, dtype=bool)


def tape_of(rows: list[FillRow], matched: int = 0) -> Tape:
    """The first `matched` rows, in the order of time, are one trade of the first two accounts."""
    fills = fills_of(rows)
    fills = fills.take(np.lexsort((fills.time, fills.symbol)))
    number = np.arange(len(fills))
    other = np.where(number < matched, fills.account[1 - np.minimum(number, 1)], -1)
    return Tape(
        fills=fills,
        other=other.astype(np.int32),
        match=np.where(number < matched, 0, -1),
        fee=np.full(len(fills), np.nan),
    )


def grounds(
    tape: Tape, days: tuple[int, int], asked: tuple[bool, bool], split: int | None = None
) -> Grounds:
    """Of two windows of ann's."""
    ann = tape.fills.account_names.tolist().index("ann")
    start = FIRST + DAY_US * np.array(days)
    return grounds_of(
        np.full(2, ann),
        np.zeros(2, dtype=np.int64),
        start,
        start + DAY_US,
        tape,
        asked=np.array(asked),
        ends=np.unique(start + DAY_US),
        rules=Rules(),
        split=split,
    )


@pytest.mark.parametrize(
    ("bought", "sold", "half_spreads", "verdict", "role"),
    [(101.0, 99.0, 1.0, "quiet", ""), (105.0, 95.0, 5.0, "review", "victim")],
    ids=["the spread", "five times as much"],
)
def test_without_other_sides_costs_rule_on_whom_they_are_asked_for(
    bought: float, sold: float, half_spreads: float, verdict: str, role: str
) -> None:
    found = grounds(tape_of([*market(200), *trip(bought, sold)]), (0, 0), (True, False))
    assert found.transfers is None
    assert found.evidence is None
    assert found.unknown.tolist() == [True, False]
    np.testing.assert_allclose(found.costs, [half_spreads, np.nan])
    review, victim = (np.full(2, value, dtype=object) for value in ("review", "victim"))
    ruled = found.rule(review, victim, np.array([True, False]), NOBODY)
    assert ruled.by_ledger.verdict.tolist() == ["review", "review"]
    assert not ruled.by_ledger.cleared.any()
    assert ruled.by_costs.verdict.tolist() == [verdict, "review"]
    assert ruled.by_costs.role.tolist() == [role, "victim"]
    assert ruled.by_costs.cleared.tolist() == [verdict == "quiet", False]
    # Nobody is suspected: then nobody is cleared either.
    assert not found.rule(review, victim, NOBODY, NOBODY).by_costs.cleared.any()


@pytest.mark.parametrize(
    ("split", "unknown"),
    [(None, [True, True]), (FIRST + DAY_US, [False, True])],
    ids=["whole", "split"],
)
def test_what_is_known_before_the_split_is_counted_before_it(
    split: int | None, unknown: list[bool]
) -> None:
    """One of ann's three fills names its other side, and it is all she did on the first day."""
    rows: list[FillRow] = [
        ("ann", "X", DAY + 60, "buy", 100.0, 1.0),
        ("bob", "X", DAY + 60, "sell", 100.0, 1.0),
        ("ann", "X", DAY + 86_460, "buy", 100.0, 1.0),
        ("ann", "X", DAY + 86_520, "sell", 100.0, 1.0),
    ]
    found = grounds(tape_of(rows, matched=2), (0, 1), (True, True), split)
    assert found.transfers is not None
    assert found.unknown.tolist() == unknown
    assert np.isnan(found.costs).all()  # for want of prints
