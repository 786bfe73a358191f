"""Amounts split to stay under a reporting amount."""

import itertools
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    START,
    Row,
    answer,
    check_order_and_accounts,
    line,
    lines,
    reported,
    seed,
)
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.structuring import Structuring

RULE = Structuring()


def cash(day: float, amount: int, **more: Any) -> Row:
    return line(day, amount, summary="现金存入" if amount > 0 else "ATM取款", **more)


def test_each_is_under_the_amount_and_near_it() -> None:
    assert reported(RULE, lines([cash(day, 49_999_99) for day in range(3)])) == [1, 2, 3]
    assert reported(RULE, lines([cash(day, 50_000_00) for day in range(3)])) == []
    assert reported(RULE, lines([cash(day, 25_000_00) for day in range(3)])) == [1, 2, 3]
    assert reported(RULE, lines([cash(day, 24_999_99) for day in range(3)])) == []


def test_three_are_several() -> None:
    assert reported(RULE, lines([cash(0, 49_000_00), cash(1, 49_000_00)])) == []
    assert reported(RULE, lines([cash(0, 49_000_00), cash(1, 49_000_00)]), count=2) == [1, 2]


def test_their_sum_reaches_the_amount() -> None:
    low = {"near": 0.1, "count": 3}
    amounts = [20_000_00, 20_000_00, 10_000_00]
    assert reported(RULE, lines([cash(0, amount) for amount in amounts]), **low) == [1, 2, 3]
    amounts[2] -= 1
    assert reported(RULE, lines([cash(0, amount) for amount in amounts]), **low) == []


def test_ten_dates_are_a_window_from_any_date_on() -> None:
    # Dates 3, 8 and 12 are ten dates; the window may begin on any.
    rows = [cash(3.9, 40_000_00), cash(8, 40_000_00), cash(12.0, 40_000_00)]
    assert reported(RULE, lines(rows)) == [1, 2, 3]
    rows[2] = cash(13.0, 40_000_00)
    assert reported(RULE, lines(rows)) == []
    # Two windows that share a line are one period, longer than a window.
    chain = [cash(day, 40_000_00) for day in (0, 5, 9, 14, 18)]
    result = answer(RULE, lines(chain))
    assert result.findings["period"].unique().to_list() == [0]
    assert result.periods["start"].to_list() == [START]
    assert result.periods["end"].to_list() == [START + timedelta(days=19)]
    # A gap between full windows makes two.
    apart = [cash(day, 40_000_00) for day in (0, 1, 2, 12, 13, 14)]
    assert answer(RULE, lines(apart)).periods.height == 2


def test_directions_currencies_and_kinds_are_apart() -> None:
    mixed = [cash(0, 40_000_00), cash(1, 40_000_00), cash(2, -40_000_00)]
    assert reported(RULE, lines(mixed)) == []
    mixed[2] = cash(2, 9_000_00, currency="USD")
    assert reported(RULE, lines(mixed)) == []
    mixed[2] = line(2, 40_000_00, summary="转账")
    assert reported(RULE, lines(mixed)) == []
    mixed[2] = cash(2, 40_000_00, direction=NEUTRAL)
    assert reported(RULE, lines(mixed)) == []
    mixed[2] = cash(2, 40_000_00, reversal=True)
    assert reported(RULE, lines(mixed)) == []


def test_dollars_have_amounts_of_their_own() -> None:
    rows = [cash(day, 9_999_99, currency="USD") for day in range(3)]
    assert reported(RULE, lines(rows)) == [1, 2, 3]
    euros = lines([{**row, "currency": "EUR"} for row in rows])
    assert isinstance(RULE.recognize(euros, seed(RULE)), NotApplicable)
    assert reported(RULE, euros, usd_rates=("EUR=1",)) == [1, 2, 3]
    assert reported(RULE, euros, usd_rates=("EUR=1.1",)) == []  # 9,999.99 euros are over it


