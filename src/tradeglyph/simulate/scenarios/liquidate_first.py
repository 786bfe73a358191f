"""The victim's holdings are sold to anybody, the cash passes over, the holdings come back."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import VICTIM, Draft, Ints, join
from tradeglyph.simulate.market import Floats, Market
from tradeglyph.simulate.orders import orders
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import candle_rank, sized, slots_for, tall_candles
from tradeglyph.simulate.scenario import HOLD, NO_HOLD, Scenario, ScenarioInfo, with_room
from tradeglyph.simulate.transfers import WORTH_IT, candle_trips

SOLD = Parameter(name="sold", low=3, high=15, unit="fills by which the victim's holdings go")
TRIPS = Parameter(name="trips", low=3, high=8, unit="round trips")
GAP = Parameter(name="gap", low=0.4, high=0.95, unit="of the candle's height")
SHARE = Parameter(name="share", low=0.02, high=1.5, unit="of the candle's other volume")
RESTORED = Parameter(name="restored", low=0, high=12, unit="fills by which they come back")
SIZE = Parameter(
    name="size", low=0.01, high=0.5, unit="of a candle in the middle, a holding's fill"
)

INFO = ScenarioInfo(
    name="liquidate_first",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=0.7,
    title_en="Holdings sold first, bought back after",
    title_zh="先清仓、后补仓",
    description_en="The victim's holdings are sold at market, three to eight trips take the cash, "
    "and what is left buys holdings back, so that nobody wonders at an empty account.",
    description_zh="先把被盗账户的持仓按市价卖掉换成资金，再用三到八个来回转走，"
    "最后用剩下的钱把持仓补回来，账户看上去没有变化。",
    source="Hijacked brokerage accounts: positions are liquidated to fund the matched trades",
    parameters=(SOLD, TRIPS, GAP, SHARE, RESTORED, SIZE),
    against="liquidated_victim",
)

LEAST_HEIGHT = 10
LEAST_TRIPS = 2


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Three stretches of the day, one after the other."""
    n = len(world)
    # Of the day's candles: begin of the sale, of the trips, of the buying back, and its end.
    cuts = np.sort(rng.random((n, 4)), axis=1)
    room = _between(market, world, cuts[:, 1], cuts[:, 2])
    room &= tall_candles(market, LEAST_HEIGHT, WORTH_IT)[world]
    row, slot = slots_for(rng, room, TRIPS.whole(rng, n))
    at = world[row]
    made = np.bincount(row, minlength=n) >= LEAST_TRIPS
    lots = sized(rng, market.volume[at, slot], SHARE)
    gap = GAP.even(rng, n)[row]
    trips = candle_trips(rng, market, made, row, at, slot, gap=gap, lots=lots)
    size = SIZE.scaled(rng, n)

    def holdings(side: int, fills: Parameter, first: Floats, last: Floats) -> Draft:
        return orders(
            rng, market, made, np.arange(n), world, fills.whole(rng, n),
            size=size, side=side, allowed=_between(market, world, first, last),
        ).by(VICTIM)  # fmt: skip

    sale = holdings(SELL, SOLD, cuts[:, 0], cuts[:, 1])
    return join([trips, sale, holdings(BUY, RESTORED, cuts[:, 2], cuts[:, 3])])


def _between(market: Market, world: Ints, first: Floats, last: Floats) -> NDArray[np.bool_]:
    rank = candle_rank(market, world)
    return np.asarray((rank >= first[:, None]) & (rank < last[:, None]))


LIQUIDATE_FIRST = Scenario(INFO, draw, with_room(3 * int(TRIPS.high), LEAST_HEIGHT, WORTH_IT))
