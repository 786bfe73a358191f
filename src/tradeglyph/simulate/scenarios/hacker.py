"""The seeds' hacker, and the same hand with soft edges. The other side is always one victim."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.draft import VICTIM, Draft, Ints, owners, round_trips, split_fills
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, sized, tall_candles, whole_lots
from tradeglyph.simulate.scenario import HOLD, REVIEW, Scenario, ScenarioInfo, with_room
from tradeglyph.simulate.transfers import WORTH_IT

WIDEST = 10
"""Candles of the day that the seeds' hacker chooses from."""
MIN_RANGE = 0.005
"""Least height of a candle over its low: 0.5 % in the seeds' code, 5 % in their texts."""
TRIPS = Parameter(name="trips", low=3, high=5, unit="round trips; the seeds' code draws 2 to 9")
BAND = Parameter(name="place", low=0, high=0.1, unit="of the candle's height, from either edge")
SHARE = Parameter(name="share", low=0.005, high=0.6, unit="of the candle's other volume")

HACKER_INFO = ScenarioInfo(
    name="hacker",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=REVIEW,
    allowed_with=HOLD,
    weight=4,
    title_en="Hacker",
    title_zh="黑客",
    description_en="Three to five round trips in the day's ten widest candles, bought in the "
    "lowest tenth and sold in the highest tenth of the candle, all against one victim.",
    description_zh="在当日振幅最大的十根 K 线里做三到五个来回，"
    "每次都买在最低的一成、卖在最高的一成，"
    "对手始终是同一个被盗账户。",
    source="Seed documents 1 and 2, section 1.2.2 (S2)",
    parameters=(TRIPS, BAND, SHARE),
    against="victim",
)

SOFT_TRIPS = Parameter(name="trips", low=3, high=30, unit="round trips, few of them commonest")
EDGE = Parameter(name="edge", low=0.05, high=0.25, unit="of the candle's height, mean place")
TIGHTNESS = Parameter(name="tightness", low=4, high=20, unit="of the beta distribution of places")
SOFT_SHARE = Parameter(name="share", low=0.003, high=0.8, unit="of the candle's other volume")
PARTS = Parameter(name="parts", low=2, high=4, unit="fills of an order, for three in ten")

SOFT_HACKER_INFO = ScenarioInfo(
    name="soft_hacker",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=REVIEW,
    allowed_with=HOLD,
    weight=2.5,
    title_en="Hacker, soft edges",
    title_zh="黑客（边缘柔和）",
    description_en="Three to thirty round trips in any candles tall enough, bought low and sold "
    "high with a spread that differs from account to account.",
    description_zh="三到三十个来回，不挑最宽的 K 线；买得低、卖得高，但高低的松紧因账户而异。",
    source="The seeds' hacker without its hard limits, as the evaluation protocol asks",
    parameters=(SOFT_TRIPS, EDGE, TIGHTNESS, SOFT_SHARE, PARTS),
    against="soft_victim",
)

LEAST_HEIGHT = 10
"""Ticks of a candle with room for places that mean something."""


def draw_hacker(rng: Generator, market: Market, world: Ints) -> Draft:
    """Fills of S2. Where too few candles are wide enough, the account is not made."""
    allowed = _widest(market)[world]
    trips = TRIPS.whole(rng, len(world))
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at = world[owner]
    low, high = market.low[at, slot], market.high[at, slot]
    # floor keeps a price on tick and inside its tenth of the candle.
    inward = (rng.random((2, len(owner))) * BAND.high * (high - low)).astype(np.int64)
    lots = sized(rng, market.volume[at, slot], SHARE)
    buy, sell = low + inward[0], high - inward[1]
    return round_trips(rng, market, made, owner, at, slot, buy, sell, lots).against(VICTIM)


def suits(market: Market) -> NDArray[np.bool_]:
    """There are wide candles for any number of trips."""
    return np.asarray(_widest(market).sum(axis=1) >= TRIPS.high)


def _widest(market: Market) -> NDArray[np.bool_]:
    """Shape (w, slots): the candles that S2 chooses from."""
    height = market.height
    rank = np.argsort(np.argsort(-height, axis=1, kind="stable"), axis=1)
    enough = height >= MIN_RANGE * np.maximum(market.low, 1)
    return np.asarray((rank < WIDEST) & enough & (height > 0) & market.exists)


def draw_soft_hacker(rng: Generator, market: Market, world: Ints) -> Draft:
    """Candles at least 10 ticks tall, places from a beta distribution drawn per account."""
    n = len(world)
    trips = np.minimum(rng.geometric(0.25, n) + SOFT_TRIPS.low - 1, SOFT_TRIPS.high).astype(int)
    allowed = tall_candles(market, LEAST_HEIGHT, WORTH_IT)[world]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), _revisited(rng, pick_slots(rng, allowed, trips), trips)
    at = world[owner]
    low, height = market.low[at, slot], market.height[at, slot]
    # Mean place 0.05 to 0.25 from the edge, so that the gap is 0.5 to 0.9 of the candle.
    edge, tightness = EDGE.even(rng, n)[owner], TIGHTNESS.even(rng, n)[owner]
    buy, sell = (rng.beta(edge * tightness, (1 - edge) * tightness) for _ in range(2))
    buy_ticks = low + np.rint(buy * height).astype(np.int64)
    sell_ticks = low + height - np.rint(sell * height).astype(np.int64)
    lots = sized(rng, market.volume[at, slot], SOFT_SHARE)
    # Some sell a little more or less than they bought, and some orders fill in parts.
    uneven = np.where(rng.random(n) < 0.3, rng.uniform(0, 0.4, n), 0.0)[owner]
    sold = whole_lots(lots * np.exp(rng.uniform(-1, 1, len(owner)) * uneven))
    trip = round_trips(
        rng, market, made, owner, at, slot, buy_ticks, sell_ticks, lots, sold
    ).against(VICTIM)
    parts = np.where(rng.random(n) < 0.3, PARTS.whole(rng, n), 1)
    return split_fills(rng, market, trip, parts)


def _revisited(rng: Generator, slot: Ints, trips: Ints) -> Ints:
    """Some accounts go back to the same candles, as the seeds' code does (with replacement)."""
    owner = owners(trips)
    first = np.cumsum(trips) - trips
    share = np.where(rng.random(len(trips)) < 0.4, rng.uniform(0.3, 1, len(trips)), 1.0)
    # Never so few candles that a transfer looks like the one or two trips that are normal.
    pool = np.maximum(np.ceil(trips * share), SOFT_TRIPS.low).astype(np.int64)
    drawn = (rng.random(len(owner)) * pool[owner]).astype(np.int64)
    nth = np.where(share[owner] < 1, drawn, np.arange(len(owner)) - first[owner])
    return np.asarray(slot[first[owner] + nth])


HACKER = Scenario(HACKER_INFO, draw_hacker, suits)
SOFT_HACKER = Scenario(
    SOFT_HACKER_INFO, draw_soft_hacker, with_room(WIDEST, LEAST_HEIGHT, WORTH_IT)
)
