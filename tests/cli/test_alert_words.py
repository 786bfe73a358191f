"""Every reason that an alert may have has words."""

import pytest

from tradeglyph.cli.alert_words import word
from tradeglyph.domain.findings import Decision, Unanswered


@pytest.mark.parametrize("value", [*Unanswered, *Decision])
def test_there_are_words_for_everything_that_can_be_said(value: Unanswered | Decision) -> None:
    assert word(value, "en") != word(value, "zh")
