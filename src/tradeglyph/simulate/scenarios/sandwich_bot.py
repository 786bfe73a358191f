"""A buy before and a sell after somebody's large order, seconds apart, again and again."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY
from tradeglyph.simulate.draft import Draft, Ints, draft, join, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, typical_volume, whole_lots
from tradeglyph.simulate.scenario import NO_HOLD, QUIET, Scenario, ScenarioInfo, with_room

RUNS = Parameter(name="runs", low=3, high=40, unit="sandwiched orders")
GAP = Parameter(name="gap", low=0.15, high=1, unit="of the candle's height, from leg to leg")
APART = Parameter(name="apart", low=0, high=12, unit="seconds from leg to leg")
SIZE = Parameter(name="size", low=0.02, high=2, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="sandwich_bot",
    kind="ambiguous",
    label="normal",
    allowed_without=NO_HOLD,
    allowed_with=QUIET,
    weight=2,
    title_en="Sandwich bot",
    title_zh="夹子机器人",
    description_en="Three to forty times in before a stranger's large order and out after it, "
    "seconds apart, always at a gain and each time from somebody else.",
    description_zh="三到四十次抢在陌生人的大单之前进场、紧跟其后出场，只隔几秒，"
    "次次赚钱，每次夹的都是不同的人。",
    source="Blocks of Ethereum: same-block round trips, nearly all of them profitable",
    parameters=(RUNS, GAP, APART, SIZE),
)

LEAST_HEIGHT = 3
LEAST_RUNS = 3


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Equal sizes in and out; a tenth of the runs are sold first."""
    n = len(world)
    room = market.exists[world] & (market.height[world] >= LEAST_HEIGHT)
    made = room.sum(axis=1) >= LEAST_RUNS
    runs = np.minimum(RUNS.whole_scaled(rng, n), room.sum(axis=1))
    owner, slot = owners(runs), pick_slots(rng, room, runs)
    at, m = world[owner], len(owner)
    low, height = market.low[at, slot], market.height[at, slot]
    gap = np.clip(GAP.even(rng, n)[owner] * rng.lognormal(0, 0.2, m), 0.1, 1)
    below = rng.beta(1, 1, m) * (1 - gap)
    cheap = low + np.rint(below * height).astype(np.int64)
    dear = low + np.rint((below + gap) * height).astype(np.int64)
    short = rng.random(m) < 0.1
    begin = rng.integers(market.seconds, size=m)
    end = np.minimum(begin + APART.whole(rng, m), market.seconds - 1)
    side = np.where(short, -BUY, BUY)
    size = SIZE.scaled(rng, n)[owner] * typical_volume(market)[at] * rng.lognormal(0, 0.5, m)
    lots = whole_lots(size)
    first, last = np.where(short, dear, cheap), np.where(short, cheap, dear)
    return join(
        [
            draft(made, owner, at, slot, begin, side, first, lots),
            draft(made, owner, at, slot, end, -side, last, lots),
        ]
    )


SANDWICH_BOT = Scenario(INFO, draw, with_room(LEAST_RUNS, LEAST_HEIGHT))
