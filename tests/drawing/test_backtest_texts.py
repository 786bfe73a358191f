import pytest

from tests.drawing.bilingual import check_pair
from tradeglyph.drawing.backtest_texts import BACKTEST_TEXTS, backtest_speaker, backtest_text
from tradeglyph.drawing.texts import TEXTS
from tradeglyph.simulate.planting.grades import GRADES


@pytest.mark.parametrize("key", sorted(BACKTEST_TEXTS))
def test_both_languages_say_the_same_figures(key: str) -> None:
    check_pair(*BACKTEST_TEXTS[key])


def test_other_pages_words_are_said_too() -> None:
    assert backtest_text("beneficiary", "zh") == TEXTS["beneficiary"][1]
    assert backtest_text("<2%", "zh") == "<2%"
    assert backtest_speaker("en")("tile", budget=20) == "20 alerts a day"


def test_what_other_pages_say_is_not_written_again() -> None:
    assert [key for key in BACKTEST_TEXTS if BACKTEST_TEXTS[key] == TEXTS.get(key)] == []


def test_every_grade_says_its_gap() -> None:
    for grade in GRADES:
        ends = f"{grade.least_gap:.0%}".rstrip("%"), f"{grade.most_gap:.0%}"
        for words in BACKTEST_TEXTS[grade.name]:
            assert all(end in words for end in ends)
