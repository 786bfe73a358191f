"""Cells of money -> whole minor units.

Understood: full-width digits, thousands separators, currency signs and codes before or behind, a
sign before or behind, (1.00) for a negative amount, Cr and Dr or 贷 and 借 beside the number, and a
remark in brackets behind it: `8,000.00(CN)`, `131.77(已退款89.84)`.
"""

import polars as pl

from tradeglyph.domain.statements import MINOR
from tradeglyph.statements.distinct import by_distinct, usual_first

_BLANK = r"^(?:[-/\\]*|n/?a|null|none|nan|无)$"
_MONEY = r"(?:cny|rmb|usd|hkd|eur|gbp|jpy|aud|cad|sgd|czk|人民币|美元|港币|欧元|us\$|hk\$|[¥$€£元])"
_GROUPED = r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$"
_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)$"
_USUAL = r"^[+-]?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,2})?$"
_MASKED = r"^(?:[+-]?[\d,.]*[xyz*#][\dxyz*#,.]*)$"
_COMMA_DECIMAL = r"^[+-]?\d{1,3}(?:\.\d{3})*,\d{1,2}$|^[+-]?\d+,\d{1,2}$"
_REMARK = r"\d\((?:[^)]*[^\d.,)][^)]*)\)$"
_UNITS = 6
"""Decimals that are kept while a unit such as 万元 is multiplied out."""
_MAX_DIGITS = 12
"""Digits before the point: sums of many such amounts still fit 64 bits."""


def parse_amounts(texts: pl.Series, *, decimal: str = ".", scale: int = 1) -> pl.DataFrame:
    """Of clean cells: `minor` (Int64, signed; null where there is no number), `signed` (whether a
    sign stands in the cell), `blank`, `masked` (digits are replaced by x or *), `remark` (text in
    brackets behind the number) and `fault` (why a cell with something in it is no amount, a key of
    `texts.REASONS`). `scale`: units of currency in one unit of the column, 10,000 for 万元.
    """
    if decimal != ".":
        return by_distinct(texts, lambda cells: _parsed(cells, decimal, scale))
    return usual_first(
        texts, lambda cells: _usual(cells, scale), lambda cells: _parsed(cells, decimal, scale)
    )


def _usual(texts: pl.Series, scale: int) -> pl.DataFrame:
    """Numbers with at most two decimals, `signed` first; null for all others."""
    bare = pl.col("bare")
    # Of so few digits a float's hundredfold is off by less than half a minor unit.
    units = bare.str.replace_all(",", "", literal=True).cast(pl.Float64)
    no = pl.lit(value=False)
    some = texts.set(~texts.str.contains(_USUAL), None).to_frame("bare")
    return some.select(
        signed=bare.str.contains(r"^[+-]"),
        blank=no,
        masked=no,
        remark=no,
        fault=pl.lit(""),
        minor=(units * MINOR).round().cast(pl.Int64) * scale,
    )


def _parsed(texts: pl.Series, decimal: str, scale: int) -> pl.DataFrame:
    cells = texts.to_frame("bare").with_row_index("at").lazy()
    plain = pl.col("bare").str.contains(_PLAIN) | pl.col("bare").str.contains(_GROUPED)
    if decimal != ".":
        plain = pl.lit(value=False)
    no = pl.lit(value=False)
    quick = cells.filter(plain).with_columns(blank=no, remark=no, number=~no)
    parts = [quick, _normalised(cells.filter(~plain), decimal)]
    parsed = [_valued(part, scale).collect() for part in parts]
    return pl.concat(parsed).sort("at").drop("at")


def _normalised(cells: pl.LazyFrame, decimal: str) -> pl.LazyFrame:
    """Cells that aren't a number as they stand."""
    cells = cells.with_columns(raw=_normal(pl.col("bare")))
    cells = cells.with_columns(
        bare=_bare(pl.col("raw"), decimal),
        blank=pl.col("raw").str.contains(_BLANK),
        remark=pl.col("raw").str.contains(_REMARK),
    )
    bare = pl.col("bare")
    number = bare.str.contains(_PLAIN) | bare.str.contains(_GROUPED)
    return cells.with_columns(number=number).select("at", "bare", "blank", "remark", "number")


