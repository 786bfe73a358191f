"""Words of people in the texts of lines, that explain a line or say what it is."""

from collections.abc import Sequence

import polars as pl


def first_word(texts: pl.Expr, words: Sequence[str]) -> pl.Expr:
    """The first of `words` that stands in each text, as it stands there; empty for none.

    Latin letters in any case. Where several begin at one place, the first of the list.
    """
    if not words:
        return pl.lit("")
    found = texts.str.extract_many(list(words), ascii_case_insensitive=True, leftmost=True)
    return found.list.first().fill_null("")


def has_word(texts: pl.Expr, words: Sequence[str]) -> pl.Expr:
    """Whether one of `words` stands in each text, Latin letters in any case."""
    if not words:
        return pl.lit(value=False)
    return texts.str.contains_any(list(words), ascii_case_insensitive=True)


def told() -> pl.Expr:
    """What a line says of its purpose: summary and other side."""
    return pl.concat_str("summary", "counterparty", separator=" ")
