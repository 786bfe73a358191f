"""The same statement in every kind of file."""

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlwt
from PIL import Image

from tests.statements.files import HEADINGS, LINES, csv_text, pdf_bytes, read, written
from tradeglyph.domain.errors import InputError

CONTENT = pl.exclude("sheet", "line")


@pytest.fixture
def expected(tmp_path: Path) -> pl.DataFrame:
    """The lines as CSV gives them."""
    return read(written(tmp_path, csv_text([HEADINGS, *LINES]), "expected.csv")).lines


def test_what_csv_gives(expected: pl.DataFrame) -> None:
    first = expected.row(0, named=True)
    assert first["time"] == dt.datetime(2024, 3, 1, 9, 10, 11)  # noqa: DTZ001
    assert (first["amount"], first["direction"], first["balance"]) == (800_000, 1, 810_000)
    assert first["counterparty_account"] == "6222000011112222"
    assert expected["line"].to_list() == [2, 3, 4]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_text(tmp_path: Path, expected: pl.DataFrame, encoding: str, separator: str) -> None:
    rows = [HEADINGS, *LINES]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    found = read(written(tmp_path, text, "s.xls", encoding))

    assert found.lines.equals(expected)
    assert found.files[0].kind == "csv"


def test_cells_that_keep_a_spreadsheet_from_guessing(
    tmp_path: Path, expected: pl.DataFrame
) -> None:
    rows = [[f'="{cell}"' for cell in row] for row in LINES]
    text = "\n".join("\t".join(row) for row in [list(HEADINGS), *rows])

    assert read(written(tmp_path, text, "s.xls", "gb18030")).lines.equals(expected)


def test_html_that_calls_itself_xls(tmp_path: Path, expected: pl.DataFrame) -> None:
    def row(cells: tuple[str, ...], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{cell}&nbsp;</{tag}>" for cell in cells) + "</tr>\n"

    body = row(HEADINGS, "th") + "".join(row(line, "td") for line in LINES)
    html = (
        '<html><head><meta charset="gbk"><style>td{color:red}</style></head><body>'
        "<p>账号：6222020200011112222</p><table><tr><td colspan=8>交易明细</td></tr>"
        f"{body}</table></body></html>"
    )
    found = read(written(tmp_path, html, "s.xls", "gbk"))

    assert found.files[0].kind == "html"
    assert found.files[0].accounts == ("6222020200011112222",)
    content = pl.exclude("sheet", "line", "account")
    assert found.lines.select(content).equals(expected.select(content))


def test_html_rows_that_are_never_closed(tmp_path: Path, expected: pl.DataFrame) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell}" for cell in line) for line in [HEADINGS, *LINES])
    found = read(written(tmp_path, f"<table>{rows}</table>", "s.xls"))
    assert found.lines.select(CONTENT).equals(expected.select(CONTENT))


def test_a_spreadsheet_of_2003(tmp_path: Path, expected: pl.DataFrame) -> None:
    rows = "".join(
        "<Row>" + "".join(f"<Cell><Data>{cell}</Data></Cell>" for cell in line) + "</Row>"
        for line in [HEADINGS, *LINES]
    )
    xml = f'<?xml version="1.0"?><Workbook><Worksheet><Table>{rows}</Table></Worksheet></Workbook>'
    found = read(written(tmp_path, xml, "s.xls"))
    assert found.lines.select(CONTENT).equals(expected.select(CONTENT))


def _typed(line: tuple[str, ...]) -> list[object]:
    """Cells as a spreadsheet has them: days, times and numbers."""
    day, time, text, income, expense, balance, name, account = line
    numbers = [
        float(cell.replace(",", "")) if cell else None for cell in (income, expense, balance)
    ]
    return [dt.date.fromisoformat(day), dt.time.fromisoformat(time), text, *numbers, name, account]


def test_xlsx_with_typed_cells(tmp_path: Path, expected: pl.DataFrame) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    for line in LINES:
        book.active.append(_typed(line))
    book.save(tmp_path / "s.xlsx")
    found = read(tmp_path / "s.xlsx")

    assert found.files[0].kind == "xlsx"
    assert found.lines.select(CONTENT).equals(expected.select(CONTENT))
    assert found.lines["sheet"].unique().to_list() == ["Sheet"]


