"""Writes scores: CSV, JSONL or Parquet by the file's ending."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import SCORES
from tradeglyph.results.atomic import whole_file
from tradeglyph.results.rfc3339 import RFC_3339

ENDINGS = (".csv", ".jsonl", ".parquet")


def check_ending(path: Path) -> None:
    """Raises InputError for an ending that scores can't be written as."""
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"--out {path}: end the name with one of {', '.join(ENDINGS)}")


def write_scores(scores: pl.DataFrame, path: Path) -> None:
    """A frame with the columns of `SCORES`, times as Datetime UTC.

    Text files say times as RFC 3339 with Z. Probabilities are not rounded.
    """
    check_ending(path)
    ordered = scores.select(SCORES)
    with whole_file(path) as staging:
        if path.suffix.lower() == ".parquet":
            ordered.write_parquet(staging)
        elif path.suffix.lower() == ".csv":
            _as_text(ordered).write_csv(staging)
        else:
            _as_text(ordered).write_ndjson(staging)


def score_rows(scores: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as the JSONL file has them."""
    lines = _as_text(scores.select(SCORES)).write_ndjson().split("\n")
    return [json.loads(line) for line in lines if line]


def _as_text(scores: pl.DataFrame) -> pl.DataFrame:
    times = ("window_start", "window_end")
    return scores.with_columns(pl.col(t).dt.strftime(RFC_3339) for t in times)
