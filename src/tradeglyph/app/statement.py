"""Statements of accounts, from files to what every recognizer says of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradeglyph.app.statement_section import StatementsSection
from tradeglyph.domain.recognizers import Info, Profile
from tradeglyph.recognizers.statements.account_profile import AccountProfile, account_profiles
from tradeglyph.recognizers.statements.ask import Answer, Failure, ask
from tradeglyph.recognizers.statements.parameters import settled_all
from tradeglyph.recognizers.statements.registry import asked, named, recognizers
from tradeglyph.recognizers.statements.result import Recognizer
from tradeglyph.statements.options import ReadOptions
from tradeglyph.statements.read import Statements, read_statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was read, and what was found in it."""

    statements: Statements
    answers: tuple[Answer, ...]
    profile: Profile = Profile.SEED
    """Whose defaults held."""

    @property
    def failures(self) -> tuple[Answer, ...]:
        """Of recognizers that broke: a fault of ours."""
        return tuple(one for one in self.answers if isinstance(one.outcome, Failure))

    @property
    def alerting(self) -> bool:
        """Whether anything was found."""
        return any(one.count for one in self.answers)

    def accounts(self) -> list[AccountProfile]:
        """What went through each account, by month and by counterparty."""
        return account_profiles(self.statements.lines)


def examine(
    paths: Sequence[Path],
    options: ReadOptions,
    section: StatementsSection,
    *,
    profile: Profile | None = None,
    rules: Sequence[str] = (),
) -> Examination:
    """Reads the files together and asks the recognizers.

    Args:
        profile: instead of the section's.
        rules: instead of the section's; empty for those, or for what the profile asks.

    Raises InputError for a recognizer or parameter that there is not, before any file is read, and
    as `read_statements` does.
    """
    question = Question.of(section, profile=profile, rules=rules)
    return question.put(read_statements(paths, options=options))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be asked of statements."""

    rules: tuple[Recognizer, ...]
    parameters: Mapping[str, Mapping[str, Any]]
    """Of each recognizer, by its name."""
    profile: Profile

    @classmethod
    def of(
        cls,
        section: StatementsSection,
        *,
        profile: Profile | None = None,
        rules: Sequence[str] = (),
    ) -> "Question":
        """As `examine` asks; raises InputError for a recognizer or parameter that there is not."""
        defaults = profile or section.profile
        names = tuple(rules) or section.rules
        rules_asked = named(names) if names else asked(defaults)
        parameters = parameters_of(section, defaults)
        return cls(rules=rules_asked, parameters=parameters, profile=defaults)

    def put(self, statements: Statements) -> Examination:
        """What the recognizers say of statements."""
        answers = tuple(ask(self.rules, statements.lines, self.parameters))
        return Examination(statements=statements, answers=answers, profile=self.profile)


def parameters_of(section: StatementsSection, profile: Profile) -> dict[str, dict[str, Any]]:
    """All parameters of all recognizers, by the recognizer's name.

    All sections are checked, also of recognizers that are not asked: a typo is never silent.
    Raises InputError as `settled_all` does.
    """
    cards = [rule.info for rule in recognizers()]
    return settled_all(cards, profile, _typed(cards, section.parameters))


def _typed(cards: Sequence[Info], sections: Mapping[str, Any]) -> dict[str, Any]:
    """The sections, with texts of the environment read as what their parameters are."""
    known = {card.name: {one.name: one.default for one in card.parameters} for card in cards}
    return {
        name: {key: _read(value, known.get(name, {}).get(key)) for key, value in section.items()}
        if isinstance(section, Mapping)
        else section
        for name, section in sections.items()
    }


def _read(value: Any, default: Any) -> Any:
    if not isinstance(value, str) or isinstance(default, str | None):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
