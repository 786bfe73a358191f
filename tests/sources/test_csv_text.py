"""CSV records, their lines and their cells, against the csv module."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.batch import RawBatch
from tradeglyph.sources.csv_text import csv_batches

BIG = 1 << 20


def _read(path: Path, content: str, size: int = BIG) -> list[RawBatch]:
    path.write_bytes(content.encode())
    return list(csv_batches(path, size))


def _rows(batches: list[RawBatch]) -> list[tuple[str, ...]]:
    return [tuple(c or "" for c in row) for b in batches for row in b.cells.rows()]


def _lines(batches: list[RawBatch]) -> list[int]:
    return [line for b in batches for line in b.line]


def test_lines_count_newlines_in_quotes_and_blank_lines(tmp_path: Path) -> None:
    content = 'a,b\n1,2\n"x\ny",3\n\n4,5\r\n\r\n6,7'
    batches = _read(tmp_path / "t.csv", content)
    assert _rows(batches) == [("1", "2"), ("x\ny", "3"), ("4", "5"), ("6", "7")]
    assert _lines(batches) == [2, 3, 6, 8]


def test_blank_lines_may_stand_before_the_header_and_a_header_may_have_two_lines(
    tmp_path: Path,
) -> None:
    batches = _read(tmp_path / "t.csv", '\n\r\n"a\nb",c\n1,2\n')
    assert batches[0].cells.columns == ["a\nb", "c"]
    assert _lines(batches) == [5]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_the_separator_is_found(tmp_path: Path, mark: str) -> None:
    batches = _read(tmp_path / "t.csv", f'a{mark}b\n"1{mark}5"{mark}2\n')
    assert _rows(batches) == [(f"1{mark}5", "2")]


@pytest.mark.parametrize("size", [16, BIG])
def test_rows_of_another_width_are_broken_and_keep_their_text(tmp_path: Path, size: int) -> None:
    content = 'a,b,c\n1,2,3\n4,5\n6,7,8,"9,0"\n,,\n7,8,9\n'
    batches = _read(tmp_path / "t.csv", content, size)
    broken = [
        (int(b.line[row]), value, reason)
        for b in batches
        for row, value, reason in b.broken.iter_rows()
    ]
    assert broken == [
        (3, "4,5,", "2 cells, but the header has 3"),
        (4, "6,7,8,9,0", "4 cells, but the header has 3"),
    ]
    assert len(_rows(batches)) == 5


@pytest.mark.parametrize("size", [20, BIG])
def test_a_quote_inside_a_bare_cell_is_a_character(tmp_path: Path, size: int) -> None:
    content = 'a,b\n5" pipe,1\nx,2\ny,3\n6" pipe,4\nz,5\n'
    batches = _read(tmp_path / "t.csv", content, size)
    assert _rows(batches) == [
        ('5" pipe', "1"),
        ("x", "2"),
        ("y", "3"),
        ('6" pipe', "4"),
        ("z", "5"),
    ]
    assert _lines(batches) == [2, 3, 4, 5, 6]


def test_a_lone_quote_inside_a_bare_cell(tmp_path: Path) -> None:
    batches = _read(tmp_path / "t.csv", 'a,b\n5" pipe,1\nx,2\n')
    assert _rows(batches) == [('5" pipe', "1"), ("x", "2")]


@pytest.mark.parametrize("size", [8, BIG])
def test_a_quote_that_is_never_closed_is_named_by_its_line(tmp_path: Path, size: int) -> None:
    with pytest.raises(InputError, match="line 3: the quotes can't be read"):
        _read(tmp_path / "t.csv", 'a,b\n1,2\n"x,3\n4,5\n6,7\n8,9\n', size)


def test_a_repeated_title_gets_a_number(tmp_path: Path) -> None:
    assert _read(tmp_path / "t.csv", "a,b,a\n1,2,3\n")[0].cells.columns == ["a", "b", "a#2"]


@pytest.mark.parametrize("content", ["\n\n", ",,\n1,2,3\n"])
def test_a_file_without_titles(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match=r"empty|names no column"):
        _read(tmp_path / "t.csv", content)


CELL = st.text(st.sampled_from('ab,"\n\r\t 1.'), max_size=6)


@settings(max_examples=150)
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=12),
    size=st.integers(24, 80),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_quoted_table_comes_back_whole_in_any_piece_size(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    size: int,
    end: str,
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(("x", "y", "z"))
    starts = []
    for row in rows:
        starts.append(out.getvalue().count("\n") + 1)
        writer.writerow(row)
    path = tmp_path_factory.getbasetemp() / "property.csv"
    batches = _read(path, out.getvalue(), size)
    assert _rows(batches) == rows
    assert _lines(batches) == starts
    assert not any(b.broken.height for b in batches)
