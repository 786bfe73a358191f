"""A rough reference for every trade: the nearest prints of others before it and after it.

It only decides which pairs are worth an exact reference, so three prints on each side do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.ledger.exact import Floats, Ints
from tradeglyph.recognizers.ledger.trades import NOBODY, Columns

NEAREST = 3
TRIES = 64
"""So many prints of the trade's own parties are stepped over before the search is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rough:
    """Per trade: medians of the nearest prints; NaN where there are none."""

    before: Floats
    after: Floats
    both: Floats
    """The nearer side weighs more, as on a line between the two."""
    distance: Floats
    """Microseconds over which a walk would spread as much as the price may have between trade and
    `both`: b * a / (b + a) for prints b before and a after (Brownian bridge); NaN without."""
    lost: NDArray[np.bool_]
    """The search was given up among prints of the trade's own parties."""


def rough(trades: Columns, independent: NDArray[np.bool_], farthest: int) -> Rough:
    """References from the trades that are `independent`, at most `farthest` microseconds away."""
    prints = trades.take(np.flatnonzero(independent))
    through = np.cumsum(independent, dtype=np.int64)
    passed = through - independent
    before, ago, gave_up = _side(trades, prints, np.asarray(passed - 1), -1, farthest)
    after, ahead, gave_up_after = _side(trades, prints, through, 1, farthest)
    weight = (ahead + 1) / (ago + ahead + 2)
    both, distance = weight * before + (1 - weight) * after, weight * ago
    for missing, price, away in (
        (np.isnan(before), after, ahead),
        (np.isnan(after), before, ago),
    ):
        both = np.where(missing, price, both)
        distance = np.where(missing, away, distance)
    return Rough(
        before=before, after=after, both=both, distance=distance, lost=gave_up | gave_up_after
    )


def _side(
    trades: Columns, prints: Columns, at: Ints, step: int, farthest: int
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Price of the side, how far away in time its last print is, and where it was given up."""
    found = []
    lost = np.zeros(len(trades), dtype=bool)
    distance = np.full(len(trades), np.nan)
    for _ in range(NEAREST):
        usable = _skip_own(trades, prints, at, step, farthest)
        lost |= usable < 0
        taken = np.full(len(trades), np.nan)
        good = np.flatnonzero(usable > 0)
        taken[good] = prints.price[at[good]]
        distance[good] = np.abs(prints.time[at[good]] - trades.time[good])
        found.append(taken)
        at += step
    return _median(*found), distance, lost


def _skip_own(
    trades: Columns, prints: Columns, at: Ints, step: int, farthest: int
) -> NDArray[np.int8]:
    """Moves `at` to the next print of others. 1 where there is one, 0 not, -1 given up."""
    usable = np.zeros(len(at), dtype=np.int8)
    if not len(prints):
        return usable
    near, own = _look(trades, slice(None), prints, at, farthest)
    usable[near & ~own] = 1
    todo, tried = np.flatnonzero(own), 0
    while len(todo) and tried < TRIES:
        # Few have many of their own in a row: they look further ahead at once.
        ahead = step * np.arange(1, max(min(tried, TRIES - tried), 1) + 1)
        near, own = _look(trades, todo[:, None], prints, at[todo][:, None] + ahead, farthest)
        first = np.where(own.all(axis=1), len(ahead) - 1, np.argmin(own, axis=1))
        at[todo] += ahead[first]
        one = np.arange(len(todo)), first
        usable[todo[near[one] & ~own[one]]] = 1
        todo, tried = todo[own[one]], tried + len(ahead)
    usable[todo] = -1
    return usable


def _look(
    trades: Columns, row: Ints | slice, prints: Columns, at: Ints, farthest: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which of the trades at `row` have a print near enough at `at`, and which of these took part
    in it."""
    where = at.clip(0, len(prints) - 1)
    near = (at == where) & (prints.symbol[where] == trades.symbol[row])
    near &= np.abs(prints.time[where] - trades.time[row]) <= farthest
    low, high = prints.low[where], prints.high[where]
    one, other = trades.low[row], trades.high[row]
    # `high` is always known in a print, and nobody is no party to both.
    own = (high == one) | (high == other)
    own |= (low != NOBODY) & ((low == one) | (low == other))
    return near, near & own


def _median(first: Floats, second: Floats, third: Floats) -> Floats:
    """Of those there are: a later one is missing where an earlier one is."""
    least, most = np.minimum(first, second), np.maximum(first, second)
    of_three = np.maximum(least, np.minimum(most, third))
    of_two = np.where(np.isnan(second), first, (first + second) / 2)
    return np.where(np.isnan(third), of_two, of_three)
