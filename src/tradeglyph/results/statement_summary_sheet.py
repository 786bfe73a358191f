"""The sheet that says how the files were read, what was asked, and what was left out."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.recognizers.statements.ask import Answer, Failure
from tradeglyph.recognizers.statements.parameters import MONEY
from tradeglyph.results.statement_json import Told, shown_parameters
from tradeglyph.results.statement_looks import Looks
from tradeglyph.results.statement_marks import GRAVITY
from tradeglyph.results.statement_sheets import Shown
from tradeglyph.results.statement_workbook_words import LEFT_OUT, WORDS
from tradeglyph.results.xlsx.book import Book
from tradeglyph.results.xlsx.cells import letters, number_cell, row_xml, text_cell
from tradeglyph.results.xlsx.sheet import Foot, Layout, worksheet

_WIDTHS = (36.0, 40.0, 20.0, 14.0, 70.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0)
_NAMES = 5
"""Accounts of a file that are named."""
_LISTED = 200
"""Formulas of a sheet that are listed."""
_COUNTS = ("header", "preamble", "notes", "blank", "copies", "total")

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class _Line:
    """A row to write."""

    cells: Sequence[Cell]
    look: str = ""
    """`title`, `head`, `wrapped`, or the severity that the first cell is coloured in."""
    link: str = ""
    """A sheet that the first cell leads to."""


def write_summary(book: Book, name: str, told: Told, shown: Sequence[Shown], looks: Looks) -> None:
    """The sheet, with its parts one below the other."""
    with (
        book.sheet(name) as out,
        worksheet(out, Layout(widths=_WIDTHS)) as foot,
    ):
        for number, line in enumerate(_lines(told, shown), 1):
            out.write(_row(number, line, looks, foot))


def _row(number: int, line: _Line, looks: Looks, foot: Foot) -> str:
    cells = []
    for at, value in enumerate(line.cells, 1):
        place = f"{letters(at)}{number}"
        look = _look(line, at, looks)
        if at == 1 and line.link and foot.link(place, line.link, "A1"):
            look = looks.link
        if isinstance(value, int):
            cells.append(number_cell(place, looks.whole, str(value)))
        elif value:
            own = looks.text(value)
            cells.append(text_cell(place, own if own == looks.live else look, value))
    return row_xml(number, cells)


def _look(line: _Line, at: int, looks: Looks) -> int:
    if line.look == "head":
        return looks.head
    if line.look == "title" and at == 1:
        return looks.title
    if line.look == "wrapped":
        return looks.wrapped
    if line.look and at == 1:
        return looks.severity.get(line.look, looks.severity["other"])
    return looks.plain


def _lines(told: Told, shown: Sequence[Shown]) -> Iterator[_Line]:
    parts = (
        _colours(told),
        _answers(told),
        _files(told),
        _said(told),
        _sheets(told, shown),
        _columns(told),
        _parameters(told),
        _formulas(told, shown),
    )
    yield _Line([WORDS[told.lang]["title"]], "title")
    for part in parts:
        lines = list(part)
        if lines:
            yield _Line([])
            yield from lines


def _colours(told: Told) -> Iterator[_Line]:
    """What each colour means, and how many lines have it."""
    words = WORDS[told.lang]
    found = [
        one.findings.select("row", "severity") for one in told.answers if one.findings is not None
    ]
    every = pl.concat(found) if found else pl.DataFrame({"row": [], "severity": []})
    gravity = pl.col("severity").replace_strict(GRAVITY, default=len(GRAVITY))
    gravest = every.group_by("row").agg(gravity.min().alias("gravity"))["gravity"]
    of = words["lines_found"].format(count=gravest.len(), of=told.lines.height)
    yield _Line([of], "title")
    yield _Line([words["legend"], words["lines"]], "head")
    for severity, number in GRAVITY.items():
        yield _Line([words[severity], int((gravest == number).sum())], severity)


def _answers(told: Told) -> Iterator[_Line]:
    """Every recognizer that was asked, and what came of it."""
    words = WORDS[told.lang]
    yield _Line([words[head] for head in ("asked", "status", "name", "lines", "rule")], "head")
    for answer in told.answers:
        info = answer.recognizer.info
        title, rule = info.title[told.lang], info.rule[told.lang]
        yield _Line([title, _status(told, answer), info.name, answer.count, rule], "wrapped")


def _parameters(told: Told) -> Iterator[_Line]:
    """The numbers that each recognizer went by."""
    words = WORDS[told.lang]
    heads = ("parameters", "meaning", "name", "unit", "value")
    yield _Line([words[head] for head in heads], "head")
    for answer in told.answers:
        info = answer.recognizer.info
        known = {one.name: one for one in info.parameters}
        for name, value in shown_parameters(answer).items():
            one = known.get(name)
            means, unit = (one.means[told.lang], one.unit) if one is not None else ("", "")
            unit = words["of_currency"] if unit == MONEY else words.get(f"unit_{unit}", unit)
            title = info.title[told.lang]
            yield _Line([title, means, name, unit, _written(value)], "wrapped")


def _status(told: Told, answer: Answer) -> str:
    words = WORDS[told.lang]
    if isinstance(answer.outcome, NotApplicable):
        return words["not_applicable"].format(why=answer.outcome.reason[told.lang])
    if isinstance(answer.outcome, Failure):
        return words["failed"].format(why=answer.outcome)
    counts = {name: answer.outcome.statistics.get(name) for name in LEFT_OUT}
    rest = [words[name].format(count=count) for name, count in counts.items() if count]
    return ("；" if told.lang == "zh" else "; ").join([words["done"], *rest])


def _files(told: Told) -> Iterator[_Line]:
    """How many rows of each file are what."""
    words = WORDS[told.lang]
    heads = ("files", "accounts", "layout", "kind", "encoding", "read", "rejected", *_COUNTS)
    yield _Line([words[head] for head in heads], "head")
    for file in told.files:
        cells = [file["path"], _accounts(file["accounts"]), file["layout"], file["kind"]]
        counts = [int(file["rows"][name]) for name in _COUNTS]
        read = [int(file["lines_read"]), int(file["rejected"])]
        yield _Line([*cells, file["encoding"], *read, *counts])


def _accounts(names: Sequence[str]) -> str:
    shown = ", ".join(name for name in names[:_NAMES] if name)
    return f"{shown} ... ({len(names):,})" if len(names) > _NAMES else shown


def _said(told: Told) -> Iterator[_Line]:
    """Warnings, what was assumed, and rejected lines."""
    words = WORDS[told.lang]
    lines = list[_Line]()
    for file in told.files:
        for what, texts in (("warning", file["warnings"]), ("assumed", file["assumptions"])):
            for text in texts:
                lines.append(_Line([file["path"], words[what], None, None, text], "wrapped"))
        for one in file["rejects"]:
            said = f"{one['column']}: {one['value']}: {one['reason']}"
            lines.append(
                _Line(
                    [file["path"], words["reject"], one["sheet"], int(one["line"]), said], "wrapped"
                )
            )
        if (rest := int(file["rejected"]) - len(file["rejects"])) > 0:
            more = words["more"].format(count=rest)
            lines.append(_Line([file["path"], words["reject"], "", "", more]))
    if lines:
        heads = ("said", "what", "sheet", "line", "value")
        yield _Line([words[head] for head in heads], "head")
        yield from lines


def _sheets(told: Told, shown: Sequence[Shown]) -> Iterator[_Line]:
    """Which sheet shows which file, and how faithfully."""
    words = WORDS[told.lang]
    heads = [words[head] for head in ("sheets", "file", "sheet")]
    yield _Line([*heads, "", words["shown_as"]], "head")
    for one in shown:
        for name in one.plan.names:
            path = told.files[one.plan.file]["path"]
            cells = [name, path, one.plan.sheet, "", _how(told, one)]
            yield _Line(cells, link=name)


def _how(told: Told, one: Shown) -> str:
    words = WORDS[told.lang]
    if one.original:
        said = words["as_it_is"]
        if one.formulas.kept or one.formulas.replaced:
            counts = {"kept": one.formulas.kept, "replaced": one.formulas.replaced}
            said += words["formulas"].format(**counts)
        return said
    said = words["not_as_it_is"].format(why=one.why) if one.why else words["as_text"]
    if one.cut:
        said += ("；" if told.lang == "zh" else "; ") + words["cut"].format(
            count=one.cut, row=one.first_cut
        )
    return said


def _columns(told: Told) -> Iterator[_Line]:
    """What each column was taken for."""
    words = WORDS[told.lang]
    heads = ("columns", "heading", "sheet", "position", "field")
    yield _Line([words[head] for head in heads], "head")
    for file in told.files:
        for one in file["columns"]:
            field = one["field"] or words["unused"]
            cells = [file["path"], one["heading"], one["sheet"], one["position"], field]
            yield _Line(cells)


def _formulas(told: Told, shown: Sequence[Shown]) -> Iterator[_Line]:
    """Formulas that an original has: a bank's own file has none."""
    words = WORDS[told.lang]
    if not any(one.formulas.listed for one in shown):
        return
    heads = ("formula_list", "formula", "sheet", "cell", "what")
    yield _Line([words[head] for head in heads], "head")
    for one in shown:
        path, name = told.files[one.plan.file]["path"], one.plan.names[0]
        for cell, text, good in one.formulas.listed[:_LISTED]:
            kept = words["kept" if good else "replaced"]
            yield _Line([path, f"={text}", name, cell, kept])
        listed = min(_LISTED, len(one.formulas.listed))
        if (rest := one.formulas.kept + one.formulas.replaced - listed) > 0:
            yield _Line([path, words["more"].format(count=rest)])


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False, default=str)
