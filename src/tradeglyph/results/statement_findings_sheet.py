"""The sheet of findings: the gravest first, each with its line and a link to it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import Lang
from tradeglyph.domain.statements import in_units
from tradeglyph.recognizers.statements.ask import Answer
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.results.statement_json import Told, findings_with_lines
from tradeglyph.results.statement_looks import Looks
from tradeglyph.results.statement_marks import GRAVITY
from tradeglyph.results.statement_sheet_plan import SheetPlan
from tradeglyph.results.statement_workbook_words import WORDS
from tradeglyph.results.xlsx.book import Book, Range
from tradeglyph.results.xlsx.cells import (
    LIVE,
    MAX_ROWS,
    empty_cell,
    exact,
    letters,
    number_cell,
    row_xml,
    serial,
    text_cell,
)
from tradeglyph.results.xlsx.names import SheetNames
from tradeglyph.results.xlsx.sheet import MAX_LINKS, Foot, Layout, span, worksheet

_COLUMNS: Mapping[str, float] = {
    "severity": 9, "recognizer": 24, "reason": 70, "time": 19, "direction": 7, "amount": 16,
    "currency": 7, "balance": 16, "text": 20, "counterparty": 22, "counterparty_account": 22,
    "account": 22, "file": 24, "sheet": 14, "line": 8, "start": 19, "end": 19, "tx_id": 20,
}  # fmt: skip
"""Names of the columns (of `WORDS`), and their widths in digits."""
_LINE_AT = list(_COLUMNS).index("line") + 1
_EXPECTED = 3_000
"""Bytes of a row, at most but for rare ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The findings in the order of the sheet."""

    told: Told
    plans: Sequence[SheetPlan]
    looks: Looks

    @property
    def count(self) -> int:
        """How many."""
        return sum(one.findings.height for one in self.told.answers if one.findings is not None)

    def rows(self) -> Iterator[Callable[[int, Foot], str]]:
        """What writes each of them as a row, given its number and the foot for its link."""
        at = {(plan.file, plan.sheet): plan for plan in self.plans}
        for severity in (*GRAVITY, None):
            for answer in self.told.answers:
                if isinstance(answer.outcome, Result):
                    for finding, line in self._of(answer.outcome, severity):
                        plan = at[line["file"], line["sheet"]]
                        yield _Row(self, answer, finding, line, plan).xml

    def _of(
        self, result: Result, severity: str | None
    ) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """A recognizer's findings of one severity (None: of none of ours), by line."""
        named = pl.col("severity")
        this = ~named.is_in(list(GRAVITY)) if severity is None else named == severity
        some = result.findings.filter(this)
        if some.is_empty():
            return
        periods = result.periods.select(
            pl.col("start").alias("_start"), pl.col("end").alias("_end")
        ).with_row_index("_period")
        some = some.join(
            periods, left_on="period", right_on="_period", how="left", maintain_order="left"
        )
        places = self.told.lines.select("file", "sheet", "line")[some["row"]]
        order = places.with_row_index("_at").sort("file", "sheet", "line", maintain_order=True)
        ordered = Result(findings=some[order["_at"]], periods=result.periods)
        yield from findings_with_lines(ordered, self.told.lines)


@dataclass(frozen=True, slots=True)
class _Row:
    """One finding."""

    findings: Findings
    answer: Answer
    finding: Mapping[str, Any]
    line: Mapping[str, Any]
    plan: SheetPlan

    def xml(self, number: int, foot: Foot) -> str:
        """The row; its link goes to the foot."""
        lang: Lang = self.findings.told.lang
        words, looks = WORDS[lang], self.findings.looks
        line, finding, info = self.line, self.finding, self.answer.recognizer.info
        severity = finding["severity"]
        cells = _Cells(number, looks)
        cells.text(
            words.get(severity, severity), looks.severity.get(severity, looks.severity["other"])
        )
        cells.text(info.title[lang])
        cells.text(self.answer.recognizer.reason(finding, lang), looks.wrapped)
        cells.moment(line["time"], clock=line["clock"])
        cells.text(words[str(line["direction"])])
        cells.money(line["amount"])
        cells.text(line["currency"])
        cells.money(line["balance"])
        for name in ("summary", "counterparty", "counterparty_account", "account"):
            cells.text(line[name])
        cells.text(self.findings.told.files[line["file"]]["path"])
        cells.text(line["sheet"])
        sheet, row = self.plan.place(line["line"])
        linked = foot.link(f"{letters(_LINE_AT)}{number}", sheet, f"A{row}")
        cells.number(line["line"], looks.link if linked else looks.whole)
        for name in ("_start", "_end"):
            cells.moment(finding[name], clock=True)
        cells.text(line["tx_id"])
        return row_xml(number, cells.written)


