"""Control totals: what a file says that its lines come to, against the lines that were read."""

from collections.abc import Iterator, Sequence

import polars as pl

from tradeglyph.domain.statements import IN, NEUTRAL, OUT
from tradeglyph.statements.facts import Total
from tradeglyph.statements.summary import Notice
from tradeglyph.statements.texts import control_count, control_sum

_WAYS = {"in": IN, "out": OUT, "neutral": NEUTRAL}


def check_totals(
    lines: pl.DataFrame, totals: Sequence[Total], breaks: Sequence[int]
) -> Iterator[Notice]:
    """Notices of totals that agree with no part of the lines that they may speak of.

    `lines` has `row`, `direction`, `amount`, `currency` and, of one grid, all lines. `breaks` are
    rows where another account or heading line begins. A total above lines speaks of those up to
    the next break, one below of those since the last break or since the last page's total, and
    either may speak of all.
    """
    last_page = -1
    for total in totals:
        scopes = list(_scopes(lines, total, breaks, last_page))
        if total.page:
            last_page = total.row
        if not scopes:
            continue
        yield from _compared(scopes, total)


def _compared(scopes: Sequence[pl.DataFrame], total: Total) -> Iterator[Notice]:
    if total.count is not None:
        counts = [scope.height for scope in scopes]
        if total.count not in counts:
            yield control_count(total.said, total.count, counts[0])
    if total.minor is not None and scopes[0]["currency"].n_unique() <= 1:
        sums = [int(scope["amount"].sum()) for scope in scopes]
        if abs(total.minor) not in sums:
            yield control_sum(total.said, abs(total.minor), sums[0])


def _scopes(
    lines: pl.DataFrame, total: Total, breaks: Sequence[int], last_page: int
) -> Iterator[pl.DataFrame]:
    """The parts of the lines that a total may speak of, the likeliest first."""
    row = pl.col("row")
    side = pl.lit(value=True) if total.side == "all" else pl.col("direction") == _WAYS[total.side]
    if total.currency is not None:
        side &= pl.col("currency") == total.currency
    lines = lines.filter(side).with_columns(taken=pl.lit(value=True))
    before = [at for at in breaks if at <= total.row]
    after = [at for at in breaks if at > total.row]
    start = before[-1] if before else 0
    below = lines.filter(row > total.row)
    above = lines.filter((row < total.row) & (row >= start))
    if total.page:
        yield lines.filter((row < total.row) & (row > max(last_page, start)))
    if total.above_all:
        # The heading line that follows is the first break; the next ends what is spoken of.
        yield below.filter(row < after[1]) if len(after) > 1 else below
        yield lines
    else:
        yield above
        yield lines.filter(row < total.row)
        yield below.filter(row < after[0]) if after else below
    yield lines
