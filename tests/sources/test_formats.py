"""Which files are read, and as what."""

from pathlib import Path

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.formats import Format, files_under, format_of, stem_of


def _write(path: Path, content: bytes = b"a,b\n") -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("t.csv", Format.CSV),
        ("t.CSV", Format.CSV),
        ("t.csv.gz", Format.CSV),
        ("t.tsv", Format.CSV),
        ("t.ndjson", Format.JSONL),
        ("t.jsonl.gz", Format.JSONL),
        ("t.parquet", Format.PARQUET),
        ("t.arrow", Format.FEATHER),
    ],
)
def test_the_ending_decides(tmp_path: Path, name: str, kind: Format) -> None:
    assert format_of(_write(tmp_path / name)) is kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"time,high,low\n", Format.CSV),
        (b'{"a": 1}\n{"a": 2}\n', Format.JSONL),
        (b"PAR1....", Format.PARQUET),
        (b"ARROW1..", Format.FEATHER),
    ],
)
def test_without_an_ending_the_content_decides(
    tmp_path: Path, content: bytes, kind: Format
) -> None:
    assert format_of(_write(tmp_path / "reply", content)) is kind


@pytest.mark.parametrize("name", ["t.xlsx", "t.txt", "t.parquet.gz"])
def test_an_unknown_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="unknown kind of file"):
        format_of(_write(tmp_path / name))


def test_one_json_document_is_no_json_lines(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown kind of file"):
        format_of(_write(tmp_path / "reply", b'{\n "a": 1\n}\n'))


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is empty"):
        format_of(_write(tmp_path / "t.csv", b""))


def test_a_folder_gives_its_readable_files_in_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a.parquet", "SOURCE.txt", ".hidden.csv", "LICENSE", "_SUCCESS"):
        _write(tmp_path / name)
    (tmp_path / "deeper.csv").mkdir()
    assert [f.name for f in files_under(tmp_path)] == ["a.parquet", "b.csv"]


def test_a_folder_without_readable_files(tmp_path: Path) -> None:
    _write(tmp_path / "notes.txt")
    with pytest.raises(InputError, match="no readable file"):
        files_under(tmp_path)


def test_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        files_under(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("COIN.csv", "COIN"),
        ("COIN.csv.gz", "COIN"),
        ("ETH_BTC-5m.feather", "ETH_BTC-5m"),
        ("BRK.B", "BRK.B"),
        ("BRK.B.parquet", "BRK.B"),
    ],
)
def test_the_stem_keeps_what_names_no_format(name: str, stem: str) -> None:
    assert stem_of(Path(name)) == stem
