"""Parquet and Feather files: rows with dtypes of their own."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.batch import RawBatch
from tradeglyph.sources.formats import Format

_FAULTS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


def typed_batches(path: Path, kind: Format, batch_rows: int) -> Iterator[RawBatch]:
    """The rows of a Parquet or Feather file, `batch_rows` at a time.

    Raises InputError where the file is cut off, damaged, or of another kind.
    """
    try:
        scan = _scan(path, kind)
        height = scan.select(pl.len()).collect().item()
        for first in range(0, height, batch_rows):
            cells = scan.slice(first, batch_rows).collect()
            yield RawBatch(
                file=str(path),
                cells=cells,
                line=pl.int_range(first + 1, first + cells.height + 1, eager=True),
                encoding=kind.value,
            )
    except _FAULTS as error:
        first_line = str(error).strip().split("\n")[0]
        raise InputError(
            f"{path}: not a whole {kind.value} file (cut off or damaged): {first_line}"
        ) from error


def _scan(path: Path, kind: Format) -> pl.LazyFrame:
    if kind is Format.PARQUET:
        return pl.scan_parquet(path, glob=False)
    with path.open("rb") as file:
        streamed = not file.read(6).startswith(b"ARROW1")
    # A stream has no footer to seek by; it is read at once.
    return pl.read_ipc_stream(path).lazy() if streamed else pl.scan_ipc(path, glob=False)
