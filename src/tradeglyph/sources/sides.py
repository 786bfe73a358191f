"""Buy or sell, as files say it."""

import polars as pl

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.domain.schema import BUY_WORDS, SELL_WORDS
from tradeglyph.sources.cell_text import text_of
from tradeglyph.sources.parsed import NO_VALUE, Parsed, with_reasons

_CODES = dict.fromkeys(BUY_WORDS, BUY) | dict.fromkeys(SELL_WORDS, SELL)
_UNKNOWN = "unknown side; known are buy, sell, B, S, 买入, 卖出, 证券买入, 证券卖出"


def parse_side(cells: pl.Series) -> Parsed:
    """Int8: `BUY` or `SELL`, from words in any case."""
    text = text_of(cells)
    values = text.str.to_lowercase().replace_strict(_CODES, default=None, return_dtype=pl.Int8)
    if not values.null_count():
        return Parsed(values)
    reason = (
        pl.when(pl.col("text").is_null())
        .then(pl.lit(NO_VALUE))
        .when(pl.col("value").is_null())
        .then(pl.lit(_UNKNOWN))
    )
    return with_reasons(values, text, reason)
