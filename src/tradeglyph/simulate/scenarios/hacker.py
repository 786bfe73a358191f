"""The seeds' hacker, and the same hand with soft edges. The other side is always one victim."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import (
    Draft,
    Ints,
    lots_for,
    owners,
    pick_slots,
    round_trips,
    split_fills,
)
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

HACKER_INFO = ScenarioInfo(
    name="hacker",
    label="fraud",
    role="beneficiary",
    weight=6,
    title_en="Hacker",
    title_zh="黑客",
    description_en="Three to five round trips in the day's ten widest candles, bought in the "
    "lowest tenth and sold in the highest tenth of the candle, all against one victim.",
    description_zh="在当日振幅最大的十根 K 线里做三到五个来回，"
    "每次都买在最低的一成、卖在最高的一成，"
    "对手始终是同一个被盗账户。",
    source="Seed documents 1 and 2, section 1.2.2 (S2)",
    against="victim",
)

SOFT_HACKER_INFO = ScenarioInfo(
    name="soft_hacker",
    label="fraud",
    role="beneficiary",
    weight=8,
    title_en="Hacker, soft edges",
    title_zh="黑客（边缘柔和）",
    description_en="Three to thirty round trips in any candles tall enough, bought low and sold "
    "high with a spread that differs from account to account.",
    description_zh="三到三十个来回，不挑最宽的 K 线；买得低、卖得高，但高低的松紧因账户而异。",
    source="The seeds' hacker without its hard limits, as the evaluation protocol asks",
    against="soft_victim",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HackerParameters:
    """S2 as the seed texts tell it; the seeds' code draws 2 to 9 trips with replacement."""

    widest: int = 10
    min_range: float = 0.005
    """Least height of a candle over its low: 0.5 % in the seeds' code, 5 % in their texts."""
    min_trips: int = 3
    max_trips: int = 5
    band: float = 0.1
    """Buys lie in the lowest, sells in the highest `band` of the candle."""
    min_share: float = 0.005
    max_share: float = 0.6
    """A trip's size over the candle's other volume. The seeds have no sizes."""


def draw_hacker(
    rng: Generator,
    market: Market,
    world: Ints,
    parameters: HackerParameters = HackerParameters(),
) -> Draft:
    """Fills of S2. Where too few candles are wide enough, the account is not made."""
    height = market.height[world]
    rank = np.argsort(np.argsort(-height, axis=1, kind="stable"), axis=1)
    enough = height >= parameters.min_range * np.maximum(market.low[world], 1)
    allowed = (rank < parameters.widest) & enough & (height > 0)
    trips = rng.integers(parameters.min_trips, parameters.max_trips + 1, len(world))
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at = world[owner]
    low, high = market.low[at, slot], market.high[at, slot]
    # floor keeps a price on tick and inside its tenth of the candle.
    inward = (rng.random((2, len(owner))) * parameters.band * (high - low)).astype(np.int64)
    lots = lots_for(rng, market.volume[at, slot], parameters.min_share, parameters.max_share)
    return round_trips(rng, made, owner, slot, low + inward[0], high - inward[1], lots)


def draw_soft_hacker(rng: Generator, market: Market, world: Ints) -> Draft:
    """Candles at least 8 ticks tall, places from a beta distribution drawn per account."""
    n = len(world)
    trips = np.minimum(rng.geometric(0.25, n) + 2, 30)
    allowed = market.height[world] >= 8
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), _revisited(rng, pick_slots(rng, allowed, trips), trips)
    at = world[owner]
    low, height = market.low[at, slot], market.height[at, slot]
    # Mean place 0.05 to 0.25 from the edge, so that the gap is 0.5 to 0.9 of the candle.
    edge = rng.uniform(0.05, 0.25, n)[owner]
    tightness = rng.uniform(4, 20, n)[owner]
    buy, sell = (rng.beta(edge * tightness, (1 - edge) * tightness) for _ in range(2))
    buy_ticks = low + np.rint(buy * height).astype(np.int64)
    sell_ticks = low + height - np.rint(sell * height).astype(np.int64)
    lots = lots_for(rng, market.volume[at, slot], 0.003, 0.8)
    # Some sell a little more or less than they bought, and some orders fill in parts.
    uneven = np.where(rng.random(n) < 0.3, rng.uniform(0, 0.4, n), 0.0)[owner]
    sold = np.maximum(np.rint(lots * np.exp(rng.uniform(-1, 1, len(owner)) * uneven)), 1)
    trip = round_trips(rng, made, owner, slot, buy_ticks, sell_ticks, lots, sold.astype(np.int64))
    return split_fills(rng, trip, np.where(rng.random(n) < 0.3, rng.integers(2, 5, n), 1))


def _revisited(rng: Generator, slot: Ints, trips: Ints) -> Ints:
    """Some accounts go back to the same candles, as the seeds' code does (with replacement)."""
    owner = owners(trips)
    first = np.cumsum(trips) - trips
    share = np.where(rng.random(len(trips)) < 0.4, rng.uniform(0.3, 1, len(trips)), 1.0)
    pool = np.maximum(np.ceil(trips * share), 1).astype(np.int64)
    drawn = (rng.random(len(owner)) * pool[owner]).astype(np.int64)
    nth = np.where(share[owner] < 1, drawn, np.arange(len(owner)) - first[owner])
    return np.asarray(slot[first[owner] + nth])


HACKER = Scenario(HACKER_INFO, draw_hacker)
SOFT_HACKER = Scenario(SOFT_HACKER_INFO, draw_soft_hacker)
