"""Cells of money."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.statements.amounts import parse_amounts


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("1234.5", 123_450),
        ("1,234.50", 123_450),
        ("１，２３４．５０", 123_450),
        ("¥1,234.50", 123_450),
        ("￥-3.50", -350),
        ("-¥3.50", -350),
        ("3.50元", 350),
        ("CNY 3.50", 350),
        ("+0.01", 1),
        ("−0.01", -1),
        ("(12.30)", -1230),
        ("（12.30）", -1230),
        ("100.00-", -10_000),
        ("100.00CR", 10_000),
        ("100.00 Dr", -10_000),
        ("借100.00", -10_000),
        ("8,000.00(CN)", 800_000),
        ("-3.90(CN)", -390),
        ("131.77(已退款89.84)", 13_177),
        ("13.4000", 1340),
        (".5", 50),
        ("7.", 700),
        ("- 1,000.00", -100_000),
    ],
)
def test_forms(cell: str, minor: int) -> None:
    parsed = parse_amounts(pl.Series([cell]))

    assert parsed["minor"].to_list() == [minor]
    assert parsed["fault"].to_list() == [""]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("1.234,56", "comma_decimal"),
        ("12,5", "comma_decimal"),
        ("=cmd|' /C calc'!A0", "not_an_amount"),
        ("12,34,567.00", "not_an_amount"),
        ("1 2 3 x", "not_an_amount"),
        ("1e5", "not_an_amount"),
        ("0.001", "too_fine"),
        ("1234567890123", "too_large"),
    ],
)
def test_faults(cell: str, fault: str) -> None:
    parsed = parse_amounts(pl.Series([cell]))

    assert parsed["fault"].to_list() == [fault]
    assert parsed["minor"].to_list() == [None]


@pytest.mark.parametrize("cell", ["", "-", "--", "——", "/", "N/A", "无"])
def test_blanks(cell: str) -> None:
    assert parse_amounts(pl.Series([cell])).select("blank", "minor").rows() == [(True, None)]


@pytest.mark.parametrize("cell", ["xx,yyyy.zz", "****", "1**.**", "*,***.88"])
def test_masks(cell: str) -> None:
    assert parse_amounts(pl.Series([cell])).select("masked", "minor").rows() == [(True, None)]


def test_a_decimal_comma_is_read_where_the_user_says_so() -> None:
    parsed = parse_amounts(pl.Series(["1.234,56", "-7,5", "12"]), decimal=",")

    assert parsed["minor"].to_list() == [123_456, -750, 1200]


def test_ten_thousands() -> None:
    parsed = parse_amounts(pl.Series(["1.2345", "0.000001"]), scale=10_000)

    assert parsed["minor"].to_list() == [1_234_500, 1]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=1200))
def test_every_amount_comes_back_from_its_usual_forms(amounts: list[int]) -> None:
    forms = [f"{'-' if n < 0 else ''}{abs(n) // 100:,}.{abs(n) % 100:02d}" for n in amounts]

    assert parse_amounts(pl.Series(forms))["minor"].to_list() == amounts


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=50))
def test_no_text_raises_and_each_is_a_number_or_is_told_why_not(cells: list[str]) -> None:
    parsed = parse_amounts(pl.Series(cells, dtype=pl.String))

    for minor, blank, masked, fault in parsed.select(
        "minor", "blank", "masked", "fault"
    ).iter_rows():
        assert (minor is not None) + blank + masked + bool(fault) == 1
