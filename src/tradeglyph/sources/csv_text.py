"""CSV as text cells, with the line of every row and no row lost.

Records are found by the parity of quotes before a newline (RFC 4180), on whole arrays of bytes;
polars parses the cells. Where a quote stands inside a bare cell (`5" pipe`) the two disagree, and
that piece is read again, slowly, by the csv module, which takes such a quote as it is.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.batch import BROKEN, RawBatch
from tradeglyph.sources.text_stream import encoding_of, utf8_chunks

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_SEPARATORS = ",\t;|"


@dataclass(frozen=True, slots=True)
class Header:
    """The first record of a CSV file."""

    names: tuple[str, ...]
    """Made unique: a second `price` is `price#2`."""
    separator: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Parsed records of one piece of a file."""

    cells: pl.DataFrame
    line: NDArray[np.int64]
    width: NDArray[np.int64]
    """Number of cells that each record has in the file."""
    surplus: dict[int, str]
    """Of records with too many cells: the row, and the text from the last known column on."""


def csv_batches(path: Path, batch_bytes: int) -> Iterator[RawBatch]:
    """The rows of a CSV file, about `batch_bytes` of text at a time.

    Raises InputError for an unreadable encoding, a file without a header, and a quote that is
    never closed. Rows with too many or too few cells are marked as broken.
    """
    encoding = encoding_of(path)
    header: Header | None = None
    line = 1
    for piece in _whole_records(utf8_chunks(path, encoding, batch_bytes), batch_bytes):
        body = piece
        if header is None:
            found = _header(path, piece)
            if found is None:
                line += piece.count(b"\n")
                continue
            header, used = found
            body = piece[used:]
            line += piece.count(b"\n", 0, used)
        if body:
            rows = _rows(path, body, header, line)
            yield _batch(path, rows, header, encoding)
            line += body.count(b"\n")
    if header is None:
        raise InputError(f"{path}: the file is empty")


def _whole_records(chunks: Iterator[bytes], batch_bytes: int) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = _last_end(rest)
        if not cut and len(rest) > 2 * batch_bytes:
            # Nothing but a stray quote keeps a record open for this long; the slow parser judges.
            cut = rest.rfind(b"\n") + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"


def _last_end(data: bytes) -> int:
    if b'"' not in data:
        return data.rfind(b"\n") + 1
    ends = _ends(np.frombuffer(data, dtype=np.uint8))
    return int(ends[-1]) if len(ends) else 0


