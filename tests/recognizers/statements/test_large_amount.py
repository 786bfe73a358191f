"""Amounts that are large for their account."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    answer,
    audit,
    check_order_and_accounts,
    line,
    lines,
    reported,
    seed,
)
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.large_amount import INFO, LargeAmount

AUDIT = audit(INFO)
RULE = LargeAmount()


def _after(change: int, *before: int, **more: object) -> list[int]:
    rows = [line(at, amount) for at, amount in enumerate(before)]
    return reported(RULE, lines([*rows, line(80, change, **more)]))


def test_only_over_the_threshold() -> None:
    assert _after(5_000_000, 100_00) == []
    assert _after(5_000_001, 100_00) == [2]
    assert _after(-5_000_001, 100_00) == [2]


def test_only_over_three_times_the_mean() -> None:
    assert _after(6_000_000, 1_000_000, -3_000_000) == []  # the mean is 2,000,000
    assert _after(6_000_001, 1_000_000, -3_000_000) == [3]
    # A third of a minor unit over and under three times the mean of 3 lines.
    assert _after(7_000_001, 2_333_333, 2_333_334, 2_333_334) == []
    assert _after(7_000_002, 2_333_333, 2_333_334, 2_333_334) == [4]


def test_the_window_is_ninety_whole_days_before_the_day() -> None:
    def told(first: float) -> list[int]:
        return reported(RULE, lines([line(first, 100_00), line(100.5, 5_000_001)]))

    assert told(9.999) == []  # 91 days before: no history
    assert told(10.0) == [2]
    assert told(99.999) == [2]
    assert told(100.0) == []  # of its own day


def test_without_history_is_said_if_asked() -> None:
    frame = lines([line(0, 6_000_000)])
    result = answer(RULE, frame)
    assert result.findings.is_empty()
    assert result.statistics["without_history"] == 1
    [finding] = answer(RULE, frame, **AUDIT).findings.rows(named=True)
    assert (finding["severity"], finding["mean"]) == ("low", None)
    assert "no line in the days before" in RULE.reason(finding, "en")


@pytest.mark.parametrize(
    ("words", "silent", "severity"),
    [
        ("转账", False, "medium"),
        ("工资", True, "low"),
        ("SALARY May", True, "low"),
        ("currently paid", False, "medium"),  # "rent" is part of a word
        ("套现", False, "high"),
        ("货款 套现", True, "high"),
    ],
)
def test_words_decide_the_severity(words: str, silent: bool, severity: str) -> None:
    frame = lines([line(0, 100), line(1, 9_000_000, summary=words)])
    assert (reported(RULE, frame) == []) == silent
    [finding] = answer(RULE, frame, **AUDIT).findings.rows(named=True)
    assert finding["severity"] == severity
    other = lines([line(0, 100), line(1, 9_000_000, counterparty=words)])
    assert answer(RULE, other, **AUDIT).findings["severity"].to_list() == [severity]


def test_the_words_and_figures_are_in_the_reason() -> None:
    frame = lines([line(0, 100_00), line(1, 300_00), line(2, 9_000_000, summary="发工资")])
    [finding] = answer(RULE, frame, **AUDIT).findings.rows(named=True)
    assert RULE.reason(finding, "en") == (
        "90,000.00 is 450.0 times the mean of 200.00 of the account's 2 lines of the days before; "
        "its text has “工资”, which may explain it."
    )
    assert RULE.reason(finding, "zh") == (
        "金额 90,000.00，为该账户此前 2 笔平均金额 200.00 的 450.0 倍；"
        "含关键词“工资”，或有合理背景。"
    )


def test_neutral_lines_and_reversals_stand_aside() -> None:
    assert _after(9_000_000, 100, direction=NEUTRAL) == []
    assert _after(9_000_000, 100, reversal=True) == []
    rows = [line(0, 100), line(1, 90_000_000, direction=NEUTRAL), line(2, 9_000_000)]
    assert reported(RULE, lines(rows)) == [3]


def test_currencies_are_apart() -> None:
    rows = [line(0, 100, currency="USD"), line(1, 9_000_000)]
    assert reported(RULE, lines(rows)) == []


@st.composite
def statements(draw: st.DrawFn) -> pl.DataFrame:
    rows = draw(
        st.lists(
            st.builds(
                line,
                st.integers(0, 150).map(lambda day: day + 0.25),
                st.sampled_from([100, -2_000_000, 5_000_001, 6_000_000, -15_000_003]),
                account=st.sampled_from(["A", "B", ""]),
                summary=st.sampled_from(["", "工资", "套现"]),
                direction=st.sampled_from([1, -1, -1, 0]),
            ),
            max_size=12,
        )
    )
    return lines(rows)


def _slow(frame: pl.DataFrame, *, without: bool) -> list[int]:
    rows = [row for row in frame.rows(named=True) if row["direction"]]
    told = []
    for row in rows:
        before = [
            one["amount"]
            for one in rows
            if one["account"] == row["account"]
            and 1 <= (row["time"].date() - one["time"].date()).days <= 90
        ]
        over = row["amount"] * len(before) > 3 * sum(before) if before else without
        if row["amount"] > 5_000_000 and over and "工资" not in row["summary"]:
            told.append(row["line"])
    return told


@settings(max_examples=20, deadline=None)
@given(statements(), st.booleans())
def test_it_equals_a_slow_implementation(frame: pl.DataFrame, without: bool) -> None:
    assert reported(RULE, frame, without_history=without) == _slow(frame, without=without)
    check_order_and_accounts(RULE, frame, without_history=without)


def test_sums_beyond_64_bits_of_other_days_do_not_matter() -> None:
    rows = [line(at, 4 * 10**18) for at in range(4)] + [line(200, 100), line(201, 5_000_001)]
    assert reported(RULE, lines(rows))[-1] == 6


def test_an_empty_statement_has_none() -> None:
    assert RULE.recognize(lines([]), seed(RULE)).findings.is_empty()  # type: ignore[union-attr]
