"""Amounts of a day that reach a reporting amount."""

from collections import defaultdict
from typing import Any

import polars as pl
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
    seed,
)
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.statutory_amount import StatutoryAmount

RULE = StatutoryAmount()


def cash(day: float, amount: int, **more: Any) -> Row:
    return line(day, amount, summary="现金存入", **more)


@pytest.mark.parametrize(
    ("words", "owner", "currency", "least"),
    [
        ("取现", "personal", "CNY", 50_000_00),
        ("取现", "corporate", "USD", 10_000_00),
        ("转账", "personal", "CNY", 500_000_00),
        ("转账", "unknown", "CNY", 500_000_00),
        ("转账", "corporate", "CNY", 2_000_000_00),
        ("转账", "personal", "USD", 100_000_00),
        ("转账", "corporate", "USD", 200_000_00),
        ("跨境汇款", "personal", "CNY", 200_000_00),
        ("跨境汇款", "personal", "USD", 10_000_00),
        ("跨境汇款", "corporate", "CNY", 2_000_000_00),
    ],
)
def test_the_amount_itself_reaches_it(words: str, owner: str, currency: str, least: int) -> None:
    def told(amount: int) -> list[str]:
        row = line(0, -amount, summary=words, currency=currency)
        return answer(RULE, lines([row]), owner=owner).findings["severity"].to_list()

    assert told(least) == ["medium"]
    assert told(least - 1) == []


def test_amounts_of_one_day_and_direction_are_added_up() -> None:
    rows = [cash(0.2, 30_000_00), cash(0.9, 20_000_00)]
    findings = answer(RULE, lines(rows)).findings
    assert findings["severity"].to_list() == ["low", "low"]
    assert findings["total"].to_list() == [50_000_00] * 2
    assert reported(RULE, lines([rows[0], cash(0.9, 19_999_99)])) == []
    assert reported(RULE, lines([rows[0], cash(1.0, 20_000_00)])) == []  # the next day
    assert reported(RULE, lines([rows[0], cash(0.9, -20_000_00)])) == []
    assert reported(RULE, lines([rows[0], line(0.9, 20_000_00, summary="转账")])) == []
    assert reported(RULE, lines([rows[0], cash(0.9, 20_000_00, account="B")])) == []
    assert reported(RULE, lines([rows[0], cash(0.9, 20_000_00, direction=NEUTRAL)])) == []
    assert reported(RULE, lines([rows[0], cash(0.9, 20_000_00, reversal=True)])) == []


def test_small_lines_are_added_up_and_not_named() -> None:
    rows = [cash(0, 49_000_00), cash(0, 500_00), cash(0, 499_99), cash(0, 499_99), cash(0, 2)]
    findings = answer(RULE, lines(rows)).findings
    assert findings["row"].to_list() == [0, 1]
    assert findings["total"].to_list() == [50_500_00] * 2
    assert findings["count"].to_list() == [5, 5]
    # Where all are small, the largest are named: a day is never silent.
    many = [cash(0, 499_00)] * 99 + [cash(0, 499_99)] * 2
    assert reported(RULE, lines(many)) == [100, 101]


def test_exempt_lines_do_not_count() -> None:
    result = answer(RULE, lines([line(0, 9_000_000_00, summary="定期转活期")]))
    assert result.findings.is_empty()
    assert result.statistics["exempt"] == 1
    assert reported(RULE, lines([line(0, 9_000_000_00, summary="定期转活期")]), exempt=()) == [1]


def test_currencies_without_an_amount() -> None:
    korunas = line(0, 9_000_000_00, currency="CZK")
    nothing = RULE.recognize(lines([korunas]), seed(RULE))
    assert isinstance(nothing, NotApplicable)
    assert "CZK" in nothing.reason["en"]
    mixed = answer(RULE, lines([korunas, cash(0, 50_000_00)]))
    assert mixed.findings["row"].to_list() == [1]
    assert mixed.statistics["lines_in_other_currencies"] == 1
    assert reported(RULE, lines([korunas]), usd_rates=("CZK=0.04",)) == [1]
    bad = RULE.recognize(lines([korunas]), seed(RULE, usd_rates=("CZK:0.04",)))
    assert isinstance(bad, NotApplicable)


def test_the_sentences() -> None:
    [finding] = answer(RULE, lines([cash(0, 60_000_00)])).findings.rows(named=True)
    assert RULE.reason(finding, "en") == (
        "60,000.00 received in cash reaches 50,000.00 CNY, from which banks report it "
        "(中国人民银行令〔2016〕第3号, article 5)."
    )
    rows = [line(0, -300_000_00), line(0, -200_000_00)]
    finding = answer(RULE, lines(rows)).findings.row(0, named=True)
    assert RULE.reason(finding, "zh") == (
        "本笔 300,000.00，2024-01-01 转账支出 2 笔累计 500,000.00，达到大额交易报告标准 "
        "500,000.00 CNY（中国人民银行令〔2016〕第3号 第 5 条）；账户性质未说明，按自然人标准。"
    )


@st.composite
def statements(draw: st.DrawFn) -> pl.DataFrame:
    amounts = [20_000_00, 30_000_00, 250_000_00, 100_000_00, 50_000_00, 400_00]
    row = st.builds(
        line,
        st.integers(0, 8).map(lambda quarter: quarter / 4),
        st.sampled_from([*amounts, *(-amount for amount in amounts)]),
        account=st.sampled_from(["A", "B"]),
        summary=st.sampled_from(["现金", "转账", "跨境", "结息"]),
    )
    return lines(draw(st.lists(row, max_size=40)))


def _slow(frame: pl.DataFrame) -> list[int]:
    least = {"现金": 50_000_00, "转账": 500_000_00, "跨境": 200_000_00}
    days: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in frame.rows(named=True):
        if row["summary"] in least:
            key = (row["account"], row["time"].date(), row["direction"], row["summary"])
            days[key].append(row)
    told = []
    for (*_, words), rows in days.items():
        if sum(row["amount"] for row in rows) >= least[str(words)]:
            top = max(row["amount"] for row in rows)
            share = least[str(words)] / 100
            told += [
                row["line"] for row in rows if row["amount"] in (top,) or row["amount"] >= share
            ]
    return sorted(told)


@settings(max_examples=6, deadline=None)
@given(statements())
def test_it_equals_a_slow_implementation(frame: pl.DataFrame) -> None:
    assert reported(RULE, frame) == _slow(frame)
    check_order_and_accounts(RULE, frame)
