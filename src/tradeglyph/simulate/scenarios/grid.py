"""Grid trading: a buy at each level the price falls through, a sell at each it rises through."""

from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.crossing import slot_and_second
from tradeglyph.simulate.draft import Draft, Ints, draft, join
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import mean_height, whole_lots, within_print
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

STEP = Parameter(name="step", low=0.3, high=3, unit="mean heights of a candle")
FILLS = Parameter(name="fills", low=3, high=120, unit="fills")
SIZE = Parameter(name="size", low=0.0005, high=0.15, unit="of the mean volume of a candle")

INFO = ScenarioInfo(
    name="grid",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=8,
    title_en="Grid bot",
    title_zh="网格交易",
    description_en="Resting orders at equal distances: a buy whenever the price falls through a "
    "level, a sell whenever it rises through one, three to a hundred and twenty fills.",
    description_zh="按等距价格挂单：跌破一格买一笔，涨过一格卖一笔，一天三到一百二十笔。",
    source="Evaluation protocol: the seeds' model flags all of them",
    parameters=(STEP, FILLS, SIZE),
)

_CHUNK = 512


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """The grid's step is 0.3 to 3 times the mean height of the world's candles."""
    parts = []
    for first in range(0, max(len(world), 1), _CHUNK):  # the day of everybody at once is large
        part = _chunk(rng, market, world[first : first + _CHUNK])
        owner = part.owner + first
        made = np.zeros(len(world), dtype=bool)
        made[first : first + _CHUNK] = part.made
        parts.append((made, replace(part, made=np.ones(len(world), dtype=bool), owner=owner)))
    whole = join([part for _, part in parts])
    return whole.only(np.logical_or.reduce([made for made, _ in parts]))


def _chunk(rng: Generator, market: Market, world: Ints) -> Draft:
    n = len(world)
    step = np.maximum(np.rint(mean_height(market)[world] * STEP.scaled(rng, n)), 1)
    step = step.astype(np.int64)
    path = _filled(market.prints[world].reshape(n, market.slots * PRINTS))
    level = path // step[:, None]
    change = np.diff(level, axis=1, prepend=level[:, :1])
    owner, index = np.nonzero(change)
    crossings = np.bincount(owner, minlength=n)
    # An account that would fill too often rests: each crossing is taken with a chance of its own.
    chance = np.minimum(1.0, FILLS.high / np.maximum(crossings, 1) * rng.uniform(0.3, 1, n))
    taken = rng.random(len(owner)) < chance[owner]
    owner, index = owner[taken], index[taken]
    at = world[owner]
    slot, second = slot_and_second(market, index)
    falls = change[owner, index] < 0
    # Falling, the level left behind is crossed; rising, the one arrived at.
    ticks = (level[owner, index] + falls) * step[owner]
    ticks = np.clip(ticks, market.low[at, slot], market.high[at, slot])
    wanted = (SIZE.scaled(rng, n) * _mean_volume(market)[world])[owner]
    lots = whole_lots(np.minimum(wanted, market.volume[at, slot]))
    made = np.bincount(owner, minlength=n) >= FILLS.low
    side = np.where(falls, BUY, SELL)
    return draft(made, owner, at, slot, within_print(rng, market, second), side, ticks, lots)


def _mean_volume(market: Market) -> NDArray[np.float64]:
    return np.asarray(market.volume.sum(axis=1) / np.maximum(market.exists.sum(axis=1), 1))


def _filled(prints: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each print, or where nothing printed the one before; before the first, the first."""
    seen = prints >= 0
    at = np.where(seen, np.arange(prints.shape[1]), 0)
    at = np.maximum.accumulate(at, axis=1)
    first = seen.argmax(axis=1)
    at = np.maximum(at, first[:, None])
    return np.asarray(np.take_along_axis(prints, at, axis=1))


GRID = Scenario(INFO, draw)
