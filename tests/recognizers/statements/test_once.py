"""What is shared while rules are asked together, and what is not."""

import polars as pl

from tests.recognizers.statements.frames import frame
from tradeglyph.domain.recognizers import NotApplicable, Profile
from tradeglyph.recognizers.statements.ask import ask
from tradeglyph.recognizers.statements.books import book_codes
from tradeglyph.recognizers.statements.once import Shared, once, together
from tradeglyph.recognizers.statements.parameters import settled_all
from tradeglyph.recognizers.statements.registry import OURS
from tradeglyph.testing import busy_statement

LINES = frame([{"time": "2025-03-04"}])


def test_work_is_done_once_for_these_lines_and_this_while() -> None:
    seen: list[pl.DataFrame] = []

    def work(lines: pl.DataFrame) -> int:
        seen.append(lines)
        return len(seen)

    same = LINES.clone()
    shared = Shared(lines=LINES)
    with together(shared):
        assert [once(work, LINES), once(work, LINES)] == [1, 1]
        assert once(work, same) == 2
        assert once(work, LINES) == 1
    assert once(work, LINES) == 3
    with together(shared):
        assert once(work, LINES) == 1


def test_what_is_shared_cannot_be_changed() -> None:
    assert not book_codes(LINES).flags.writeable


def test_answers_are_those_of_each_asked_alone() -> None:
    lines = busy_statement()
    for profile in Profile:
        parameters = settled_all([rule.info for rule in OURS], profile, {})
        for answer in ask(OURS, lines, parameters):
            alone = answer.recognizer.recognize(lines, answer.parameters)
            if isinstance(alone, NotApplicable):
                assert answer.outcome == alone
                continue
            assert answer.outcome.statistics == alone.statistics
            assert answer.outcome.findings.equals(alone.findings)
