"""Cells of money -> whole minor units.

Understood: full-width digits, thousands separators, currency signs and codes before or behind, a
sign before or behind, (1.00) for a negative amount, Cr and Dr or 贷 and 借 beside the number, and a
remark in brackets behind it: `8,000.00(CN)`, `131.77(已退款89.84)`.
"""

import polars as pl

_BLANK = r"^(?:[-–—―－/\\*.]*|n/?a|null|none|nan|无)$"
_MONEY = r"(?:cny|rmb|usd|hkd|eur|gbp|jpy|aud|cad|sgd|czk|人民币|美元|港币|欧元|us\$|hk\$|[¥$€£元])"
_GROUPED = r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$"
_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)$"
_MASKED = r"^(?:[+-]?[\d,.]*[xyz*#][\dxyz*#,.]*)$"
_COMMA_DECIMAL = r"^[+-]?\d{1,3}(?:\.\d{3})*,\d{1,2}$|^[+-]?\d+,\d{1,2}$"
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
    cell = texts.to_frame("cell").lazy()
    cell = cell.with_columns(_normal(pl.col("cell")).alias("raw"))
    cell = cell.with_columns(
        blank=pl.col("raw").str.contains(_BLANK),
        remark=pl.col("raw").str.contains(r"\d\((?:[^)]*[^\d.,)][^)]*)\)$"),
        bare=_bare(pl.col("raw"), decimal),
    )
    bare = pl.col("bare")
    cell = cell.with_columns(
        number=bare.str.contains(_PLAIN) | bare.str.contains(_GROUPED),
        signed=bare.str.contains(r"^[+-]"),
        masked=~pl.col("blank") & bare.str.contains(_MASKED),
    )
    cell = cell.with_columns(micro=_micro(bare, pl.col("number")))
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
    return (
        cell.with_columns(fault=fault)
        .with_columns(minor=pl.when(pl.col("fault") == "").then(minor))
        .select("minor", "signed", "blank", "masked", "remark", "fault")
        .collect()
    )


def _normal(cell: pl.Expr) -> pl.Expr:
    text = cell.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s", "")
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
