import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    Row,
    answer,
    check_order_and_accounts,
    line,
    lines,
    reported,
)
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.two_way_flow import TwoWayFlow

RULE = TwoWayFlow()
LARGE = 5_000_000


def flow(day: float, change: int, **more: object) -> Row:
    return line(day, change, **{"counterparty": "甲公司"} | more)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([flow(0, -LARGE), flow(10, LARGE)], [1, 2]),
        ([flow(0, LARGE), flow(10, -LARGE)], [1, 2]),
        ([flow(0, -LARGE), flow(11, LARGE)], []),
        ([flow(0, -LARGE), flow(1, LARGE - 1)], []),  # under the least
        ([flow(0, -2 * LARGE), flow(1, 2 * LARGE * 95 // 100)], [1, 2]),
        ([flow(0, -2 * LARGE), flow(1, 2 * LARGE * 95 // 100 - 1)], []),
        ([flow(0, -LARGE), flow(1, LARGE, counterparty="乙")], []),
        ([flow(0, -LARGE), flow(1, LARGE, currency="USD")], []),
        ([flow(0, -LARGE), flow(1, LARGE, account="B")], []),
        ([flow(0, -LARGE), flow(1, LARGE, direction=NEUTRAL)], []),
        ([flow(0, -LARGE), flow(1, LARGE, reversal=True)], []),
        ([flow(0, -LARGE), flow(1, LARGE, summary="退款")], []),
        ([flow(n, way * LARGE, counterparty="支付宝-甲") for n, way in enumerate((-1, 1))], []),
        ([flow(n, way * LARGE, counterparty="") for n, way in enumerate((-1, 1))], []),
        ([flow(0, -LARGE // 2), flow(2, -LARGE // 2), flow(3, LARGE)], [1, 2, 3]),
        ([flow(0, -LARGE), flow(3, LARGE), flow(4, -3 * LARGE)], [1, 2]),  # neighbours
    ],
)
def test_boundaries(rows: list[Row], found: list[int]) -> None:
    named = flow(500, -1)

    assert reported(RULE, lines([*rows, named])) == found


def test_an_account_goes_before_a_name() -> None:
    rows = [
        flow(0, -LARGE, counterparty_account="8888", counterparty="甲"),
        flow(1, LARGE, counterparty_account="8888", counterparty="甲公司"),
        flow(2, -LARGE, counterparty_account="9999"),
    ]
    assert reported(RULE, lines(rows)) == [1, 2]


def test_the_accounts_own_number_is_no_counterparty() -> None:
    rows = [
        flow(n, way * LARGE, account="6222000000001234", counterparty_account="6222000000001234")
        for n, way in enumerate((-1, 1))
    ]
    rows[1]["counterparty"] = "乙公司"
    assert reported(RULE, lines(rows)) == []


@pytest.mark.parametrize(
    ("other", "severity", "word"),
    [
        ({}, "high", None),
        ({"amount": LARGE + 1}, "medium", None),
        ({"summary": "本人转账"}, "low", "本人"),
        ({"summary": "理财赎回"}, "low", "理财"),
        ({"owner": "甲 公司"}, "low", "甲公司"),
    ],
)
def test_severity(other: Row, severity: str, word: str | None) -> None:
    found = answer(RULE, lines([flow(0, -LARGE), flow(1, LARGE, **other)])).findings

    assert set(found["severity"]) == {severity}
    assert set(found["word"]) == {word}


def test_figures_are_those_of_the_largest_span() -> None:
    rows = [flow(0, -LARGE), flow(2, LARGE), flow(9, -2 * LARGE), flow(20, 2 * LARGE)]
    found = answer(RULE, lines(rows)).findings

    assert found.select("out", "into", "count", "days").rows() == [(LARGE, LARGE, 2, 2)] * 2
    rows[3] = flow(19, 2 * LARGE)
    found = answer(RULE, lines(rows)).findings
    assert found.select("out", "into", "days", "period").rows() == [
        *[(LARGE, LARGE, 2, 0)] * 2,
        *[(2 * LARGE, 2 * LARGE, 10, 1)] * 2,
    ]


def test_not_applicable_without_counterparties() -> None:
    assert isinstance(RULE.recognize(lines([line(0, 1)]), settled(RULE.info)), NotApplicable)


def slow(rows: list[Row], within: int, least: int) -> list[int]:
    """All spans in plain words; half of the larger is near enough."""
    found = set()
    for party in {(row["account"], row["counterparty"]) for row in rows}:
        own = [n for n, row in enumerate(rows) if (row["account"], row["counterparty"]) == party]
        own.sort(key=lambda n: (rows[n]["time"], n))
        day = {n: rows[n]["time"].toordinal() for n in own}
        spans = [[m for m in own if 0 <= day[m] - day[n] <= within] for n in own]
        spans += [[m for m in own if 0 <= day[n] - day[m] <= within] for n in own]
        spans += [[a, b] for a, b in itertools.pairwise(own) if day[b] - day[a] <= within]
        for span in spans:
            ways = (1, -1)
            sums = [sum(rows[n]["amount"] for n in span if rows[n]["direction"] == w) for w in ways]
            if min(sums) >= least and abs(sums[0] - sums[1]) * 2 <= max(sums):
                found.update(span)
    return sorted(found)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 14),
            st.integers(1, 9),
            st.sampled_from([-1, 1]),
            st.sampled_from(["A", "B"]),
            st.sampled_from(["甲", "乙"]),
        ),
        min_size=1,
        max_size=20,
    ),
    st.integers(0, 4),
)
def test_equals_the_rule_in_plain_words(
    told: list[tuple[int, int, int, str, str]], within: int
) -> None:
    rows = [line(d, a * w, account=x, counterparty=p) for d, a, w, x, p in told]
    other = {"within_days": within, "least": 4, "within": 0.5}
    found = RULE.recognize(lines(rows), settled(RULE.info) | other)

    assert not isinstance(found, NotApplicable)
    assert found.findings["row"].to_list() == slow(rows, within, 4)


def test_order_and_accounts() -> None:
    rows = [flow(n % 7, (-1) ** n * LARGE, account="AB"[n % 3 // 2]) for n in range(12)]
    check_order_and_accounts(RULE, lines(rows))
