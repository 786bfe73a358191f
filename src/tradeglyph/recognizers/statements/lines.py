"""The lines of statements: one frame for all files, accounts and banks."""

import polars as pl

_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "file": pl.UInt16,  # number of the file, from 0, in the order that they were given
    "sheet": pl.String,  # empty where the file has none
    "line": pl.UInt32,  # number in the file or sheet, from 1, as an editor counts
    "account": pl.String,  # empty where the file names none
    "tx_id": pl.String,  # the bank's serial number; empty where there is none
    "time": pl.Datetime("us"),  # the bank's clock; midnight where there is a date only
    "clock": pl.Boolean,  # whether the line says a time of day
    "amount": pl.Int64,  # minor units, never negative
    "direction": pl.Int8,  # IN, OUT or NEUTRAL of `domain.statements`
    "balance": pl.Int64,  # minor units; null where there is none or it is masked
    "currency": pl.String,  # ISO 4217
    "summary": pl.String,  # 摘要, 用途, 附言 and the like, joined with a space
    "counterparty": pl.String,  # name of the other side
    "counterparty_account": pl.String,
    "reversal": pl.Boolean,  # 冲正: takes another line back
    "owner": pl.String,  # name of the account's owner; empty where the file doesn't say it
    "since": pl.Date,  # first and
    "until": pl.Date,  # last day that the file says its lines are of; null where it doesn't
}
LINES = pl.Schema(_COLUMNS)
"""One row per line of a statement, in the order of the files; texts are never null."""
