"""JSON Lines as text cells, with the line of every row and no row lost."""

import io
import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from tradeglyph.sources.batch import BROKEN, RawBatch, no_broken_rows
from tradeglyph.sources.text_stream import encoding_of, utf8_chunks


def jsonl_batches(path: Path, batch_bytes: int) -> Iterator[RawBatch]:
    """The objects of a JSON Lines file, about `batch_bytes` of text at a time.

    Every value becomes text. Lines that hold no JSON object are marked as broken. A key that a
    row does not have is null; the columns of a batch are the keys seen up to its end.
    Raises InputError for an unreadable encoding.
    """
    encoding = encoding_of(path)
    seen: dict[str, None] = {}
    first = 1
    for piece in _whole_lines(utf8_chunks(path, encoding, batch_bytes)):
        batch = _batch(path, piece, first, encoding.removesuffix("-sig"))
        if batch.cells.height:
            seen |= dict.fromkeys(batch.cells.columns)
            yield replace(batch, cells=_with_keys(batch.cells, seen))
        first += piece.count(b"\n")


def _with_keys(cells: pl.DataFrame, keys: Collection[str]) -> pl.DataFrame:
    absent = [key for key in keys if key not in cells.columns]
    return cells.with_columns(pl.lit(None, dtype=pl.String).alias(key) for key in absent)


def _whole_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = rest.rfind(b"\n") + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def _batch(path: Path, piece: bytes, first: int, encoding: str) -> RawBatch:
    texts = piece.split(b"\n")
    lines = [first + i for i, text in enumerate(texts) if text.strip()]
    cells = _fast_cells(piece)
    broken = no_broken_rows()
    if cells is None or cells.height != len(lines):
        cells, broken = _slow_cells([text for text in texts if text.strip()])
    return RawBatch(
        file=str(path),
        cells=cells,
        line=pl.Series(np.array(lines, dtype=np.int64)),
        encoding=encoding,
        broken=broken,
    )


def _fast_cells(piece: bytes) -> pl.DataFrame | None:
    """None where some line is no JSON object."""
    try:
        scan = pl.scan_ndjson(io.BytesIO(piece), infer_schema_length=None)
        keys = scan.collect_schema().names()
        return pl.read_ndjson(piece, schema=dict.fromkeys(keys, pl.String))
    except pl.exceptions.PolarsError:
        return None


def _slow_cells(texts: list[bytes]) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows: list[dict[str, str | None]] = []
    broken: list[tuple[int, str, str]] = []
    for i, text in enumerate(texts):
        try:
            rows.append(_object(text))
        except ValueError as error:
            rows.append({})
            broken.append((i, text.decode(), str(error)))
    keys = dict.fromkeys(key for row in rows for key in row)
    columns = {key: pl.Series([row.get(key) for row in rows], dtype=pl.String) for key in keys}
    cells = pl.DataFrame(columns) if keys else pl.DataFrame({"": [None] * len(rows)})
    return cells, pl.DataFrame(broken, schema=BROKEN, orient="row")


def _object(text: bytes) -> dict[str, str | None]:
    # Numbers keep the text that they have in the file.
    found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one error for all bad lines
    return {key: _text(value) for key, value in found.items()}


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
