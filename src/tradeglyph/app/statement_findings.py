"""What each recognizer said of statements, its gravest findings with their lines in context."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from tradeglyph.app.statement import Examination
from tradeglyph.app.statement_books import NAMES, Shelf, counted
from tradeglyph.app.statement_reasons import Reasons
from tradeglyph.domain.recognizers import Lang, NotApplicable
from tradeglyph.drawing.statement_records import Finding, Section, Setting, ShownLine, Status
from tradeglyph.recognizers.statements.ask import Answer, Failure
from tradeglyph.recognizers.statements.parameters import written
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.results.statement_json import statistics

SHOWN = 40
"""Findings of a recognizer that are shown; the lines of one period are one."""
LINES_OF_ONE = 20
"""Lines with a finding of one period that are shown."""
ROWS = 400
"""Lines that a recognizer's findings show with their neighbours; the first is shown whole."""
CONTEXT = 2
"""Lines before and after."""
_OF_LINE = ("file", "sheet", "line", "account", "currency", "time", "clock", "amount", "direction",
            "balance", "summary", "counterparty")  # fmt: skip


def sections(
    found: Examination, shelf: Shelf, lines_found: pl.DataFrame, reasons: Reasons, lang: Lang
) -> Iterator[Section]:
    """One per recognizer, in their order. `lines_found` is from `found_lines`."""
    for number, answer in enumerate(found.answers):
        own = lines_found.filter(pl.col("answer") == number)
        groups = _groups(own)
        shown = list(_findings(found, shelf, answer, number, groups, own, reasons))
        info = answer.recognizer.info
        yield Section(
            name=info.name,
            title=info.title[lang],
            rule=info.rule[lang],
            settings=[
                Setting(
                    name=one.name,
                    value=_setting(written(one, answer.parameters[one.name])),
                    unit=one.unit,
                    means=one.means[lang],
                )
                for one in info.parameters
            ],
            status=_status(answer),
            why=_why(answer, lang),
            statistics=list(flat(statistics(answer, found.statements.lines))),
            found=counted(own.group_by("row").agg(pl.col("gravity").min())["gravity"]),
            findings=shown,
            findings_left_out=groups.height - len(shown),
        )


def anchor(answer: int, of: int) -> str:
    """The id of a finding on the page; `of` is that of `found_lines`."""
    return f"f{answer}-{of}" if of >= 0 else f"f{answer}-l{-1 - of}"


def _status(answer: Answer) -> Status:
    if isinstance(answer.outcome, Failure):
        return "failed"
    if isinstance(answer.outcome, NotApplicable):
        return "not_applicable"
    return "found" if answer.count else "none"


def _why(answer: Answer, lang: Lang) -> str:
    outcome = answer.outcome
    if isinstance(outcome, NotApplicable):
        return outcome.reason[lang]
    return str(outcome) if isinstance(outcome, Failure) else ""


def _setting(value: Any) -> str:
    """As it stands in `tradeglyph.toml`, whose numbers, texts and lists are written as in JSON."""
    return json.dumps(value, ensure_ascii=False)


