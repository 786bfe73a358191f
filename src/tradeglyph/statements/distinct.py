"""Few cells are parsed with care: those in a usual form are taken at once, and what repeats is
parsed once, as days, times and round amounts recur thousands of times."""

from collections.abc import Callable

import polars as pl


def by_distinct(texts: pl.Series, parse: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """What `parse` makes of each cell. Which cells there are may
    matter to it, but not how often."""
    if texts.len() < 1_000:
        return parse(texts)
    codes = texts.cast(pl.Categorical(pl.Categories.random())).to_physical()
    first = pl.DataFrame({"code": codes, "text": texts}).unique("code", keep="any")
    parsed = parse(first["text"]).with_columns(code=first["code"])
    return (
        pl.DataFrame({"code": codes})
        .join(parsed, on="code", how="left", maintain_order="left")
        .drop("code")
    )


def usual_first(
    texts: pl.Series,
    usual: Callable[[pl.Series], pl.DataFrame],
    other: Callable[[pl.Series], pl.DataFrame],
) -> pl.DataFrame:
    """What `usual` makes of each cell; what `other` makes of those where its first column is null.

    `usual` answers as `other` would, or null.
    """
    quick = usual(texts)
    left = quick.to_series(0).is_null()
    if not left.any():
        return quick
    both = pl.concat([quick, by_distinct(texts.filter(left), other)])
    at = pl.int_range(texts.len(), eager=True)
    return both[(texts.len() - 1 + left.cum_sum().cast(pl.Int64)).zip_with(left, at)]
