import pytest

from tests.drawing.bilingual import check_pair
from tradeglyph.app.statement_findings import flat
from tradeglyph.domain.recognizers import Profile
from tradeglyph.drawing.statement_statistics import STATISTIC_TEXTS, statistic_text
from tradeglyph.drawing.statement_texts import STATEMENT_TEXTS, statement_text, unit_text
from tradeglyph.drawing.texts import TEXTS
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.registry import OURS
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.testing import busy_statement


@pytest.mark.parametrize("key", sorted(STATEMENT_TEXTS))
def test_both_languages_say_the_same_figures(key: str) -> None:
    check_pair(*STATEMENT_TEXTS[key])


def test_what_other_pages_say_is_not_written_again() -> None:
    assert [key for key in STATEMENT_TEXTS if STATEMENT_TEXTS[key] == TEXTS.get(key)] == []
    assert statement_text("html_lang", "zh") == "zh-CN"


@pytest.mark.parametrize(
    "unit", sorted({one.unit for rule in OURS for one in rule.info.parameters})
)
def test_units_of_our_parameters_have_words(unit: str) -> None:
    assert any("\u4e00" <= char <= "\u9fff" for char in unit_text(unit, "zh"))


def test_our_statistics_have_words() -> None:
    parties = {"parties": ("甲贸易有限公司",)}
    lines, missing = busy_statement(), set()
    for rule in OURS:
        parameters = settled(rule.info, Profile.AUDIT)
        if rule.info.name == "related_party":
            parameters |= parties
        outcome = rule.recognize(lines, parameters)
        assert isinstance(outcome, Result), rule.info.name
        figures = {key for key, _ in flat(outcome.statistics)}
        missing |= {key for key in figures if key not in STATISTIC_TEXTS}
    assert missing == set()


def test_what_is_not_known_stands_as_it_is() -> None:
    assert unit_text("furlongs", "zh") == "furlongs"
    assert statistic_text("own.figure", "zh") == "own.figure"
    assert statistic_text("accounts", "zh") == STATISTIC_TEXTS["accounts"][1]
