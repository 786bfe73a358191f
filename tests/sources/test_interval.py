"""Spellings of intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.interval import interval_text, parse_interval


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("5m", 300), ("5min", 300), (" 15M ", 900), ("1h", 3600), ("1d", 86400)],
)
def test_intervals_in_microseconds(text: str, seconds: int) -> None:
    assert parse_interval(text) == seconds * 1_000_000


@pytest.mark.parametrize("text", ["", "5", "m5", "0m", "-5m", "1.5h", "25h", "2d", "1w", "5mm"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write it as 30s, 5m, 1h or 1d"):
        parse_interval(text)


@given(st.integers(1, 86_400))
def test_the_spelling_is_read_back(seconds: int) -> None:
    assert parse_interval(interval_text(seconds * 1_000_000)) == seconds * 1_000_000
