"""Candidate sets: a few accounts that trade with one another in both directions, repeatedly.

Victor & Weintraud 2021 take the strongly connected components of each token's trade graph, take
one occurrence off every edge, and so on until nothing is left: a set that is a component in many
of these layers trades often in a circle. Here the layers are thresholds of occurrences that grow
by half, and every pair that trades in both directions is a set of its own: a pair among a market
maker's clients never comes out of its component by layers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.groups import numbered
from tradeglyph.recognizers.wash.components import components
from tradeglyph.recognizers.wash.matches import Matches
from tradeglyph.recognizers.wash.settings import WashSettings

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Sets that share no trade."""

    of_trade: Ints
    """Along the matches: number of the set between whose accounts it was; -1 for none."""
    size: Ints
    """Accounts of each set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edges:
    """Who sold to whom, one element per symbol, seller and buyer that differ."""

    seller: Ints
    """Nodes: one per symbol and account."""
    buyer: Ints
    weight: Ints
    """Trades."""

    def take(self, index: NDArray[np.bool_]) -> "_Edges":
        return _Edges(seller=self.seller[index], buyer=self.buyer[index], weight=self.weight[index])


def candidates(matches: Matches, settings: WashSettings) -> Iterator[Candidates]:
    """Pairs first, then larger sets from the closest-knit to the loosest."""
    pairs, nodes = len(matches), np.concatenate([matches.seller, matches.buyer])
    node, first = numbered(np.tile(matches.symbol, 2), nodes)
    seller, buyer = node[:pairs], node[pairs:]
    number, edge = numbered(seller, buyer)
    weight = np.bincount(number, minlength=len(edge))
    often = (weight >= settings.occurrences) & (seller[edge] != buyer[edge])
    edges = _Edges(seller=seller[edge], buyer=buyer[edge], weight=weight).take(often)
    yield _pairs(edges, seller, buyer, len(first))
    for set_of in reversed(list(_layers(edges, len(first), settings))):
        inside = set_of[seller] == set_of[buyer]
        yield Candidates(
            of_trade=np.where(inside & (seller != buyer), set_of[seller], -1),
            size=np.bincount(set_of[set_of >= 0]),
        )


def may_match(matches: Matches, accounts: NDArray[np.int64], settings: WashSettings) -> bool:
    """Whether one of the `accounts` may be in a set, by the matches that they took part in: who is
    in one often sold to an account of it, and often bought of one."""
    for account in accounts:
        if all(
            (_meetings(matches.symbol, other, one == account) >= settings.occurrences).any()
            for one, other in ((matches.seller, matches.buyer), (matches.buyer, matches.seller))
        ):
            return True
    return False


def _meetings(
    symbol: NDArray[np.int32], other: NDArray[np.int32], which: NDArray[np.bool_]
) -> Ints:
    """How often each of the others was met, in one symbol."""
    number, _ = numbered(symbol[which], other[which])
    return np.bincount(number)


def _pairs(edges: _Edges, seller: Ints, buyer: Ints, nodes: int) -> Candidates:
    """Every two accounts that sell to each other."""
    forth = edges.seller * nodes + edges.buyer
    mutual = np.isin(edges.buyer * nodes + edges.seller, forth) & (edges.seller < edges.buyer)
    known = np.sort(forth[mutual])
    low, high = np.minimum(seller, buyer), np.maximum(seller, buyer)
    of_trade = np.full(len(seller), -1, dtype=np.int64)
    if len(known):
        key = low * nodes + high
        at = np.minimum(np.searchsorted(known, key), len(known) - 1)
        of_trade = np.where(known[at] == key, at, -1)
    return Candidates(of_trade=of_trade, size=np.full(len(known), 2, dtype=np.int64))


def _layers(edges: _Edges, nodes: int, settings: WashSettings) -> Iterator[Ints]:
    """Per node its set, numbered from 0 in every layer; -1 for none. From loose to close-knit."""
    least = settings.occurrences
    while len(edges.weight):
        found = components(edges.seller, edges.buyer, nodes)
        inside = (found >= 0)[edges.seller] & (found[edges.seller] == found[edges.buyer])
        size = np.bincount(found[found >= 0], minlength=1)
        wanted = (size > 2) & (size <= settings.largest_set)
        renumbered = np.where(wanted, np.cumsum(wanted) - 1, -1)
        set_of = np.where(found >= 0, renumbered[found], -1)
        if wanted.any():
            yield set_of
        least += max(least // 2, 1)
        edges = edges.take(inside & (edges.weight >= least))
