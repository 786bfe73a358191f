"""Words -> IN, OUT and NEUTRAL."""

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import polars as pl

from tradeglyph.domain.statements import IN, NEUTRAL, OUT


@functools.cache
def _table() -> Mapping[str, Any]:
    text = files("tradeglyph.statements").joinpath("directions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def direction_words() -> dict[str, int]:
    """Directions by word."""
    table = _table()
    sides = {"in": IN, "out": OUT, "neutral": NEUTRAL}
    return {word: way for side, way in sides.items() for word in table[side]}


def parse_directions(texts: pl.Series, words: Mapping[str, int]) -> pl.Series:
    """Int8 of clean cells; null where a cell is empty or says something else."""
    key = texts.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s", "")
    return key.replace_strict(dict(words), default=None, return_dtype=pl.Int8)


def takes_back(summary: pl.Expr) -> pl.Expr:
    """Whether a text says that the line takes another one back."""
    return summary.str.to_lowercase().str.contains(_table()["reversal"])
