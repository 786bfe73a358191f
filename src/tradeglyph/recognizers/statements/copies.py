"""Lines that are the same, in one file or in several, and whether balances moved for each."""

import numpy as np
import polars as pl

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.books import ADDRESS, Ints
from tradeglyph.recognizers.statements.runs import Runs, changes, runs

CONTENT = (
    *("book", "time", "clocked", "amount", "direction", "counterparty", "counterparty_account"),
    *("summary", "reversal", "tx_id"),
)
"""What two lines must agree in to be the same transaction by their words."""
OTHER = tuple(f"other_{name}" for name in ADDRESS)
"""Columns of the address of the line that a line is a copy of."""


def alike(lines: pl.DataFrame, book: Ints) -> pl.DataFrame:
    """Lines of one book that agree in `CONTENT` with another one, sorted by `content` (a number of
    each content), then address; with their `row`. Amounts of 0 are left out.

    O(n log n): numbers are held together first, and texts of the lines that agree in them.
    """
    rows = pl.Series(_mixed(lines, book)).is_duplicated() & (lines["amount"] > 0)
    few = _few(lines, book, rows.arg_true())
    few = few.with_columns(mixed=few.select(CONTENT).hash_rows(seed=0)).sort("mixed", *ADDRESS)
    new = few.select(pl.any_horizontal(pl.col(key) != pl.col(key).shift() for key in CONTENT))
    held = runs(new.to_series().fill_null(value=False).to_numpy())
    numbered = few.drop("mixed").with_columns(content=pl.Series(held.number))
    return numbered.filter(pl.Series(held.size > 1))


def overlapping(same: pl.DataFrame) -> pl.DataFrame:
    """`row` and the address (`other_file`, `other_sheet`, `other_line`) of the line that it is a
    copy of, for lines that an earlier file or sheet has too, with the same balance.

    A file that has a line more often than any earlier one has its further ones for itself. Lines
    without time of day, serial number and balance are too weak to be told apart, and are left out.
    """
    strong = same.filter(
        pl.col("clocked") | (pl.col("tx_id") != "") | pl.col("balance").is_not_null()
    )
    order, whole = by_balance(strong)
    strong, number = strong[order], whole.number
    parts = strong.select(
        (pl.col("file") != pl.col("file").shift()) | (pl.col("sheet") != pl.col("sheet").shift())
    )
    part = runs(changes(number) | parts.to_series().fill_null(value=False).to_numpy())
    # The first, second ... line of each file are held together: all but the first are copies.
    again = np.lexsort((part.at, number))
    first = runs(changes(number[again], part.at[again]))
    copies = first.at > 0
    return _with_other(strong, again[copies], again[first.start[copies]]).select("row", *OTHER)


def by_balance(same: pl.DataFrame) -> tuple[Ints, Runs]:
    """The order of lines of `alike` by content and balance, then address; and along it, the runs
    of lines that agree in both."""
    content, balance = same["content"].to_numpy(), same["balance"].fill_null(0).to_numpy()
    unknown = same["balance"].is_null().to_numpy().astype(np.int64)
    order = np.lexsort((balance, unknown, content))
    return order, runs(changes(content[order], balance[order], unknown[order]))


def with_first(same: pl.DataFrame) -> pl.DataFrame:
    """Lines of `alike` with the address of the first of their content, `count` of its lines, and
    their position `at` among them."""
    held = runs(changes(same["content"].to_numpy()))
    told = _with_other(same, np.arange(same.height), held.start)
    return told.with_columns(count=pl.Series(held.size), at=pl.Series(held.at))


def _with_other(same: pl.DataFrame, rows: Ints, others: Ints) -> pl.DataFrame:
    other = same.select(pl.col(name).alias(f"other_{name}") for name in ADDRESS)
    return pl.concat([same[rows], other[others]], how="horizontal")


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
