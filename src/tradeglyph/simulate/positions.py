"""Positions that are opened at a print and closed when the price reaches a stop or a target."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.crossing import first_beyond, slot_and_second
from tradeglyph.simulate.draft import Draft, Ints, draft, join
from tradeglyph.simulate.market import PRINTS, Floats, Market
from tradeglyph.simulate.picks import within_print


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """k openings, shape (k,) each."""

    owner: Ints
    world: Ints
    slot: Ints
    second: Ints
    """When the print was that the entry is at."""
    ticks: Ints
    direction: Ints
    """+1 long, -1 short."""
    lots: Ints

    def keep(self, which: NDArray[np.bool_]) -> "Entries":
        """The openings where `which`."""
        names = ("owner", "world", "slot", "second", "ticks", "direction", "lots")
        return replace(self, **{name: getattr(self, name)[which] for name in names})


def positions(
    rng: Generator,
    market: Market,
    made: NDArray[np.bool_],
    entries: Entries,
    *,
    stop: Floats,
    target: Floats,
    horizon: int,
) -> Draft:
    """Entry and exit of each position, against anybody.

    An exit at the target is a resting order and gets its own price; one at the stop, or when the
    time is up, gets the print that it meets. Positions without a later print are not opened.

    Args:
        stop, target: shape (k,), distances from the entry in ticks; infinite for none.
        horizon: for how many chances to print a position is held at most.
    """
    index = entries.slot * PRINTS + entries.second // market.print_seconds
    long = entries.direction > 0
    below, above = np.where(long, stop, target), np.where(long, target, stop)
    lower, upper = _ticks(entries.ticks - below), _ticks(entries.ticks + above)
    found, reached = first_beyond(market, entries.world, index, lower, upper, horizon)
    slot, second = slot_and_second(market, found)
    at = entries.world, slot
    ticks = market.prints.reshape(len(market), -1)[entries.world, found]
    won = reached & ((ticks - entries.ticks) * entries.direction > 0)
    wanted = np.where(long, upper, lower)
    ticks = np.where(won, np.clip(wanted, market.low[at], market.high[at]), ticks)
    held = found > index
    opened = entries.keep(held)
    side, lots, world = opened.direction, opened.lots, opened.world
    begin = within_print(rng, market, opened.second)
    end = within_print(rng, market, second[held])
    return join(
        [
            draft(made, opened.owner, world, opened.slot, begin, side, opened.ticks, lots),
            draft(made, opened.owner, world, slot[held], end, -side, ticks[held], lots),
        ]
    )


def _ticks(prices: Floats | Ints) -> Ints:
    return np.asarray(np.clip(np.rint(prices), -(1 << 60), 1 << 60).astype(np.int64))