@pytest.mark.parametrize(
    ("owner", "under"),
    [("personal", 499_999_99), ("unknown", 499_999_99), ("corporate", 1_999_999_99)],
)
def test_transfers_by_whose_account_it_is(owner: str, under: int) -> None:
    frame = lines([line(day, -under, counterparty="甲") for day in range(3)])
    [finding, *_] = answer(RULE, frame, owner=owner).findings.rows(named=True)
    assert (finding["kind"], finding["severity"]) == ("counterparty", "high")
    assert ("not said" in RULE.reason(finding, "en")) == (owner == "unknown")
    over = lines([line(day, -under - 1, counterparty="甲") for day in range(3)])
    assert reported(RULE, over, owner=owner) == []


def test_one_counterparty_is_said_once_and_before_all() -> None:
    rows = [line(day, 400_000_00, counterparty=name) for day, name in enumerate("甲甲甲乙丙")]
    findings = answer(RULE, lines(rows)).findings
    assert findings["kind"].to_list() == ["counterparty"] * 3 + ["transfer"] * 2
    assert findings["count"].to_list() == [3, 3, 3, 5, 5]
    assert findings["severity"].to_list() == ["medium"] * 3 + ["low"] * 2
    alone = answer(RULE, lines(rows), all_transfers=False).findings
    assert alone["kind"].to_list() == ["counterparty"] * 3
    accounts = [{**row, "counterparty_account": str(at)} for at, row in enumerate(rows)]
    kinds = answer(RULE, lines(accounts)).findings["kind"]
    assert set(kinds) == {"transfer"}


def test_severity_and_words() -> None:
    def severities(amount: int, **more: str) -> list[str]:
        rows = [line(day, amount, **({"summary": "存现"} | more)) for day in range(3)]
        return answer(RULE, lines(rows)).findings["severity"].to_list()

    assert severities(45_000_00) == ["high"] * 3
    assert severities(44_999_99) == ["medium"] * 3
    assert severities(45_000_00, counterparty="代发工资") == ["low"] * 3


def test_the_sentence() -> None:
    frame = lines([cash(day, -48_000_00) for day in (0, 1, 3)])
    finding = answer(RULE, frame).findings.row(0, named=True)
    assert RULE.reason(finding, "en") == (
        "48,000.00 is one of 3 cash amounts paid from 2024-01-01 to 2024-01-04 (4 days), each "
        "under 50,000.00, that add up to 144,000.00."
    )
    assert RULE.reason(finding, "zh") == (
        "本笔 48,000.00，为 2024-01-01 至 2024-01-04（4 天）支出的 3 笔现金之一，"
        "每笔均低于 50,000.00，合计 144,000.00。"
    )


AMOUNTS = (4_999_99, 5_000_00, 10_000_00, 20_000_00, 49_999_99, 50_000_00)


@st.composite
def statements(draw: st.DrawFn) -> pl.DataFrame:
    row = st.builds(
        cash,
        st.integers(0, 20).map(lambda day: day + 0.5),
        st.sampled_from([*AMOUNTS, *(-amount for amount in AMOUNTS[2:4])]),
        account=st.sampled_from(["A", "B"]),
    )
    return lines(draw(st.lists(row, max_size=40)))


def _slow(frame: pl.DataFrame, days: int, count: int) -> list[int]:
    """Every window of every book and direction, from every date on."""
    told: set[int] = set()
    rows = [row for row in frame.rows(named=True) if 5_000_00 <= row["amount"] < 50_000_00]
    for start, account, side in itertools.product(range(-10, 21), "AB", (1, -1)):
        first = START + timedelta(days=start)
        held = [
            row
            for row in rows
            if (row["account"], row["direction"]) == (account, side)
            and first <= row["time"] < first + timedelta(days=days)
        ]
        if len(held) >= count and sum(row["amount"] for row in held) >= 50_000_00:
            told |= {row["line"] for row in held}
    return sorted(told)


@settings(max_examples=6, deadline=None)
@given(statements(), st.integers(1, 6), st.integers(2, 4))
def test_it_equals_a_slow_implementation(frame: pl.DataFrame, days: int, count: int) -> None:
    asked = {"near": 0.1, "days": days, "count": count}
    assert reported(RULE, frame, **asked) == _slow(frame, days, count)
    check_order_and_accounts(RULE, frame, **asked)
