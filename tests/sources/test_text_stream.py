"""Encodings of text files."""

import gzip
from pathlib import Path

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.text_stream import encoding_of, utf8_chunks

TEXT = "成交时间,证券名称\n09:31,平安银行\n" * 50


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
@pytest.mark.parametrize("size", [7, 1 << 20])
def test_text_arrives_as_utf8_in_any_piece_size(
    tmp_path: Path, written: str, found: str, size: int
) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(TEXT.encode(written))
    assert encoding_of(file) == found
    # Chunks may cut a character; only their sum is text.
    assert b"".join(utf8_chunks(file, found, size)).decode() == TEXT


def test_the_encoding_is_judged_by_the_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"a,b\n" * 2_000_000 + "平安\n".encode("gb18030"))
    assert encoding_of(file) == "gb18030"


@pytest.mark.parametrize(
    "content", [b"a,b\nx,\xff\xff\n", b"a\0b", b"\xef\xbb\xbfa,\xff\n", "a,b".encode("utf-16-le")]
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"t\.csv"):
        encoding_of(file)


def test_gzip_is_unpacked_and_its_damage_named(tmp_path: Path) -> None:
    file = tmp_path / "t.csv.gz"
    whole = gzip.compress(TEXT.encode())
    file.write_bytes(whole)
    assert b"".join(utf8_chunks(file, encoding_of(file), 100)).decode() == TEXT
    for damaged in (whole[:-12], b"no gzip at all", whole[:20] + b"\0\0\0" + whole[23:]):
        file.write_bytes(damaged)
        with pytest.raises(InputError, match="gzip"):
            encoding_of(file)