def test_xls_with_texts(tmp_path: Path, expected: pl.DataFrame) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("流水")
    sheet.write(0, 0, "账号")
    sheet.write(0, 1, "6222020200011112222")
    for row, cells in enumerate([HEADINGS, *LINES], 2):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(tmp_path / "s.xls"))
    found = read(tmp_path / "s.xls")

    assert found.files[0].kind == "xls"
    assert found.files[0].accounts == ("6222020200011112222",)
    assert found.lines["line"].to_list() == [4, 5, 6]
    content = pl.exclude("sheet", "line", "account")
    assert found.lines.select(content).equals(expected.select(content))


def test_xls_with_typed_cells(tmp_path: Path, expected: pl.DataFrame) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("流水")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for column, cell in enumerate(HEADINGS):
        sheet.write(0, column, cell)
    for row, line in enumerate(LINES, 1):
        for column, cell in enumerate(_typed(line)):
            if isinstance(cell, dt.date):
                sheet.write(row, column, cell, day)
            elif cell is not None:
                sheet.write(row, column, str(cell) if column == 1 else cell)
    book.save(str(tmp_path / "s.xls"))

    assert read(tmp_path / "s.xls").lines.select(CONTENT).equals(expected.select(CONTENT))


def test_accounts_by_sheet_and_a_cover(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["户名：张三"])
    for account in ("62220001", "62220002"):
        sheet = book.create_sheet(account)
        sheet.append([f"账号：{account}"])
        sheet.append(HEADINGS)
        sheet.append(LINES[0])
    book.save(tmp_path / "s.xlsx")
    found = read(tmp_path / "s.xlsx")

    assert found.lines["account"].to_list() == ["62220001", "62220002"]
    assert found.files[0].holders == ("张三",)
    assert [notice.code for notice in found.files[0].notices] == ["no_table"]


def _page(rows: list[tuple[str, ...]]) -> list[tuple[float, float, str]]:
    places = (20, 90, 150, 230, 320, 410, 500, 620)
    return [
        (places[column], 550 - 20 * row, cell)
        for row, line in enumerate(rows)
        for column, cell in enumerate(line)
        if cell
    ]


def test_pdf_with_text(tmp_path: Path, expected: pl.DataFrame) -> None:
    path = tmp_path / "s.pdf"
    pages = [[HEADINGS, *LINES[:2]], [HEADINGS, LINES[2]]]
    path.write_bytes(pdf_bytes([_page(page) for page in pages]))
    found = read(path)

    assert found.files[0].kind == "pdf"
    assert found.files[0].rows.header == 2
    assert found.lines.select(CONTENT).equals(expected.select(CONTENT))


def test_a_scanned_pdf(tmp_path: Path) -> None:
    path = tmp_path / "s.pdf"
    Image.new("RGB", (60, 60)).save(path, "PDF")
    with pytest.raises(InputError, match="a scanned PDF"):
        read(path)


def test_a_damaged_pdf(tmp_path: Path) -> None:
    path = tmp_path / "s.pdf"
    path.write_bytes(pdf_bytes([_page([HEADINGS])])[:200])
    with pytest.raises(InputError, match="PDF"):
        read(path)


def test_numbers_that_a_spreadsheet_has_rounded(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["交易日期", "收入", "对方账号", "流水号"])
    sheet.append(["2024-01-05", 1, 6222020200011112222, 1234567890123456])
    sheet.append(["2024-01-06", 2, "6222020200011113333", "7"])
    path = tmp_path / "s.xlsx"
    book.save(path)
    found = read(path)

    assert found.lines["counterparty_account"].to_list() == [
        "6.22202020001111E+18",
        "6222020200011113333",
    ]
    assert found.lines["tx_id"].to_list() == ["1234567890123456", "7"]
    (notice,) = found.files[0].notices
    assert notice.code == "rounded_number"
    assert "对方账号: 1 long numbers" in notice.words["en"]
    assert "line 2: 6.22202020001111E+18" in notice.words["en"]
