"""Books: the lines of one account in one currency, which are judged together."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.recognizers.statements.once import once

Ints = NDArray[np.int64]

SOME = 100_000
"""Lines that show well enough whether all stand in runs."""
ADDRESS = ("file", "sheet", "line")
"""Where a line stands: unlike its row, it stays when lines are shuffled, and no two have one."""
NO_PERIODS = pl.DataFrame(
    schema={"account": pl.String, "start": pl.Datetime("us"), "end": pl.Datetime("us")}
)


def book_codes(lines: pl.DataFrame) -> Ints:
    """The number of each line's book, from 0 without a gap.

    A book is an account and a currency: balances of two currencies do not add up, nor do their
    amounts. Lines of one account are those with the same name, from however many files: a statement
    often comes in parts. Lines whose file names no account belong to a book of that file and sheet.

    O(n) in any order of lines. Not to be written to: rules that are asked together share it.
    """
    return once(_book_codes, lines)


def _book_codes(lines: pl.DataFrame) -> Ints:
    keys = lines.select("account", "currency", "file", "sheet")
    numbers = _in_runs(keys)
    if numbers is None:
        numbers = _numbered(keys)
    numbers.flags.writeable = False
    return numbers


def _in_runs(keys: pl.DataFrame) -> Ints | None:
    """Where lines of a book mostly stand together, only the first of each run is looked up; None
    where they don't."""
    starts = np.zeros(len(keys), dtype=bool)
    for name in keys.columns:
        if 4 * np.count_nonzero(_changes(keys[name].head(SOME))) > SOME:
            return None
        starts |= _changes(keys[name])
    starts[:1] = True
    if 4 * np.count_nonzero(starts) > len(keys):
        return None
    numbers: Ints = _numbered(keys.filter(pl.Series(starts)))[np.cumsum(starts) - 1]
    return numbers


def _changes(column: pl.Series) -> NDArray[np.bool_]:
    """Whether each value is another than the one before."""
    return (column != column.shift(1)).fill_null(value=False).to_numpy()


def _numbered(keys: pl.DataFrame) -> Ints:
    """A number per book, from 0 without a gap."""
    numbers = _codes(keys["account"])
    nameless = (keys["account"] == "").to_numpy()
    parts = [] if _changes(keys["currency"]).sum() == 0 else [_codes(keys["currency"])]
    if nameless.any():
        parts += [np.where(nameless, keys["file"].to_numpy().astype(np.int64), 0)]
        parts += [np.where(nameless, _codes(keys["sheet"]), 0)]
    for part in parts:
        numbers = ranks(numbers * (int(part.max()) + 1) + part)
    return numbers


def ranks(numbers: Ints) -> Ints:
    """The rank of each among the distinct ones, from 0; `numbers` are not negative.

    O(n) where a table of as many places as the largest number is not too long, else by sorting.
    """
    size = int(numbers.max(initial=-1)) + 1
    if size > most_places(len(numbers)):
        return np.unique(numbers, return_inverse=True)[1]
    used = np.zeros(size, dtype=bool)
    used[numbers] = True
    found: Ints = (np.cumsum(used) - 1)[numbers]
    return found


def distinct(numbers: Ints) -> Ints:
    """The distinct ones, ascending; as for `ranks`."""
    size = int(numbers.max(initial=-1)) + 1
    if size > most_places(len(numbers)):
        return np.unique(numbers)
    used = np.zeros(size, dtype=bool)
    used[numbers] = True
    return np.flatnonzero(used)


def most_places(count: int) -> int:
    """How long a table may be that is kept for so many lines."""
    return 8 * count + 1_000_000


def _codes(texts: pl.Series) -> Ints:
    """A number per text, from 0. Its own categories: nothing is kept between questions."""
    categories = pl.Categorical(pl.Categories.random())
    return texts.cast(categories).to_physical().to_numpy().astype(np.int64)


def by_book_and_time(book: Ints, time: Ints) -> Ints:
    """Positions that sort lines by book and time; lines of equal time keep their order.

    `time` may be in any unit, days too.
    """
    if _ascending(book, time):
        return np.arange(len(book))
    since = time - time.min()
    if not np.any(since % MICROSECONDS):  # banks' clocks tick in seconds
        since //= MICROSECONDS
    span, lines = int(since.max()) + 1, len(book)
    keys = (int(book.max()) + 1) * span
    if keys * lines < 2**62:
        # Numbers are sorted several times as fast as positions by them: with the position in each.
        packed: Ints = (book * span + since) * lines + np.arange(lines)
        packed.sort()
        packed %= lines
        return packed
    if keys < 2**62:
        return np.argsort(book * span + since, kind="stable")
    return np.lexsort((time, book))


def _ascending(book: Ints, time: Ints) -> bool:
    same = book[1:] == book[:-1]
    return bool(np.all((book[1:] > book[:-1]) | (same & (time[1:] >= time[:-1]))))