def flat(figures: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Single figures by their path; lists are for programs."""
    for key, value in figures.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{above}{key}.")
        elif isinstance(value, str | int) or value is None:
            yield f"{above}{key}", f"{value:,}" if type(value) is int else str(value or "–")
        elif isinstance(value, float):
            yield f"{above}{key}", f"{value:,.4f}".rstrip("0").rstrip(".")
        elif not isinstance(value, Sequence):
            yield f"{above}{key}", str(value)


# Findings -----------------------------------------------------------------------------------


def _groups(own: pl.DataFrame) -> pl.DataFrame:
    """One row per finding or period: `of`, `gravity`, `row` (its first), `count`; gravest first."""
    grouped = own.group_by("of").agg(
        pl.col("gravity").min(), pl.col("row").min(), pl.len().alias("count")
    )
    return grouped.sort("gravity", "row", "of", descending=[False, False, True])


def _findings(
    found: Examination, shelf: Shelf, answer: Answer, number: int, groups: pl.DataFrame,
    own: pl.DataFrame, reasons: Reasons,
) -> Iterator[Finding]:  # fmt: skip
    gravest = groups.head(SHOWN)
    members = own.filter(pl.col("of").is_in(gravest["of"].implode()))
    by_group = {key: frame for (key,), frame in members.group_by("of", maintain_order=True)}
    rows = 0
    for group in gravest.iter_rows(named=True):
        some = by_group[group["of"]].sort("gravity", "row", maintain_order=True)
        some = some.head(LINES_OF_ONE).sort("row", maintain_order=True)
        finding = _finding(found, shelf, answer, number, group, some, reasons)
        rows += len(finding.lines)
        if rows > ROWS and rows > len(finding.lines):
            return
        yield finding


def _finding(
    found: Examination, shelf: Shelf, answer: Answer, number: int, group: Mapping[str, Any],
    some: pl.DataFrame, reasons: Reasons,
) -> Finding:  # fmt: skip
    lines = list(_in_context(found, shelf, some))
    first = found.statements.lines.row(int(some["row"][0]), named=True)
    period = _period(answer, group["of"]) if group["count"] > 1 else {}
    return Finding(
        anchor=anchor(number, group["of"]),
        severity=NAMES[group["gravity"]],
        account=first["account"],
        currency=first["currency"],
        start=period.get("start"),
        end=period.get("end"),
        count=group["count"],
        reasons=_reasons(found, some, number, reasons),
        lines=lines,
    )


def _period(answer: Answer, of: int) -> Mapping[str, Any]:
    if not isinstance(answer.outcome, Result) or of < 0:
        return {}
    return answer.outcome.periods.row(of, named=True)


def _reasons(
    found: Examination, some: pl.DataFrame, number: int, reasons: Reasons
) -> list[tuple[list[int], str]]:
    said: dict[str, list[int]] = {}
    line_numbers = found.statements.lines["line"]
    for row, at in some.select("row", "at").iter_rows():
        said.setdefault(reasons.of(number, at), []).append(line_numbers[row])
    return [(numbers, reason) for reason, numbers in said.items()]


def _in_context(found: Examination, shelf: Shelf, some: pl.DataFrame) -> Iterator[ShownLine]:
    """The lines of some findings and their neighbours, as they stand in the files."""
    severity: dict[int, str] = {}
    for row, gravity in some.sort("gravity", descending=True).select("row", "gravity").iter_rows():
        severity[row] = NAMES[gravity]
    places = sorted({place for row in severity for place in shelf.around(row, CONTEXT)})
    rows = shelf.order[places]
    lines = found.statements.lines.select(pl.col(_OF_LINE).gather(rows))
    previous = None
    for place, row, line in zip(places, rows.tolist(), lines.iter_rows(named=True), strict=True):
        # Lines of another account have places of their own: a finding may hold several accounts'.
        near = previous is not None and shelf.book[shelf.order[previous]] == shelf.book[row]
        yield ShownLine(
            file=found.statements.files[line["file"]].path,
            sheet=line["sheet"],
            line=line["line"],
            time=line_time(line),
            direction=line["direction"],
            amount=line["amount"],
            balance=line["balance"],
            summary=line["summary"],
            counterparty=line["counterparty"],
            severity=severity.get(row, ""),
            skipped=place - previous - 1 if previous is not None and near else 0,
        )
        previous = place


def line_time(line: Mapping[str, Any]) -> str:
    """A line's time as the statement says it: with a time of day or without."""
    return f"{line['time']:%Y-%m-%d %H:%M:%S}" if line["clock"] else f"{line['time']:%Y-%m-%d}"


def shown_anchors(said: Iterable[Section]) -> set[str]:
    """Of the findings that are shown."""
    return {finding.anchor for section in said for finding in section.findings}
