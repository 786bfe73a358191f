"""Labels: what is known of accounts, for training and evaluation."""

from pathlib import Path

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import LABELS
from tradeglyph.sources.dispositions import (
    CONFIRMED,
    DISMISSED,
    are_dispositions,
    read_dispositions,
)
from tradeglyph.sources.formats import files_under
from tradeglyph.sources.label_clashes import MEND_THEM, refuse_clashes
from tradeglyph.sources.normalise import RowCheck
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.reading import Reading
from tradeglyph.sources.seed_layout import is_seed_layout, seed_files, seed_name
from tradeglyph.sources.tables import UTC_TIME

_DEFAULT = ReadOptions()
LABEL_DTYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "account_id": pl.String,
    "symbol": pl.String,
    "scenario": pl.String,
    "label": pl.String,
    "role": pl.String,
    "window_start": UTC_TIME,
}
"""`role` is "" where none is given; `window_start` is null where a label holds for all windows."""


def read_labels(path: Path, options: ReadOptions = _DEFAULT) -> pl.DataFrame:
    """Labels in `LABEL_DTYPES`, from a file, a folder of files, or the seeds' folders.

    Labels of the seeds' folders come from the names of their files: `fraud` for `_hacker`. A file
    with a column `disposition` and none of labels holds dispositions, which stand before labels:
    where both speak of one window, what a person found holds.

    Raises InputError and RowErrors as `read_trades` does, for a label that is neither `fraud` nor
    `normal`, and for labels, or dispositions, of one window that contradict each other.
    """
    if is_seed_layout(path):
        return _seed_labels(path)
    files = files_under(path)
    judged = [file for file in files if are_dispositions(file)]
    if not judged:
        return _agreeing([_labels(path, options)], "label")
    found = _agreeing([read_dispositions(file, options) for file in judged], "disposition")
    if len(judged) < len(files):
        known = [_labels(file, options) for file in files if file not in judged]
        return pl.concat([found, _agreeing(known, "label")])
    if found.is_empty():
        raise InputError(f"{path}: no row has a disposition: write {CONFIRMED} or {DISMISSED}")
    return found


def speaks_of_all(path: Path) -> bool:
    """Whether `path` holds labels: the whole truth. Dispositions speak of what people looked at.

    Raises InputError where there is nothing to read.
    """
    return is_seed_layout(path) or not all(map(are_dispositions, files_under(path)))


def _labels(path: Path, options: ReadOptions) -> pl.DataFrame:
    label = pl.col("label").str.to_lowercase()
    known = RowCheck("label", ~label.is_in(["fraud", "normal"]), "must be fraud or normal")
    reading = Reading(
        path=path,
        contract=LABELS,
        dtypes=LABEL_DTYPES,
        options=options,
        checks=[known],
        with_origin=True,
        remedy=MEND_THEM,
    )
    frame = pl.concat(list(reading.frames()))
    return frame.with_columns(label, pl.col("role").fill_null(""))


def _agreeing(parts: list[pl.DataFrame], column: str) -> pl.DataFrame:
    """All rows, in `LABEL_DTYPES`. Raises RowErrors where two contradict each other."""
    whole = pl.concat(parts, how="diagonal")
    refuse_clashes(whole, column)
    return whole.select(list(LABEL_DTYPES))


def _seed_labels(path: Path) -> pl.DataFrame:
    names = dict.fromkeys(seed_name(file) for file in seed_files(path))
    rows = [
        {
            "account_id": name.account_id,
            "symbol": name.symbol,
            "scenario": "hacker" if name.hacker else "normal",
            "label": "fraud" if name.hacker else "normal",
            "role": "beneficiary" if name.hacker else "",
        }
        for name in names
    ]
    return pl.DataFrame(rows, schema=LABEL_DTYPES)
