"""Chains of transfers that come back to where they began, with bounded work.

A chain is followed from each transfer at once, a hop at a time, in numpy. Of each chain at most
BRANCHES continuations are followed, the soonest ones, found by looking at no more than MOST_TRIED
transfers of about the amount: a chain that comes back by a later one of many equal transfers may be
missed, which is the price of a bound of n * BRANCHES ** (hops - 2) chains.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.statements.books import Ints
from tradeglyph.recognizers.statements.opposite_lines import codes

BRANCHES = 3
MOST_TRIED = 8
ROUNDS = 16
"""Times that chains without an end of their own look for another."""
MOST_CHAINS = 1_000_000
"""Chains that are followed at once; of more, those that began first."""
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfers:
    """Money from one party to another, in an order that lines cannot change."""

    source: Ints
    target: Ints
    home: Ints
    """By party: the owner of a given account; negative for others."""
    amount: Ints
    currency: Ints
    earliest: Ints
    latest: Ints
    """Microseconds: the same where the line says a time of day, else the ends of its date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """When transfers make a chain."""

    parts: int
    per: int
    """Amounts differ from the first one's by at most `parts` / `per` of it."""
    span: int
    """Microseconds from the first to the last, at most."""
    hops: int


def loops(moves: Transfers, bounds: Bounds) -> list[Ints]:
    """Chains, each a row of positions, in one array per length from 2 hops on.

    They start from a given account, go through parties that are nobody's or another owner's, none
    of them twice, and end at an account of the first one's owner; a chain of two hops ends at
    another account than it began. Each transfer starts or ends one chain at most: the shortest, of
    these the one that begins first.
    """
    index = _Index(moves, bounds)
    away = moves.home[moves.source] != moves.home[moves.target]
    chains = np.flatnonzero((moves.home[moves.source] >= 0) & away).reshape(-1, 1)
    ends = np.zeros(len(moves.source), dtype=bool)
    found: list[Ints] = []
    for _ in range(2, bounds.hops + 1):
        chain, following = index.after(chains)
        longer = np.column_stack((chains[chain], following))
        first, last = longer[:, 0], longer[:, -1]
        home = moves.home[moves.source[first]]
        back = moves.home[moves.target[last]] == home
        same = (moves.target[last] == moves.source[first]) & (longer.shape[1] == 2)
        closed = longer[back & ~same]
        closed = _one_to_one(closed[~ends[closed[:, -1]]])
        found.append(closed)
        ends[closed[:, -1]] = True
        started = np.isin(first, closed[:, 0])
        chains = _fewer(longer[~back & ~started], moves)
    return found


def _one_to_one(closed: Ints) -> Ints:
    """Chains of which no two start or end with one transfer: in rounds, each start that has none
    takes the first end that is free, and of several that take one the first keeps it."""
    kept = [closed[:0]]
    for _ in range(ROUNDS):
        if not len(closed):
            break
        taken = closed[_firsts(closed[:, 0])]
        taken = taken[_firsts(taken[:, -1])]
        kept.append(taken)
        started, ended = np.isin(closed[:, 0], taken[:, 0]), np.isin(closed[:, -1], taken[:, -1])
        closed = closed[~started & ~ended]
    return np.concatenate(kept)


def _firsts(keys: Ints) -> Ints:
    """Positions of the first of equal keys."""
    _, at = np.unique(keys, return_index=True)
    return np.sort(at)


def _fewer(chains: Ints, moves: Transfers) -> Ints:
    """Chains without a party twice, one for each first and last transfer, BRANCHES for each before
    its last hop, MOST_CHAINS in all."""
    fresh = np.ones(len(chains), dtype=bool)
    last = moves.target[chains[:, -1]]
    for hop in range(chains.shape[1]):
        fresh &= moves.source[chains[:, hop]] != last
    chains = chains[fresh]
    chains = chains[_firsts(chains[:, 0] * (len(moves.source) + 1) + chains[:, -1])]
    before = codes(*(chains[:, hop] for hop in range(chains.shape[1] - 1)))
    order = np.lexsort((chains[:, -1], moves.latest[chains[:, -1]], before))
    rank = np.arange(len(order)) - np.searchsorted(before[order], before[order])
    return chains[np.sort(order[rank < BRANCHES])][:MOST_CHAINS]


class _Index:
    """Transfers by source, currency and about their amount, in order of time."""

    def __init__(self, moves: Transfers, bounds: Bounds) -> None:
        self.moves, self.bounds = moves, bounds
        size = int(moves.currency.max(initial=0)) + 1
        self._from = moves.source * size + moves.currency
        self._to = moves.target * size + moves.currency
        self._step = self._bucket(moves.amount)
        self._wide = int(self._step.max(initial=0)) + 3
        key = self._from * self._wide + self._step
        self._keys, group = np.unique(key, return_inverse=True)
        self._times, rank = np.unique(moves.latest, return_inverse=True)
        self._ranks = len(self._times) + 1
        place = group * self._ranks + rank
        self._order = np.argsort(place, kind="stable")
        self._place = place[self._order]

    def _bucket(self, amount: Ints) -> Ints:
        """About the logarithm of the amount: what is within the share is at most one apart."""
        if not self.bounds.parts:
            return np.unique(amount, return_inverse=True)[1] * 2 + 1
        ratio = 1 / (1 - self.bounds.parts / self.bounds.per) * (1 + 1e-9)
        steps: Ints = np.floor(np.log(np.maximum(amount, 1)) / np.log(ratio)).astype(np.int64)
        return steps + 1

    def after(self, chains: Ints) -> tuple[Ints, Ints]:
        """Which chains go on, and with which transfer; of each chain the soonest first."""
        moves, bounds = self.moves, self.bounds
        first, last = chains[:, 0], chains[:, -1]
        found: list[tuple[Ints, Ints]] = []
        since = np.searchsorted(self._times, moves.earliest[last], side="left")
        for near in (-1, 0, 1) if bounds.parts else (0,):
            key = self._to[last] * self._wide + self._step[first] + near
            group = np.searchsorted(self._keys, key)
            group = np.minimum(group, len(self._keys) - 1)
            known = np.flatnonzero(self._keys[group] == key) if len(self._keys) else group
            start = np.searchsorted(self._place, group[known] * self._ranks + since[known])
            stop = np.searchsorted(self._place, (group[known] + 1) * self._ranks)
            for more in range(MOST_TRIED):
                some = start + more < stop
                found.append((known[some], self._order[start[some] + more]))
        chain = np.concatenate([one for one, _ in found])
        following = np.concatenate([other for _, other in found])
        of = first[chain]
        apart = np.abs(moves.amount[following] - moves.amount[of])
        fits = apart * float(bounds.per) <= moves.amount[of] * float(bounds.parts) + 0.5
        fits &= moves.latest[following] >= moves.earliest[last[chain]]
        fits &= moves.earliest[following] - moves.latest[of] <= bounds.span
        chain, following = chain[fits], following[fits]
        order = np.lexsort((following, moves.latest[following], chain))
        return chain[order], following[order]