def _ends(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Offsets just after the newlines that end a record."""
    return _outside(data, np.flatnonzero(data == _NEWLINE)) + 1


def _outside(data: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.int64]:
    quotes = np.flatnonzero(data == _QUOTE)
    return places[np.searchsorted(quotes, places) % 2 == 0] if len(quotes) else places


def _header(path: Path, piece: bytes) -> tuple[Header, int] | None:
    used = len(piece) - len(piece.lstrip(b"\r\n"))
    if used == len(piece):
        return None
    ends = _ends(np.frombuffer(piece, dtype=np.uint8))
    after = ends[np.searchsorted(ends, used, side="right") :]
    end = int(after[0]) if len(after) else len(piece)
    text = piece[used:end].decode()
    separator = max(_SEPARATORS, key=text.count)
    cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    if not any(cells):
        raise InputError(f"{path}: the first line names no column")
    return Header(_unique(cells), separator), end


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    out = []
    for name in (n.strip() for n in names):
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(out)


def _rows(path: Path, body: bytes, header: Header, line: int) -> Rows:
    rows = _fast_rows(body, header, line)
    return rows if rows is not None else _slow_rows(path, body, header, line)


def _fast_rows(body: bytes, header: Header, line: int) -> Rows | None:
    """None where quotes stand so that polars and the count of quotes disagree."""
    data = np.frombuffer(body, dtype=np.uint8)
    ends = _ends(data)
    if not len(ends) or ends[-1] != len(data):
        return None
    cells = _parse(body, header)
    if cells is None or cells.height != len(ends):
        return None
    starts = np.concatenate([[0], ends[:-1]])
    separators = _outside(data, np.flatnonzero(data == ord(header.separator)))
    width = np.diff(np.searchsorted(separators, np.concatenate([[0], ends]))) + 1
    newlines = np.flatnonzero(data == _NEWLINE)
    lines = line + np.searchsorted(newlines, starts)
    kept = ~_blank(data, starts, ends)
    surplus = {
        int(i): _surplus(body[starts[i] : ends[i]].decode(), header)
        for i in np.flatnonzero(kept & (width > len(header.names)))
    }
    place = np.cumsum(kept) - 1
    return Rows(
        cells if kept.all() else cells.filter(pl.Series(kept)),
        lines[kept],
        width[kept],
        {int(place[i]): text for i, text in surplus.items()},
    )


def _blank(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    length = ends - starts
    blank: NDArray[np.bool_] = (length == 1) | ((length == 2) & (data[starts] == _RETURN))
    return blank


def _parse(body: bytes, header: Header) -> pl.DataFrame | None:
    names = [str(i) for i in range(len(header.names))]
    title = header.separator.join(names).encode() + b"\n"
    try:
        cells = pl.read_csv(
            title + body,
            separator=header.separator,
            schema=dict.fromkeys(names, pl.String),
            truncate_ragged_lines=True,
        )
    except pl.exceptions.PolarsError:
        return None
    return cells.rename(dict(zip(names, header.names, strict=True)))


def _surplus(record: str, header: Header) -> str:
    cells = next(csv.reader(io.StringIO(record, newline=""), delimiter=header.separator))
    return header.separator.join(cells[len(header.names) - 1 :])


def _slow_rows(path: Path, body: bytes, header: Header, line: int) -> Rows:
    reader = csv.reader(
        io.StringIO(body.decode(), newline=""), delimiter=header.separator, strict=True
    )
    records: list[list[str]] = []
    lines = []
    before = 0
    try:
        for record in reader:
            if record:
                records.append(record)
                lines.append(line + before)
            before = reader.line_num
    except csv.Error as error:
        raise InputError(
            f"{path}: line {line + before}: the quotes can't be read ({error})"
        ) from error
    return _rows_of(records, lines, header)


def _rows_of(records: list[list[str]], lines: list[int], header: Header) -> Rows:
    count = len(header.names)
    columns = {
        name: pl.Series([r[i] if i < len(r) else None for r in records], dtype=pl.String)
        for i, name in enumerate(header.names)
    }
    surplus = {
        i: header.separator.join(r[count - 1 :]) for i, r in enumerate(records) if len(r) > count
    }
    width = np.array([len(r) for r in records], dtype=np.int64)
    return Rows(pl.DataFrame(columns), np.array(lines, dtype=np.int64), width, surplus)


def _batch(path: Path, rows: Rows, header: Header, encoding: str) -> RawBatch:
    count = len(header.names)
    cells = rows.cells
    if rows.surplus:
        last = cells.columns[-1]
        kept = cells[last].scatter(list(rows.surplus), list(rows.surplus.values()))
        cells = cells.with_columns(kept.alias(last))
    odd = np.flatnonzero(rows.width != count)
    broken = pl.DataFrame(
        {
            "row": odd,
            "value": [header.separator.join(_shown(cells.row(int(i)))) for i in odd],
            "reason": [f"{rows.width[i]} cells, but the header has {count}" for i in odd],
        },
        schema=BROKEN,
    )
    return RawBatch(
        file=str(path),
        cells=cells,
        line=pl.Series(rows.line, dtype=pl.Int64),
        encoding=encoding.removesuffix("-sig"),
        broken=broken,
    )


def _shown(cells: tuple[str | None, ...]) -> list[str]:
    return [cell or "" for cell in cells]
