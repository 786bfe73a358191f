"""Text files as a stream of UTF-8 bytes, whatever their encoding."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tradeglyph.domain.errors import InputError

_PIECE = 1 << 22
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path) -> str:
    """`utf-8`, `utf-8-sig`, `utf-16` or `gb18030`, checked on the whole file.

    Raises InputError where none of them fits, or the file can't be read.
    """
    head = next(_pieces(path, 4), b"")
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        if _fits(path, encoding):
            return encoding
    expected = f"damaged {marked}" if marked else "neither UTF-8 nor GB18030, nor UTF-16 with a BOM"
    raise InputError(f"{path}: the text is {expected}; save it as UTF-8")


def utf8_chunks(path: Path, encoding: str, size: int) -> Iterator[bytes]:
    """The file's text as UTF-8 without a byte order mark, about `size` bytes at a time."""
    if encoding == "utf-8":
        yield from _pieces(path, size)
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    for piece in _pieces(path, size):
        yield decoder.decode(piece).encode()


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in _pieces(path, _PIECE):
            if "\0" in decoder.decode(piece):
                raise InputError(
                    f"{path}: holds NUL bytes; it is no text file, or UTF-16 without BOM"
                )
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    try:
        with _open(path) as file:
            while piece := file.read(size):
                yield piece
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: the gzip file is damaged or cut off: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror or error}") from error


def _open(path: Path) -> BinaryIO:
    zipped = path.name.lower().endswith(".gz")
    return cast(BinaryIO, gzip.open(path)) if zipped else path.open("rb")
