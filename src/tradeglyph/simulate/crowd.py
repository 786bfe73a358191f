"""The crowd: whoever in a symbol takes the other side of those who direct nobody to."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.cast import Matches, joined
from tradeglyph.simulate.draft import ANYBODY, Ints, numbered
from tradeglyph.simulate.market import Market

LEAST = 20
"""Members of a symbol's crowd, so that it is many even where hardly anybody trades."""
FILLS = 60
"""Fills that a member has on the symbol's busiest day, on average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The members of every symbol, numbered one after the other."""

    members: Ints
    """Shape (symbols,): how many each symbol has."""
    matches: Matches
    """Without open sides: first those of the drawn accounts, then the crowd's own."""


def met_by_crowd(rng: Generator, market: Market, drawn: Matches, own: Matches, first: int) -> Crowd:
    """Matches whose open sides are taken by members of the symbol's crowd, numbered from `first`.

    Each drawn account begins at a member of its own and goes round: it meets all of them once
    before it meets anybody twice, and so never just one. What the crowd trades by itself (`own`,
    both sides open) is mostly that of a few of its members, as market makers are.
    """
    open_ = np.flatnonzero(drawn.other == ANYBODY)
    members = _members(market, np.concatenate([drawn.world[open_], own.world, own.world]))
    head = first + np.cumsum(members) - members
    other = drawn.other.copy()
    other[open_] = _in_turn(rng, market, drawn, open_, members, head)
    there = market.symbol[own.world]
    size, begin = members[there], head[there]
    one = (size * rng.random(len(there)) ** 2).astype(np.int64)
    # Anybody but oneself.
    two = (one + 1 + ((size - 1) * rng.random(len(there))).astype(np.int64)) % np.maximum(size, 1)
    matched = replace(own, account=begin + one, other=begin + two)
    return Crowd(members=members, matches=joined([replace(drawn, other=other), matched]))


def _in_turn(
    rng: Generator, market: Market, drawn: Matches, open_: Ints, members: Ints, head: Ints
) -> Ints:
    order = np.argsort(drawn.account[open_], kind="stable")
    row = open_[order]
    accounts, count = np.unique(drawn.account[row], return_counts=True)
    turn = np.repeat(rng.integers(1 << 30, size=len(accounts)), count) + numbered(count)
    symbol = market.symbol[drawn.world[row]]
    taken = np.empty(len(open_), dtype=np.int64)
    taken[order] = head[symbol] + turn % members[symbol]
    return taken


def _members(market: Market, world: Ints) -> Ints:
    """None where nobody needs them."""
    fills = np.bincount(world, minlength=len(market))
    busiest = np.zeros(len(market.symbol_names), dtype=np.int64)
    np.maximum.at(busiest, market.symbol, fills)
    return np.where(busiest > 0, np.maximum(LEAST, busiest // FILLS), 0)
