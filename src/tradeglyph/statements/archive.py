"""What an .xlsx is made of, looked at before it is unpacked."""

import functools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from tradeglyph.domain.errors import InputError
from tradeglyph.statements.limits import MAX_CELLS, MAX_UNPACKED_BYTES

_CHUNK = 1 << 20
_LETTERS = re.compile(rb'\br="([A-Z]{1,3})[0-9]')
_DIGITS = re.compile(rb'\br="[A-Z]{0,3}([0-9]{1,7})"')
_OVERLAP = 32
"""Bytes kept from one piece to the next, so that no reference is cut in two."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL_HEADER = struct.Struct("<4s22xHH")
"""Of a part: signature, and lengths of the name and of what follows it (APPNOTE 4.3.7)."""


def check_archive(path: Path) -> None:
    """Raises InputError for a damaged archive, one that unpacks to more than a statement has
    (whatever sizes it declares), a sheet whose cells lie too far apart to be held in memory, and
    an archive that is no workbook."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            _check_declared(parts, path)
            _check_unpacked(parts, file, path)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError) as error:
        raise InputError(f"{path}: a damaged or cut off workbook: {error}") from error


def _check_declared(parts: Sequence[zipfile.ZipInfo], path: Path) -> None:
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise InputError(
            f"{path}: an archive, but no .xlsx workbook; unpack it, or save the statement as .xlsx"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise InputError(f"{path}: protected by a password; save it without one")
    if any(part.compress_type not in _METHODS for part in parts):
        raise InputError(f"{path}: packed in a way that no spreadsheet program uses; save it anew")
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise _bomb(path)


def _check_unpacked(parts: Sequence[zipfile.ZipInfo], file: IO[bytes], path: Path) -> None:
    left = MAX_UNPACKED_BYTES
    for part in parts:
        row = column = 0
        tail = b""
        for piece in _unpacked(file, part):
            left -= len(piece)
            if left < 0:
                raise _bomb(path)
            if part.filename.startswith("xl/worksheets/"):
                row, column = _corner(tail + piece, row, column)
                tail = piece[-_OVERLAP:]
        if row * column > MAX_CELLS:
            raise InputError(
                f"{path}: {part.filename}: cells as far out as row {row:,}, column {column:,}; "
                "delete what stands beside the statement, or save it as CSV"
            )


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part piece by piece, by what its packed bytes give and not by the size it declares."""
    file.seek(part.header_offset)
    signature, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if signature != b"PK\x03\x04":
        raise zipfile.BadZipFile(f"no part at {part.header_offset}")
    file.seek(name + extra, 1)
    left = part.compress_size
    inflate = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(_CHUNK, left))):
        left -= len(packed)
        while inflate is not None and packed:
            yield inflate.decompress(packed, _CHUNK)
            packed = inflate.unconsumed_tail
        if inflate is None:
            yield packed
    if left > 0:
        raise EOFError(f"{part.filename} is cut off")


def _corner(xml: bytes, row: int, column: int) -> tuple[int, int]:
    """The last row and column that a piece of a sheet mentions."""
    rows = max(map(int, set(_DIGITS.findall(xml))), default=0)
    columns = max(map(_column, set(_LETTERS.findall(xml))), default=0)
    return max(row, rows), max(column, columns)


def _column(letters: bytes) -> int:
    """`A` is 1, `AA` 27."""
    return functools.reduce(lambda at, letter: at * 26 + letter - 64, letters, 0)


def _bomb(path: Path) -> InputError:
    return InputError(
        f"{path}: unpacks to more than {MAX_UNPACKED_BYTES >> 20:,} MiB; this is no statement"
    )
