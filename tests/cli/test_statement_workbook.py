"""`tradeglyph statement --format xlsx`: what an auditor opens in Excel."""

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font, PatternFill
from python_calamine import CalamineWorkbook

from tests.cli.command import done, tradeglyph
from tests.shared import shared
from tradeglyph.recognizers.statements.night_transaction import NightTransaction
from tradeglyph.statements import read_statements

RED, ORANGE = "FFF4B4B4", "FFFCD9A6"
OURS = ["tradeglyph", "tradeglyph 识别器", "tradeglyph 理由"]
CSV = """账号,622202000000000001,,,,
交易时间,收入,支出,余额,摘要,流水号
2025-03-03 09:30:00,8000.00,,18000.00,代发工资,000000000000000017
2025-03-04 12:05:00,,36.50,17963.50,消费,000000000000000018
2025-03-05 18:20:00,,120.00,17843.50,消费,000000000000000019
2025-03-06 02:10:00,,60000.00,-42156.50,转账,000000000000000020
2025-03-07 10:00:00,,15.00,-42171.50,消费,000000000000000021
"""
"""One line to ask about, in row 6: 60,000.00 at night, and 22 times the mean of 2,718.83."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.csv").write_text(CSV, encoding="gb18030")
    return tmp_path


def report(folder: Path, *arguments: object) -> Any:
    """The workbook of a command, in Chinese."""
    done("statement", *arguments, "--lang", "zh", "--out", "f.xlsx", cwd=folder)
    return openpyxl.load_workbook(folder / "f.xlsx")


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def colours(sheet: Any, column: int = 1) -> dict[int, str]:
    """Rows with a colour in this column."""
    cells = (row[column - 1] for row in sheet.iter_rows())
    return {cell.row: cell.fill.fgColor.rgb for cell in cells if cell.fill.fill_type}


def markup(path: Path) -> str:
    """All sheets' XML together."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if "/worksheets/" in name]
        return "".join(archive.read(name).decode() for name in names)


def test_a_csv_becomes_a_new_sheet_with_every_cell_as_text(folder: Path) -> None:
    book = report(folder, "s.csv")
    assert book.sheetnames == ["核查结果", "说明", "s"]
    sheet = book["s"]
    wanted = [line.split(",") for line in CSV.splitlines()]
    shown = [[value or "" for value in row[:6]] for row in rows(sheet)]
    assert shown == wanted
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value)
    assert [cell.value for cell in sheet[2]][6:] == OURS
    assert colours(sheet) == colours(sheet, 6) == {6: RED}
    severity, titles, reasons = (cell.value for cell in sheet[6][6:])
    assert severity == "高"
    assert titles == "大额交易异常识别、夜间交易异常识别"
    assert "22.1 倍" in reasons
    assert "\n夜间交易异常识别：" in reasons
    assert sheet.auto_filter.ref == "A2:I7"
    assert sheet.freeze_panes == "A3"
    read = CalamineWorkbook.from_path(folder / "f.xlsx").get_sheet_by_name("s").to_python()
    assert [row[:6] for row in read] == wanted


def test_findings_are_numbers_and_times_gravest_first_with_links(folder: Path) -> None:
    sheet = report(folder, "s.csv")["核查结果"]
    head, *found = rows(sheet)
    assert head[:6] == ["严重程度", "识别器", "理由", "交易时间", "收支", "金额"]
    assert [row[:2] for row in found] == [["高", "夜间交易异常识别"], ["中", "大额交易异常识别"]]
    first = dict(zip(head, found[0], strict=True))
    assert first["交易时间"] == dt.datetime.fromisoformat("2025-03-06 02:10")
    assert (first["金额"], first["余额"], first["收支"]) == (60000, -42156.5, "支出")
    assert (first["账号"], first["流水号"]) == ("622202000000000001", "000000000000000020")
    assert (first["文件"], first["行号"]) == ("s.csv", 6)
    assert sheet["F2"].number_format == "#,##0.00"
    assert sheet["O2"].hyperlink.location == "'s'!A6"
    assert sheet.auto_filter.ref == "A1:R3"
    assert sheet.freeze_panes == "A2"
    assert list(colours(sheet).values())[1:] == [RED, ORANGE]


