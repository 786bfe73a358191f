"""Transfers among honest trades of the same day: some, or so many that they drown."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import LEAD, VICTIM, Draft, Ints, join, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.orders import orders
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, sized, tall_candles
from tradeglyph.simulate.scenario import HOLD, NO_HOLD, Scenario, ScenarioInfo, with_room
from tradeglyph.simulate.transfers import WORTH_IT, candle_trips

TRIPS = Parameter(name="trips", low=3, high=8, unit="round trips with the victim")
GAP = Parameter(name="gap", low=0.45, high=0.95, unit="of the candle's height")
SHARE = Parameter(name="share", low=0.005, high=0.8, unit="of the candle's other volume")
HONEST = Parameter(name="honest", low=4, high=24, unit="honest fills of the beneficiary")
SIZE = Parameter(name="size", low=0.002, high=0.4, unit="of a candle in the middle, honest fills")
LOOKS = Parameter(name="looks", low=1, high=5, unit="prints that an honest order may wait for")

INFO = ScenarioInfo(
    name="camouflaged",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=1.4,
    title_en="Camouflaged hacker",
    title_zh="混在正常交易里的黑客",
    description_en="Three to eight trips with the victim among four to twenty-four honest fills "
    "with anybody; the victim's own trading goes on too.",
    description_zh="四到二十四笔与旁人的正常成交之间，夹着与被盗账户的三到八个来回；"
    "被盗账户自己的交易也照常。",
    source="Evaluation protocol: a beneficiary that also trades",
    parameters=(TRIPS, GAP, SHARE, HONEST, SIZE, LOOKS),
    against="camouflaged_victim",
)

DEEP_TRIPS = Parameter(name="trips", low=3, high=5, unit="round trips with the victim")
DEEP_HONEST = Parameter(name="honest", low=25, high=60, unit="honest fills of the beneficiary")

DEEP_INFO = ScenarioInfo(
    name="deep",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=0.8,
    title_en="Deeply hidden hacker",
    title_zh="深藏的黑客",
    description_en="Three to five trips with the victim inside twenty-five to sixty honest fills: "
    "on its own fills it is a busy trader.",
    description_zh="二十五到六十笔正常成交里只藏三到五个与被盗账户的来回："
    "单看自己的成交，就是个勤快的交易者。",
    source="Evaluation protocol: transfers that only counterparties tell",
    parameters=(DEEP_TRIPS, GAP, SHARE, DEEP_HONEST, SIZE, LOOKS),
    against="deep_victim",
)

LEAST_HEIGHT = 10
VICTIMS_OWN = Parameter(name="victims_own", low=0, high=12, unit="honest fills of the victim")


def draw_camouflaged(rng: Generator, market: Market, world: Ints) -> Draft:
    """Some."""
    return _draw(rng, market, world, TRIPS, HONEST)


def draw_deep(rng: Generator, market: Market, world: Ints) -> Draft:
    """So many that they drown."""
    return _draw(rng, market, world, DEEP_TRIPS, DEEP_HONEST)


def _draw(
    rng: Generator, market: Market, world: Ints, trips_of: Parameter, honest_of: Parameter
) -> Draft:
    n = len(world)
    trips = trips_of.whole(rng, n)
    room = tall_candles(market, LEAST_HEIGHT, WORTH_IT)[world]
    made = room.sum(axis=1) >= trips
    made &= market.exists[world].sum(axis=1) >= honest_of.low
    owner, slot = owners(trips), pick_slots(rng, room, trips)
    at = world[owner]
    lots = sized(rng, market.volume[at, slot], SHARE)
    gap = GAP.even(rng, n)[owner]
    matched = candle_trips(rng, market, made, owner, at, slot, gap=gap, lots=lots)
    honest = [
        orders(
            rng, market, made, np.arange(n), world, count.whole(rng, n),
            size=SIZE.scaled(rng, n), looks=LOOKS.whole(rng, n),
        ).by(actor)
        for actor, count in ((LEAD, honest_of), (VICTIM, VICTIMS_OWN))
    ]  # fmt: skip
    return join([matched, *honest])


CAMOUFLAGED = Scenario(INFO, draw_camouflaged, with_room(int(TRIPS.high), LEAST_HEIGHT, WORTH_IT))
DEEP = Scenario(DEEP_INFO, draw_deep, with_room(int(DEEP_HONEST.low), LEAST_HEIGHT, WORTH_IT))
