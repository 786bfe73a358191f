import itertools
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    Row,
    answer,
    balanced,
    check_order_and_accounts,
    line,
    lines,
)
from tradeglyph.recognizers.statements.books import book_codes
from tradeglyph.recognizers.statements.missing_period import MissingPeriod
from tradeglyph.recognizers.statements.serial_holes import serial_holes

RULE = MissingPeriod()


def steady(days: int = 240, every: int = 4) -> list[Row]:
    """A line every few days, with balances and serial numbers that run on."""
    rows = [
        line(day, -1_000 - day, tx_id=f"N{n:05d}") for n, day in enumerate(range(0, days, every))
    ]
    return balanced(rows, 10_000_000)


def found(rows: list[Row], **other: object) -> list[tuple[object, ...]]:
    frame = lines(rows)
    told = answer(RULE, frame, **other).findings
    return told.select("row", "kind", "days", "months", "difference", "serials").rows()


def test_a_whole_statement_is_quiet() -> None:
    assert found(steady()) == []


def test_lines_that_are_missing_break_balance_dates_and_numbers() -> None:
    rows = steady()
    assert found(rows[:10] + rows[12:]) == [(9, "break", 12, 0, -2_084, 2)]
    plain = [row | {"tx_id": ""} for row in rows[:10] + rows[12:]]
    assert found(plain) == [(9, "break", 12, 0, -2_084, None)]
    assert found(plain, gap_days=12) == [(9, "break", 12, 0, -2_084, None)]
    assert found(plain, gap_days=13) == []
    assert found(rows[:10] + rows[12:], gap_days=13) == [(9, "break", 12, 0, -2_084, 2)]
    assert found(plain, tolerance=2_084) == []


def test_a_gap_across_which_the_balance_goes_on_is_none() -> None:
    rows = steady()
    del rows[10:30]
    opening = rows[0]["balance"] + rows[0]["amount"]
    assert found(balanced(rows, opening)) == []  # neither the months nor the numbers are missing


def test_empty_months_where_no_balance_tells() -> None:
    rows = [row | {"balance": None, "tx_id": ""} for row in steady(360)]
    kept = [row for row in rows if row["time"].month not in (5, 6)]
    (one,) = found(kept)
    assert one[1:] == ("months", 64, 2, None, None)
    assert kept[int(str(one[0]))]["time"].date() == date(2024, 4, 30)
    assert found(kept, most_empty=0.15) == []  # two of twelve
    assert found(kept, least_months=11) == []
    assert found(kept, month_lines=8) == []


def test_sparse_accounts_are_quiet() -> None:
    assert found([line(day, -5) for day in (0, 40, 130, 170, 300)]) == []


def test_numbers_that_are_missing_where_no_balance_tells() -> None:
    rows = [row | {"balance": None} for row in steady()]
    assert found(rows[:10] + rows[11:]) == [(9, "serials", 8, None, None, 1)]
    assert found(rows[:10] + rows[11:], least_serials=60) == []
    assert found(rows[::2]) == []  # no number follows another: they are the whole bank's


@pytest.mark.parametrize(
    ("since", "until", "kinds"),
    [
        (date(2024, 1, 1), date(2024, 8, 25), []),
        (date(2023, 12, 1), date(2024, 9, 24), []),
        (date(2023, 11, 30), date(2024, 9, 25), ["late", "early"]),
    ],
)
def test_the_days_that_the_file_names(since: date, until: date, kinds: list[str]) -> None:
    rows = [row | {"since": since, "until": until} for row in steady()]  # to 24 August
    told = answer(RULE, lines(rows)).findings

    assert told["kind"].to_list() == kinds
    assert told["row"].to_list() == [0, 59][: len(kinds)]
    assert found([row | {"since": None} for row in rows]) == []


def test_edges_further_than_any_gap_inside() -> None:
    rows = [line(day, -5, until=date(2024, 3, 1)) for day in (0, 1, 2, 3, 54, 55)]

    assert found([row | {"since": date(2023, 11, 11)} for row in rows]) == []  # 51 days, as inside
    assert [one[:3] for one in found([row | {"since": date(2023, 11, 10)} for row in rows])] == [
        (0, "late", 52)
    ]


def test_order_and_accounts() -> None:
    rows = steady()
    broken = rows[:10] + rows[12:]
    frame = lines(broken + [row | {"account": "B", "balance": None} for row in broken])

    assert answer(RULE, frame).findings["kind"].to_list() == ["break", "serials"]
    check_order_and_accounts(RULE, frame)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B"]), st.sampled_from(["", "X"]), st.integers(0, 14)),
        max_size=30,
    ),
    st.sampled_from([0.0, 0.5, 0.8]),
)
def test_holes_in_numbers(told: list[tuple[str, str, int]], share: float) -> None:
    rows = [line(0, 1, account=name, tx_id=f"{start}{n}") for name, start, n in told]
    frame = lines(rows)
    holes = serial_holes(frame, book_codes(frame), least=3, share=share, widest=5)

    expected = []
    for series in {one[:2] for one in told}:
        numbers = sorted({n for *own, n in told if tuple(own) == series})
        steps = [b - a for a, b in itertools.pairwise(numbers)]
        if len(numbers) >= 3 and steps.count(1) >= share * len(steps):
            for at, step in enumerate(steps):
                if 1 < step <= 6:
                    first = told.index((*series, numbers[at]))
                    expected.append((first, told.index((*series, numbers[at + 1])), step - 1))
    assert sorted(holes.rows()) == sorted(expected)
    assert holes.schema["serials"] == pl.Int64
