"""Drafts: fills that a scenario wants, before names, trade ids and counterparties are given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.market import PRINT_SECONDS, PRINTS, SLOTS, Market

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """m fills of n accounts, of which `made` says which exist."""

    made: NDArray[np.bool_]
    """Shape (n,): an account is not made where its world offers too little."""
    owner: Ints
    """Shape (m,): the account of each fill, a position in `made`."""
    slot: Ints
    second: Ints
    """Seconds after the candle's start, 0 to 299."""
    side: NDArray[np.int8]
    ticks: Ints
    lots: Ints

    def keep(self, which: NDArray[np.bool_]) -> "Draft":
        """The fills where `which`."""
        return Draft(
            made=self.made,
            owner=self.owner[which],
            slot=self.slot[which],
            second=self.second[which],
            side=self.side[which],
            ticks=self.ticks[which],
            lots=self.lots[which],
        )

    def only(self, made: NDArray[np.bool_]) -> "Draft":
        """The accounts that are `made`, shape (n,), of those that were, and their fills."""
        return replace(self, made=self.made & made).keep((self.made & made)[self.owner])


def draft(
    made: NDArray[np.bool_],
    owner: Ints,
    slot: Ints,
    second: Ints,
    side: Ints | NDArray[np.int8] | int,
    ticks: Ints,
    lots: Ints,
) -> Draft:
    """A draft with `side` spread over all fills and only the fills of accounts that are made."""
    sides = np.broadcast_to(np.asarray(side, dtype=np.int8), owner.shape)
    whole = Draft(
        made=made, owner=owner, slot=slot, second=second, side=sides, ticks=ticks, lots=lots
    )
    return whole.keep(made[owner])


def join(parts: Sequence[Draft]) -> Draft:
    """Several drafts of the same accounts as one."""
    made = np.logical_and.reduce([part.made for part in parts])
    return Draft(
        made=made,
        owner=np.concatenate([part.owner for part in parts]),
        slot=np.concatenate([part.slot for part in parts]),
        second=np.concatenate([part.second for part in parts]),
        side=np.concatenate([part.side for part in parts]),
        ticks=np.concatenate([part.ticks for part in parts]),
        lots=np.concatenate([part.lots for part in parts]),
    ).keep(np.concatenate([made[part.owner] for part in parts]))


def round_trips(
    rng: Generator,
    made: NDArray[np.bool_],
    owner: Ints,
    slot: Ints,
    buy_ticks: Ints,
    sell_ticks: Ints,
    lots: Ints,
    sold_lots: Ints | None = None,
) -> Draft:
    """One buy and one sell inside each given candle, in either order; of equal size by default."""
    sold = lots if sold_lots is None else sold_lots
    return join(
        [
            draft(made, owner, slot, rng.integers(300, size=len(owner)), BUY, buy_ticks, lots),
            draft(made, owner, slot, rng.integers(300, size=len(owner)), SELL, sell_ticks, sold),
        ]
    )


def split_fills(rng: Generator, drafted: Draft, parts: Ints) -> Draft:
    """Each fill as up to `parts[i]` fills of its account i, seconds apart, at the same price."""
    count = np.minimum(rng.integers(1, parts[drafted.owner] + 1), drafted.lots)
    of = np.repeat(np.arange(len(count)), count)
    first = np.cumsum(count) - count
    nth = np.arange(len(of)) - first[of]
    # Whole lots: the first parts take one more where the size can't be divided.
    lots = drafted.lots[of] // count[of] + (nth < drafted.lots[of] % count[of])
    return Draft(
        made=drafted.made,
        owner=drafted.owner[of],
        slot=drafted.slot[of],
        second=np.minimum(drafted.second[of] + nth * rng.integers(1, 9, len(of)), 299),
        side=drafted.side[of],
        ticks=drafted.ticks[of],
        lots=lots,
    )


def owners(count: Ints) -> Ints:
    """The account of each of `count[i]` things: [2, 1] gives [0, 0, 1]."""
    return np.repeat(np.arange(len(count)), count)


def pick_slots(rng: Generator, allowed: NDArray[np.bool_], count: Ints) -> Ints:
    """`count[i]` different slots of row i among its `allowed` ones, all rows in one array.

    Where a row allows fewer, slots that are not allowed follow: leave those accounts out.
    """
    keys = rng.random(allowed.shape, dtype=np.float32) + ~allowed
    most = int(count.max(initial=0))
    order = np.argsort(keys, axis=1)[:, :most]
    return np.asarray(order[np.arange(most) < count[:, None]])


def lots_for(rng: Generator, volume: NDArray[np.float64], low: float, high: float) -> Ints:
    """Sizes between `low` and `high` of a candle's volume, evenly on a log scale, one lot least."""
    share = np.exp(rng.uniform(np.log(low), np.log(high), len(volume)))
    return np.maximum(np.rint(share * volume), 1).astype(np.int64)


def print_at(market: Market, world: Ints, slot: Ints, index: Ints) -> tuple[Ints, Ints]:
    """The print nearest after (cyclically) `index` of a candle: its price in ticks and its second.

    A candle has at least one print, so there always is one.
    """
    row = market.prints[world, slot]
    order = (index[:, None] + np.arange(PRINTS)) % PRINTS
    printed = np.take_along_axis(row, order, axis=1) >= 0
    chosen = order[np.arange(len(order)), printed.argmax(axis=1)]
    return row[np.arange(len(row)), chosen], chosen * PRINT_SECONDS


def best_print(
    rng: Generator, market: Market, world: Ints, slot: Ints, side: Ints, looks: Ints
) -> tuple[Ints, Ints]:
    """Where a resting order fills: the best of `looks` random prints for its side.

    The lowest for a buy, the highest for a sell: so passive fills sit in the outer parts of their
    candle without ever being told to, as on a real tape.
    """
    row = market.prints[world, slot]
    keys = rng.random(row.shape)
    rank = np.argsort(np.argsort(np.where(row >= 0, keys, 2.0), axis=1), axis=1)
    seen = (rank < np.maximum(looks, 1)[:, None]) & (row >= 0)
    value = np.where(seen, row * side[:, None], np.iinfo(np.int64).max)
    chosen = value.argmin(axis=1)
    return row[np.arange(len(row)), chosen], chosen * PRINT_SECONDS


def next_candle(market: Market, world: Ints, slot: Ints) -> Ints:
    """The first slot from `slot` on that has a candle, else the world's last candle before it."""
    exists = market.exists
    index = np.where(exists, np.arange(SLOTS), SLOTS)
    following = np.minimum.accumulate(index[:, ::-1], axis=1)[:, ::-1]
    last = SLOTS - 1 - exists[:, ::-1].argmax(axis=1)
    found = following[world, np.minimum(slot, SLOTS - 1)]
    return np.where(found < SLOTS, found, last[world])
