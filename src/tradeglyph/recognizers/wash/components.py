"""Strongly connected components of a directed graph."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def components(source: Ints, target: Ints, nodes: int) -> Ints:
    """Per node the number of its strongly connected component; -1 for a node on its own.

    Nodes without a way in or out are taken away first, all at once, until none is left: on a
    market's graph of repeated trades hardly any remain. The rest is Tarjan's algorithm (Tarjan
    1972, "Depth-first search and linear graph algorithms"), once per edge.
    """
    source, target = _trimmed(source, target, nodes)
    answer = np.full(nodes, -1, dtype=np.int64)
    names, local = np.unique(np.concatenate([source, target]), return_inverse=True)
    order = np.argsort(local[: len(source)], kind="stable")
    heads = np.searchsorted(local[: len(source)][order], np.arange(len(names) + 1))
    found = _tarjan(heads.tolist(), local[len(source) :][order].tolist())
    for number, members in enumerate(found):
        answer[names[members]] = number
    return answer


def _trimmed(source: Ints, target: Ints, nodes: int) -> tuple[Ints, Ints]:
    """The edges between nodes that have both a way in and a way out."""
    while len(source):
        way_out, way_in = np.zeros(nodes, dtype=bool), np.zeros(nodes, dtype=bool)
        way_out[source], way_in[target] = True, True
        through = way_in & way_out
        keep = through[source] & through[target]
        if keep.all():
            break
        source, target = source[keep], target[keep]
    return source, target


def _tarjan(heads: list[int], targets: list[int]) -> list[list[int]]:
    """Components of two nodes and more; the edges of node v are `targets[heads[v]:heads[v+1]]`.

    Without recursion, which a long chain of trades would exhaust.
    """
    nodes = len(heads) - 1
    next_edge, index, low = heads[:nodes], [-1] * nodes, [0] * nodes
    waiting: list[int] = []
    is_waiting = [False] * nodes
    found: list[list[int]] = []
    visited = 0
    for root in range(nodes):
        path = [root] if index[root] < 0 else []
        while path:
            node = path[-1]
            if index[node] < 0:
                index[node] = low[node] = visited
                visited += 1
                waiting.append(node)
                is_waiting[node] = True
            if next_edge[node] < heads[node + 1]:
                child = targets[next_edge[node]]
                next_edge[node] += 1
                if index[child] < 0:
                    path.append(child)
                elif is_waiting[child]:
                    low[node] = min(low[node], index[child])
                continue
            path.pop()
            if path:
                low[path[-1]] = min(low[path[-1]], low[node])
            if low[node] == index[node]:
                members = _pop_until(waiting, is_waiting, node)
                if len(members) > 1:
                    found.append(members)
    return found


def _pop_until(waiting: list[int], is_waiting: list[bool], node: int) -> list[int]:
    members: list[int] = []
    while not members or members[-1] != node:
        members.append(waiting.pop())
        is_waiting[members[-1]] = False
    return members