def _valued(cells: pl.LazyFrame, scale: int) -> pl.LazyFrame:
    bare = pl.col("bare")
    cells = cells.with_columns(
        signed=bare.str.contains(r"^[+-]"),
        masked=~pl.col("blank") & ~pl.col("number") & bare.str.contains(_MASKED),
        micro=_micro(bare, pl.col("number")),
    )
    exact = (pl.col("micro") * scale) % 10 ** (_UNITS - 2) == 0
    minor = (pl.col("micro").abs() * scale) // 10 ** (_UNITS - 2) * pl.col("micro").sign()
    fault = (
        pl.when(pl.col("blank") | pl.col("masked"))
        .then(pl.lit(""))
        .when(~pl.col("number") & bare.str.contains(_COMMA_DECIMAL))
        .then(pl.lit("comma_decimal"))
        .when(~pl.col("number"))
        .then(pl.lit("not_an_amount"))
        .when(pl.col("micro").is_null())
        .then(pl.lit("too_large"))
        .when(~exact)
        .then(pl.lit("too_fine"))
        .otherwise(pl.lit(""))
    )
    return cells.with_columns(fault=fault).select(
        "at",
        "signed",
        "blank",
        "masked",
        "remark",
        "fault",
        minor=pl.when(pl.col("fault") == "").then(minor),
    )


def _normal(cell: pl.Expr) -> pl.Expr:
    text = cell.str.normalize("NFKC").str.to_lowercase()
    # A space between digits is no typing error that may be passed over.
    text = text.str.replace_all(r"(\D)\s+", "$1").str.replace_all(r"\s+(\D|$)", "$1")
    return text.str.replace_all("[−–—―]", "-")


def _bare(raw: pl.Expr, decimal: str) -> pl.Expr:
    """The number with its sign in front and a point before its decimals."""
    text = raw.str.replace(r"^(.*\d\.?)\((?:[^)]*[^\d.,)][^)]*)\)$", "$1")
    text = text.str.replace(rf"^([+-]?){_MONEY}+", "$1").str.replace(rf"{_MONEY}+([+-]?)$", "$1")
    text = text.str.replace(r"^(?:cr\.?|贷)[:.]?([\d.,]+)$", "+$1")
    text = text.str.replace(r"^(?:dr\.?|借)[:.]?([\d.,]+)$", "-$1")
    text = text.str.replace(r"^([\d.,]+)(?:cr\.?|贷)$", "+$1")
    text = text.str.replace(r"^([\d.,]+)(?:dr\.?|借)$", "-$1")
    text = text.str.replace(r"^\(([\d.,]+)\)$", "-$1")
    text = text.str.replace(r"^([\d.,]+)([+-])$", "$2$1")
    text = text.str.replace(rf"^([+-]){_MONEY}+", "$1")
    if decimal == ",":
        text = text.str.replace_all(".", "\u0000", literal=True)
        text = text.str.replace_all(",", ".", literal=True)
        text = text.str.replace_all("\u0000", ",", literal=True)
    return text


def _micro(bare: pl.Expr, number: pl.Expr) -> pl.Expr:
    """Int64 millionths; null where a number is too long."""
    digits = bare.str.replace_all(",", "", literal=True)
    whole = digits.str.extract(r"^[+-]?0*(\d*)", 1)
    part = digits.str.extract(r"\.(\d*)$", 1).fill_null("").str.strip_chars_end("0")
    fits = number & (whole.str.len_chars() <= _MAX_DIGITS)
    fits &= part.str.len_chars() <= _UNITS
    both = pl.concat_str(whole, part.str.pad_end(_UNITS, "0"))
    value = pl.when(fits).then(both).cast(pl.Int64, strict=False)
    return pl.when(bare.str.starts_with("-")).then(-value).otherwise(value)
