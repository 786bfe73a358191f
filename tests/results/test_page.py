"""Parts of long answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.results.page import MOST_CHARS, Page, shortened


@settings(max_examples=50)
@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_pages_one_after_another_are_the_whole_list(values: list[int], limit: int) -> None:
    pages, lengths = [], dict[str, int]()
    for offset in range(0, 35, limit):
        pages += Page(offset=offset, limit=limit).cut(values, "list", lengths)
    assert pages == values
    assert lengths == {"list": len(values)}


def test_lists_within_are_cut_and_counted_by_their_place() -> None:
    lengths: dict[str, int] = {}
    value = {"a": [1, 2, 3], "b": {"c": (4, 5)}, "d": 6}
    cut = Page(offset=1, limit=1).cut(value, "of", lengths)
    assert cut == {"a": [2], "b": {"c": [5]}, "d": 6}
    assert lengths == {"of.a": 3, "of.b.c": 2}


def test_long_texts_say_how_much_is_left_out() -> None:
    text = "x" * (MOST_CHARS + 7)
    assert shortened({"a": [text, 1], "b": "y"}) == {
        "a": ["x" * MOST_CHARS + "... (+7 characters)", 1],
        "b": "y",
    }
    assert shortened("x" * MOST_CHARS) == "x" * MOST_CHARS
