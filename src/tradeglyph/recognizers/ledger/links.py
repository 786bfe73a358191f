"""The cluster of a pair: its two accounts, their rings, and the rings that work around them.

A ring of three or more belongs to a pair if one of the two trades with it more than by chance, or
if it prints around most of the pair's trades and a good part of its own prints are there: mules
that move the market beside a transfer need not trade with the pair, but they are there for it. A
ring that prints all day long is near every pair and works for none.
"""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.ledger.clusters import (
    CHANCE_ODDS,
    LEAST_EDGE,
    LEAST_TRADES,
    NO_RING,
    Activity,
    odds,
)
from tradeglyph.recognizers.ledger.exact import Ints
from tradeglyph.recognizers.ledger.settings import MINUTE_US
from tradeglyph.recognizers.ledger.trades import Columns, Pairs, Rows

AROUND_US = 5 * MINUTE_US
MOST = 0.5
"""Share of a pair's trades that the ring prints around ..."""
PART = 0.2
"""... and share of the ring's prints that are there: one in five, since it may serve several."""
LEAST_RING = 3
"""Two accounts that trade with each other elsewhere are a pair of their own."""


def cluster_sizes(
    pairs: Pairs,
    active: Activity,
    ring: Ints,
    chosen: Ints,
    trades: Columns,
    pair: Ints,
    rows: Rows,
) -> Ints:
    """Accounts in the cluster of each of the `chosen` pairs.

    Args:
        ring: ring of every node, -1 for none.
        chosen: pair numbers, ascending.
        trades: all trades, with the number of the `pair` of each.
        rows: those of the look-back.
    """
    size = np.bincount(ring[ring != NO_RING])
    low, high = ring[pairs.low_node[chosen]], ring[pairs.high_node[chosen]]
    links = [_own(low), _own(high)]
    if (size >= LEAST_RING).any():
        large = np.append(size >= LEAST_RING, False)
        met = _acquainted(pairs, active, ring, large)
        links += [_through(met, pairs.low_node[chosen]), _through(met, pairs.high_node[chosen])]
        links += _around(pairs, ring, size, chosen, trades.take(rows), pair[rows])
    return _counted(np.concatenate(links), low, high, size)


def _counted(links: Ints, low: Ints, high: Ints, size: Ints) -> Ints:
    """Accounts of the different rings linked to each pair, and of the pair where in none."""
    linked = np.unique(links, axis=0)
    alone = np.asarray((low == NO_RING).astype(np.int64) + (high == NO_RING))
    if not len(linked):
        return alone
    counts = np.bincount(linked[:, 0], size[linked[:, 1]], minlength=len(low))
    return np.asarray(alone + counts.astype(np.int64))


def _own(ring: Ints) -> Ints:
    at = np.flatnonzero(ring != NO_RING)
    return np.stack([at, ring[at]], axis=1)


def _acquainted(pairs: Pairs, active: Activity, ring: Ints, large: NDArray[np.bool_]) -> Ints:
    """Rows of (node, ring) for nodes outside that trade with a large ring, by node ascending."""
    at = np.flatnonzero(pairs.met & (active.pair_trades > 0))
    low, high = pairs.low_node[at], pairs.high_node[at]
    outside, inside = np.concatenate([low, high]), ring[np.concatenate([high, low])]
    trades = np.tile(active.pair_trades[at], 2)
    to_large = large[inside] & (ring[outside] != inside)
    outside, inside, trades = outside[to_large], inside[to_large], trades[to_large]
    rings = len(large)
    key, of = np.unique(outside * rings + inside, return_inverse=True)
    total = np.bincount(of, trades, minlength=len(key))
    node, met = key // rings, key % rings
    own, market = active.node_trades[node], active.symbol_trades[node]
    inner = np.flatnonzero(ring != NO_RING)
    of_ring = np.bincount(ring[inner], active.node_trades[inner], minlength=rings)
    enough = (total >= LEAST_EDGE * own) & (total >= LEAST_TRADES)
    enough &= odds(total / own) > CHANCE_ODDS * odds(of_ring[met] / market)
    return np.asarray(np.stack([node, met], axis=1)[enough])


def _through(met: Ints, node: Ints) -> Ints:
    """Rows of (position in `node`, ring)."""
    first = np.searchsorted(met[:, 0], node, side="left")
    count = np.searchsorted(met[:, 0], node, side="right") - first
    at = np.repeat(np.arange(len(node)), count)
    nth = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    return np.stack([at, met[np.repeat(first, count) + nth, 1]], axis=1)


def _around(
    pairs: Pairs, ring: Ints, size: Ints, chosen: Ints, trades: Columns, pair: Ints
) -> list[Ints]:
    """Rows of (position in `chosen`, ring) for large rings that print around most trades."""
    at = np.searchsorted(chosen, pair)
    at = np.where(np.append(chosen, -1)[at] == pair, at, -1)
    own = np.flatnonzero(at >= 0)
    total = np.bincount(at[own], minlength=len(chosen))
    of_pair = np.where(ring[pairs.low_node] == ring[pairs.high_node], ring[pairs.low_node], NO_RING)
    printed_by = of_pair[pair]
    found = []
    for number in np.flatnonzero(size >= LEAST_RING):  # rings are few
        prints = np.flatnonzero(printed_by == number)
        if not len(prints):
            continue
        here = own[trades.symbol[own] == trades.symbol[prints[0]]]
        near = _near(trades.time[here], trades.time[prints])
        hits = np.bincount(at[here[near]], minlength=len(chosen))
        around = np.flatnonzero((hits > 0) & (hits >= MOST * total))
        linked = [
            place
            for place in around.tolist()
            if _near(trades.time[prints], trades.time[own[at[own] == place]]).mean() >= PART
        ]
        found.append(np.stack([linked, np.full(len(linked), number)], axis=1).astype(np.int64))
    return found


def _near(time: Ints, prints: Ints) -> NDArray[np.bool_]:
    """Whether one of `prints`, ascending, lies within `AROUND_US` of each time."""
    first = np.searchsorted(prints, time - AROUND_US, side="left")
    return np.asarray(np.searchsorted(prints, time + AROUND_US, side="right") > first)
