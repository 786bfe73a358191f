"""Cells as XML."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tradeglyph.results.xlsx.cells import column_of, exact, letters, serial, text_cell
from tradeglyph.results.xlsx.markup import MAX_CHARS, cut, xml_text


@pytest.mark.parametrize(("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (16_384, "XFD")])
def test_columns_have_letters(number: int, name: str) -> None:
    assert letters(number) == name
    assert column_of(f"{name}17") == number


@settings(max_examples=60)
@given(st.text())
@example("a\x00b\x1f\ufffe\ud800_x0041_&<>\"'\r\n\t ")
def test_any_text_is_sound_xml_and_is_told_apart_from_its_escapes(text: str) -> None:
    """ST_Xstring is read back by its own rule: `_xHHHH_` is the character."""
    shown = ElementTree.fromstring(f"<t>{xml_text(text)}</t>").text or ""  # noqa: S314
    back, at = "", 0
    while at < len(shown):
        code = shown[at + 2 : at + 6]
        escape = shown[at : at + 2] == "_x" and shown[at + 6 : at + 7] == "_"
        if escape and len(code) == 4 and all(char in "0123456789abcdefABCDEF" for char in code):
            back, at = back + chr(int(code, 16)), at + 7
        else:
            back, at = back + shown[at], at + 1
    assert back == text


def test_a_text_longer_than_a_cell_is_cut_by_units_of_utf_16() -> None:
    assert cut("a" * MAX_CHARS) == "a" * MAX_CHARS
    long = cut("𠮷" * 20_000)
    assert len(long.encode("utf-16-le")) <= 2 * MAX_CHARS
    assert long == "𠮷" * 16_383 + "…"


def test_a_text_is_never_a_formula() -> None:
    assert "<f" not in text_cell("A1", 0, "=1+1")
    assert 't="inlineStr"' in text_cell("A1", 0, "=1+1")


def test_times_are_days_since_1899() -> None:
    """2025-03-06 is day 45722 (1 January 2000 is 36526); 06:00 is a quarter of a day."""
    assert serial(dt.datetime.fromisoformat("2025-03-06 06:00")) == "45722.25"
    assert serial(dt.datetime.fromisoformat("2000-01-01")) == "36526"
    assert serial(dt.datetime.fromisoformat("1900-03-01")) == "61"
    assert serial(dt.datetime.fromisoformat("1900-02-28")) is None


def test_money_keeps_its_digits_or_is_no_number() -> None:
    assert exact(12345) == "123.45"
    assert exact(-5) == "-0.05"
    assert exact(123_456_789_012_345) == "1234567890123.45"
    assert exact(1_234_567_890_123_456) is None
