"""Lines that are the same, in one file or in several, and whether balances moved for each."""

import numpy as np
import polars as pl

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.books import Ints

CONTENT = (
    *("book", "time", "clocked", "amount", "direction", "counterparty", "counterparty_account"),
    *("summary", "reversal", "tx_id"),
)
"""What two lines must agree in to be the same transaction by their words."""
ADDRESS = ("file", "sheet", "line")


def alike(lines: pl.DataFrame, book: Ints) -> pl.DataFrame:
    """Lines of one book that agree in `CONTENT` with another one, in the order of their addresses,
    with `row` and `content` (a number of each content). Amounts of 0 are left out.

    O(n): numbers are held together first, and texts of the few lines that agree in them.
    """
    mixed = _mixed(lines, book)
    rows = pl.Series(mixed).is_duplicated() & (lines["amount"] > 0)
    few = _few(lines, book, rows.arg_true())
    few = few.filter(pl.struct(CONTENT).is_duplicated()) if few.height else few
    return _numbered(few, CONTENT, "content").sort(ADDRESS)


def overlapping(same: pl.DataFrame) -> pl.DataFrame:
    """`row` and the address (`other_file`, `other_sheet`, `other_line`) of the line that it is a
    copy of, for lines that an earlier file or sheet has too, with the same balance.

    A file that has a line more often than any earlier one has its further ones for itself. Lines
    without time of day, serial number and balance are too weak to be told apart, and are left out.
    """
    strong = same.filter(
        pl.col("clocked") | (pl.col("tx_id") != "") | pl.col("balance").is_not_null()
    )
    strong = _numbered(strong, ("content", "balance"), "whole").sort(ADDRESS)
    own = strong.with_columns(at=pl.int_range(pl.len()).over("whole", "file", "sheet"))
    earlier = own.with_columns(first=pl.int_range(pl.len()).over("whole", "at")).sort(
        "whole", "at", *ADDRESS
    )
    found = earlier.with_columns(
        pl.col(name).first().over("whole", "at").alias(f"other_{name}") for name in ADDRESS
    ).filter(pl.col("first") > 0)
    return found.select("row", *(f"other_{name}" for name in ADDRESS))


def unmoved(lines: pl.DataFrame, book: Ints, pairs: pl.DataFrame) -> pl.Series:
    """Along `pairs` (`book`, `amount`, `direction`, `balance`): whether their book's balances say
    that the line moved the balance once only, though it is printed more than once.

    A statement whose lines all moved its balance is a path from its opening to its closing balance:
    each other balance is as often left as it is reached. A line that is printed once too often
    reaches its balance once too often and leaves the one before once too often. Where all lines of
    a book make such a path, its equal lines were all booked.

    O(n) of the lines of the books concerned.
    """
    some = np.isin(book, pairs["book"].to_numpy())
    moves = lines.select("amount", "direction", "balance", book=pl.Series(book)).filter(
        pl.lit(pl.Series(some)) & pl.col("balance").is_not_null() & (pl.col("direction") != NEUTRAL)
    )
    ends = pl.concat(
        [
            moves.select("book", "balance", net=pl.lit(1)),
            moves.select("book", balance=_before(), net=pl.lit(-1)),
        ]
    )
    nets = ends.group_by("book", "balance").agg(pl.col("net").sum())
    broken = nets.group_by("book").agg(whole=pl.col("net").abs().sum() <= 2)
    told = (
        pairs.select("book", "balance", before=_before())
        .join(nets, on=["book", "balance"], how="left", maintain_order="left")
        .join(
            nets.rename({"balance": "before", "net": "left"}),
            on=["book", "before"],
            how="left",
            maintain_order="left",
        )
        .join(broken, on="book", how="left", maintain_order="left")
    )
    once = (pl.col("net") >= 1) & (pl.col("left") <= -1) & ~pl.col("whole")
    return told.select(once.fill_null(value=False)).to_series()


def clocked() -> pl.Expr:
    """Whether a line says a time of day: midnight is what banks print where they have none."""
    return pl.col("clock") & (pl.col("time").to_physical() % DAY_US != 0)


def _before() -> pl.Expr:
    return pl.col("balance") - pl.col("amount") * pl.col("direction").cast(pl.Int64)


def _mixed(lines: pl.DataFrame, book: Ints) -> Ints:
    """A number per line that lines of one content have in common; others seldom do."""
    parts = (book, lines["time"].to_physical(), lines["amount"], lines["direction"])
    mixed = np.zeros(lines.height, dtype=np.int64)
    with np.errstate(over="ignore"):
        for part in parts:
            mixed = (mixed ^ np.asarray(part, dtype=np.int64)) * np.int64(-7046029254386353131)
            mixed ^= mixed >> 29
    return mixed


def _few(lines: pl.DataFrame, book: Ints, rows: pl.Series) -> pl.DataFrame:
    columns = lines.select(
        pl.col(
            *ADDRESS, "tx_id", "time", "clock", "amount", "direction", "balance", "summary",
            "counterparty", "counterparty_account", "reversal",
        ).gather(rows)
    )  # fmt: skip
    return columns.with_columns(
        row=rows.cast(pl.UInt32), book=pl.Series(book[rows.to_numpy()]), clocked=clocked()
    )


def _numbered(some: pl.DataFrame, keys: tuple[str, ...], name: str) -> pl.DataFrame:
    """With a number of each combination of `keys`."""
    numbers = some.select(keys).unique(maintain_order=True).with_row_index(name)
    return some.join(numbers, on=list(keys), nulls_equal=True, how="left")