class _Cells:
    """Cells of a row, from the left."""

    def __init__(self, row: int, looks: Looks) -> None:
        self.written: list[str] = []
        self._row, self._looks = row, looks

    def text(self, text: str, look: int | None = None) -> None:
        """A text of ours or of a file."""
        if look is None or text.startswith(LIVE):
            look = self._looks.text(text)
        self.written.append(text_cell(self._at(), look, text))

    def number(self, number: int, look: int) -> None:
        """A whole number."""
        self.written.append(number_cell(self._at(), look, str(number)))

    def money(self, minor: int | None) -> None:
        """Minor units, as a number with two decimals; as text where Excel would round it."""
        if minor is None:
            self.written.append(empty_cell(self._at(), self._looks.plain))
            return
        digits = exact(minor)
        if digits is None:
            self.text(in_units(minor))
            return
        self.written.append(number_cell(self._at(), self._looks.money, digits))

    def moment(self, moment: dt.datetime | None, *, clock: bool) -> None:
        """A time as Excel has it, without the time of day where there is none."""
        if moment is None:
            self.written.append(empty_cell(self._at(), self._looks.plain))
            return
        digits = serial(moment)
        if digits is None:
            self.text(f"{moment:%Y-%m-%d %H:%M:%S}" if clock else f"{moment:%Y-%m-%d}")
            return
        look = self._looks.moment if clock else self._looks.day
        self.written.append(number_cell(self._at(), look, digits))

    def _at(self) -> str:
        return f"{letters(len(self.written) + 1)}{self._row}"


def write_findings(
    book: Book, findings: Findings, names: SheetNames, wanted: str, room: int = MAX_ROWS
) -> list[str]:
    """The sheet, or several where one has not the room; their names."""
    rows, count, written = findings.rows(), findings.count, list[str]()
    words = WORDS[findings.told.lang]
    while not written or count > 0:
        here = min(count, room - 1)
        name = wanted if not written else names.new(wanted)
        layout = Layout(widths=list(_COLUMNS.values()), frozen=1, selected=not written)
        with (
            book.sheet(name, expected=here * _EXPECTED) as out,
            worksheet(out, layout) as foot,
        ):
            heads = (words[one] for one in _COLUMNS)
            head = findings.looks.head
            titles = [
                text_cell(f"{letters(at)}1", head, title) for at, title in enumerate(heads, 1)
            ]
            if here > MAX_LINKS:
                said = words["no_more_links"].format(count=MAX_LINKS)
                titles.append(text_cell(f"{letters(len(_COLUMNS) + 1)}1", head, said))
            out.write(row_xml(1, titles))
            if not count and not written:
                nothing = text_cell("C2", findings.looks.plain, words["nothing"])
                out.write(row_xml(2, [nothing]))
            for number in range(2, here + 2):
                out.write(next(rows)(number, foot))
            foot.filtered = span(1, max(2, here + 1), len(_COLUMNS))
        last = letters(len(_COLUMNS))
        book.name(
            Range(
                name="_xlnm._FilterDatabase", sheet=name, cells=f"$A$1:${last}${max(2, here + 1)}"
            )
        )
        book.name(Range(name="_xlnm.Print_Titles", sheet=name, cells="$1:$1"))
        written.append(name)
        count -= here
    return written