def test_the_summary_says_how_it_was_read_and_asked(folder: Path) -> None:
    said = rows(report(folder, "s.csv")["说明"])
    flat = [[value for value in row if value is not None] for row in said]
    assert ["5 笔流水中有 1 笔需要核实"] in flat
    assert ["高", 1] in flat
    assert ["s.csv", "622202000000000001", "csv", "gb18030", 5, 0, 1, 1, 0, 0, 0, 7] in flat
    assert ["s.csv", "支出", 3, "txExpense"] in flat
    status = {row[2]: row[1] for row in said if row[2] in ("low_interest", "night_transaction")}
    assert status == {
        "night_transaction": "完成",
        "low_interest": "不适用：没有人民币活期存款结息交易",
    }
    [threshold] = [row for row in said if row[2] == "frequency_threshold" and "高频" in row[0]]
    assert threshold[3:5] == ["笔", "10"]


def test_the_same_statement_gives_the_same_bytes(folder: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        done("statement", "s.csv", "--out", name, cwd=folder)
    assert (folder / "one.xlsx").read_bytes() == (folder / "two.xlsx").read_bytes()


def test_english(folder: Path) -> None:
    done("statement", "s.csv", "--out", "f.xlsx", cwd=folder)
    book = openpyxl.load_workbook(folder / "f.xlsx")
    assert book.sheetnames == ["Findings", "Summary", "s"]
    assert [cell.value for cell in book["s"][2]][6:] == [
        "tradeglyph",
        "tradeglyph recognizers",
        "tradeglyph reasons",
    ]
    words = [str(cell) for row in rows(book["Summary"]) for cell in row[:2] if cell]
    assert not [word for word in words if re.search("[一-鿿]", word) and word not in CSV]


def original(path: Path) -> None:
    """Two sheets with dates, numbers, texts of 18 digits, formulas and what they showed."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "流水 2025"
    sheet.append(["某银行流水"])
    sheet.merge_cells("A1:E1")
    sheet["A1"].font = Font(bold=True, color="FFFFFFFF")
    sheet["A1"].fill = PatternFill("solid", fgColor="FF1F4E79")
    sheet.append(["账号", "交易时间", "金额", "余额", "摘要"])
    moments = [
        dt.datetime.fromisoformat(f"2025-03-{moment}:05")
        for moment in ("03 09", "04 10", "06 02", "07 09")
    ]
    amounts, balance = (8000.1, -36.5, -60000, -15), 10000.0
    for moment, amount, summary in zip(
        moments, amounts, ("工资", "=1+1", "转账", "+86"), strict=True
    ):
        balance += amount
        sheet.append(["622202000000000001", moment, amount, round(balance, 2), summary])
    for row in range(3, 7):
        sheet[f"C{row}"].number_format = "#,##0.00;[Red]-#,##0.00"
        sheet[f"B{row}"].number_format = "yyyy/m/d h:mm"
    for cell in ("E4", "E6"):
        sheet[cell].data_type = "s"
    sheet["C8"], sheet["D8"] = "=SUM(C3:C6)", "=cmd|' /C calc'!A0"
    sheet["A8"] = "合计"
    sheet["E5"].font = Font(color="FFFFFFFF")
    sheet.column_dimensions["A"].width = 33
    sheet.row_dimensions[5].hidden = True
    other = book.create_sheet("说明")
    other.append(["本表由客户提供", True, 1.5, None, dt.date(2025, 1, 1)])
    other["B3"] = "='流水 2025'!C8"
    other["A3"] = "网银"
    other["A3"].hyperlink = "http://example.org/"
    other.sheet_state = "hidden"
    book.save(path)
    _with_values(path, {"SUM(C3:C6)": "-52051.4", "'流水 2025'!C8": "-52051.4"})


def _with_values(path: Path, shown: dict[str, str]) -> None:
    """Puts beside each formula what it shows, as Excel does when it saves."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            text = data.decode()
            if "/worksheets/sheet" in name:
                for formula, value in shown.items():
                    text = re.sub(
                        rf"<f>{re.escape(formula)}</f><v ?/?>(</v>)?",
                        f"<f>{formula}</f><v>{value}</v>",
                        text,
                    )
            archive.writestr(name, text)


def test_an_xlsx_keeps_its_sheets_values_types_and_formats(tmp_path: Path) -> None:
    original(tmp_path / "o.xlsx")
    book = report(tmp_path, "o.xlsx")
    assert book.sheetnames == ["核查结果", "说明 (2)", "流水 2025", "说明"]
    before = openpyxl.load_workbook(tmp_path / "o.xlsx")
    replaced = {"D8", "B3"}
    for sheet in before:
        after = book[sheet.title]
        assert after.sheet_state == "visible"
        for row in sheet.iter_rows():
            for cell in row:
                if cell.coordinate in replaced:
                    continue
                other = after[cell.coordinate]
                assert (other.value, other.data_type) == (cell.value, cell.data_type)
                assert other.number_format == cell.number_format
    sheet = book["流水 2025"]
    assert str(sheet.merged_cells) == "A1:E1"
    assert sheet["A1"].fill.fgColor.rgb == "FF1F4E79"
    assert sheet["A1"].font.color.rgb == "FFFFFFFF"
    assert sheet.column_dimensions["A"].width == 33
    assert [cell.value for cell in sheet[2]][5:] == OURS
    assert [row for row, colour in colours(sheet, 5).items() if colour in (RED, ORANGE)] == [5]
    assert sheet["E5"].font.color is None, "white letters on a light colour can't be read"
    assert not sheet.row_dimensions[5].hidden


def test_formulas_keep_what_they_showed_and_only_harmless_ones_stay(tmp_path: Path) -> None:
    original(tmp_path / "o.xlsx")
    book = report(tmp_path, "o.xlsx")
    shown = openpyxl.load_workbook(tmp_path / "f.xlsx", data_only=True)
    assert book["流水 2025"]["C8"].value == "=SUM(C3:C6)"
    assert shown["流水 2025"]["C8"].value == -52051.4
    assert book["流水 2025"]["D8"].value is None, "it showed nothing"
    assert book["说明"]["B3"].value == -52051.4
    assert re.findall("<f[ >].*?</f>", markup(tmp_path / "f.xlsx")) == ["<f>SUM(C3:C6)</f>"]
    said = rows(book["说明 (2)"])
    listed = {row[3]: (row[1], row[4]) for row in said if row[3] in ("C8", "D8", "B3")}
    assert listed == {
        "C8": ("=SUM(C3:C6)", "保留"),
        "D8": ("=cmd|' /C calc'!A0", "改为其显示值"),
        "B3": ("='流水 2025'!C8", "改为其显示值"),
    }
    with zipfile.ZipFile(tmp_path / "f.xlsx") as archive:
        assert not [name for name in archive.namelist() if "external" in name or "/drawing" in name]
        assert "example.org" not in markup(tmp_path / "f.xlsx")


def test_both_readers_see_the_same_values_as_in_the_original(tmp_path: Path) -> None:
    original(tmp_path / "o.xlsx")
    report(tmp_path, "o.xlsx")
    before = CalamineWorkbook.from_path(tmp_path / "o.xlsx")
    after = CalamineWorkbook.from_path(tmp_path / "f.xlsx")
    for name in before.sheet_names:
        old = before.get_sheet_by_name(name).to_python(skip_empty_area=False)
        new = after.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert [row[: len(old[0])] for row in new] == old


HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-1-1", "@SUM(1)", "\t=1", "_x0041_", "<&>\"'", "a\x01b"]


