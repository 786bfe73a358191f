"""Every registered recognizer obeys the contract, and each breach of it is seen."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

import tradeglyph.testing
from tests.recognizers.statements.frames import frame
from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Profile, Reads
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.registry import OURS
from tradeglyph.recognizers.statements.result import Recognizer, Result
from tradeglyph.testing import (
    CHECKS,
    Given,
    busy_statement,
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

ASKED = Parameter(
    name="most",
    default=50_000_00,
    unit="minor units",
    means={"en": "amount", "zh": "金额"},
    source="a test",
    least=0,
    most=1_000_000_00,
)
CARD = Info(
    name="large",
    title={"en": "Large", "zh": "大额"},
    reads=Reads.LINES,
    rule={"en": "large amounts", "zh": "金额过大"},
    parameters=(ASKED,),
)


class Large:
    """A good recognizer, to be spoilt in one respect."""

    info = CARD

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        named = lines.with_row_index("row").filter(pl.col("amount") > parameters["most"])
        found = named.with_columns(pl.lit("high").alias("severity")).with_row_index("period")
        return Result(
            findings=found.select("row", "severity", "period", "amount"),
            periods=found.select(
                "account", start="time", end=pl.col("time") + pl.duration(seconds=1)
            ),
            statistics={"lines": lines.height, "mean": lines["amount"].mean()},
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        amount = finding["amount"] // 100
        return f"金额 {amount}" if lang == "zh" else f"an amount of {amount:,}"


class Spoilt(Large):
    """Answers as `Large`, but for what `spoil` does to the findings."""

    def __init__(self, spoil: Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]) -> None:
        self.spoil = spoil

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        answer = super().recognize(lines, parameters)
        assert isinstance(answer, Result)
        return replace(answer, findings=self.spoil(answer.findings, lines))


def spoilt(*columns: pl.Expr) -> Spoilt:
    return Spoilt(lambda findings, _: findings.with_columns(*columns))


def breach(check: Callable[[Recognizer, pl.DataFrame | None], None], recognizer: Recognizer) -> str:
    with pytest.raises(AssertionError, match=r"^large: ") as broken:
        check(recognizer, None)
    return str(broken.value)


def carded(**changes: Any) -> Large:
    recognizer = Large()
    recognizer.info = replace(CARD, **changes)
    return recognizer


def asked(**changes: Any) -> Large:
    return carded(parameters=(replace(ASKED, **changes),))


NEEDED: Mapping[str, Mapping[str, Any]] = {
    "related_party": {"parties": ("甲贸易有限公司", "乙投资有限公司")},
}
"""What a user must tell some of them."""
TOLD = [Given(rule, **NEEDED.get(rule.info.name, {})) for rule in OURS]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("recognizer", TOLD, ids=lambda rule: rule.info.name)
def test_ours_obey(
    recognizer: Recognizer, check: Callable[[Recognizer, pl.DataFrame | None], None]
) -> None:
    check(recognizer, None)


@pytest.mark.parametrize("name", NEEDED)
def test_ours_obey_when_nothing_was_told(name: str) -> None:
    [recognizer] = (rule for rule in OURS if rule.info.name == name)
    check_recognizer(recognizer)
    with pytest.raises(KeyError, match="has no parameter 'friends'"):
        Given(recognizer, friends=())


@pytest.mark.parametrize("recognizer", TOLD, ids=lambda rule: rule.info.name)
def test_the_busy_statement_has_something_for_each(recognizer: Recognizer) -> None:
    for profile in Profile:
        answer = recognizer.recognize(busy_statement(), settled(recognizer.info, profile))
        assert isinstance(answer, Result)
        assert answer.findings.height > 0


def test_a_good_one_passes_all_at_once() -> None:
    check_recognizer(Large())
    lines = frame([{"time": "2025-03-04", "amount": 60_000_00}])
    check_recognizer(Large(), lines=lines, quiet=lines.clear())


def test_a_quiet_statement_of_ones_own_is_used() -> None:
    lines = frame([{"time": "2025-03-04", "amount": 60_000_00}])
    with pytest.raises(AssertionError, match="on a quiet statement"):
        check_recognizer(Large(), quiet=lines)


@pytest.mark.parametrize(
    ("recognizer", "says"),
    [
        (carded(name="Large One"), "is no identifier"),
        (carded(reads=Reads.TRADES), "reads no lines"),
        (carded(title={"en": "", "zh": "大额"}), "title has no words in en"),
        (carded(rule={"en": "large", "zh": "large"}), "rule in zh is not Chinese"),
        (carded(parameters=(ASKED, ASKED)), "two parameters have one name"),
        (asked(source=" "), "most has no source"),
        (asked(means={"en": "amount"}), "most.means has no words in zh"),
        (asked(default=-1), "out of its own bounds"),
        (asked(audit=1_000_000_01), "in audit is out of its own bounds"),
    ],
)
def test_a_card_with_a_hole(recognizer: Large, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        check_card(recognizer, None)


def test_numbers_without_bounds() -> None:
    assert "most has no bounds" in breach(check_bounds, asked(most=None))
    assert "most has no bounds" in breach(check_bounds, asked(least=None))


def test_what_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tradeglyph.testing.contract, "settled", lambda *_: {})
    assert "most = None was not refused" in breach(check_bounds, Large())


def test_findings_in_no_lines() -> None:
    one = pl.DataFrame({"row": [0], "severity": ["high"]})
    assert "1 findings in no lines" in breach(check_empty, Spoilt(lambda *_: one))


@pytest.mark.parametrize(
    ("recognizer", "says"),
    [
        (spoilt(pl.col("row").cast(pl.Int64)), "findings.row is Int64"),
        (spoilt(pl.col("row").reverse()), "not sorted"),
        (spoilt(pl.col("row") + 600), "findings of no line"),
        (spoilt(pl.lit("grave").alias("severity")), "unknown severity"),
        (spoilt(pl.lit(None, pl.String).alias("severity")), "unknown severity"),
        (spoilt(pl.col("period") + 100), "findings in no period"),
        (spoilt(pl.col("period").reverse()), "another account's period"),
    ],
)
def test_findings_that_are_no_findings(recognizer: Spoilt, says: str) -> None:
    assert says in breach(check_findings, recognizer)


def test_periods_that_are_none() -> None:
    class Backwards(Large):
        def recognize(
            self, lines: pl.DataFrame, parameters: Mapping[str, Any]
        ) -> Result | NotApplicable:
            answer = super().recognize(lines, parameters)
            assert isinstance(answer, Result)
            return replace(answer, periods=answer.periods.with_columns(end="start"))

    assert "end before they start" in breach(check_findings, Backwards())


def test_a_reason_without_words() -> None:
    class Silent(Large):
        def recognize(
            self, lines: pl.DataFrame, parameters: Mapping[str, Any]
        ) -> Result | NotApplicable:
            return NotApplicable(reason={"en": "never", "zh": ""})

    assert "why it is not applicable" in breach(check_findings, Silent())


@pytest.mark.parametrize(
    ("english", "chinese", "says"),
    [
        ("", "金额", "reason has no words in en"),
        ("large", "金额", "a reason without a number"),
        ("over 50,000", "amount 50000", "is not Chinese"),
        ("over 50,000", "金额 5 万", "other numbers"),
    ],
)
def test_reasons_that_say_too_little(english: str, chinese: str, says: str) -> None:
    class Worded(Large):
        def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
            return chinese if lang == "zh" else english

    assert says in breach(check_reasons, Worded())


def test_findings_on_a_quiet_statement() -> None:
    assert "on a quiet statement (seed): an amount of" in breach(check_quiet, asked(default=100))


def test_one_that_remembers() -> None:
    class Counting(Large):
        asked = 0

        def recognize(
            self, lines: pl.DataFrame, parameters: Mapping[str, Any]
        ) -> Result | NotApplicable:
            self.asked += 1
            return super().recognize(lines, {"most": 50_000_00 * self.asked})

    assert "another answer to the same question" in breach(check_repeated, Counting())


def test_one_that_looks_at_the_order() -> None:
    first = Spoilt(lambda findings, _: findings.head(1))
    assert "other findings when shuffled (seed)" in breach(check_shuffled, first)


def test_statistics_that_look_at_the_order() -> None:
    class Ordered(Large):
        def recognize(
            self, lines: pl.DataFrame, parameters: Mapping[str, Any]
        ) -> Result | NotApplicable:
            answer = super().recognize(lines, parameters)
            assert isinstance(answer, Result)
            return replace(answer, statistics={"first": [{"amount": lines["amount"][0]}]})

    assert "other statistics when shuffled" in breach(check_shuffled, Ordered())


def _among_others(findings: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    return findings if lines["account"].n_unique() > 1 else findings.clear()


def test_one_that_looks_at_other_accounts() -> None:
    assert "other findings when split by account" in breach(check_split, Spoilt(_among_others))


def test_one_that_says_that_it_does() -> None:
    together = Spoilt(_among_others)
    together.info = replace(CARD, accounts_together=True)
    check_split(together, None)


def test_findings_on_parts_of_what_is_not_applicable() -> None:
    class Small(Large):
        def recognize(
            self, lines: pl.DataFrame, parameters: Mapping[str, Any]
        ) -> Result | NotApplicable:
            if lines.height > 300:
                return NotApplicable(reason={"en": "too many: 300", "zh": "过多：300"})
            return super().recognize(lines, parameters)

    assert "findings on parts of what is not applicable" in breach(check_split, Small())


def test_the_public_names() -> None:
    assert all(hasattr(tradeglyph.testing, name) for name in tradeglyph.testing.__all__)
