"""Whether lines of one time can follow each other, balance to balance, and where they cannot.

A line leads from the balance before it (its balance without its amount) to its balance: an edge of
a directed graph whose vertices are balances. An order in which each line continues the one before
is a trail that uses every edge once. By Euler's theorem for directed graphs (Good 1946, "Normal
recurring decimals", J. London Math. Soc. 21) a connected graph has one exactly if at most one
vertex has one edge more out than in, at most one has one more in than out, and all others have as
many in as out; and the least number of trails that use all edges once is, in each connected part,
the sum of the surpluses of edges out over edges in, or 1 where there is none. So no order has to be
searched for: counting is enough.

Cost: two sorts of 2n balances and, for the parts, at most log2(n) rounds of O(n log n) steps in
numpy: O(n log^2 n) for n lines of any kind, without a loop over lines.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.statements.books import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Balances that a group's trails may start from, or end at, sorted by group and balance."""

    group: Ints
    low: Ints
    high: Ints
    """Balances of one vertex lie from `low` to `high`; equal without tolerance."""
    mark: Ints
    """Which trail: a vertex for an open one, beyond all vertices for a closed one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trails:
    """The fewest trails of each group."""

    count: Ints
    """Per group: 1 if there is an order that holds."""
    closed: NDArray[np.bool_]
    """Per group: whether its one trail ends where it starts, which may be at any of its balances;
    `starts` and `ends` then have them all."""
    starts: Ends
    ends: Ends
    first: Ints
    """Lines that start trails, by position: of a vertex with several lines out of it, and of a
    closed trail, which can start with any, the first of those given."""
    first_mark: Ints
    """Their trails."""


def trails(group: Ints, before: Ints, after: Ints, tolerance: int) -> Trails:
    """The fewest trails through each group of lines.

    `group` numbers groups from 0, ascending; `before` and `after` are balances in minor units.
    Balances of a group are one vertex if a row of them leads from one to the other in steps of at
    most `tolerance`. So whenever an order holds within the tolerance, one trail is found; the
    reverse may fail where balances lie so dense that steps add up, which only spares findings.
    """
    vertex, its_group, low, high = _vertices(group, before, after, tolerance)
    out, into = vertex[: len(group)], vertex[len(group) :]
    size = len(low)
    surplus = np.bincount(out, minlength=size) - np.bincount(into, minlength=size)
    part = _parts(out, into, size)
    open_trails = np.bincount(part, weights=np.maximum(surplus, 0), minlength=size).astype(np.int64)
    roots = np.flatnonzero(part == np.arange(size))
    groups = int(group[-1]) + 1 if len(group) else 0
    count = np.bincount(
        its_group[roots], weights=np.maximum(open_trails[roots], 1), minlength=groups
    ).astype(np.int64)
    on_closed = open_trails[part] == 0
    closed = np.zeros(groups, dtype=bool)
    closed[its_group[on_closed]] = True
    mark = np.where(on_closed, size + part, np.arange(size))

    def ends(some: NDArray[np.bool_]) -> Ends:
        return Ends(group=its_group[some], low=low[some], high=high[some], mark=mark[some])

    first = _firsts(out, surplus, part, on_closed)
    return Trails(
        count=count,
        closed=closed & (count == 1),
        starts=ends(on_closed | (surplus > 0)),
        ends=ends(on_closed | (surplus < 0)),
        first=first,
        first_mark=mark[out[first]],
    )


def _vertices(
    group: Ints, before: Ints, after: Ints, tolerance: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Vertex of each balance (all before, then all after), and of each vertex its group, least and
    highest balance."""
    groups, balances = np.concatenate((group, group)), np.concatenate((before, after))
    order = np.lexsort((balances, groups))
    groups, balances = groups[order], balances[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (groups[1:] != groups[:-1]) | (balances[1:] - balances[:-1] > tolerance)
    vertex = np.empty(len(order), dtype=np.int64)
    vertex[order] = np.cumsum(new) - 1
    last = np.append(new[1:], True) if len(new) else new
    return vertex, groups[new], balances[new], balances[last]


def _parts(out: Ints, into: Ints, size: int) -> Ints:
    """The connected part of each vertex, named by one of its vertices (Borůvka 1926).

    Each round every part with an edge to another joins one, so that their number at least halves.
    """
    part = np.arange(size)
    edges = np.flatnonzero(out != into)
    while len(edges):
        one, other = part[out[edges]], part[into[edges]]
        chosen = np.full(size, len(edges))
        for ends in (one, other):
            least = np.full(size, len(edges))
            least[ends[::-1]] = np.arange(len(edges))[::-1]  # of equal places the last value stays
            chosen = np.minimum(chosen, least)
        some = np.flatnonzero(chosen < len(edges))
        edge = chosen[some]
        parent = np.arange(size)
        parent[some] = np.where(one[edge] == some, other[edge], one[edge])
        # Two parts that chose one edge point at each other; edges are ranked, so no longer rings.
        ring = (parent[parent] == np.arange(size)) & (np.arange(size) < parent)
        parent[ring] = np.flatnonzero(ring)
        while np.any(parent[parent] != parent):
            parent = parent[parent]
        part = parent[part]
        edges = edges[part[out[edges]] != part[into[edges]]]
    return part


def _firsts(out: Ints, surplus: Ints, part: Ints, on_closed: NDArray[np.bool_]) -> Ints:
    """The first so many lines out of each vertex as start trails there, and the first line of each
    closed part."""
    order = np.argsort(out, kind="stable")
    vertex = out[order]
    rank = np.arange(len(order)) - np.searchsorted(vertex, vertex)
    opening = order[rank < surplus[vertex]]
    on = np.flatnonzero(on_closed[out])
    _, first = np.unique(part[out[on]], return_index=True)
    return np.sort(np.concatenate((opening, on[first])))


def near(given: Ends, asked: Ends, tolerance: int) -> NDArray[np.bool_]:
    """Which of `asked` lie within `tolerance` of any of `given` of the same group.

    Those given of one group do not overlap, nor do those asked.
    """
    size = len(asked.group)
    group = np.concatenate((asked.group, given.group))
    low, high = np.concatenate((asked.low, given.low)), np.concatenate((asked.high, given.high))
    is_given = np.arange(len(group)) >= size
    order = np.lexsort((~is_given, low, group))
    found = np.zeros(len(group), dtype=bool)
    place = np.arange(len(group))
    before = np.maximum.accumulate(np.where(is_given[order], place, -1))
    after = np.minimum.accumulate(np.where(is_given[order], place, len(group))[::-1])[::-1]
    for at, real in ((before, before >= 0), (after, after < len(group))):
        mine, other = order[real], order[at[real]]
        gap = np.maximum(low[mine], low[other]) - np.minimum(high[mine], high[other])
        found[mine] |= (group[mine] == group[other]) & (gap <= tolerance)
    return found[:size]
