"""Files that can't be read as they are: one clear line each, and no line lost."""

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.statements.files import HEADINGS, LINES, codes, csv_text, money, read, read_text, written
from tradeglyph.domain.errors import InputError, RowErrors
from tradeglyph.statements import read_statements

GOOD = csv_text([HEADINGS, *LINES])


def _workbook(path: Path, rows: list[tuple[str, ...]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def _refused(path: Path, *words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(path)
    told = str(caught.value)
    assert told.startswith(str(path))
    assert len(told.splitlines()) == 1
    for word in words:
        assert word in told


def test_no_such_file(tmp_path: Path) -> None:
    _refused(tmp_path / "absent.csv", "No such file")


def test_a_folder(tmp_path: Path) -> None:
    _refused(tmp_path, "folder")


@pytest.mark.parametrize("data", [b"", b"\n\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(data)
    _refused(path)


def test_a_picture_renamed(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    Image.new("RGB", (9, 9)).save(path, "PNG")
    _refused(path, "a picture (PNG)")


def test_bytes_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(bytes(range(1, 30)) * 40)
    _refused(path)


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "s.xlsx", [HEADINGS, *LINES])
    path.write_bytes(path.read_bytes()[:-400])
    _refused(path, "damaged or cut off")


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    # Excel wraps a protected .xlsx into an OLE file whose folder names these streams.
    path = tmp_path / "s.xlsx"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    path.write_bytes(ole + "EncryptionInfo".encode("utf-16-le") + bytes(512))
    _refused(path, "password")


def test_an_old_workbook_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "s.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    _refused(path, "damaged or cut off")


def test_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("statement.csv", GOOD)
    _refused(path, "no .xlsx workbook")


def _bomb(path: Path, unpacked: int, declared: int | None) -> Path:
    _workbook(path, [HEADINGS, *LINES])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big.bin", bytes(unpacked))
    if declared is not None:
        # The size stands in the local header and in the directory at the end.
        true, false = struct.pack("<I", unpacked), struct.pack("<I", declared)
        path.write_bytes(path.read_bytes().replace(true, false))
    return path


@pytest.mark.parametrize("declared", [None, 10])
def test_a_bomb_is_known_by_what_it_declares_and_by_what_it_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declared: int | None
) -> None:
    monkeypatch.setattr("tradeglyph.statements.archive.MAX_UNPACKED_BYTES", 1 << 20)
    _refused(_bomb(tmp_path / "s.xlsx", 3_000_017, declared), "unpacks to more than")


def test_cells_far_apart(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "交易日期"
    book.active["XFD1048576"] = "x"
    book.save(path)
    _refused(path, "row 1,048,576, column 16,384")


def test_a_thousand_columns(tmp_path: Path) -> None:
    text = ",".join([*HEADINGS, *(f"c{n}" for n in range(1000 - len(HEADINGS)))]) + "\n"
    _refused(written(tmp_path, "流水\n" + text), "line 2", "1000 columns")


def test_no_header_shows_the_file_and_what_to_pass(tmp_path: Path) -> None:
    path = written(tmp_path, csv_text(LINES))
    _refused(path, "no heading line", "8,000.00", "--map txDate=#1")

    found = read(path, "txDate=#1", "txTime=#2", "txIncome=#4", "txExpense=#5", "txSummary=#3")
    assert money(found) == [
        ("2024-03-01", 1, 800_000),
        ("2024-03-02", -1, 10_050),
        ("2024-03-03", -1, 99_950),
    ]


def test_two_columns_of_one_heading_are_asked_about(tmp_path: Path) -> None:
    rows = [("日期", "金额", "金额"), ("2024-01-01", "-1.00", "-2.00")]
    path = written(tmp_path, csv_text(rows))
    _refused(path, "'金额' (#2 and #3)", "--map txAmount=#2")

    assert money(read(path, "txAmount=#3")) == [("2024-01-01", -1, 200)]


def test_a_heading_that_means_nothing_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, csv_text([("日期", "金额", "甲"), ("2024-01-01", "1.00", "")]))
    _refused(path, "'金额'", "--map txDirection=COLUMN", "#3 甲")
    assert money(read(path, "sign=out")) == [("2024-01-01", -1, 100)]


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no column '总额'"):
        read_text(tmp_path, GOOD, "txBalance=总额")


def test_mixed_encodings_name_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    lines = GOOD.splitlines(keepends=True)
    path.write_bytes("".join(lines[:2]).encode() + "".join(lines[2:]).encode("gb18030"))
    _refused(path, "line 1 is UTF-8, line 3 is not")


def test_impossible_dates_are_rejected_one_by_one(tmp_path: Path) -> None:
    bad = ("2024-02-30", "10:00:00", "消费", "", "1.00", "1.00", "", "")
    found = read_text(tmp_path, csv_text([HEADINGS, LINES[0], bad, LINES[1]]))

    (reject,) = found.files[0].rejects
    assert (reject.line, reject.column, reject.value) == (3, "交易日期", "2024-02-30")
    assert found.files[0].rows.read == 2


def test_a_formula_is_no_amount_and_a_harmless_text(tmp_path: Path) -> None:
    formula = "=cmd|' /C calc'!A0"
    amount = ("2024-03-01", "10:00:00", "消费", "", formula, "1.00", "", "")
    text = ("2024-03-01", "10:00:00", formula, "", "1.00", "1.00", "", "")
    found = read_text(tmp_path, csv_text([HEADINGS, LINES[0], amount, text]))

    assert [reject.line for reject in found.files[0].rejects] == [3]
    assert found.files[0].rejects[0].column == "支出"
    assert found.lines["summary"].to_list() == ["工资", formula]


def test_amounts_with_a_decimal_comma_say_so(tmp_path: Path) -> None:
    text = csv_text([("日期", "金额", "收/支"), ("2024-01-01", "1.234,56", "收入")])
    with pytest.raises(RowErrors) as caught:
        read_text(tmp_path, text)
    assert "line 2, column 金额: '1.234,56'" in str(caught.value)
    assert "--map decimal=," in str(caught.value)

    assert money(read_text(tmp_path, text, "decimal=,")) == [("2024-01-01", 1, 123_456)]


def test_unknown_currencies(tmp_path: Path) -> None:
    head = ("日期", "收入", "支出", "币种")
    rows = [head, ("2024-01-01", "1.00", "", "美元"), ("2024-01-02", "1.00", "", "火星币")]
    found = read_text(tmp_path, csv_text(rows))

    assert found.lines["currency"].to_list() == ["USD"]
    assert found.files[0].rejects[0].value == "火星币"
    with pytest.raises(InputError, match="unknown currency above the lines: '火星币'"):
        read_text(tmp_path, "币种：火星币\n" + GOOD)


def test_a_separator_inside_an_amount_is_not_guessed_at(tmp_path: Path) -> None:
    text = "日期,摘要,收入,支出,余额\n2024-01-01,a,1.00,,1.00\n2024-01-02,b,1,234.00,,1235.00\n"
    found = read_text(tmp_path, text)

    assert found.files[0].rows.read == 1
    assert found.files[0].rejects[0].line == 3


def test_a_quote_that_is_never_closed_swallows_nothing(tmp_path: Path) -> None:
    text = '日期,摘要,收入,支出\n2024-01-01,"5 寸,1.00,\n2024-01-02,b,2.00,\n'
    found = read_text(tmp_path, text)

    assert money(found) == [("2024-01-02", 1, 200)]
    assert found.files[0].rows.rejected == 1


def test_dates_that_could_be_either_are_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, "Date,Amount,Balance\n03/04/2024,-1.00,5.00\n")
    _refused(path, "dateOrder=dmy")
    assert money(read(path, "dateOrder=mdy")) == [("2024-03-04", -1, 100)]


def test_a_year_that_nothing_names_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, "交易日,收入,支出\n12/29,1.00,\n")
    _refused(path, "--map year=2024")
    assert money(read(path, "year=2023")) == [("2023-12-29", 1, 100)]


def test_a_file_named_twice(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    with pytest.raises(InputError, match="named twice"):
        read_statements([path, tmp_path / "." / path.name])


def test_a_heading_line_alone_is_an_empty_statement(tmp_path: Path) -> None:
    found = read_text(tmp_path, csv_text([HEADINGS]))
    assert found.lines.height == 0
    assert codes(found) == ["no_lines"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None
)
@given(st.binary(max_size=300), st.integers(0, 400), st.booleans())
def test_damage_of_any_kind_is_a_clear_error_or_counted(
    tmp_path: Path, data: bytes, at: int, zipped: bool
) -> None:
    path = tmp_path / "s.bin"
    good = GOOD.encode()
    if zipped:
        buffer = io.BytesIO()
        book = openpyxl.Workbook()
        book.active.append(HEADINGS)
        book.save(buffer)
        good = buffer.getvalue()
    path.write_bytes(good[:at] + data + good[at + len(data) :])
    try:
        found = read(path)
    except InputError:
        return
    assert found.files[0].rows.total == sum(grid.cells.height for grid in found.sheets[0])


def test_a_heading_of_two_lines_is_named_in_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_text(tmp_path, '"交 易\n日 期",收入\n2024-13-45,1.00\n')

    assert "line 3, column 交 易 日 期: '2024-13-45'" in str(caught.value)
