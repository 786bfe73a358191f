"""Statements from files to answers, as other programs call it."""

from pathlib import Path

import pytest

from tradeglyph.app.statement import examine
from tradeglyph.app.statement_section import StatementsSection
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import NotApplicable, Profile
from tradeglyph.statements.options import ReadOptions

TEXT = "交易日期,收入,支出,余额\n2025-03-04,100.00,,100.00\n2025-03-05,,30.00,60.00\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "s.csv").write_text(TEXT, encoding="utf-8")
    return tmp_path / "s.csv"


def test_a_balance_that_does_not_follow_is_counted_once(path: Path) -> None:
    found = examine([path], ReadOptions(), StatementsSection(), rules=["balance_continuity"])
    [answer] = found.answers
    assert (answer.count, found.alerting, found.failures) == (1, True, ())
    assert answer.parameters == {"tolerance": 1}


def test_no_time_of_day_is_not_applicable_and_not_nothing(path: Path) -> None:
    found = examine([path], ReadOptions(), StatementsSection(rules=("high_frequency",)))
    [answer] = found.answers
    assert isinstance(answer.outcome, NotApplicable)
    assert (answer.findings, answer.count, found.alerting) == (None, 0, False)


def test_what_is_said_in_the_call_wins_over_the_section(path: Path) -> None:
    section = StatementsSection.model_validate(
        {"profile": "audit", "rules": ["low_interest"], "high_frequency": {"rolling_minutes": 5}}
    )
    found = examine(
        [path], ReadOptions(), section, profile=Profile.SEED, rules=["pass_through"]
    ).answers
    assert [one.recognizer.info.name for one in found] == ["pass_through"]
    assert found[0].parameters["most_parts"] == 1


def test_a_wrong_parameter_is_said_before_a_file_is_opened(tmp_path: Path) -> None:
    section = StatementsSection.model_validate({"pass_through": {"within": 2}})
    with pytest.raises(InputError, match=r"statements\.pass_through\.within = 2"):
        examine([tmp_path / "none.csv"], ReadOptions(), section, rules=["high_frequency"])


def test_a_section_that_is_no_table_is_refused(path: Path) -> None:
    section = StatementsSection.model_validate({"high_frequency": 5})
    with pytest.raises(InputError, match="must be a table of parameters"):
        examine([path], ReadOptions(), section)
