"""Trades set aside on disk, so that they come back account by account."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl

BUCKETS = 4096
_BUCKET = "_bucket"
_ROW_GROUPS = 32


class Spill:
    """A temporary folder of Parquet files, each sorted by a hash of the account.

    Sorted files of many row groups let a few accounts be read without reading the rest.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tradeglyph-spill-"))
        self._rows = np.zeros(BUCKETS, dtype=np.int64)
        self._files: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, trades: pl.DataFrame) -> None:
        """Set these rows aside. Needs the column `account_id`."""
        bucket = (pl.col("account_id").hash() % BUCKETS).cast(pl.UInt16).alias(_BUCKET)
        marked = trades.with_columns(bucket).sort(_BUCKET, maintain_order=True)
        self._rows += np.bincount(marked[_BUCKET].to_numpy(), minlength=BUCKETS)
        file = self._folder / f"{len(self._files):06}.parquet"
        group = max(1, marked.height // _ROW_GROUPS)
        marked.write_parquet(file, compression="lz4", row_group_size=group, statistics=True)
        self._files.append(file)

    def blocks(self, max_rows: int) -> Iterator[pl.DataFrame]:
        """All rows, about `max_rows` at a time, an account's rows together and in their order."""
        for first, last in _spans(self._rows, max_rows):
            scan = pl.scan_parquet(self._files)
            inside = pl.col(_BUCKET).is_between(first, last)
            yield scan.filter(inside).drop(_BUCKET).collect()


def _spans(rows: np.ndarray, max_rows: int) -> Iterator[tuple[int, int]]:
    """First and last bucket of each block: as many buckets as `max_rows` allows, at least one."""
    first, held = 0, 0
    for bucket, count in enumerate(rows):
        if held and held + count > max_rows:
            yield first, bucket - 1
            first, held = bucket, 0
        held += int(count)
    if held:
        yield first, len(rows) - 1
