"""What the crowd trades among itself: the prints that candles are made of, as matches."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.cast import Matches
from tradeglyph.simulate.draft import ANYBODY, Ints
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.picks import within_print

PER_CANDLE = 4
"""Matches that a candle's prints become at most, in the mean: enough for a price that is nobody's
of ours, and few enough that a liquid day is no burden. Thin markets keep all of theirs."""
SHARE = 0.8
"""Of a candle's volume, what its prints come to; the rest is too small to be told."""


def background(rng: Generator, market: Market, drawn: Matches) -> Matches:
    """Matches of the crowd with itself, both sides open, in the worlds that are traded in.

    `market` is the one before any fraud printed: its prints are the independent ones. They take
    none of the volume that is there besides the drawn accounts, they are it.
    """
    traded = np.zeros(len(market), dtype=bool)
    traded[drawn.world] = True
    printed = (market.prints >= 0) & traded[:, None, None]
    count = printed.sum(axis=2)
    chance = np.minimum(PER_CANDLE / np.maximum(count, 1), 1)
    kept = printed & (rng.random(printed.shape, dtype=np.float32) < chance[:, :, None])
    lots = (SHARE * market.volume / np.maximum(kept.sum(axis=2), 1)).astype(np.int64)
    kept &= (lots >= 1)[:, :, None]
    world, slot, index = (at.astype(np.int64) for at in np.nonzero(kept))
    return Matches(
        account=_nobody(world),
        other=_nobody(world),
        world=world,
        slot=slot,
        second=within_print(rng, market, index * market.print_seconds),
        side=rng.choice(np.array([BUY, SELL], dtype=np.int8), len(world)),
        ticks=market.prints[world, slot, index],
        lots=lots[world, slot],
    )


def _nobody(like: Ints) -> Ints:
    return np.full(len(like), ANYBODY, dtype=np.int64)
