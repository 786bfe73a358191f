"""Company: accounts whose flows hang together, so that none of their prints may be a reference.

Rings (`clusters`) are recognised by whom an account trades with, before any money is known.
Accounts that share a cluster of flows, pair by pair, may be no ring: a mule that mostly trades with
strangers, say. Their prints near the transfer are what a thief would make to hide it.
"""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.ledger.clusters import NO_RING, components
from tradeglyph.recognizers.ledger.exact import Floats, Ints
from tradeglyph.recognizers.ledger.trades import Pairs

ALONE = -1
LEAST = 3
"""A pair's own prints are no reference anyway."""
MATTERS = 0.1
"""A flow binds two accounts where it is so much of the largest flow of both. Else whoever prints a
few lots with strangers at false prices would hang together with them all, and be too many to shut
out. What it does not reach: a company is formed of flows that are over the spread by a reference in
which its prints still count. Enough small false prints with strangers around a transfer move that
reference until nothing is over, and then nobody is shut out: a small lot each at a false price, in
all a small part of the loot."""


def clusters_of(ring: Ints, one: Ints, other: Ints, joined: NDArray[np.bool_]) -> Ints:
    """Numbers of the connected clusters of pairs of nodes, from 0 in order of appearance.

    Args:
        ring: ring of every node, -1 for none; a ring holds the pairs of its members together.
        joined: pairs that belong together where they share a node; others have one of their own.
    """
    if not len(one):
        return np.zeros(0, dtype=np.int64)
    at = np.flatnonzero(joined)
    nodes = len(ring)
    # A ring is a node of its own, after the accounts, that holds its members together.
    members = np.unique(np.concatenate([one[at], other[at]]))
    members = members[ring[members] != NO_RING]
    names, dense = np.unique(
        np.concatenate([one[at], other[at], members, nodes + ring[members]]), return_inverse=True
    )
    ends = np.split(dense, np.cumsum([len(at), len(at), len(members)]))
    label = components(
        len(names), np.concatenate([ends[0], ends[2]]), np.concatenate([ends[1], ends[3]])
    )
    root = len(names) + np.arange(len(one))
    root[at] = label[ends[0]]
    _, first, number = np.unique(root, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[number])


def company_of(pairs: Pairs, ring: Ints, joined: Ints, excess: Floats, largest: int) -> Ints:
    """Shape (nodes,): the cluster of three to `largest` accounts that each node belongs to, -1 for
    none.

    A larger one is not shut out: in a busy market everybody who ever paid a spread too many hangs
    together, and says no less of the price for that. Nor is one whose members are all in rings,
    whose prints never count.

    Args:
        ring: ring of every node, -1 for none.
        joined: the pairs that hang together where they share an account.
        excess: what each of them moved beyond the spread, positive.
    """
    largest_flow = np.zeros(pairs.nodes)
    for node in (pairs.low_node[joined], pairs.high_node[joined]):
        np.maximum.at(largest_flow, node, excess)
    needed = np.maximum(largest_flow[pairs.low_node[joined]], largest_flow[pairs.high_node[joined]])
    joined = joined[excess >= MATTERS * needed]
    company = np.full(pairs.nodes, ALONE, dtype=np.int64)
    low, high = pairs.low_node[joined], pairs.high_node[joined]
    cluster = clusters_of(ring, low, high, np.ones(len(joined), dtype=bool))
    company[low], company[high] = cluster, cluster
    members = np.flatnonzero(company != ALONE)
    count = np.bincount(company[members])
    outside = np.bincount(company[members], ring[members] == NO_RING)
    wanted = (count >= LEAST) & (count <= largest) & (outside > 0)
    company[members[~wanted[company[members]]]] = ALONE
    return company
