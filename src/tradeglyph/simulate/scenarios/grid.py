"""Grid trading: a buy at each level the price falls through, a sell at each it rises through."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft
from tradeglyph.simulate.market import PRINT_SECONDS, PRINTS, SLOTS, Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

INFO = ScenarioInfo(
    name="grid",
    label="normal",
    weight=8,
    title_en="Grid bot",
    title_zh="网格交易",
    description_en="Resting orders at equal distances: a buy whenever the price falls through a "
    "level, a sell whenever it rises through one, three to a hundred and twenty fills.",
    description_zh="按等距价格挂单：跌破一格买一笔，涨过一格卖一笔，一天三到一百二十笔。",
    source="Evaluation protocol: the seeds' model flags all of them",
)

LEAST_FILLS, MOST_FILLS = 3, 120
_CHUNK = 512


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """The grid's step is 0.3 to 3 times the mean height of the world's candles."""
    if not len(world):
        return _chunk(rng, market, world)
    parts = []
    for first in range(0, len(world), _CHUNK):  # the day of every account at once is large
        parts.append(_chunk(rng, market, world[first : first + _CHUNK]))
    return Draft(
        made=np.concatenate([part.made for part in parts]),
        owner=np.concatenate([part.owner + at * _CHUNK for at, part in enumerate(parts)]),
        slot=np.concatenate([part.slot for part in parts]),
        second=np.concatenate([part.second for part in parts]),
        side=np.concatenate([part.side for part in parts]),
        ticks=np.concatenate([part.ticks for part in parts]),
        lots=np.concatenate([part.lots for part in parts]),
    )


def _chunk(rng: Generator, market: Market, world: Ints) -> Draft:
    n = len(world)
    exists = market.exists[world]
    mean = market.height[world].sum(axis=1) / np.maximum(exists.sum(axis=1), 1)
    step = np.maximum(np.rint(mean * np.exp(rng.uniform(np.log(0.3), np.log(3), n))), 1)
    step = step.astype(np.int64)
    path = _filled(market.prints[world].reshape(n, SLOTS * PRINTS))
    level = path // step[:, None]
    change = np.diff(level, axis=1, prepend=level[:, :1])
    owner, at = np.nonzero(change)
    crossings = np.bincount(owner, minlength=n)
    # An account that would fill too often rests: each crossing is taken with a chance of its own.
    chance = np.minimum(1.0, MOST_FILLS / np.maximum(crossings, 1) * rng.uniform(0.3, 1, n))
    taken = rng.random(len(owner)) < chance[owner]
    owner, at = owner[taken], at[taken]
    made = np.bincount(owner, minlength=n) >= LEAST_FILLS
    slot, index = at // PRINTS, at % PRINTS
    falls = change[owner, at] < 0
    # Falling, the level left behind is crossed; rising, the one arrived at.
    ticks = (level[owner, at] + falls) * step[owner]
    ticks = np.clip(ticks, market.low[world[owner], slot], market.high[world[owner], slot])
    size = np.exp(rng.uniform(np.log(0.0005), np.log(0.15), n))
    volume = market.volume[world].sum(axis=1) / np.maximum(exists.sum(axis=1), 1)
    lots = (size * volume)[owner]
    lots = np.maximum(np.rint(np.minimum(lots, market.volume[world[owner], slot])), 1)
    second = index * PRINT_SECONDS + rng.integers(PRINT_SECONDS, size=len(owner))
    side = np.where(falls, BUY, SELL)
    return draft(made, owner, slot, second, side, ticks, lots.astype(np.int64))


def _filled(prints: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each print, or where nothing printed the one before; before the first, the first."""
    seen = prints >= 0
    at = np.where(seen, np.arange(prints.shape[1]), 0)
    at = np.maximum.accumulate(at, axis=1)
    first = seen.argmax(axis=1)
    at = np.maximum(at, first[:, None])
    return np.asarray(np.take_along_axis(prints, at, axis=1))


GRID = Scenario(INFO, draw)
