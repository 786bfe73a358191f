import pytest

from tests.drawing.bilingual import places
from tradeglyph.drawing.texts import TEXTS, scenario_title, speaker, text
from tradeglyph.simulate.scenarios import SCENARIOS

SAME_IN_BOTH = {"html_lang"}


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_say_the_same_figures(key: str) -> None:
    english, chinese = TEXTS[key]
    assert places(english) == places(chinese)
    assert english.isascii() or not any("\u4e00" <= char <= "\u9fff" for char in english)
    assert key in SAME_IN_BOTH or any(char > "\u2e7f" for char in chinese)


def test_a_callers_own_key_is_its_label() -> None:
    assert text("my_own_figure", "zh") == "my own figure"
    assert speaker("zh")("hit") == "命中"
    assert speaker("en")("tile_counted", hits=1, windows=9) == "1 of 9"


def test_scenarios_and_their_victims_have_titles() -> None:
    for scenario in SCENARIOS:
        info = scenario.info
        assert scenario_title(info.name, "en") == info.title_en
        assert scenario_title(info.name, "zh") == info.title_zh
        if info.against:
            assert info.title_zh in scenario_title(info.against, "zh")
    assert scenario_title("{made up}", "en") == "{made up}"
