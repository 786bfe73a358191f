"""Accounts that lay dormant and then moved much money."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    START,
    answer,
    check_order_and_accounts,
    line,
    lines,
    reported,
)
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.dormant_then_active import DormantThenActive

RULE = DormantThenActive()
FIRST = line(0, -1_00)


def test_more_than_180_days_are_a_silence() -> None:
    assert reported(RULE, lines([FIRST, line(181, 100_000_00)])) == [2]
    assert reported(RULE, lines([FIRST, line(180.9, 100_000_00)])) == []
    assert reported(RULE, lines([line(0.9, -1), line(181.0, 100_000_00)])) == [2]


def test_the_turnover_is_of_both_directions() -> None:
    rows = [FIRST, line(200, 60_000_00), line(201, -40_000_00)]
    assert reported(RULE, lines(rows)) == [2, 3]
    assert reported(RULE, lines([*rows[:2], line(201, -39_999_99)])) == []
    assert reported(RULE, lines([*rows[:2], line(201, -40_000_00, direction=NEUTRAL)])) == []
    assert reported(RULE, lines([*rows[:2], line(201, -40_000_00, reversal=True)])) == []
    assert reported(RULE, lines([*rows[:2], line(201, -40_000_00, currency="USD")])) == []


def test_fourteen_dates_from_the_first_line_on() -> None:
    rows = [FIRST, line(200.9, 60_000_00)]
    assert reported(RULE, lines([*rows, line(213.95, 40_000_00)])) == [2, 3]
    assert reported(RULE, lines([*rows, line(214.0, 40_000_00)])) == []


def test_the_banks_own_postings_break_no_silence() -> None:
    rows = [FIRST, line(90, 1_00, summary="结息"), line(190, 100_000_00)]
    assert reported(RULE, lines(rows)) == [3]
    assert reported(RULE, lines(rows), bank_postings=()) == []
    # A statement that begins with them: from the first of them on it was silent.
    assert reported(RULE, lines(rows[1:]), dormant_days=99) == [2]
    assert reported(RULE, lines(rows[2:])) == []


def test_a_neutral_line_wakes_and_adds_nothing() -> None:
    rows = [FIRST, line(190, 5, direction=NEUTRAL), line(204, 100_000_00)]
    assert reported(RULE, lines(rows)) == []
    assert reported(RULE, lines(rows), active_days=15) == [2, 3]


def test_after_more_than_a_year_it_is_grave() -> None:
    def severity(day: int) -> list[str]:
        return answer(RULE, lines([FIRST, line(day, 100_000_00)])).findings["severity"].to_list()

    assert severity(365) == ["medium"]
    assert severity(366) == ["high"]


def test_the_sentence_and_the_period() -> None:
    frame = lines([FIRST, line(182, 70_000_00), line(184, -69_000_00)])
    result = answer(RULE, frame)
    finding = result.findings.row(0, named=True)
    assert RULE.reason(finding, "en") == (
        "after 182 days without a transaction of the customer's, from 2024-01-01 to 2024-07-01, "
        "70,000.00 received and 69,000.00 paid in 2 lines of 14 days."
    )
    assert RULE.reason(finding, "zh") == (
        "2024-01-01 至 2024-07-01 共 182 天无客户交易，启用后 14 天内 2 笔，"
        "收入 70,000.00、支出 69,000.00。"
    )
    period = result.periods.row(0, named=True)
    assert period["start"] == START + timedelta(days=182)
    assert period["end"] == START + timedelta(days=185)


@st.composite
def statements(draw: st.DrawFn) -> pl.DataFrame:
    row = st.builds(
        line,
        st.integers(0, 60).map(lambda day: day + 0.5),
        st.sampled_from([100, 40_000_00, -60_000_00]),
        account=st.sampled_from(["A", "B", "C", "D"]),
        summary=st.sampled_from(["转账", "转账", "结息"]),
    )
    return lines(draw(st.lists(row, max_size=40)))


def _slow(frame: pl.DataFrame, dormant: int, active: int) -> list[int]:
    told: set[int] = set()
    for account in "ABCD":
        rows = [row for row in frame.rows(named=True) if row["account"] == account]
        own = [row for row in rows if row["summary"] != "结息"]
        known = {row["time"].date() for row in own} | set(
            sorted(row["time"].date() for row in rows)[:1]
        )
        dates = sorted(known)
        for before, woken in pairwise(dates):
            if (woken - before).days <= dormant:
                continue
            after = [row for row in own if 0 <= (row["time"].date() - woken).days < active]
            if sum(row["amount"] for row in after) >= 100_000_00:
                told |= {row["line"] for row in after}
    return sorted(told)


@settings(max_examples=6, deadline=None)
@given(statements(), st.integers(3, 9), st.integers(1, 4))
def test_it_equals_a_slow_implementation(frame: pl.DataFrame, dormant: int, active: int) -> None:
    asked: dict[str, Any] = {"dormant_days": dormant, "active_days": active}
    assert reported(RULE, frame, **asked) == _slow(frame, dormant, active)
    check_order_and_accounts(RULE, frame, **asked)
