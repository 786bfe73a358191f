"""Whose line is whose: one number per account, for grouping at speed.

Lines of one account are those with the same name, from however many files: a statement often
comes in parts. Lines that name none are their file's. Currencies are kept apart, as banks keep
them (a sub-account each, with a balance of its own): amounts of two can't be summed.
"""

import polars as pl


def owners(lines: pl.DataFrame) -> pl.Series:
    """Int64, along the lines: equal numbers are one account and currency. Not dense."""
    account = _codes(lines["account"])
    currency, currencies = lines["currency"], 1
    if lines.height and (currency != currency[0]).any():
        codes = _codes(currency)
        currencies = int(codes.max()) + 1  # type: ignore[arg-type]
        account = account * currencies + codes
    nameless = lines["account"] == ""
    if not nameless.any():
        return account
    files = int(lines["file"].max()) + 2  # type: ignore[arg-type]
    file = lines.select(pl.when(nameless).then(pl.col("file").cast(pl.Int64) + 1).otherwise(0))
    return _small(account * files + file.to_series())


def _small(owner: pl.Series) -> pl.Series:
    """Below 2^40, so that callers may multiply by as many hours or days as there can be."""
    if int(owner.max()) < 2**40:  # type: ignore[arg-type]
        return owner
    return owner.rank("dense").cast(pl.Int64)


def _codes(texts: pl.Series) -> pl.Series:
    """A number per text, from 0. Its own categories: nothing is kept between questions."""
    categories = pl.Categorical(pl.Categories.random())
    return texts.cast(categories).to_physical().cast(pl.Int64)
