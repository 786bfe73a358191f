"""Independent reference prices: what everybody else paid around a trade.

The reference of a trade is the median, over accounts, of the median price of each account's
prints near the trade; the nearest half-width counts in which enough accounts printed. So an
account that prints a hundred times weighs as much as one that prints once, and fewer than half of
the accounts can't move it far (breakdown point of the median: Huber 1981, Robust Statistics).
Prints that the trade's own parties took part in never count, nor do those of its company: accounts
of one cluster of flows.
"""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.ledger.exact import QUARTERS, Floats, Ints
from tradeglyph.recognizers.ledger.trades import NOBODY, Columns

Choice = Literal["both", "before", "after"]
CHOICES: tuple[Choice, ...] = ("both", "before", "after")
NORMAL_MAD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""
_CHUNK = 1 << 21
"""Prints gathered at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """What needs a reference, one element each: a trade, or trades of one pair close together."""

    symbol: Ints
    first: Ints
    """Time of the first trade, microseconds UTC."""
    last: Ints
    low: Ints
    """The two accounts; `NOBODY` where there are none to shut out."""
    high: Ints

    def __len__(self) -> int:
        return len(self.first)

    def take(self, at: Ints) -> "Spans":
        """The spans at `at`, in that order."""
        return Spans(**{f.name: getattr(self, f.name)[at] for f in fields(Spans)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Numbers of groups of accounts whose prints don't count for each other; -1 for no group."""

    span: Ints
    """Per span."""
    low: Ints
    """Per print, of its low account; so is the next, of its high one."""
    high: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """One element per span."""

    quarters: Ints
    """In quarters of a price unit; 0 where there is none."""
    known: NDArray[np.bool_]
    spread: Floats
    """Robust standard deviation of the accounts' medians, in price units; NaN without."""


def references(
    spans: Spans,
    prints: Columns,
    choice: Choice,
    *,
    half_widths: tuple[int, ...],
    accounts: int,
    company: Company | None = None,
) -> References:
    """References from `prints`, which are sorted by symbol, then time.

    Args:
        choice: prints on both sides of the span and inside it; up to its first trade; from its
            last trade on.
        half_widths: how far to look, microseconds, ascending.
        accounts: how many accounts a reference needs.
        company: whose prints don't count, beside those of a span's own accounts.
    """
    found = References(
        quarters=np.zeros(len(spans), dtype=np.int64),
        known=np.zeros(len(spans), dtype=bool),
        spread=np.full(len(spans), np.nan),
    )
    bounds = _Bounds.of(prints)
    todo = np.arange(len(spans))
    for width in half_widths:
        if not len(todo):
            break
        since = spans.last[todo] if choice == "after" else spans.first[todo] - width
        until = spans.first[todo] if choice == "before" else spans.last[todo] + width
        first, last = bounds.between(spans.symbol[todo], since, until)
        # A print has two accounts at most, so fewer prints than this can't do.
        worth = 2 * (last - first) >= accounts
        for part in _chunks(np.flatnonzero(worth), last - first):
            _settle(found, spans, prints, todo[part], first[part], last[part], accounts, company)
        todo = todo[~found.known[todo]]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """Finds the prints of a symbol between two instants."""

    key: Ints
    begin: int
    span: int

    @classmethod
    def of(cls, prints: Columns) -> "_Bounds":
        begin, end = (int(prints.time.min()), int(prints.time.max())) if len(prints) else (0, 0)
        span = end - begin + 2
        return cls(key=prints.symbol * span + (prints.time - begin), begin=begin, span=span)

    def between(self, symbol: Ints, since: Ints, until: Ints) -> tuple[Ints, Ints]:
        """First print at or after `since`, and first one after `until`."""
        base = symbol * self.span
        since = (since - self.begin).clip(0, self.span - 1)
        until = (until - self.begin).clip(-1, self.span - 2)
        first = np.searchsorted(self.key, base + since, side="left")
        last = np.searchsorted(self.key, base + until, side="right")
        return first, np.maximum(last, first)


def _chunks(at: Ints, size: Ints) -> list[Ints]:
    """Positions in groups of about `_CHUNK` prints."""
    if not len(at):
        return []
    number = np.cumsum(size[at]) // _CHUNK
    return np.split(at, np.flatnonzero(np.diff(number)) + 1)


def _settle(
    found: References,
    spans: Spans,
    prints: Columns,
    at: Ints,
    first: Ints,
    last: Ints,
    accounts: int,
    company: Company | None,
) -> None:
    """Writes into `found` the trades `at` that have enough accounts in their prints."""
    span, account, units = _observed(spans, prints, at, first, last, company)
    span, median = _account_medians(span, account, units, len(prints) and _accounts(prints))
    count = np.bincount(span, minlength=len(at))
    enough = count >= accounts
    keep = enough[span]
    span, median = span[keep], median[keep]
    settled = at[enough]
    centre = _middle(span, median)  # halves and halves of it: quarters
    found.quarters[settled] = centre
    found.known[settled] = True
    away = np.abs(2 * median - np.repeat(centre, count[enough]))
    found.spread[settled] = NORMAL_MAD * _middle(span, away) / (2 * QUARTERS)


def _observed(
    spans: Spans, prints: Columns, at: Ints, first: Ints, last: Ints, company: Company | None
) -> tuple[Ints, Ints, Ints]:
    """Number of the span in `at`, account and price of every account's print that counts."""
    size = last - first
    span = np.repeat(np.arange(len(at)), size)
    nth = np.arange(len(span)) - np.repeat(np.cumsum(size) - size, size)
    row = np.repeat(first, size) + nth
    low, high = prints.low[row], prints.high[row]
    own_low, own_high = spans.low[at][span], spans.high[at][span]
    others = (high != own_low) & (high != own_high)
    others &= (low == NOBODY) | ((low != own_low) & (low != own_high))
    if company is not None:
        own = company.span[at][span]
        with_it = (company.low[row] == own) | (company.high[row] == own)
        others &= (own < 0) | ~with_it
    span, row, low, high = span[others], row[others], low[others], high[others]
    known = low != NOBODY
    units = prints.units[row]
    return (
        np.concatenate([span[known], span]),
        np.concatenate([low[known], high]),
        np.concatenate([units[known], units]),
    )


def _accounts(prints: Columns) -> int:
    return int(prints.high.max()) + 1


def _account_medians(span: Ints, account: Ints, units: Ints, accounts: int) -> tuple[Ints, Ints]:
    """Twice the median price of every account near every span, by span ascending."""
    key = span * max(accounts, 1) + account
    order = np.lexsort((units, key))
    key, units = key[order], units[order]
    median = _middle(key, units, ordered=True)
    head = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else key
    return span[order][head], median


def _middle(group: Ints, values: Ints, *, ordered: bool = False) -> Ints:
    """Twice the median of each group's values; `group` ascending."""
    if not len(group):
        return np.zeros(0, dtype=np.int64)
    if not ordered:
        values = values[np.lexsort((values, group))]
    head = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    count = np.diff(np.append(head, len(group)))
    return np.asarray(values[head + (count - 1) // 2] + values[head + count // 2])
