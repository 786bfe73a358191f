"""Reads the statements that banks and wallets give out: files in, lines and what was read out."""

from tradeglyph.statements.grid import Grid
from tradeglyph.statements.options import DateOrder, ReadOptions, Sign
from tradeglyph.statements.read import Statements, read_statements
from tradeglyph.statements.summary import ColumnTaken, FileSummary, Notice, Reject, RowCounts

__all__ = [
    "ColumnTaken",
    "DateOrder",
    "FileSummary",
    "Grid",
    "Notice",
    "ReadOptions",
    "Reject",
    "RowCounts",
    "Sign",
    "Statements",
    "read_statements",
]
