"""Words in texts: Latin ones whole and in any case, Chinese ones anywhere."""

import polars as pl
import pytest

from tradeglyph.recognizers.statements.keywords import first_word, has_word, told


def first(text: str, *words: str) -> str | None:
    return pl.select(first_word(pl.lit(text), words)).item()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("current account", None),
        ("Rent for May", "Rent"),
        ("支付RENT五月", "RENT"),
        ("本月房租", "房租"),
        ("房租押金", "房租押金"),
        ("", None),
    ],
)
def test_the_first_word_as_it_stands(text: str, word: str | None) -> None:
    words = ("rent", "房租", "房租押金")
    assert first(text, *words) == word
    assert pl.select(has_word(pl.lit(text), words)).item() is (word is not None)


def test_the_place_in_the_text_counts_not_that_in_the_list() -> None:
    assert first("急诊后打车", "打车", "急诊") == "急诊"


def test_no_words_are_found_nowhere() -> None:
    assert first("rent") is None
    assert pl.select(has_word(pl.lit("rent"), ())).item() is False


def test_signs_of_regular_expressions_are_letters() -> None:
    assert first("axc", "a.c") is None
    assert first("工资(奖)", "(奖)") == "(奖)"


def test_summary_and_other_side_are_told() -> None:
    line = pl.DataFrame({"summary": ["转账"], "counterparty": ["张三"]})
    assert line.select(told()).item() == "转账 张三"
