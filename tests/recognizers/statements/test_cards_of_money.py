"""The cards of the rules on money, and their data."""

import pytest

from tests.recognizers.statements.money_lines import audit
from tradeglyph.domain.recognizers import Parameter
from tradeglyph.recognizers.statements import (
    balance_continuity,
    large_amount,
    low_interest,
    occasional_high_integer,
    pass_through,
)
from tradeglyph.recognizers.statements.keywords import (
    HIGH_RISK,
    INTEREST,
    NOT_DEPOSIT,
    OWN_NAME,
    REASONABLE,
    WEALTH,
)
from tradeglyph.recognizers.statements.sums import ratio

MODULES = (
    balance_continuity,
    large_amount,
    low_interest,
    occasional_high_integer,
    pass_through,
)


@pytest.mark.parametrize("module", MODULES)
def test_what_the_audit_changes_is_on_the_card_and_another_value(module) -> None:  # type: ignore[no-untyped-def]
    defaults = {one.name: one.default for one in module.INFO.parameters}
    assert module.INFO.name == module.__name__.rsplit(".", 1)[-1]
    for name, value in audit(module.INFO).items():
        assert type(value) is type(defaults[name])
        assert value != defaults[name]


@pytest.mark.parametrize("one", [one for module in MODULES for one in module.INFO.parameters])
def test_every_parameter_speaks_both_languages_and_its_default_is_in_bounds(one: Parameter) -> None:
    assert one.means["en"]
    assert one.means["zh"]
    assert one.source
    assert one.unit
    if isinstance(one.default, int | float) and not isinstance(one.default, bool):
        assert one.least is not None
        assert one.most is not None
        assert one.least <= one.default <= one.most


@pytest.mark.parametrize("words", [REASONABLE, HIGH_RISK, WEALTH, OWN_NAME, INTEREST, NOT_DEPOSIT])
def test_words_are_listed_once(words: tuple[str, ...]) -> None:
    assert len(set(words)) == len(words)
    assert all(words)


def test_no_word_both_explains_and_aggravates() -> None:
    assert not set(REASONABLE) & set(HIGH_RISK)


def test_ratios_are_exact() -> None:
    assert (ratio(0.01).numerator, ratio(0.01).denominator) == (1, 100)
