"""Transfers whose orders fill in many parts, some of them with strangers who stepped between."""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import ANYBODY, Draft, Ints, owners, split_fills
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, sized, tall_candles
from tradeglyph.simulate.scenario import HOLD, NO_HOLD, Scenario, ScenarioInfo, with_room
from tradeglyph.simulate.transfers import WORTH_IT, candle_trips

TRIPS = Parameter(name="trips", low=3, high=8, unit="round trips")
GAP = Parameter(name="gap", low=0.4, high=0.95, unit="of the candle's height")
SHARE = Parameter(name="share", low=0.02, high=1.5, unit="of the candle's other volume")
PARTS = Parameter(name="parts", low=3, high=20, unit="most fills of an order")
SLIP = Parameter(name="slip", low=0, high=0.08, unit="of the candle's height, from part to part")
LOST = Parameter(name="lost", low=0, high=0.3, unit="of the parts, filled by strangers")

INFO = ScenarioInfo(
    name="partial_fills",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=0.8,
    title_en="Transfers in partial fills",
    title_zh="分笔成交的转移",
    description_en="Three to eight trips whose orders fill in up to twenty parts, seconds and a "
    "few ticks apart; strangers catch up to three in ten of them.",
    description_zh="三到八个来回，每张委托分成多达二十笔成交，前后差几秒、几个价位；"
    "最多三成被旁人抢走。",
    source="Order books do not promise who fills: part of a matched order leaks",
    parameters=(TRIPS, GAP, SHARE, PARTS, SLIP, LOST),
    against="partial_victim",
)

LEAST_HEIGHT = 10


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Parts of one order stay in its candle."""
    n = len(world)
    trips = TRIPS.whole(rng, n)
    room = tall_candles(market, LEAST_HEIGHT, WORTH_IT)[world]
    made = room.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, room, trips)
    at = world[owner]
    lots = sized(rng, market.volume[at, slot], SHARE)
    gap = GAP.even(rng, n)[owner]
    whole = candle_trips(rng, market, made, owner, at, slot, gap=gap, lots=lots)
    parts = split_fills(rng, market, whole, PARTS.whole(rng, n))
    low, high = market.low[parts.world, parts.slot], market.high[parts.world, parts.slot]
    slip = SLIP.even(rng, n)[parts.owner] * (high - low) * rng.standard_normal(len(parts))
    ticks = np.clip(parts.ticks + np.rint(slip).astype(np.int64), low, high)
    caught = rng.random(len(parts)) < LOST.even(rng, n)[parts.owner]
    other = np.where(caught, ANYBODY, parts.other)
    return replace(parts, ticks=ticks, other=other)


PARTIAL_FILLS = Scenario(INFO, draw, with_room(int(TRIPS.high), LEAST_HEIGHT, WORTH_IT))
