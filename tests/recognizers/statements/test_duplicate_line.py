"""Lines that are there more than once."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    START,
    Row,
    answer,
    balanced,
    check_order_and_accounts,
    line,
    lines,
)
from tradeglyph.recognizers.statements.duplicate_line import DuplicateLine

RULE = DuplicateLine()
NOON = datetime(2024, 3, 5, 12, 0, 1)  # noqa: DTZ001 - a bank's clock has no zone
DAY = date(2024, 3, 5)


def told(rows: list[Row], **other: Any) -> list[tuple[int, str, str]]:
    findings = answer(RULE, lines(rows), **other).findings
    return [(one["row"] + 1, one["kind"], one["severity"]) for one in findings.rows(named=True)]


def fare(when: datetime | date, **more: Any) -> Row:
    return line(when, -3_00, **({"summary": "地铁"} | more))


def test_printed_twice_under_one_serial_number() -> None:
    row = fare(NOON, tx_id="A1", balance=97_00)
    assert told([row, row]) == [(2, "printed_twice", "medium")]
    assert told([row, row, row])[1] == (3, "printed_twice", "medium")
    assert told([row, {**row, "tx_id": "A2"}]) == []


def test_booked_twice_under_one_serial_number() -> None:
    rows = balanced([fare(NOON, tx_id="A1"), fare(NOON, tx_id="A1")], 100_00)
    assert told(rows) == [(2, "booked_twice", "high")]


@pytest.mark.parametrize(
    "other",
    [
        {"time": NOON + timedelta(seconds=1)},
        {"amount": 3_01},
        {"direction": 1},
        {"counterparty": "乙"},
        {"counterparty_account": "62"},
        {"summary": "公交"},
        {"reversal": True},
        {"account": "B"},
        {"currency": "USD"},
        {"clock": False},
    ],
)
def test_lines_that_differ_are_no_copies(other: dict[str, Any]) -> None:
    row = fare(NOON)
    assert told([row, {**row, **other}]) == []


def test_without_serial_numbers_the_balances_say_whether_it_was_booked() -> None:
    twice = balanced([fare(NOON), fare(NOON)], 100_00)
    assert told(twice) == [(2, "same_second", "low")]
    printed = balanced([line(0, 50_00), fare(NOON), line(99, -1_00)])
    printed.insert(2, printed[1])
    assert told(printed) == [(3, "printed_twice", "medium")]


def test_two_fares_of_a_day_that_were_both_booked_are_quiet() -> None:
    fares = [fare(DAY), fare(DAY)]
    assert told(balanced(fares, 100_00)) == []
    # Paid, refunded, paid: equal balances, and the account's balances follow from each other.
    refund = line(DAY, 3_00, summary="退款")
    day = balanced([line(date(2024, 3, 4), 5_00), fares[0], refund, fares[1], line(99, -1_00)])
    assert day[1]["balance"] == day[3]["balance"]
    assert told(day) == []


def test_one_fare_of_a_day_that_is_printed_twice() -> None:
    day = balanced([line(date(2024, 3, 4), 5_00), fare(DAY), line(99, -1_00)])
    day.insert(2, day[1])
    assert told(day) == [(3, "printed_twice", "medium")]
    # A bank that stamps all lines 00:00:00 says no time of day.
    stamped = [{**row, "clock": True, "time": row["time"].replace(hour=0)} for row in day]
    assert told(stamped) == [(3, "printed_twice", "medium")]


def test_without_anything_to_tell_by_it_is_undecided() -> None:
    result = answer(RULE, lines([fare(DAY), fare(DAY)]))
    assert result.findings.is_empty()
    assert result.statistics["undecided"] == 1
    assert told([fare(NOON), fare(NOON)]) == [(2, "printed_twice", "low")]
    row = fare(DAY, tx_id="A1")
    assert told([row, row]) == [(2, "printed_twice", "medium")]


def test_notices_of_nothing_are_none() -> None:
    row = line(NOON, 0, tx_id="A1", balance=5)
    assert told([row, row]) == []


def test_files_that_overlap() -> None:
    rows = balanced([fare(DAY), fare(DAY), fare(NOON, tx_id="A1")], 100_00)
    other = [{**row, "file": 1, "line": at} for at, row in enumerate(rows, 7)]
    copies = [(4, "overlap", "low"), (5, "overlap", "low"), (6, "overlap", "low")]
    assert told([*rows, *other]) == copies
    assert told([*rows, *other], overlaps=False) == []
    assert answer(RULE, lines([*rows, *other]), overlaps=False).statistics["overlap"] == 3
    sheets = [{**row, "sheet": "3月", "line": at} for at, row in enumerate(rows, 7)]
    assert told([*rows, *sheets]) == copies
    # The finding names the line of the first file.
    findings = answer(RULE, lines([*rows, *other])).findings
    assert findings["other_file"].to_list() == [0, 0, 0]
    assert findings["other_line"].to_list() == [1, 2, 3]


def test_a_line_doubled_inside_one_of_them_is_told_apart() -> None:
    row = fare(NOON, tx_id="A1", balance=97_00)
    second = [{**row, "file": 1, "line": at} for at in (5, 6)]
    assert told([row, *second]) == [(2, "overlap", "low"), (3, "printed_twice", "medium")]
    both = [row, {**row, "line": 2}, *second]
    kinds = ["printed_twice", "overlap", "overlap"]
    assert [kind for _, kind, _ in told(both)] == kinds


def test_equal_fares_on_both_sides_of_a_cut_are_two() -> None:
    first, last = balanced([fare(DAY), fare(DAY)], 100_00)
    assert told([first, {**last, "file": 1}]) == []
    # Without balances nobody can tell.
    assert told([fare(DAY), fare(DAY, file=1)]) == []
    nameless = fare(DAY, account="", balance=5)
    assert told([nameless, {**nameless, "file": 1}]) == []  # two accounts


def test_a_serial_number_of_two_lines() -> None:
    rows = [fare(NOON, tx_id="A1"), line(NOON, -9_00, tx_id="A1"), fare(NOON, tx_id="A2")]
    assert told(rows) == [(2, "serial_number", "medium")]
    assert told([rows[0], {**rows[1], "summary": "转账手续费"}]) == []
    assert told([rows[0], {**rows[1], "reversal": True}]) == []
    assert told([rows[0], {**rows[1], "account": "B"}]) == []


def test_numbers_that_repeat_as_a_rule_are_no_serial_numbers() -> None:
    rows = [line(at, -at - 1, tx_id=str(at % 8)) for at in range(10)]  # 2 of 10 repeat
    assert told(rows) == []
    assert len(told(rows, unique_serials=0.8)) == 2
    # Nor is an equal number then a proof: both were booked.
    rows += balanced([fare(DAY, tx_id="7"), fare(DAY, tx_id="7")], 10_00)
    assert told(rows) == []


@pytest.mark.parametrize(
    ("rows", "english", "chinese"),
    [
        (
            [fare(NOON, tx_id="A1", balance=1), fare(NOON, tx_id="A1", balance=1)],
            "3.00 is printed 2 times, first in file 1, line 1, with nothing that shows that it was "
            "booked more than once.",
            "本笔 3.00 重复列示 2 次，首见于第 1 个文件第 1 行，未见多次入账的证据。",
        ),
        (
            [fare(NOON, sheet="3月", balance=1), fare(NOON, sheet="4月", balance=1)],
            "3.00 stands in file 1, sheet 3月, line 1 too: two files of the account overlap, and "
            "sums over both count it twice (2 times in all).",
            "本笔 3.00 亦见于第 1 个文件工作表“3月”第 1 行：同一账户的文件有重叠，合并计算会重复"
            "（共出现 2 次）。",
        ),
    ],
)
def test_the_sentences(rows: list[Row], english: str, chinese: str) -> None:
    finding = answer(RULE, lines(rows)).findings.row(0, named=True)
    assert RULE.reason(finding, "en") == english
    assert RULE.reason(finding, "zh") == chinese


@st.composite
def books(draw: st.DrawFn) -> tuple[pl.DataFrame, list[int]]:
    """A statement whose balances follow, some of its lines printed twice: these."""
    amounts = st.sampled_from([-3_00, -3_00, 3_00, -5_00])
    changes = draw(st.lists(amounts, min_size=3, max_size=14))
    days = draw(st.lists(st.integers(1, 5), min_size=len(changes), max_size=len(changes)))
    dates = [(START + timedelta(days=day)).date() for day in sorted(days)]
    moves = [line(day, change) for day, change in zip(dates, changes, strict=True)]
    rows = balanced([line(START.date(), 1_000_00), *moves, line(date(2024, 2, 1), -7_77)])
    doubled = draw(st.integers(1, len(rows) - 2))
    planted = draw(st.booleans())
    if planted:
        rows.insert(doubled + 1, rows[doubled])
    return lines(rows), [doubled] if planted else []


@settings(max_examples=12, deadline=None)
@given(books())
def test_a_line_printed_twice_is_found_and_nothing_else(
    book: tuple[pl.DataFrame, list[int]],
) -> None:
    frame, planted = book
    findings = answer(RULE, frame).findings
    content = ("time", "amount", "direction", "balance")
    found = Counter(frame.select(content).row(row) for row in findings["row"])
    # Lines of a day that agree in their balances too are the same line to any reader.
    one = {frame.select(content).row(row) for row in planted}
    assert set(found) == one
    if not planted:
        check_order_and_accounts(RULE, frame)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.sampled_from("ABCAB"), max_size=12), st.lists(st.integers(0, 1), min_size=12))
def test_order_and_accounts_change_nothing(accounts: list[str], files: list[int]) -> None:
    rows = [
        fare(NOON, account=account, file=file, tx_id="A1" if at % 2 else "", balance=at % 3)
        for at, (account, file) in enumerate(zip(accounts, files, strict=False))
    ]
    check_order_and_accounts(RULE, lines(rows))
