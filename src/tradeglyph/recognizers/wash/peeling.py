"""Volume matching: how many of a group's first trades leave every position where it was.

Victor & Weintraud 2021 take the trades of a set and window in order of time and remove the last
one until every account's net position is at most a margin of the mean trade size. Here all groups
are looked at together. The sum of squared positions after each trade follows from the one before
by the two accounts that traded, so it is a running sum; where it is small enough for all positions
to be closed, which is rare, the positions themselves are counted.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.groups import numbered

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NOISE = 1e-9
"""Positions in mean trade sizes that are float noise of sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Trades of g groups (a set of accounts in a window), sorted by group, then time."""

    group: Ints
    """Along the trades, from 0, every number in use."""
    buyer: NDArray[np.int32]
    seller: NDArray[np.int32]
    quantity: Floats
    size: Ints
    """Along the groups: accounts of the set."""


def closed_trades(groups: Groups, margin: float, least: int) -> Ints:
    """Per group: how many of its trades remain when the last ones are peeled off until every net
    position is at most `margin` times the mean size of what remains; 0 where fewer than `least`
    would.
    """
    count = np.bincount(groups.group, minlength=len(groups.size))
    head = np.cumsum(count) - count
    ordinal = np.arange(len(groups.group)) - head[groups.group]
    # In mean trade sizes, so that groups of tokens and of coins share one running sum.
    mean = np.bincount(groups.group, groups.quantity, minlength=len(count)) / np.maximum(count, 1)
    part = groups.quantity / mean[groups.group]
    running = np.cumsum(part)
    so_far = running - (running - part)[head[groups.group]]
    allowed = margin * so_far / (ordinal + 1) + _NOISE
    squares, doubt = _squares(groups, part, head)
    possible = squares <= groups.size[groups.group] * allowed**2 + doubt
    possible &= ordinal + 1 >= least
    kept = np.zeros(len(count), dtype=np.int64)
    for at in np.flatnonzero(possible)[::-1]:  # longest first within a group
        group = groups.group[at]
        if kept[group] == 0 and _largest(groups, part, head[group], at) <= allowed[at]:
            kept[group] = ordinal[at] + 1
    return kept


def _squares(groups: Groups, part: Floats, head: Ints) -> tuple[Floats, float]:
    """After each trade the sum of squared positions of its group, and how far it may be off."""
    trades = len(part)
    delta = np.concatenate([part, -part])
    group, trade = np.tile(groups.group, 2), np.tile(np.arange(trades), 2)
    position, first = numbered(group, np.concatenate([groups.buyer, groups.seller]))
    order = np.lexsort((trade, position))
    running = np.cumsum(delta[order])
    # Every account starts from 0: what ran up before its first trade is not its own.
    starts = np.searchsorted(position[order], np.arange(len(first)))
    base = (running - delta[order])[starts]
    before = np.empty(2 * trades)
    before[order] = running - delta[order] - base[position[order]]
    change = 2 * part * (before[:trades] - before[trades:]) + 2 * part**2
    total = np.cumsum(change)
    squares = total - (total - change)[head[groups.group]]
    return squares, 1e-12 * float(np.abs(total).max(initial=0.0))


def _largest(groups: Groups, part: Floats, first: int, last: int) -> float:
    """The largest net position after the trades `first` to `last`, counted anew."""
    inside = slice(int(first), int(last) + 1)
    both = np.concatenate([groups.buyer[inside], groups.seller[inside]])
    _, account = np.unique(both, return_inverse=True)
    delta = np.concatenate([part[inside], -part[inside]])
    return float(np.abs(np.bincount(account, delta)).max())
