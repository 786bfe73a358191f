import polars as pl
import pytest
from hypothesis import given, settings

from tests.recognizers.statements.frames import frame
from tests.recognizers.statements.strategies import statements
from tradeglyph.recognizers.statements import accounts
from tradeglyph.recognizers.statements.accounts import owners


@settings(max_examples=40, deadline=None)
@given(lines=statements(most=25))
def test_equal_numbers_are_one_account_and_currency(lines: pl.DataFrame) -> None:
    whose = [
        (row["account"], row["currency"], None if row["account"] else row["file"])
        for row in lines.to_dicts()
    ]
    numbers = owners(lines).to_list()
    assert len(set(numbers)) == len(set(whose)) == len(set(zip(numbers, whose, strict=True)))


def test_numbers_stay_small(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = accounts._codes
    monkeypatch.setattr(accounts, "_codes", lambda texts: codes(texts) * 2**50)
    day = "2025-03-04"
    rows = [{"account": name, "time": day, "file": file} for name in ("A", "") for file in (0, 1)]
    assert owners(frame(rows)).to_list() == [1, 1, 2, 3]


def test_no_lines_have_no_owners() -> None:
    none = owners(frame([]))
    assert (none.len(), none.dtype) == (0, pl.Int64)
