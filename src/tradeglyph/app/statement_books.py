"""The accounts of some statements with their sums, those with findings first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.recognizers import Severity
from tradeglyph.domain.statements import IN, NEUTRAL, OUT
from tradeglyph.drawing.statement_records import Book, Counted
from tradeglyph.recognizers.statements.ask import Answer
from tradeglyph.recognizers.statements.books import book_codes
from tradeglyph.statements.read import Statements

Ints = NDArray[np.int64]

GRAVITY = {Severity.HIGH.value: 0, Severity.MEDIUM.value: 1, Severity.LOW.value: 2}
"""Gravest first."""
NAMES = tuple(GRAVITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Lines by book, each book's in the order of the files."""

    book: Ints
    """The book of each line."""
    order: Ints
    """Rows, book after book."""
    place: Ints
    """Where each row stands in `order`."""
    starts: Ints
    """Where each book begins in `order`, and the end."""

    @classmethod
    def of(cls, lines: pl.DataFrame) -> "Shelf":
        """Sorts the lines."""
        book = book_codes(lines)
        order = np.argsort(book, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        starts = np.searchsorted(book[order], np.arange(int(book.max(initial=-1)) + 2))
        return cls(book=book, order=order, place=place, starts=starts)

    def rows(self, book: int) -> Ints:
        """Of one book."""
        return self.order[self.starts[book] : self.starts[book + 1]]

    def around(self, row: int, count: int) -> range:
        """Places of up to so many lines before and after one, of its book, and of itself."""
        at, book = int(self.place[row]), int(self.book[row])
        return range(
            max(at - count, int(self.starts[book])),
            min(at + count + 1, int(self.starts[book + 1])),
        )


def found_lines(answers: Sequence[Answer]) -> pl.DataFrame:
    """Every finding of every answer.

    `row`; `gravity`, 0 for the gravest; `answer` and `at`, where it stands; `of`, the same number
    for those of one period of an answer, another for each that has none; `answer` and `of` are
    Int64.
    """
    frames = [
        findings.select(
            "row",
            pl.col("severity").replace_strict(GRAVITY, default=2, return_dtype=pl.Int8)
            .alias("gravity"),
            pl.lit(number, dtype=pl.Int64).alias("answer"),
            pl.int_range(pl.len(), dtype=pl.Int64).alias("at"),
            pl.when(pl.col("period").is_null())
            .then(-1 - pl.int_range(pl.len(), dtype=pl.Int64))
            .otherwise(pl.col("period").cast(pl.Int64))
            .alias("of"),
        )
        for number, answer in enumerate(answers)
        if (findings := answer.findings) is not None
    ]  # fmt: skip
    empty = pl.DataFrame(schema=_FOUND)
    return pl.concat([empty, *(one.cast(dict(_FOUND)) for one in frames)])  # type: ignore[arg-type]


_FOUND = pl.Schema(
    {"row": pl.UInt32(), "gravity": pl.Int8(), "answer": pl.Int64(), "at": pl.Int64(),
     "of": pl.Int64()}
)  # fmt: skip


def counted(gravity: pl.Series) -> Counted:
    """Of lines' gravities."""
    counts = dict(gravity.value_counts().iter_rows())
    return Counted(**{name: counts.get(number, 0) for name, number in GRAVITY.items()})


def books(read: Statements, shelf: Shelf, found: pl.DataFrame) -> list[tuple[int, Book]]:
    """All books with their numbers: by lines of high severity, then medium, then low, then in the
    order of the files."""
    sums = _sums(read.lines, shelf).join(_found(found, shelf), on="book", how="left")
    sums = sums.with_columns(pl.col(NAMES).fill_null(0))
    sums = sums.sort(*NAMES, "book", descending=[True, True, True, False])
    return [(row["book"], _book(row, read)) for row in sums.iter_rows(named=True)]


def _sums(lines: pl.DataFrame, shelf: Shelf) -> pl.DataFrame:
    direction, amount = pl.col("direction"), pl.col("amount")
    return (
        lines.lazy()
        .with_columns(book=pl.Series(shelf.book))
        .group_by("book")
        .agg(
            pl.col("account", "currency", "file", "sheet").first(),
            lines=pl.len(),
            neutral=(direction == NEUTRAL).sum(),
            inflow=amount.filter(direction == IN).sum(),
            outflow=amount.filter(direction == OUT).sum(),
            first=pl.col("time").min(),
            last=pl.col("time").max(),
        )
        .collect()
    )


def _found(found: pl.DataFrame, shelf: Shelf) -> pl.DataFrame:
    lines = found.group_by("row").agg(pl.col("gravity").min())
    return (
        lines.with_columns(book=pl.Series(shelf.book[lines["row"].to_numpy()], dtype=pl.Int64))
        .group_by("book")
        .agg(**{name: (pl.col("gravity") == number).sum() for name, number in GRAVITY.items()})
    )


def _book(row: dict[str, object], read: Statements) -> Book:
    file = read.files[row["file"]]  # type: ignore[call-overload]
    return Book(
        place="" if row["account"] else " ".join(filter(None, [file.path, str(row["sheet"])])),
        found=Counted(**{name: row[name] for name in NAMES}),  # type: ignore[arg-type]
        **{name: row[name] for name in _COPIED},  # type: ignore[arg-type]
    )


_COPIED = ("account", "currency", "lines", "neutral", "inflow", "outflow", "first", "last")
