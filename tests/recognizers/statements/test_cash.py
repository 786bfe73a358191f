"""Cash that is frequent, much, round or large."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

import polars as pl
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
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.cash import Cash

RULE = Cash()
FLOW = line(0, -9_000_000_00, summary="转账")
"""So much else that cash is never a large share."""


def cash(day: float, amount: int, **more: Any) -> Row:
    return line(day, amount, summary="取现", **more)


def test_ten_of_a_month_are_frequent() -> None:
    rows = [FLOW, *(cash(day, -123_00) for day in range(10))]
    assert reported(RULE, lines(rows)) == list(range(2, 12))
    assert reported(RULE, lines(rows[:-1])) == []
    # START is 1 January: day 31 is of February.
    assert reported(RULE, lines([*rows[:-1], cash(31, -123_00)])) == []
    assert reported(RULE, lines([*rows[:-1], cash(30.99, -123_00)])) == list(range(2, 12))
    assert reported(RULE, lines([*rows[:-1], cash(9, 123_00)])) == []
    assert reported(RULE, lines([*rows[:-1], cash(9, -123_00, direction=NEUTRAL)])) == []
    assert reported(RULE, lines([*rows[:-1], cash(9, -123_00, reversal=True)])) == []


def test_half_of_what_went_out_is_much() -> None:
    half = [cash(0, -12_345_67), line(1, -12_345_67)]
    assert reported(RULE, lines(half)) == [1]
    assert reported(RULE, lines([half[0], line(1, -12_345_68)])) == []
    assert reported(RULE, lines([cash(0, -9_999_99)])) == []  # too little to judge
    assert reported(RULE, lines([cash(0, -10_000_01)])) == [1]


def test_three_round_ones_of_a_month() -> None:
    rows = [FLOW, *(cash(day, -20_000_00) for day in range(3)), cash(4, -123_00)]
    assert reported(RULE, lines(rows)) == [2, 3, 4]
    assert reported(RULE, lines([*rows[:2], *rows[3:]])) == []
    rows[2] = cash(1, -20_000_01)
    assert reported(RULE, lines(rows)) == []


def test_a_large_one_is_told_by_itself() -> None:
    findings = answer(RULE, lines([FLOW, cash(0, -50_000_01)])).findings
    assert findings["severity"].to_list() == ["medium"]
    assert reported(RULE, lines([FLOW, cash(0, -49_999_99)])) == []
    assert answer(RULE, lines([FLOW, cash(0, -50_000_00)])).findings.height == 1


def test_the_sentence_says_all() -> None:
    rows = [line(9, -40_000_00), *(cash(day, -20_000_00) for day in range(3))]
    finding = answer(RULE, lines(rows)).findings.row(0, named=True)
    assert RULE.reason(finding, "en") == (
        "20,000.00 paid in cash; cash was 60.0 % of all paid in 2024-01, in sum 60,000.00; 3 such "
        "round amounts in 2024-01."
    )
    assert RULE.reason(finding, "zh") == (
        "现金支出 20,000.00；2024-01 现金占全部支出的 60.0 %，合计 60,000.00；"
        "2024-01 同类整数金额共 3 笔。"
    )


def test_the_statistics_are_sums() -> None:
    told = answer(RULE, lines([FLOW, cash(0, -20_00), cash(1, 30_50)])).statistics
    assert told == {"cash_lines": 2, "cash_received": 30.5, "cash_paid": 20.0}


@st.composite
def statements(draw: st.DrawFn) -> pl.DataFrame:
    amounts = [3_000_00, 10_000_00, 20_000_00, 50_000_00]
    row = st.builds(
        line,
        st.integers(25, 36),
        st.sampled_from([*amounts, *(-amount for amount in amounts)]),
        account=st.sampled_from(["A", "B"]),
        summary=st.sampled_from(["取现", "转账"]),
    )
    return lines(draw(st.lists(row, max_size=40)))


def _slow(frame: pl.DataFrame) -> list[int]:
    months: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in frame.rows(named=True):
        months[row["account"], row["time"].month, row["direction"]].append(row)
    told: set[int] = set()
    for rows in months.values():
        own = [row for row in rows if row["summary"] == "取现"]
        total, flow = (sum(row["amount"] for row in some) for some in (own, rows))
        often = len(own) >= 4
        much = total >= 10_000_00 and Fraction(total, flow) >= Fraction(6, 10)
        rounds = [row for row in own if row["amount"] % 10_000_00 == 0]
        told |= {row["line"] for row in own if often or much or row["amount"] >= 50_000_00}
        told |= {row["line"] for row in rounds if len(rounds) >= 3}
    return sorted(told)


@settings(max_examples=6, deadline=None)
@given(statements())
def test_it_equals_a_slow_implementation(frame: pl.DataFrame) -> None:
    asked = {"frequent": 4, "share": 0.6}
    assert reported(RULE, frame, **asked) == _slow(frame)
    check_order_and_accounts(RULE, frame, **asked)
