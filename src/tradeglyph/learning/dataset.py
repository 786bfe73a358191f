"""Writes a dataset folder: pictures, lists, and what training needs beside them.

    OUT/traindata/{hacker,normal}/*.jpg|png   a picture for each window
    OUT/data_train.lst, data_val.lst          for MXNet's im2rec; 0 = hacker, 1 = normal
    OUT/windows.parquet                       one row per window: label, split, features
    OUT/rasters/*.npz                         the rasters, where they are not themselves RGB
    OUT/spec.json                             the picture spec's name and hash, the kind of split

The layout of folders and lists is that of seed document 2, section 2.1 (S6).
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.windows import LEAST_FILLS, Windows
from tradeglyph.picture.columns import columns_of
from tradeglyph.picture.encode import encode_jpeg, encode_png
from tradeglyph.picture.fast import draw
from tradeglyph.picture.preview import preview
from tradeglyph.picture.spec import PictureSpec
from tradeglyph.pipeline.place import place
from tradeglyph.recognizers.features import features_of
from tradeglyph.results.atomic import whole_folder
from tradeglyph.results.earlier import check_replaceable
from tradeglyph.sources.tables import UTC_TIME

TRAIN_SHARE = 0.75
SHARD = 2048

ENTRIES = ("traindata", "rasters", "data_train.lst", "data_val.lst", "windows.parquet", "spec.json")
"""What a dataset is made of; `rasters` where the pictures are not RGB."""

SIGNS = ("windows.parquet", "spec.json")
"""By these a folder is known as a dataset of ours."""

Split = Literal["day", "random"]
"""`day`: all windows of a symbol and day on one side; `random`: window by window, as the seeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What was written."""

    windows: int
    fraud: int
    train: int
    unlabelled: int
    """Windows that no label speaks of: left out."""
    unanswerable: int
    """Windows with fewer than two fills that have a candle: left out."""


def write_dataset(
    windows: Windows,
    candles: Candles,
    labels: pl.DataFrame,
    folder: Path,
    *,
    spec: PictureSpec,
    split: Split = "day",
    seed: int = 0,
) -> Dataset:
    """Draw every labelled window into `folder`.

    `labels` is a frame as `sources.labels.read_labels` gives it; a label without `window_start`
    speaks of all windows of its account and symbol. An earlier dataset in `folder` is replaced.
    Raises InputError as `check_dataset_folder` does, where no window has a label, where none of
    those that have can be drawn, or where the split leaves a side without one.
    """
    check_dataset_folder(folder)
    frame = _labelled(windows, labels)
    kept = np.flatnonzero(frame["label"].is_not_null().to_numpy())
    if not len(kept):
        raise InputError("no window has a label: compare account_id, symbol and window_start")
    with whole_folder(folder, stale=ENTRIES) as staging:
        writer = _Writer(staging, spec)
        tables = [writer.add(part, windows, candles, frame) for part in _parts(kept)]
        table = (
            pl.concat(tables).with_row_index("index").with_columns(pl.col("index").cast(pl.Int64))
        )
        table = _with_split(table, split, seed)
        table.write_parquet(staging / "windows.parquet")
        _write_lists(table, staging)
        about = {"name": spec.name, "hash": spec.hash, "split": split}
        (staging / "spec.json").write_text(json.dumps(about, indent=2) + "\n")
    return Dataset(
        windows=len(table),
        fraud=int((table["label"] == "fraud").sum()),
        train=int((table["split"] == "train").sum()),
        unlabelled=len(windows) - len(kept),
        unanswerable=len(kept) - len(table),
    )


def check_dataset_folder(folder: Path) -> None:
    """Raises InputError where a dataset in `folder` would replace what is none of ours."""
    check_replaceable(folder, ENTRIES, SIGNS, "dataset")


def _parts(kept: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """`kept` in shards. What lies between its windows is drawn too, so no shard spans more than
    `SHARD` windows, however few of them have a label."""
    yield from np.split(kept, np.flatnonzero(np.diff(kept // SHARD)) + 1)


class _Writer:
    """Draws and writes shard after shard, numbering the windows."""

    def __init__(self, folder: Path, spec: PictureSpec) -> None:
        self.folder, self.spec = folder, spec
        self.written, self.shards = 0, 0
        for name in ("hacker", "normal"):
            (folder / "traindata" / name).mkdir(parents=True)
        if not spec.is_rgb:
            (folder / "rasters").mkdir()

    def add(
        self, which: NDArray[np.intp], windows: Windows, candles: Candles, frame: pl.DataFrame
    ) -> pl.DataFrame:
        """Write windows `which` and return their rows of the table."""
        first = int(which[0])
        placed = place(windows.slice(first, int(which[-1]) + 1), candles)
        columns = columns_of(placed, candles)
        features = features_of(placed, columns)
        local = which - first
        local = local[features.fills[local] >= LEAST_FILLS]
        raster = draw(placed, candles, self.spec, columns)[local]
        rows = frame[local + first].with_columns(
            pl.Series(f"f_{name}", values[local]).cast(pl.Float32)
            for name, values in features.named()
        )
        names = self._pictures(raster, rows["label"].to_list())
        if not self.spec.is_rgb and len(raster):
            np.savez_compressed(self.folder / "rasters" / f"{self.shards:05d}.npz", raster=raster)
            self.shards += 1
        self.written += len(raster)
        return rows.with_columns(pl.Series("picture", names, dtype=pl.String))

    def _pictures(self, raster: NDArray[np.uint8], labels: list[str]) -> list[str]:
        ending = "jpg" if self.spec.is_rgb else "png"
        names = [
            f"{'hacker' if label == 'fraud' else 'normal'}/{number:07d}.{ending}"
            for number, label in enumerate(labels, self.written)
        ]
        # Pillow encodes outside the interpreter's lock, so that threads share the work.
        with ThreadPoolExecutor() as pool:
            for _ in pool.map(self._picture, raster, names):
                pass
        return names

    def _picture(self, raster: NDArray[np.uint8], name: str) -> None:
        rgb = self.spec.is_rgb
        picture = encode_jpeg(raster) if rgb else encode_png(preview(raster, self.spec))
        (self.folder / "traindata" / name).write_bytes(picture)


def _labelled(windows: Windows, labels: pl.DataFrame) -> pl.DataFrame:
    """One row per window: who, what, when, and its label or null."""
    names = windows.fills
    frame = pl.DataFrame(
        {
            "account_id": pl.Series(names.account_names[windows.account], dtype=pl.String),
            "symbol": pl.Series(names.symbol_names[windows.symbol], dtype=pl.String),
            "window_start": pl.Series(windows.start).cast(UTC_TIME),
            "window_end": pl.Series(windows.end).cast(UTC_TIME),
            "trade_count": windows.trade_count,
        }
    ).with_columns(day=pl.col("window_start").dt.strftime("%Y-%m-%d"))
    return label_windows(frame, labels)


def label_windows(frame: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """`frame` (account_id, symbol, window_start, ...) with `scenario, label, role`, or nulls.

    A label with a window_start speaks of that window and wins over one without.
    """
    truth = ["scenario", "label", "role"]
    who, when = ["account_id", "symbol"], "window_start"
    exact = labels.filter(pl.col(when).is_not_null()).unique([*who, when], keep="first")
    whole = labels.filter(pl.col(when).is_null()).drop(when).unique(who, keep="first")
    return (
        frame.join(exact, on=[*who, when], how="left", maintain_order="left")
        .join(whole, on=who, how="left", suffix="_whole", maintain_order="left")
        .with_columns(pl.coalesce(name, f"{name}_whole").alias(name) for name in truth)
        .drop([f"{name}_whole" for name in truth])
    )


def _with_split(table: pl.DataFrame, split: Split, seed: int) -> pl.DataFrame:
    if len(table) < 2:
        raise InputError(
            f"{len(table)} windows with a label have {LEAST_FILLS} fills in candles; a dataset "
            "needs two at least: compare the times and symbols of trades and candles"
        )
    if split == "random":
        group = np.arange(len(table))
    else:
        group = table.select(pl.struct("symbol", "day").rank("dense") - 1).to_series().to_numpy()
    sizes = np.bincount(group)
    if len(sizes) < 2:
        raise InputError(
            "all windows are of one symbol and day, so a split by day leaves nothing to validate "
            "on; bring more days or use --split random"
        )
    train = _training_groups(sizes, np.random.default_rng(seed))
    side = np.where(train[group], "train", "val")
    return table.with_columns(pl.Series("split", side.astype(object), dtype=pl.String))


def _training_groups(sizes: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which groups of windows are for training: at least one, and never all of them.

    In random order they join until training holds its share of the windows.
    """
    order = rng.permutation(len(sizes))
    before = np.cumsum(sizes[order]) - sizes[order]
    count = int((before < TRAIN_SHARE * sizes.sum()).sum())
    train = np.zeros(len(sizes), dtype=bool)
    train[order[: min(count, len(sizes) - 1)]] = True
    return train


def _write_lists(table: pl.DataFrame, folder: Path) -> None:
    for side in ("train", "val"):
        rows = table.filter(pl.col("split") == side).select(
            "index",
            pl.when(pl.col("label") == "fraud").then(0.0).otherwise(1.0).alias("class"),
            "picture",
        )
        rows.write_csv(
            folder / f"data_{side}.lst", separator="\t", include_header=False, float_precision=6
        )
