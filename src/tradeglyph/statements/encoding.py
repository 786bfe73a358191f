"""Bytes of a text file -> text.

Chinese banks write GB18030 (or GBK, its subset), UTF-8 with and without a mark, and UTF-16 (what
Excel calls Unicode text). The order of tries is safe: GB18030 text is almost never valid UTF-8.
"""

import codecs
from dataclasses import dataclass

from tradeglyph.domain.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096
_HAN_LEADS = range(0xE3, 0xEA)
"""First bytes of Chinese characters in UTF-8."""
_OTHERS = ["big5", "cp1252", "shift_jis", "cp949"]
"""Encodings of other banks' files, asked for where the usual ones fail."""


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file."""

    content: str
    encoding: str


def decode(data: bytes, where: str, wanted: str | None = None) -> Text:
    """The text of `data`, in the encoding `wanted` or the one that its bytes show.

    Raises InputError for bytes that fit no encoding, and for a file of mixed encodings.
    """
    if wanted is not None:
        return _as_wanted(data, where, wanted)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as_wanted(data, where, encoding)
    if bare := _bare_utf16(data):
        return _as_wanted(data, where, bare)
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        _refuse_mixed(data, error.start, where)
    try:
        return Text(data.decode("gb18030"), "gb18030")
    except UnicodeDecodeError as error:
        return _other(data, error.start, where)


def _as_wanted(data: bytes, where: str, wanted: str) -> Text:
    try:
        return Text(data.decode(wanted), wanted.removesuffix("-sig"))
    except LookupError as error:
        raise InputError(f"{where}: no such encoding: {wanted}; try gb18030 or utf-8") from error
    except UnicodeError as error:
        at = getattr(error, "start", len(data))
        raise InputError(
            f"{where}: line {_line(data, at)} is not {wanted}; is the file cut off or of mixed "
            "encodings? Ask the bank for it again, or pass another --map encoding=..."
        ) from error


def _bare_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of most characters in a table is zero."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half < 8:
        return None
    if sample[1::2].count(0) > 0.4 * half and sample[::2].count(0) == 0:
        return "utf-16-le"
    if sample[::2].count(0) > 0.4 * half and sample[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _refuse_mixed(data: bytes, bad: int, where: str) -> None:
    """Raises InputError where some lines are Chinese in UTF-8 and others are not UTF-8: any one
    encoding would turn half of such a file into wrong characters without a word."""
    chinese = None
    for number, line in enumerate(data.splitlines(), 1):
        if line.isascii() or not any(byte in _HAN_LEADS for byte in line):
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        chinese = number
        break
    if chinese is not None:
        raise InputError(
            f"{where}: mixed encodings: line {chinese} is UTF-8, line {_line(data, bad)} is not. "
            "Save the file in one encoding, or pass --map encoding=..."
        )


def _other(data: bytes, bad: int, where: str) -> Text:
    """Text in what charset-normalizer takes it for."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 1 << 18], cp_isolation=_OTHERS).best()
    if best is None:
        raise InputError(
            f"{where}: line {_line(data, bad)}: neither UTF-8 nor GB18030; is this a text file? "
            "If it is, pass --map encoding=..."
        )
    return _as_wanted(data, where, best.encoding)


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1
