"""Cells that repeat are parsed once: days, times and round amounts recur thousands of times."""

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
