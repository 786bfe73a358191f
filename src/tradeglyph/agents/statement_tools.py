"""Tools over bank statements: reading them, asking all recognizers, asking one."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tradeglyph.agents.arguments import model_of, needed, optional, page_of, paged
from tradeglyph.agents.card_arguments import bounds_of, fields_of, names_of
from tradeglyph.agents.readings import Readings
from tradeglyph.agents.tool import FAULT, LOG, Reply, Tool
from tradeglyph.agents.words import NOTE, TITLES, recognizer_words, tool_words
from tradeglyph.agents.workplace import Workplace
from tradeglyph.app.statement import Question
from tradeglyph.app.statement_section import StatementsSection
from tradeglyph.domain.errors import InputError, TradeglyphError
from tradeglyph.domain.recognizers import Info, Profile
from tradeglyph.recognizers.statements.ask import Answer, Failure
from tradeglyph.recognizers.statements.registry import recognizers
from tradeglyph.results.page import Page
from tradeglyph.results.statement_json import Told, write_statement_json
from tradeglyph.statements.options import ReadOptions
from tradeglyph.statements.read import Statements

FIRST_FINDINGS, FINDINGS = 10, 50
"""Of each of many recognizers, and of one."""


def statement_tools(place: Workplace) -> list[Tool]:
    """Reading, examining, and one tool per recognizer, those of users' packages included.

    Raises InputError where a recognizer's name can't be a tool's.
    """
    rules, readings = [rule.info for rule in recognizers()], Readings(place.folder)
    return [
        _reading(place, readings),
        _examining(place, readings),
        *(_recognizer(info, place, readings) for info in rules),
    ]


def _reading(place: Workplace, readings: Readings) -> Tool:
    def run(asked: Any) -> Reply:
        return _reply(_read(asked, place, readings), (), Page(), place)

    return Tool(
        name="read_statement",
        title=TITLES["read_statement"][place.lang],
        description=tool_words("read_statement", place.lang),
        arguments=model_of("ReadStatementInput", _of_files(place)),
        run=run,
    )


def _examining(place: Workplace, readings: Readings) -> Tool:
    def run(asked: Any) -> Reply:
        rules, section = asked.rules or (), place.settings.statements
        found = _question(asked, rules, section, place).put(_read(asked, place, readings))
        return _reply(found.statements, _silenced(found.answers), page_of(asked), place)

    fields = {
        **_of_files(place),
        "rules": optional("rules", place.lang),
        "profile": optional("profile", place.lang),
        **paged(FIRST_FINDINGS, place.lang),
    }
    return Tool(
        name="examine_statement",
        title=TITLES["examine_statement"][place.lang],
        description=tool_words("examine_statement", place.lang),
        arguments=model_of("ExamineStatementInput", fields),
        run=run,
    )


def _recognizer(info: Info, place: Workplace, readings: Readings) -> Tool:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,49}", info.name):
        raise InputError(
            f"recognizer {info.name!r}: its name can't be a tool's: small letters, digits and "
            "underscores, 50 at most"
        )
    words = "".join(part.capitalize() for part in info.name.split("_"))
    fields = {
        **_of_files(place),
        "profile": optional("profile", place.lang),
        **paged(FINDINGS, place.lang),
    }
    common = model_of(f"{words}Common", fields)

    def run(asked: Any) -> Reply:
        given = {
            name: getattr(asked, argument)
            for argument, name in names_of(info, common).items()
            if getattr(asked, argument) is not None
        }
        section = _with(place.settings.statements, info.name, given)
        question = _question(asked, (info.name,), section, place)
        found = question.put(_read(asked, place, readings))
        for failure in found.failures:
            raise _error_of(failure)
        return _reply(found.statements, found.answers, page_of(asked), place)

    return Tool(
        name=f"{info.name}_recognizer",
        title=info.title[place.lang],
        description=recognizer_words(info, place.lang),
        arguments=model_of(f"{words}Input", fields_of(info, common, place.lang), common),
        run=run,
        bounds=bounds_of(info, common),
    )


def _of_files(place: Workplace) -> dict[str, Any]:
    return {"files": needed("files", place.lang), "map": optional("statement_map", place.lang)}


def _read(asked: Any, place: Workplace, readings: Readings) -> Statements:
    layouts = place.settings.statements.profiles
    return readings.read(asked.files, ReadOptions.from_map(asked.map or (), profiles=layouts))


def _question(
    asked: Any, rules: Sequence[str], section: StatementsSection, place: Workplace
) -> Question:
    return Question.of(section, profile=Profile(asked.profile or place.profile), rules=rules)


def _with(section: StatementsSection, name: str, given: Mapping[str, Any]) -> StatementsSection:
    """The section with further parameters of one recognizer."""
    configured = section.parameters.get(name) or {}
    own = {**configured, **given}
    return StatementsSection.model_validate({**dict(section), **section.parameters, name: own})


def _reply(
    statements: Statements, answers: Sequence[Answer], page: Page, place: Workplace
) -> Reply:
    files = [one.as_json(place.lang) for one in statements.files]
    told = Told(
        files=[{**one, "path": place.shown(one["path"])} for one in files],
        lines=statements.lines,
        answers=answers,
        lang=place.lang,
        page=page,
        note=NOTE[place.lang],
    )
    text = io.StringIO()
    write_statement_json(told, text)
    return Reply(text=text.getvalue())


def _silenced(answers: Sequence[Answer]) -> list[Answer]:
    """The answers; of a recognizer that broke only the log says more."""
    return [
        replace(one, outcome=_hidden(one)) if isinstance(one.outcome, Failure) else one
        for one in answers
    ]


def _hidden(answer: Answer) -> Failure:
    LOG.error("recognizer %s", answer.recognizer.info.name, exc_info=_error_of(answer))
    return Failure(error=TradeglyphError(FAULT))


def _error_of(answer: Answer) -> Exception:
    if isinstance(answer.outcome, Failure):
        return answer.outcome.error
    raise AssertionError(f"{answer.recognizer.info.name} answered")
