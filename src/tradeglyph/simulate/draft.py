"""Drafts: fills that a scenario wants, before names and trade ids are given."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.market import Market

Ints = NDArray[np.int64]

LEAD = 0
"""The account that is drawn."""
VICTIM = 1
"""The account on the other side of its transfers."""
COMPANY = 2
"""The first of the further accounts of a case; the others follow."""
ANYBODY = -1
"""As the other side of a fill: whoever of the crowd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """m fills of n cases, of which `made` says which exist. A case is an account and, where its
    scenario has them, its victim and its company; each has a number within the case."""

    made: NDArray[np.bool_]
    """Shape (n,): a case is not made where its market offers too little."""
    owner: Ints
    """Shape (m,): the case of each fill, a position in `made`."""
    actor: Ints
    """Who of the case fills: `LEAD`, `VICTIM`, or from `COMPANY` on."""
    other: Ints
    """Who stands on the other side: another actor, the actor itself, or `ANYBODY`."""
    world: Ints
    slot: Ints
    second: Ints
    """Seconds after the candle's start."""
    side: NDArray[np.int8]
    ticks: Ints
    lots: Ints

    def keep(self, which: NDArray[np.bool_]) -> "Draft":
        """The fills where `which`."""
        return replace(self, **{name: getattr(self, name)[which] for name in COLUMNS})

    def take(self, index: Ints) -> "Draft":
        """The fills at `index`, in that order, and as often as they stand there."""
        return replace(self, **{name: getattr(self, name)[index] for name in COLUMNS})

    def only(self, made: NDArray[np.bool_]) -> "Draft":
        """The cases that are `made`, shape (n,), of those that were, and their fills."""
        return replace(self, made=self.made & made).keep((self.made & made)[self.owner])

    def against(self, other: Ints | int) -> "Draft":
        """The same fills with `other` on the other side."""
        return replace(self, other=np.broadcast_to(np.int64(other), self.owner.shape))

    def by(self, actor: Ints | int) -> "Draft":
        """The same fills as those of `actor`."""
        return replace(self, actor=np.broadcast_to(np.int64(actor), self.owner.shape))

    def with_at_least(self, fills: int) -> "Draft":
        """The cases with so many fills or more."""
        return self.only(np.bincount(self.owner, minlength=len(self.made)) >= fills)

    def __len__(self) -> int:
        return len(self.owner)


COLUMNS = tuple(field.name for field in fields(Draft) if field.name != "made")


def draft(
    made: NDArray[np.bool_],
    owner: Ints,
    world: Ints,
    slot: Ints,
    second: Ints,
    side: Ints | NDArray[np.int8] | int,
    ticks: Ints,
    lots: Ints,
) -> Draft:
    """Fills of leads against anybody, `side` spread over all, of the cases that are made."""
    whole = Draft(
        made=made,
        owner=owner,
        actor=np.full(len(owner), LEAD),
        other=np.full(len(owner), ANYBODY),
        world=world,
        slot=slot,
        second=second,
        side=np.broadcast_to(np.asarray(side, dtype=np.int8), owner.shape),
        ticks=ticks,
        lots=lots,
    )
    return whole.keep(made[owner])


def join(parts: Sequence[Draft]) -> Draft:
    """Several drafts of the same cases as one; made where all parts are."""
    made = np.logical_and.reduce([part.made for part in parts])
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    return Draft(made=made, **columns).keep(np.concatenate([made[part.owner] for part in parts]))


def round_trips(
    rng: Generator,
    market: Market,
    made: NDArray[np.bool_],
    owner: Ints,
    world: Ints,
    slot: Ints,
    buy_ticks: Ints,
    sell_ticks: Ints,
    lots: Ints,
    sold_lots: Ints | None = None,
) -> Draft:
    """One buy and one sell inside each given candle, in either order; of equal size by default."""
    sold = lots if sold_lots is None else sold_lots
    second = rng.integers(market.seconds, size=(2, len(owner)))
    return join(
        [
            draft(made, owner, world, slot, second[0], BUY, buy_ticks, lots),
            draft(made, owner, world, slot, second[1], SELL, sell_ticks, sold),
        ]
    )


def split_fills(rng: Generator, market: Market, drafted: Draft, parts: Ints) -> Draft:
    """Each fill as up to `parts[i]` fills of its case i, seconds apart, at the same price."""
    count = np.minimum(rng.integers(1, parts[drafted.owner] + 1), drafted.lots)
    of = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(of)) - (np.cumsum(count) - count)[of]
    whole = drafted.take(of)
    later = whole.second + nth * rng.integers(1, 9, len(of))
    # Whole lots: the first parts take one more where the size can't be divided.
    lots = whole.lots // count[of] + (nth < whole.lots % count[of])
    return replace(whole, second=np.minimum(later, market.seconds - 1), lots=lots)


def owners(count: Ints) -> Ints:
    """The account of each of `count[i]` things: [2, 1] gives [0, 0, 1]."""
    return np.repeat(np.arange(len(count)), count)


def numbered(count: Ints) -> Ints:
    """The number of each thing within its account: [2, 1] gives [0, 1, 0]."""
    return np.arange(int(count.sum())) - (np.cumsum(count) - count)[owners(count)]
