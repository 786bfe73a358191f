"""Cells as text: stripped, empty ones null."""

from collections.abc import Sequence

import polars as pl

from tradeglyph.sources.parsed import NO_VALUE, Parsed, with_reasons

_LARGE = 2.0**63
"""The first float that is no Int64."""
_ABSENT = ("nan", "null", "none", "n/a")


def text_of(cells: pl.Series) -> pl.Series:
    """The cells as String without blanks around; null where nothing stands.

    `="000001"`, by which broker terminals keep a spreadsheet from dropping zeros, is 000001.
    """
    text = cells if cells.dtype == pl.String else _as_string(cells)
    text = text.str.strip_chars()
    if text.str.starts_with('="').any():
        text = text.str.replace(r'^="(.*)"$', "$1").str.strip_chars()
    return text.set(text == "", None) if (text == "").any() else text


def parse_text(cells: pl.Series, *, required: bool) -> Parsed:
    """Names and ids. An optional one may also be absent by a word such as `null` or `NaN`."""
    text = text_of(without_nan(cells))
    if not required:
        absent = text.str.to_lowercase().is_in(_ABSENT)
        return Parsed(text.set(absent, None) if absent.any() else text)
    if not text.null_count():
        return Parsed(text)
    return with_reasons(text, text, pl.when(pl.col("value").is_null()).then(pl.lit(NO_VALUE)))


def without_nan(cells: pl.Series) -> pl.Series:
    """The cells of names and ids, in which NaN is a frame's null among numbers."""
    return cells.fill_nan(None) if cells.dtype.is_float() else cells


def joined(columns: Sequence[pl.Series], separator: str) -> pl.Series:
    """The texts of several columns as one; null where one of them is."""
    if len(columns) == 1:
        return columns[0]
    texts = pl.DataFrame([text_of(c).alias(str(i)) for i, c in enumerate(columns)])
    return texts.select(pl.concat_str(pl.all(), separator=separator).alias("joined"))["joined"]


def number_text(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The text of numbers: whole ones, which decimals and floats (a frame's way to hold integers
    beside nulls) may be, have no fraction."""
    text = column.cast(pl.String)
    if dtype.is_decimal():
        return text.str.replace(r"\.0+$", "")
    if not dtype.is_float():
        return text
    whole = (column % 1 == 0) & (column.abs() < _LARGE)
    return pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(text)


def _as_string(cells: pl.Series) -> pl.Series:
    if cells.dtype == pl.Binary:
        return pl.Series([None if v is None else _bytes_text(v) for v in cells], dtype=pl.String)
    if cells.dtype.is_numeric():
        return cells.to_frame("n").select(number_text(pl.col("n"), cells.dtype))["n"]
    if cells.dtype.is_nested():
        return pl.Series([None if v is None else str(v) for v in cells], dtype=pl.String)
    return cells.cast(pl.String)


def _bytes_text(value: bytes) -> str:
    """Some writers of Parquet don't say that their bytes are text; others are hexadecimal, so that
    no two look alike."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()
