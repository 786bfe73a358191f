"""The tests that every recognizer on statements must pass, a user's own too.

    import pytest
    from tradeglyph.testing import CHECKS, check_recognizer

    def test_obeys_the_contract():
        check_recognizer(MyRecognizer())

or one test per check, `@pytest.mark.parametrize("check", CHECKS)`. They need no test runner: a
breach is an AssertionError that says what was found. One that needs to be told something first,
such as a list of names, is checked as `Given(MyRecognizer(), names=(...))`.
"""

from tradeglyph.testing.contract import (
    CHECKS,
    check_bounds,
    check_card,
    check_empty,
    check_findings,
    check_quiet,
    check_reasons,
    check_recognizer,
    check_repeated,
    check_shuffled,
    check_split,
)
from tradeglyph.testing.given import Given
from tradeglyph.testing.samples import busy_statement, quiet_statement

__all__ = [
    "CHECKS",
    "Given",
    "busy_statement",
    "check_bounds",
    "check_card",
    "check_empty",
    "check_findings",
    "check_quiet",
    "check_reasons",
    "check_recognizer",
    "check_repeated",
    "check_shuffled",
    "check_split",
    "quiet_statement",
]
