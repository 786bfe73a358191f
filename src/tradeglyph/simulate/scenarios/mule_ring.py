"""Transfers inside a market that mules print: what looks like the market's price is theirs."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import COMPANY, LEAD, VICTIM, Draft, Ints, draft, join, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import (
    quiet_share,
    quiet_slots,
    slots_for,
    standing,
    typical_volume,
    whole_lots,
)
from tradeglyph.simulate.scenario import ANY_VERDICT, HOLD, NO_HOLD, Part, Scenario, ScenarioInfo
from tradeglyph.simulate.transfers import apart

MULES = Parameter(name="mules", low=2, high=8, unit="accounts")
TRIPS = Parameter(name="trips", low=3, high=10, unit="round trips of the pair")
GAP = Parameter(name="gap", low=0.008, high=0.12, unit="of the price")
SHARE = Parameter(name="share", low=0.2, high=4, unit="of the volume of a candle in the middle")
PRINTS_AROUND = Parameter(name="prints", low=1, high=4, unit="of mules, around each leg")
APART = Parameter(name="apart", low=1, high=60, unit="seconds from the leg")
SMALLER = Parameter(name="size", low=0.05, high=0.6, unit="of the leg, a mule's print")

INFO = ScenarioInfo(
    name="mule_ring",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=0.5,
    title_en="Pair inside a ring of mules",
    title_zh="有马甲账户掩护的转移",
    description_en="Three to ten trips of a pair in a thin market, and two to eight mules who "
    "trade with one another at the pair's prices seconds before and after, so that these look "
    "like the market's.",
    description_zh="在冷门标的里做三到十个来回，两到八个马甲账户在前后几十秒内互相成交、"
    "打出同样的价位，让转移价看起来就是市场价。",
    source="Collusive groups in market-manipulation cases (stock pools, money mules)",
    parameters=(MULES, TRIPS, GAP, SHARE, PRINTS_AROUND, APART, SMALLER),
    against="ring_victim",
    company=Part(
        name="mule",
        kind="fraud",
        label="fraud",
        allowed_without=NO_HOLD,
        allowed_with=ANY_VERDICT,
        title_en="Mule",
        title_zh="马甲账户",
    ),
    prints_candles=True,
)

FEW_PRINTS = 6
WITH_THE_PAIR = 0.2
"""Share of the mules' prints that they trade with one of the pair."""


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Both legs of a trip lie in one slot, with the mules' prints around each."""
    n = len(world)
    row, slot = slots_for(rng, quiet_slots(market, FEW_PRINTS)[world], TRIPS.whole(rng, n))
    at, m = world[row], len(row)
    gap = GAP.scaled(rng, n)[row] * rng.lognormal(0, 0.15, m)
    low, high = apart(rng, standing(market)[at, slot], gap)
    lots = whole_lots(SHARE.scaled(rng, n)[row] * typical_volume(market)[at])
    made = np.bincount(row, minlength=n) >= TRIPS.low
    legs = join(
        [
            draft(made, row, at, slot, rng.integers(market.seconds, size=m), side, ticks, lots)
            for side, ticks in ((BUY, low), (SELL, high))
        ]
    ).against(VICTIM)
    return join([legs, _printed_around(rng, market, legs, np.abs(high - low).mean() if m else 0)])


def _printed_around(rng: Generator, market: Market, legs: Draft, spread: float) -> Draft:
    leg = owners(PRINTS_AROUND.whole(rng, len(legs)))
    around, k = legs.take(leg), len(leg)
    mules = MULES.whole(rng, len(legs.made))[around.owner]
    actor = (rng.random(k) * mules).astype(np.int64)
    other = (actor + 1 + (rng.random(k) * (mules - 1)).astype(np.int64)) % mules
    pair = np.where(rng.random(k) < 0.5, LEAD, VICTIM)
    off = APART.whole(rng, k) * rng.choice([-1, 1], k)
    # Not all at the pair's very price.
    ticks = around.ticks + np.rint(rng.standard_normal(k) * 0.05 * spread).astype(np.int64)
    prints = draft(
        legs.made,
        around.owner,
        around.world,
        around.slot,
        np.clip(around.second + off, 0, market.seconds - 1),
        rng.choice([BUY, SELL], k),
        np.maximum(ticks, 1),
        whole_lots(around.lots * SMALLER.even(rng, k)),
    )
    met = np.where(rng.random(k) < WITH_THE_PAIR, pair, COMPANY + other)
    return prints.by(COMPANY + actor).against(met)


def suits(market: Market) -> NDArray[np.bool_]:
    """A third of the session or more is quiet."""
    return np.asarray(quiet_share(market, FEW_PRINTS) > 1 / 3)


MULE_RING = Scenario(INFO, draw, suits)
