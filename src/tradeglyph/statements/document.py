"""A file by what it holds, whatever it is called."""

import re
from dataclasses import dataclass
from pathlib import Path

from tradeglyph.domain.errors import InputError
from tradeglyph.statements.delimited import read_delimited
from tradeglyph.statements.encoding import Text, decode
from tradeglyph.statements.grid import Grid
from tradeglyph.statements.headings import Headings
from tradeglyph.statements.html_tables import read_html
from tradeglyph.statements.limits import MAX_FILE_BYTES
from tradeglyph.statements.pdf import read_pdf
from tradeglyph.statements.workbook import read_workbook

_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_OTHERS = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"RIFF", "a picture (WebP) or a sound"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"MIME-Version:", "a web archive (.mht)"),
    (b"\x09\x02\x06\x00", "a workbook of Excel 2"),
    (b"\x09\x04\x06\x00", "a workbook of Excel 4"),
)
_MARKUP = re.compile(
    r"^\s*(?:<!doctype html|<\?xml|<html|<head|<table|<meta|<style|<body|<div)", re.I
)
_HEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's cells."""

    kind: str
    """`csv`, `xlsx`, `xls`, `html` or `pdf`."""
    encoding: str
    """Of text; empty for others."""
    grids: tuple[Grid, ...]


def open_document(path: Path, headings: Headings, encoding: str | None) -> Document:
    """Reads a file of any kind that banks give out.

    Raises InputError for a file that isn't there, is empty, too large, or of another kind.
    """
    head = _head(path)
    if head.startswith(_ZIP):
        return Document(kind="xlsx", encoding="", grids=tuple(read_workbook(path, archive=True)))
    if head.startswith(_OLE):
        return Document(kind="xls", encoding="", grids=tuple(read_workbook(path, archive=False)))
    if _PDF in head[:1024]:
        return Document(kind="pdf", encoding="", grids=(read_pdf(path, headings),))
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise InputError(f"{path}: {what}, not a statement; ask the bank for Excel, CSV or PDF")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise InputError(f"{path}: more than {MAX_FILE_BYTES >> 20:,} MiB; split it")
    text = decode(path.read_bytes(), str(path), encoding)
    return _text_document(text, path, headings)


def _text_document(text: Text, path: Path, headings: Headings) -> Document:
    start = text.content[:_HEAD]
    if start.count("\x00") > 0 or sum(char < " " and char not in "\t\r\n\f" for char in start) > 8:
        raise InputError(f"{path}: neither text nor a workbook nor a PDF; is it damaged?")
    if not text.content.strip("\ufeff \t\r\n,;\x1a"):
        raise InputError(f"{path}: the file has no text")
    content = Text(text.content.lstrip("\ufeff"), text.encoding)
    if _MARKUP.match(start.lstrip("\ufeff")):
        grid = read_html(content.content, str(path))
        return Document(kind="html", encoding=text.encoding, grids=(grid,))
    grid = read_delimited(content, str(path), headings)
    return Document(kind="csv", encoding=text.encoding, grids=(grid,))


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except IsADirectoryError as error:
        raise InputError(f"{path}: a folder; name the files in it") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    if not head:
        raise InputError(f"{path}: the file is empty")
    return head
