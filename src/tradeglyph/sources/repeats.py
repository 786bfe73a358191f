"""Rows that stand in a file twice.

With a `trade_id` the key (`trade_id`, `account_id`, `side`) tells: the two sides of one match
are two rows, and so are the two sides of a trade with oneself. Without it, identical rows may be
the fills of one order; they are kept and counted.
"""

from dataclasses import dataclass

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.normalise import REST

_KEY = ("trade_id", "account_id", "side")
_ROUNDED = r"^\d(\.\d+)?[eE]\+\d+$"


@dataclass(frozen=True, slots=True)
class Repeats:
    """A frame without repeats, and how many there were."""

    frame: pl.DataFrame
    repeats_dropped: int
    possible_duplicates: int


def settle_repeats(trades: pl.DataFrame, *, drop_duplicates: bool) -> Repeats:
    """Drop repeated keys; count identical rows without key, and drop them where that is asked.

    Rows are identical if all columns of their files are: `REST` stands for those not taken.
    The first of equal rows stays. The column `REST` is left out of the answer.
    """
    keyed = trades["trade_id"].null_count() < trades.height
    kept = trades.filter(_first_of_key()) if keyed else trades
    repeats = trades.height - kept.height
    unkeyed = kept.filter(pl.col("trade_id").is_null()) if keyed else kept
    identity = unkeyed.hash_rows()
    duplicates = len(identity) - identity.n_unique()
    if duplicates and drop_duplicates:
        whole = pl.col("trade_id").is_not_null() | pl.struct(pl.all()).is_first_distinct()
        kept = kept.filter(whole)
    return Repeats(kept.drop(REST), repeats, duplicates)


def check_trade_ids(trades: pl.DataFrame, file: str) -> None:
    """Raises InputError for ids that a spreadsheet has rounded: many fills would share one."""
    rounded = trades["trade_id"].drop_nulls()
    rounded = rounded.filter(rounded.str.contains(_ROUNDED))
    if len(rounded):
        raise InputError(
            f"{file}: the trade_id {rounded[0]!r} was rounded by a spreadsheet, so that different"
            " trades share it; take another column, or none, for trade_id"
        )


def _first_of_key() -> pl.Expr:
    return pl.col("trade_id").is_null() | pl.struct(_KEY).is_first_distinct()
