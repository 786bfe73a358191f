"""Which files stand under a path, and in which format each is."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from tradeglyph.domain.errors import InputError


class Format(StrEnum):
    """A file format that can be read."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    FEATHER = "feather"


ENDINGS: dict[str, Format] = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".feather": Format.FEATHER,
    ".arrow": Format.FEATHER,
    ".ipc": Format.FEATHER,
}
_TEXT = (Format.CSV, Format.JSONL)


def files_under(path: Path) -> Sequence[Path]:
    """`path` itself, or the readable files directly in it, in order of name.

    Raises InputError where there is nothing to read.
    """
    try:
        if not path.is_dir():
            path.stat()
            return [path]
        entries = sorted(path.iterdir())
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file or folder") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error
    found = [e for e in entries if e.is_file() and not e.name.startswith(".") and _by_ending(e)]
    if not found:
        raise InputError(f"{path}: no readable file in this folder ({_readable()})")
    return found


def format_of(path: Path) -> Format:
    """The format by the file's ending, by its first bytes where it has none.

    Raises InputError for an unknown ending, an empty file, and one that can't be opened.
    """
    head = _head(path)
    if not head:
        raise InputError(f"{path}: the file is empty")
    found = _by_ending(path)
    if found is None and path.suffix == "":
        found = _by_content(head)
    if found is None:
        raise InputError(f"{path}: unknown kind of file; these can be read: {_readable()}")
    return found


def stem_of(path: Path) -> str:
    """The file's name without its endings that name a format, `.gz` included."""
    name = path.name.removesuffix(".gz")
    suffix = Path(name).suffix
    return name.removesuffix(suffix) if suffix.lower() in ENDINGS else name


def _by_ending(path: Path) -> Format | None:
    name = path.name.lower()
    found = ENDINGS.get(Path(name.removesuffix(".gz")).suffix)
    return found if found in _TEXT or not name.endswith(".gz") else None


def _by_content(head: bytes) -> Format | None:
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith(b"ARROW1"):
        return Format.FEATHER
    first_line = head.lstrip(b"\xef\xbb\xbf \r\n\t").split(b"\n", 1)[0].strip()
    if first_line.startswith(b"{"):
        return Format.JSONL if first_line.endswith(b"}") else None
    return Format.CSV if any(mark in first_line for mark in b",\t;") else None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error


def _readable() -> str:
    return ", ".join(ENDINGS) + ", and .gz of the text formats"
