"""Reads a dataset folder: windows, their rasters and their labels."""

import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from PIL import Image

from tradeglyph.domain.errors import InputError
from tradeglyph.learning.dataset import label_windows
from tradeglyph.picture.spec import SPECS, PictureSpec

WINDOWS_FILE = "windows.parquet"
SPEC_FILE = "spec.json"
RASTERS = "rasters"
PICTURES = "traindata"
FEATURE_PREFIX = "f_"
COLUMNS = (
    "index",
    "account_id",
    "symbol",
    "window_start",
    "scenario",
    "label",
    "split",
    "day",
    "trade_count",
    "picture",
)
"""What training needs of `windows.parquet`."""

REMEDY = "write the folder again with `tradeglyph dataset`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """n labelled windows; everything runs along `frame`, in index order."""

    rasters: NDArray[np.uint8]
    """Shape (n, *spec.shape)."""
    label: NDArray[np.int8]
    """1 fraud, 0 normal."""
    frame: pl.DataFrame
    """`windows.parquet`; feature columns are called `f_*` and may hold NaN."""
    spec: PictureSpec
    split: str = "day"
    """`day`: no symbol and day in training and validation; `random`: by picture."""

    def __len__(self) -> int:
        return len(self.label)

    @property
    def train_rows(self) -> NDArray[np.intp]:
        """Positions of the training windows, rising."""
        return np.flatnonzero(self.frame["split"].to_numpy() == "train")

    @property
    def val_rows(self) -> NDArray[np.intp]:
        """Positions of the validation windows, rising."""
        return np.flatnonzero(self.frame["split"].to_numpy() == "val")

    @property
    def scenario(self) -> NDArray[np.object_]:
        """Name of what each window was simulated or labelled as."""
        return self.frame["scenario"].to_numpy().astype(object)

    @property
    def feature_names(self) -> list[str]:
        """The feature columns of `frame`."""
        return [name for name in self.frame.columns if name.startswith(FEATURE_PREFIX)]


def read_folder(path: Path) -> Samples:
    """Read a folder that `tradeglyph dataset` wrote.

    Raises InputError where a file is missing or damaged, where counts disagree, or where the
    pictures were drawn with another spec than this version's.
    """
    about = _read_about(path / SPEC_FILE)
    spec = _known_spec(path / SPEC_FILE, about)
    frame = _read_windows(path / WINDOWS_FILE)
    rasters = _read_pictures(path, frame, spec) if spec.is_rgb else _read_rasters(path, frame, spec)
    return Samples(
        rasters=rasters,
        label=_label_of(frame),
        frame=frame,
        spec=spec,
        split=str(about.get("split", "day")),
    )


def relabelled(samples: Samples, labels: pl.DataFrame, *, keep_others: bool = False) -> Samples:
    """The windows that `labels` speaks of, with its scenarios, labels and roles; with
    `keep_others` the other windows too, as they were.

    `labels` is a frame as `sources.labels.read_labels` gives it. Raises InputError where it speaks
    of no window.
    """
    old = [name for name in ("scenario", "label", "role") if name in samples.frame.columns]
    frame = label_windows(samples.frame.drop(old), labels)
    spoken_of = frame["label"].is_not_null()
    if keep_others and spoken_of.any():
        mended = [
            pl.when(spoken_of).then(pl.col(name)).otherwise(samples.frame[name]).alias(name)
            for name in old
        ]
        return _with_frame(samples, frame.with_columns(mended))
    rows = np.flatnonzero(spoken_of.to_numpy())
    if not len(rows):
        raise InputError(
            "--labels speaks of no window of the dataset: compare account_id, symbol and "
            "window_start"
        )
    return _with_frame(replace(samples, rasters=samples.rasters[rows]), frame[rows])


def _with_frame(samples: Samples, frame: pl.DataFrame) -> Samples:
    return replace(samples, label=_label_of(frame), frame=frame)


def _label_of(frame: pl.DataFrame) -> NDArray[np.int8]:
    return (frame["label"] == "fraud").to_numpy().astype(np.int8)


def _read_about(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise InputError(f"{file}: is missing; {REMEDY}")
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{file}: is not JSON: {error}; {REMEDY}") from error
    if not isinstance(about, dict):
        raise InputError(f"{file}: is not a JSON object; {REMEDY}")
    return about


def _known_spec(file: Path, about: dict[str, Any]) -> PictureSpec:
    name, digest = about.get("name"), about.get("hash")
    spec = SPECS.get(str(name))
    if spec is None:
        raise InputError(f"{file}: unknown picture spec {name!r}; there are: {', '.join(SPECS)}")
    if digest != spec.hash:
        raise InputError(
            f"{file}: drawn with picture spec {name} {digest}, but this version draws "
            f"{spec.hash}; {REMEDY}"
        )
    return spec


def _read_windows(file: Path) -> pl.DataFrame:
    if not file.is_file():
        raise InputError(f"{file}: is missing; {REMEDY}")
    try:
        frame = pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(f"{file}: can't be read as Parquet: {error}; {REMEDY}") from error
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise InputError(f"{file}: lacks the columns {', '.join(missing)}; {REMEDY}")
    _check_windows(file, frame)
    return frame


def _check_windows(file: Path, frame: pl.DataFrame) -> None:
    if frame.is_empty():
        raise InputError(f"{file}: has no windows; {REMEDY}")
    if frame["index"].null_count() or not (frame["index"].diff().drop_nulls() > 0).all():
        raise InputError(f"{file}: is not in the order of its column index; {REMEDY}")
    for column, allowed in (("label", ("fraud", "normal")), ("split", ("train", "val"))):
        wrong = np.flatnonzero(~frame[column].is_in(allowed).fill_null(False).to_numpy())
        if len(wrong):
            raise InputError(
                f"{file}: row {wrong[0] + 1}, column {column}: {frame[column][int(wrong[0])]!r} "
                f"is neither {' nor '.join(allowed)}; {REMEDY}"
            )


def _read_rasters(path: Path, frame: pl.DataFrame, spec: PictureSpec) -> NDArray[np.uint8]:
    folder = path / RASTERS
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise InputError(f"{folder}: holds no rasters; {REMEDY}")
    rasters = np.empty((len(frame), *spec.shape), dtype=np.uint8)
    filled = 0
    for part in _raster_parts(files, spec):
        room = rasters[filled : filled + len(part)]
        room[:] = part[: len(room)]
        filled += len(part)
    if filled != len(frame):
        raise InputError(
            f"{folder}: holds {filled} rasters, but {WINDOWS_FILE} has {len(frame)} windows; "
            f"{REMEDY}"
        )
    return rasters


def _raster_parts(files: list[Path], spec: PictureSpec) -> Iterator[NDArray[np.uint8]]:
    for file in files:
        try:
            # Opened here: numpy leaves a file open that turns out to be no archive.
            with file.open("rb") as opened, np.load(opened, allow_pickle=False) as archive:
                part = archive["raster"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise InputError(f"{file}: can't be read: {error}; {REMEDY}") from error
        if part.dtype != np.uint8 or part.shape[1:] != spec.shape:
            raise InputError(
                f"{file}: holds {part.dtype} of shape {part.shape}, not uint8 of "
                f"(n, {', '.join(map(str, spec.shape))}); {REMEDY}"
            )
        yield part


def _read_pictures(path: Path, frame: pl.DataFrame, spec: PictureSpec) -> NDArray[np.uint8]:
    rasters = np.empty((len(frame), *spec.shape), dtype=np.uint8)

    def read(row: int, name: str) -> None:
        rasters[row] = _read_picture(path / PICTURES / name, spec)

    # Pillow decodes outside the interpreter's lock, so that threads share the work.
    with ThreadPoolExecutor() as pool:
        for _ in pool.map(read, range(len(frame)), frame["picture"].to_list()):
            pass
    return rasters


def _read_picture(file: Path, spec: PictureSpec) -> NDArray[np.uint8]:
    try:
        with Image.open(file) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except FileNotFoundError as error:
        raise InputError(f"{file}: is missing; {REMEDY}") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"{file}: can't be read as a picture: {error}; {REMEDY}") from error
    if pixels.shape != spec.shape:
        raise InputError(
            f"{file}: is {pixels.shape[1]} x {pixels.shape[0]}, not {spec.width} x {spec.height}; "
            f"{REMEDY}"
        )
    return pixels
