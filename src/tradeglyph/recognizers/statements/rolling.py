"""Crowds of lines that a fixed hour cuts in two: any stretch of time of one length."""

import numpy as np
import polars as pl


def crowds(lines: pl.DataFrame, *, width_us: int, threshold: int) -> pl.DataFrame:
    """The lines that lie with more than `threshold` lines of one book in some window.

    A window is [t, t + `width_us`), so that sixty minutes hold 10:00:00 to 10:59:59 as an hour
    does. Windows that share a line are one crowd, which may so be longer than one window.

    Args:
        lines: `row`, `book` and `us` of `clocked`.

    Returns: `row`, `span` (Int64, number of the crowd), `start` and `end` of the crowd in us
    (its first line's time, and 1 us after its last one's), `peak` (lines of its fullest window).
    O(n log n), whatever the windows hold.
    """
    ordered = lines.select("row", "book", "us").sort("book", "us")
    us = ordered["us"].to_numpy()
    place = _places(ordered["book"].to_numpy(), us, width_us)
    fuller = place[threshold:]
    starts = np.flatnonzero(fuller - place[: len(fuller)] < width_us)
    ends = np.searchsorted(place, place[starts] + width_us)
    first = np.flatnonzero(np.append(True, starts[1:] >= ends[:-1])[: len(starts)])
    begin, stop = starts[first], np.append(ends[first[1:] - 1], ends[-1:])
    peak = np.maximum.reduceat(ends - starts, first) if len(first) else first
    span = np.repeat(np.arange(len(first)), stop - begin)
    offset = np.append(0, np.cumsum(stop - begin))
    at = np.arange(len(span)) - offset[span] + begin[span]
    return pl.DataFrame(
        {
            "row": ordered["row"].gather(at),
            "span": span,
            "start": us[begin][span],
            "end": us[stop - 1][span] + 1,
            "peak": peak[span].astype(np.uint32),
        }
    )


def _places(
    book: np.ndarray[tuple[int], np.dtype[np.int64]],
    us: np.ndarray[tuple[int], np.dtype[np.int64]],
    width_us: int,
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """One axis for all books: what is a window or more apart, or another's, is one apart."""
    gap = np.minimum(np.diff(us), width_us)
    gap[np.diff(book) != 0] = width_us
    return np.append(0, np.cumsum(gap))
