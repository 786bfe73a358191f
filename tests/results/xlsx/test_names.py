"""Names of sheets."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tradeglyph.results.xlsx.names import SheetNames, quoted


@settings(max_examples=60)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
@example(["Sheet1", "SHEET1", "sheet1"])
@example(["'", "", "[]:*?/\\", "history", "a" * 40, "a" * 40, "𠮷" * 20, "\ud800"])
def test_any_names_become_names_that_excel_takes(wanted: list[str]) -> None:
    names = SheetNames()
    made = [names.new(one) for one in wanted]
    assert len({one.casefold() for one in made}) == len(made)
    for name in made:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_a_good_name_stays_and_an_apostrophe_is_doubled_in_addresses() -> None:
    assert SheetNames().new("流水 2024") == "流水 2024"
    assert quoted("Zhang's") == "'Zhang''s'"
