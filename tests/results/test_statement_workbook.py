"""What a report on statements does at Excel's limits."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.statements.files import csv_text, read_text
from tradeglyph.domain.recognizers import Info, Lang, Reads
from tradeglyph.recognizers.statements.ask import ask
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.results.statement_json import Told
from tradeglyph.results.statement_workbook import write_statement_workbook
from tradeglyph.results.xlsx import sheet as xlsx_sheet
from tradeglyph.results.xlsx.sheet import Foot
from tradeglyph.statements import Statements

HEAD = ("账号", "交易时间", "支出", "余额", "摘要")


class Every:
    """Says something of every line: a rule of a user's own."""

    info = Info(
        name="every",
        title={"en": "Every line", "zh": "每一笔"},
        reads=Reads.LINES,
        rule={"en": "any line", "zh": "任意一笔"},
    )

    def recognize(self, lines: pl.DataFrame, parameters: object) -> Result:
        """All lines; `line` is a name that findings may use for themselves."""
        row = pl.int_range(lines.height, dtype=pl.UInt32, eager=True)
        findings = pl.DataFrame({"row": row}).with_columns(
            severity=pl.when(pl.col("row") % 2 == 0).then(pl.lit("low")).otherwise(pl.lit("high")),
            period=pl.lit(0, pl.UInt32),
            line=pl.lit("own"),
        )
        day = dt.datetime.fromisoformat("2025-01-01")
        periods = pl.DataFrame({"account": "a", "start": day, "end": day + dt.timedelta(days=1)})
        return Result(findings=findings, periods=periods)

    def reason(self, finding: Any, lang: Lang) -> str:
        """Longer than a cell of Excel, where the statement is."""
        return f"{finding['row']} is a line"


def written(found: Statements, path: Path, *, room: int = 1_048_576) -> Any:
    """The workbook that says something of every line."""
    answers = tuple(ask([Every()], found.lines, {"every": {}}))
    files = [one.as_json("en") for one in found.files]
    told = Told(files=files, lines=found.lines, answers=answers, lang="en")
    write_statement_workbook(told, found.sheets, path, room=room)
    return openpyxl.load_workbook(path)


def statement(folder: Path, rows: Sequence[Sequence[str]]) -> Statements:
    """Lines read from a CSV file."""
    return read_text(folder, csv_text([HEAD, *rows]))


def lines(count: int, summary: str = "x") -> list[tuple[str, ...]]:
    """So many lines, a minute apart."""
    start = dt.datetime.fromisoformat("2025-01-01")
    times = (start + dt.timedelta(minutes=number) for number in range(count))
    return [("6222", str(time), "1.00", "9.00", summary) for time in times]


def test_more_rows_than_a_sheet_has_go_on_in_another(tmp_path: Path) -> None:
    """8 rows of cells (a heading and 7 lines) and 7 findings, in sheets of 4 rows."""
    book = written(statement(tmp_path, lines(7)), tmp_path / "f.xlsx", room=4)
    assert book.sheetnames == [
        "Findings", "Findings (2)", "Findings (3)", "Summary", "s", "s (2)",
    ]  # fmt: skip
    shown = [sheet.max_row - 1 for sheet in book.worksheets[:3]]
    assert shown == [3, 3, 1]
    place = {
        row[14].value: row[14].hyperlink.location
        for sheet in book.worksheets[:3]
        for row in sheet.iter_rows(min_row=2)
    }
    assert place == {
        2: "'s'!A2", 3: "'s'!A3", 4: "'s'!A4",
        5: "'s (2)'!A1", 6: "'s (2)'!A2", 7: "'s (2)'!A3", 8: "'s (2)'!A4",
    }  # fmt: skip
    cells = [[cell.value for cell in row] for name in ("s", "s (2)") for row in book[name].rows]
    assert [row[1] for row in cells[1:]] == [time for _, time, *_ in lines(7)]
    assert [row[5] for row in cells] == ["tradeglyph", *["low", "high"] * 3, "low"]


def test_the_gravest_stand_first_each_with_its_period(tmp_path: Path) -> None:
    sheet = written(statement(tmp_path, lines(4)), tmp_path / "f.xlsx")["Findings"]
    found = [(row[0].value, row[14].value) for row in sheet.iter_rows(min_row=2)]
    assert found == [("high", 3), ("high", 5), ("low", 2), ("low", 4)]
    assert sheet["P2"].value == dt.datetime.fromisoformat("2025-01-01")
    assert sheet["Q2"].value == dt.datetime.fromisoformat("2025-01-02")


def test_cells_that_are_too_long_are_cut_and_counted(tmp_path: Path) -> None:
    rows = [*lines(2), ("6222", "2025-02-01", "1.00", "9.00", "长" * 40_000)]
    book = written(statement(tmp_path, rows), tmp_path / "f.xlsx")
    assert book["s"]["E4"].value == "长" * 32_766 + "…"
    said = [str(row[4].value) for row in book["Summary"].iter_rows()]
    assert [text for text in said if text.startswith("cells as they were read")] == [
        "cells as they were read, each as text; 1 cells are longer than a cell of Excel can be and "
        "were cut at 32,767 characters, the first in row 4"
    ]


def test_the_largest_amounts_keep_their_cents(tmp_path: Path) -> None:
    rows = [("6222", "2025-01-01", "999999999999.99", "-123456789012.34", "x")]
    sheet = written(statement(tmp_path, rows), tmp_path / "f.xlsx")["Findings"]
    assert (sheet["F2"].value, sheet["F2"].data_type) == (999999999999.99, "n")
    assert (sheet["H2"].value, sheet["H2"].data_type) == (-123456789012.34, "n")


def test_lines_of_a_file_with_gaps_keep_their_numbers(tmp_path: Path) -> None:
    """A cell over three lines of text: the line below it is the file's fifth."""
    book = written(statement(tmp_path, [*lines(1, "a\nb\nc"), *lines(1)]), tmp_path / "f.xlsx")
    assert [row[14].value for row in book["Findings"].iter_rows(min_row=2)] == [5, 2]
    assert book["s"]["A5"].value == "6222"
    assert book["s"]["A3"].value is None


def test_there_is_a_limit_to_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_sheet, "MAX_LINKS", 2)
    foot = Foot()
    assert [foot.link(f"A{row}", "s", "A1") for row in range(3)] == [True, True, False]
    assert len(foot.links) == 2
