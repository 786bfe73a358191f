import polars as pl
import pytest

from tradeglyph.recognizers.statements.keywords import first_word, has_word

TEXTS = pl.DataFrame({"text": ["", "某KTV 夜宵", "ktv", "夜宵摊 ktv", "超市"]})


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("KTV", "夜宵"), ["", "KTV", "ktv", "夜宵", ""]),
        (("夜宵摊", "夜宵"), ["", "夜宵", "", "夜宵摊", ""]),
        (("夜宵", "夜宵摊"), ["", "夜宵", "", "夜宵", ""]),
        ((), ["", "", "", "", ""]),
    ],
)
def test_the_first_word_of_each_text(words: tuple[str, ...], found: list[str]) -> None:
    got = TEXTS.with_columns(word=first_word(pl.col("text"), words))["word"].to_list()
    assert got == found


def test_whether_there_is_one() -> None:
    any_of = TEXTS.with_columns(has=has_word(pl.col("text"), ("KTV", "夜宵")))["has"].to_list()
    assert any_of == [False, True, True, True, False]
    none = TEXTS.with_columns(has=has_word(pl.col("text"), ()))["has"].to_list()
    assert none == [False] * 5
