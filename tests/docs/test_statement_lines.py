"""What `make bench` asks the recognizers on statements."""

from bench.statement_lines import lines_in_no_order, lines_in_order

from tradeglyph.domain.recognizers import Profile
from tradeglyph.recognizers.statements.ask import ask
from tradeglyph.recognizers.statements.lines import LINES
from tradeglyph.recognizers.statements.parameters import settled_all
from tradeglyph.recognizers.statements.registry import asked
from tradeglyph.recognizers.statements.result import Result


def test_lines_are_lines_that_the_rules_have_answers_for() -> None:
    lines = lines_in_no_order(20_000)
    assert lines.schema == LINES
    assert lines.sort("line").equals(lines_in_order(20_000).sort("line"))
    rules = asked(Profile.SEED)
    parameters = settled_all([rule.info for rule in rules], Profile.SEED, {})
    answers = list(ask(rules, lines, parameters))
    assert all(isinstance(answer.outcome, Result) for answer in answers)
    assert sum(answer.count > 0 for answer in answers) >= 6
