import pytest

from tests.drawing.html import Page
from tradeglyph.drawing.page import render
from tradeglyph.drawing.visible import visible


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("gpj.\u202eexe", "gpj.[U+202E]exe"),
        ("\u2066a\u2069", "[U+2066]a[U+2069]"),
        ("a\u200bb\ufeff", "a[U+200B]b[U+FEFF]"),
        ("\x1b[2J\x00", "[U+001B][2J[U+0000]"),
        ("\udcff.csv", "[U+DCFF].csv"),
    ],
)
def test_hidden_letters_are_shown_as_their_numbers(hidden: str, shown: str) -> None:
    assert visible(hidden) == shown


def test_ordinary_text_stays() -> None:
    text = "张三\tÀ 👨\u200d👩\u200d👧\nעברית"
    assert visible(text) == text


def test_a_page_shows_them_and_keeps_its_markup() -> None:
    pytest.importorskip("jinja2", reason="needs the extra `plot`")
    html = render("page.html.j2", {}, "zh")
    assert Page(html).words.strip() == "跳到正文"
