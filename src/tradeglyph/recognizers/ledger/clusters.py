"""Rings: small groups of accounts that trade mostly with each other, in a market full of others.

A thief and a victim are a ring of two; mules that print the market around them make it larger.
Prints of a ring say nothing about a price. What a ring is not: a market of few accounts, where
everybody meets everybody by chance; a market maker with its clients, who mostly trade with it
while it trades with many others; accounts that traded once.

Two accounts are bound where each spends much of its trades on the other and on those whom the
other meets (structural similarity: Xu, Yuruk, Feng, Schweiger 2007, "SCAN", KDD), far more than
by chance (the configuration model of modularity: Newman 2006, PNAS 103). Bound accounts are a ring
if most of what each trades, in trades and in quantity, stays among them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.ledger.exact import Floats, Ints
from tradeglyph.recognizers.ledger.trades import Pairs

LEAST_EDGE = 0.05
LEAST_EDGE_BACK = 0.02
"""An edge counts where it is at least these shares of the trades of its less and its more active
end, so that the many meetings by chance of a busy market count for nothing and cost nothing."""
BOUND = 0.4
"""Share of an account's trades with a neighbour and the neighbour's neighbours."""
CHANCE_ODDS = 4.0
"""The odds of trading there are so many times what chance gives."""
INSIDE = 0.5
LEAST_TRADES = 2
"""An account with a single trade has just one partner whatever it is."""

NO_RING = -1

_MIXER = np.uint64(11400714819323198485)
"""Spreads neighbouring numbers over the high bits (Fibonacci hashing); it wraps around."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What the pairs and nodes did in a look-back: trades and quantity."""

    pair_trades: Floats
    pair_quantity: Floats
    node_trades: Floats
    node_quantity: Floats
    symbol_trades: Floats
    """Per node: trades in its symbol, twice (both sides)."""


def activity(pairs: Pairs, trades: Floats, quantity: Floats) -> Activity:
    """Sums per node and symbol of the trades and the quantity of each pair."""
    by_symbol = 2.0 * np.bincount(pairs.symbol, trades, minlength=1)
    node_symbol = np.zeros(pairs.nodes, dtype=np.int64)
    node_symbol[pairs.low_node] = pairs.symbol
    node_symbol[pairs.high_node] = pairs.symbol
    return Activity(
        pair_trades=trades,
        pair_quantity=quantity,
        node_trades=_per_node(pairs, trades),
        node_quantity=_per_node(pairs, quantity),
        symbol_trades=np.asarray(by_symbol[node_symbol]),
    )


def by_chance(pairs: Pairs, active: Activity, which: Ints | slice = slice(None)) -> Floats:
    """Trades of the pairs at `which` to expect if everybody met at random (configuration model)."""
    low, high = pairs.low_node[which], pairs.high_node[which]
    both = active.node_trades[low] * active.node_trades[high]
    return np.asarray(both / np.maximum(active.symbol_trades[low], 1.0))


def rings(pairs: Pairs, active: Activity) -> Ints:
    """Shape (nodes,): number of the ring that each node belongs to, from 0; -1 for none."""
    met = np.flatnonzero(pairs.met & (active.pair_trades > 0))
    edge = _bound(pairs, active, met[_strong(pairs, active, met)])
    label = np.full(pairs.nodes, NO_RING, dtype=np.int64)
    while len(edge):
        label = _labels(pairs, edge)
        stays = _closed(pairs, active, met, label)
        both = stays[pairs.low_node[edge]] & stays[pairs.high_node[edge]]
        if both.all():
            break
        edge = edge[both]
        label[:] = NO_RING
    return label


def components(nodes: int, one: Ints, other: Ints) -> Ints:
    """Shape (nodes,): the least node that each node is connected to by the edges."""
    label = np.arange(nodes)
    while True:
        least = np.minimum(label[one], label[other])
        new = label.copy()
        np.minimum.at(new, label[one], least)
        np.minimum.at(new, label[other], least)
        new = new[new]
        if np.array_equal(new, label):
            return label
        label = new


def _per_node(pairs: Pairs, values: Floats) -> Floats:
    total = np.bincount(pairs.high_node, values, minlength=pairs.nodes)
    # A trade with oneself is one node's, once for each of its sides, as all others are.
    return np.asarray(total + np.bincount(pairs.low_node, values, minlength=pairs.nodes))


def _strong(pairs: Pairs, active: Activity, met: Ints) -> NDArray[np.bool_]:
    low, high = (active.node_trades[node[met]] for node in (pairs.low_node, pairs.high_node))
    least = np.maximum(LEAST_EDGE * np.minimum(low, high), LEAST_EDGE_BACK * np.maximum(low, high))
    enough = active.pair_trades[met] >= least
    return np.asarray(enough & (np.minimum(low, high) >= LEAST_TRADES))


def _bound(pairs: Pairs, active: Activity, edge: Ints) -> Ints:
    """The strong edges whose ends are bound to each other."""
    low, high = pairs.low_node[edge], pairs.high_node[edge]
    graph = _Graph.of(low, high, active.pair_trades[edge], pairs.nodes)
    direct = active.pair_trades[edge]
    with_low, with_high = graph.shared(low, high, direct)
    met = active.node_trades[graph.neighbour]
    around = np.bincount(graph.owner, met, minlength=pairs.nodes).astype(np.float64)
    drawn = _drawn(active, around, low, high, direct + with_low)
    return edge[drawn & _drawn(active, around, high, low, direct + with_high)]


