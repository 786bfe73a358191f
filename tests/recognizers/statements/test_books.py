"""Whose line is whose."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.frames import frame
from tests.recognizers.statements.strategies import statements
from tradeglyph.recognizers.statements import books
from tradeglyph.recognizers.statements.books import book_codes, by_book_and_time, distinct, ranks


def whose(lines: pl.DataFrame) -> list[tuple[object, ...]]:
    """The rule, line by line."""
    return [
        (row["account"], row["currency"])
        if row["account"]
        else ("", row["currency"], row["file"], row["sheet"])
        for row in lines.to_dicts()
    ]


@settings(max_examples=40, deadline=None)
@given(lines=statements(most=25))
def test_equal_numbers_are_one_book(lines: pl.DataFrame) -> None:
    for some in (lines, lines.sort("account", "currency", "file")):
        numbers = book_codes(some).tolist()
        assert sorted(set(numbers)) == list(range(len(set(numbers))))
        pairs = set(zip(numbers, whose(some), strict=True))
        assert len(pairs) == len(set(numbers)) == len(set(whose(some)))


def test_nameless_lines_are_their_sheets() -> None:
    sheets = [{"account": "", "sheet": sheet, "file": file} for file in (0, 1) for sheet in "ab"]
    rows = [{"time": "2025-03-04", **row} for row in (*sheets, {"account": "A", "sheet": "b"})]
    assert len(set(book_codes(frame(rows * 3)).tolist())) == 5
    named = [row | {"account": "A"} for row in rows]
    assert set(book_codes(frame(named)).tolist()) == {0}


@pytest.mark.parametrize("times", [1, 9])  # one by one, and in runs
def test_many_of_each_are_numbered_without_a_gap(
    monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    codes = books._codes
    monkeypatch.setattr(books, "_codes", lambda texts: codes(texts) * 2**30)
    rows = [
        {"account": account, "currency": currency, "time": "2025-03-04"}
        for account in "AB"
        for currency in ("CNY", "USD")
        for _ in range(times)
    ]
    assert book_codes(frame(rows)).tolist() == np.repeat(range(4), times).tolist()


def test_no_lines_have_no_books() -> None:
    none = book_codes(frame([]))
    assert (len(none), none.dtype) == (0, np.int64)


YEARS = 300_000_000_000_000_000
"""Microseconds of nearly ten thousand years."""
TIMES = st.integers(0, 5) | st.integers(0, 3).map(lambda n: n * 1_000_000) | st.integers(0, YEARS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3) | st.integers(0, 10**6), TIMES), max_size=8))
def test_lines_are_sorted_by_book_and_time(rows: list[tuple[int, int]]) -> None:
    book, time = (np.array([row[at] for row in rows], dtype=np.int64) for at in (0, 1))
    want = sorted(range(len(rows)), key=rows.__getitem__)
    assert by_book_and_time(book, time).tolist() == want


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 6) | st.integers(0, 10**15), max_size=8))
def test_ranks_are_among_the_distinct(numbers: list[int]) -> None:
    some = np.array(numbers, dtype=np.int64)
    want = sorted(set(numbers))
    assert distinct(some).tolist() == want
    assert ranks(some).tolist() == [want.index(number) for number in numbers]
