"""Numbers, and why a cell is none."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.sources.amounts import parse_amount, parse_count


def _reasons(cells: pl.Series, *, required: bool = True) -> list[str | None]:
    found = parse_amount(cells, "positive", required=required).reasons
    return [None] * len(cells) if found is None else found.to_list()


def test_text_numbers() -> None:
    cells = pl.Series([" 1.5 ", "+2", "1e-20", "1,234,567.5", '="7"', ".5"])
    done = parse_amount(cells, "positive", required=True)
    assert done.values.to_list() == [1.5, 2.0, 1e-20, 1234567.5, 7.0, 0.5]
    assert done.reasons is None


def test_every_bad_text_has_its_reason() -> None:
    cells = pl.Series(["1", "", None, "x", "nan", "inf", "0", "-2", "1,23", "1 000"])
    assert _reasons(cells) == [
        None,
        "no value",
        "no value",
        "not a number",
        "must be a finite number",
        "must be a finite number",
        "must be above 0",
        "must be above 0",
        "not a number",
        "not a number",
    ]


def test_typed_numbers() -> None:
    cells = pl.Series([1.0, float("nan"), float("-inf"), 0.0, None])
    assert [r is not None for r in _reasons(cells)] == [False, True, True, True, True]
    assert parse_amount(pl.Series([Decimal("1.25")]), "positive", required=True).values[0] == 1.25
    assert parse_amount(pl.Series([3], dtype=pl.UInt8), "finite", required=True).values[0] == 3.0


def test_optional_numbers_may_be_absent_but_not_wrong() -> None:
    assert _reasons(pl.Series(["", "-", "NaN", "null", "--"]), required=False) == [None] * 5
    assert _reasons(pl.Series([float("nan"), None]), required=False) == [None, None]
    assert _reasons(pl.Series(["x", "inf", "-1"]), required=False) == [
        "not a number",
        "must be a finite number",
        "must be above 0",
    ]


@pytest.mark.parametrize(
    ("bound", "value", "fine"),
    [("not negative", 0.0, True), ("not negative", -1.0, False), ("finite", -1.0, True)],
)
def test_bounds(bound: str, value: float, fine: bool) -> None:
    done = parse_amount(pl.Series([value]), bound, required=True)  # type: ignore[arg-type]
    assert (done.reasons is None) == fine


def test_counts() -> None:
    done = parse_count(pl.Series(["3", "0", "", "-1"]))
    assert (done.values.to_list(), done.reasons) == ([3, 0, None, None], None)
    bad = parse_count(pl.Series(["1.5", "-2", "3000000000"])).reasons
    assert bad is not None
    assert bad.null_count() == 0


@given(st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=20))
def test_any_number_comes_back_exactly(numbers: list[float]) -> None:
    cells = pl.Series([repr(n) for n in numbers])
    assert parse_amount(cells, "positive", required=True).values.to_list() == numbers


@given(st.integers(1, 10**15))
def test_grouped_thousands_are_the_number(number: int) -> None:
    done = parse_amount(pl.Series([f"{number:,}"]), "positive", required=True)
    assert done.values.to_list() == [float(number)]