def _drawn(
    active: Activity, around: Floats, one: Ints, other: Ints, there: Floats
) -> NDArray[np.bool_]:
    """Whether node `one`'s trades `there`, with `other` and its neighbours, are beyond chance."""
    own = active.node_trades[one]
    share = there / own
    # `around` holds `one` itself, which can't meet itself by chance.
    chance = (active.node_trades[other] + around[other] - own) / (active.symbol_trades[one] - own)
    return np.asarray((share > BOUND) & (odds(share) > CHANCE_ODDS * odds(chance)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Graph:
    """Neighbours of every node in compressed rows, with the trades on each edge."""

    offset: Ints
    owner: Ints
    neighbour: Ints
    trades: Floats
    sketch: NDArray[np.uint64]
    """Per node, one of 64 bits for each of its neighbours: tells quickly who is none."""

    @classmethod
    def of(cls, low: Ints, high: Ints, trades: Floats, nodes: int) -> "_Graph":
        order = np.argsort(np.concatenate([low, high]), kind="stable")
        owner = np.concatenate([low, high])[order]
        neighbour = np.concatenate([high, low])[order]
        head = np.flatnonzero(np.append(owner[:1] >= 0, owner[1:] != owner[:-1]))
        sketch = np.zeros(nodes, dtype=np.uint64)
        sketch[owner[head]] = np.bitwise_or.reduceat(_bit(neighbour), head) if len(head) else 0
        return cls(
            offset=np.append(0, np.cumsum(np.bincount(owner, minlength=nodes))),
            owner=owner,
            neighbour=neighbour,
            trades=np.tile(trades, 2)[order],
            sketch=sketch,
        )

    def shared(self, low: Ints, high: Ints, trades: Floats) -> tuple[Floats, Floats]:
        """Per edge: the trades of `low`, and of `high`, with the neighbours of both.

        The edges are those of the graph, sorted by `low`, then `high`.
        """
        degree = np.diff(self.offset)
        turned = degree[low] > degree[high]
        few, many = np.where(turned, high, low), np.where(turned, low, high)
        maybe = np.flatnonzero(self.sketch[few] & self.sketch[many])
        of, at = _spread(self.offset[few[maybe]], degree[few[maybe]])
        edge = maybe[of]
        maybe = np.flatnonzero(_bit(self.neighbour[at]) & self.sketch[many[edge]])
        edge, at = edge[maybe], at[maybe]
        found, exists = _position(low, high, many[edge], self.neighbour[at], len(self.sketch))
        edge, at, found = edge[exists], at[exists], found[exists]
        of_few = np.bincount(edge, self.trades[at], minlength=len(low))
        of_many = np.bincount(edge, trades[found], minlength=len(low))
        return np.where(turned, of_many, of_few), np.where(turned, of_few, of_many)


def _bit(node: Ints) -> NDArray[np.uint64]:
    return np.asarray(np.uint64(1) << (node.astype(np.uint64) * _MIXER >> np.uint64(58)))


def _position(
    low: Ints, high: Ints, one: Ints, other: Ints, nodes: int
) -> tuple[Ints, NDArray[np.bool_]]:
    """Where the edges between `one` and `other` stand among the sorted edges, and which exist."""
    key = low * nodes + high
    wanted = np.minimum(one, other) * nodes + np.maximum(one, other)
    at = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
    return at, np.asarray(key[at] == wanted)


def _spread(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """For ranges of `count` positions from `first` on: number of the range, and position."""
    of = np.repeat(np.arange(len(first)), count)
    return of, np.arange(len(of)) + np.repeat(first - (np.cumsum(count) - count), count)


def odds(share: Floats) -> Floats:
    """Shape of `share`, 0 to 1: how many times likelier it is than not."""
    return np.asarray(share / np.maximum(1.0 - share, 1e-9))


def _labels(pairs: Pairs, edge: Ints) -> Ints:
    """Components of the edges, numbered from 0; -1 for nodes without an edge."""
    low, high = pairs.low_node[edge], pairs.high_node[edge]
    names, dense = np.unique(np.concatenate([low, high]), return_inverse=True)
    root = components(len(names), dense[: len(edge)], dense[len(edge) :])
    label = np.full(pairs.nodes, NO_RING, dtype=np.int64)
    label[names] = np.unique(root, return_inverse=True)[1]
    return label


def _closed(pairs: Pairs, active: Activity, met: Ints, label: Ints) -> NDArray[np.bool_]:
    """Nodes of which most stays inside their group, in groups more closed than by chance."""
    low, high = label[pairs.low_node[met]], label[pairs.high_node[met]]
    within = met[(low == high) & (low != NO_RING)]
    trades, quantity = (
        _inside(pairs, within, values) for values in (active.pair_trades, active.pair_quantity)
    )
    member = (trades > INSIDE * active.node_trades) & (label != NO_RING)
    member &= quantity >= INSIDE * active.node_quantity
    groups = int(label.max(initial=-1)) + 1
    at = np.flatnonzero(label != NO_RING)
    own = np.bincount(label[at], active.node_trades[at], minlength=groups)
    kept = np.bincount(label[at], trades[at], minlength=groups)
    market = np.zeros(groups)
    market[label[at]] = active.symbol_trades[at]
    exceptional = odds(kept / own) > CHANCE_ODDS * odds(own / market)
    return np.asarray(member & exceptional[label])


def _inside(pairs: Pairs, within: Ints, values: Floats) -> Floats:
    ends = np.concatenate([pairs.low_node[within], pairs.high_node[within]])
    return np.asarray(np.bincount(ends, np.tile(values[within], 2), minlength=pairs.nodes))