def test_no_text_of_a_file_becomes_a_formula(tmp_path: Path) -> None:
    """Summaries, counterparties and accounts that Excel would calculate, in each of the sheets."""
    lines = "".join(
        f'"{text.replace(chr(34), chr(34) * 2)}",2025-03-06 02:1{number}:00,60000.00,"{text}x"\n'
        for number, text in enumerate(text.replace('"', "") for text in HOSTILE)
    )
    head = "账号,交易时间,支出,摘要\n"
    (tmp_path / "=evil.csv").write_text(head + lines, encoding="utf-8", newline="")
    book = report(tmp_path, "=evil.csv", "--rules", "night_transaction")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "<f>" not in markup(tmp_path / "f.xlsx")
    live = [cell for cell in cells if isinstance(cell.value, str) and cell.value[:1] in "=+-@\t\r"]
    assert len(live) > 20
    assert all(cell.quotePrefix for cell in live)
    read = CalamineWorkbook.from_path(tmp_path / "f.xlsx").get_sheet_by_name("=evil").to_python()
    assert [row[0] for row in read[1:7]] == HOSTILE[:6]


def test_an_xls_becomes_a_new_sheet(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("明细")
    for at, row in enumerate(line.split(",") for line in CSV.splitlines()):
        for column, text in enumerate(row):
            sheet.write(at, column, text)
    book.save(str(tmp_path / "o.xls"))
    shown = report(tmp_path, "o.xls")
    assert shown.sheetnames == ["核查结果", "说明", "明细"]
    texts = [[value or "" for value in row[:6]] for row in rows(shown["明细"])]
    assert texts == [line.split(",") for line in CSV.splitlines()]
    assert colours(shown["明细"]) == {6: RED}


def test_rows_of_a_page_that_stand_in_one_line_are_told_apart(tmp_path: Path) -> None:
    cells = "".join(
        f"<tr>{''.join(f'<td>{text}</td>' for text in line.split(','))}</tr>"
        for line in CSV.splitlines()
    )
    (tmp_path / "o.xls").write_text(f"<html><table>{cells}</table></html>", encoding="utf-8")
    book = report(tmp_path, "o.xls")
    assert colours(book["o"]) == {6: RED}
    assert book["核查结果"]["O2"].value == 6


def test_several_files_have_sheets_of_their_own(folder: Path) -> None:
    (folder / "again").mkdir()
    (folder / "again" / "s.csv").write_text(CSV.replace("622202", "622203"), encoding="utf-8")
    original(folder / "o.xlsx")
    files = ("s.csv", "again/s.csv", "o.xlsx")
    book = report(folder, *files, "--rules", "night_transaction")
    assert book.sheetnames == ["核查结果", "说明", "s", "s (2)", "o 流水 2025", "o 说明"]
    found = book["核查结果"]
    links = {(row[12].value, row[14].hyperlink.location) for row in found.iter_rows(min_row=2)}
    assert links == {
        ("s.csv", "'s'!A6"),
        ("again/s.csv", "'s (2)'!A6"),
        ("o.xlsx", "'o 流水 2025'!A5"),
    }


def test_what_is_not_written_as_usual_is_shown_as_text_and_said(tmp_path: Path) -> None:
    """Days from 1904, as old Macs count: our own times could not stand beside them."""
    original(tmp_path / "o.xlsx")
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(tmp_path / "o.xlsx")
    shown = report(tmp_path, "o.xlsx")
    assert shown["流水 2025"]["A3"].value == "622202000000000001"
    assert shown["流水 2025"]["B3"].value == "2025-03-03 09:05:00"
    said = [str(row[4]) for row in rows(shown["说明 (2)"])]
    assert any("days counted from 1904" in text for text in said)


def test_a_statement_without_findings_says_so(folder: Path) -> None:
    book = report(folder, "s.csv", "--rules", "high_frequency")
    assert book["核查结果"]["C2"].value == "未发现异常"
    assert colours(book["s"]) == {}


def test_nothing_is_left_where_a_reason_breaks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object, finding: object, lang: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(NightTransaction, "reason", broken)
    ended = tradeglyph("statement", "s.csv", "--out", "f.xlsx", cwd=folder)
    assert ended.status == 1
    assert [path.name for path in folder.iterdir()] == ["s.csv"]


def test_bank_exports_keep_every_cell(tmp_path: Path) -> None:
    root = shared("data/bank_cn_exports")
    paths = [*sorted(root.rglob("*-records.csv")), *root.rglob("*-records.xlsx")]
    assert len(paths) > 10
    done("statement", *paths, "--out", "f.xlsx", cwd=tmp_path)
    book = CalamineWorkbook.from_path(tmp_path / "f.xlsx")
    grids = [grid for some in read_statements(paths).sheets for grid in some]
    assert len(book.sheet_names) == 2 + len(grids)
    for name, grid in zip(book.sheet_names[2:], grids, strict=True):
        shown = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if grid.sheet:
            # The workbook: its cells have types, and are what its reader takes them for.
            original = CalamineWorkbook.from_path(paths[-1]).get_sheet_by_name(grid.sheet)
            before = original.to_python(skip_empty_area=False)
        else:
            before = [list(row) for row in grid.cells.iter_rows()]
        assert [row[: len(before[0])] for row in shown] == before
