"""Volume for its own sake: with oneself, or there and back with a partner, without a gain."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import COMPANY, LEAD, Draft, Ints, draft, join, owners
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import print_at, slots_for, typical_volume, whole_lots
from tradeglyph.simulate.scenario import QUIET, Part, Scenario, ScenarioInfo

ROUNDS = Parameter(name="rounds", low=3, high=60, unit="trades and their returns")
PARTNERS = Parameter(name="partners", low=0, high=2, unit="accounts; none trades with itself")
BACK = Parameter(name="back", low=1, high=120, unit="seconds until the return")
OFF = Parameter(name="off", low=-1, high=1, unit="ticks of the return from the trade")
SIZE = Parameter(name="size", low=0.05, high=4, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="wash_trader",
    kind="wash",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=2,
    title_en="Wash trader",
    title_zh="刷量账户",
    description_en="Three to sixty times a size there and back at the same price: with itself, "
    "with a partner, or round a circle of three, for the fee tier and not for a gain.",
    description_zh="同样的数量、同样的价格一来一回，做三到六十次：自己跟自己、跟一个搭档，"
    "或者三个账户转一圈，为的是手续费等级，不是赚钱。",
    source="Victor and Weintraud 2021, Detecting and Quantifying Wash Trading on Decentralized "
    "Cryptocurrency Exchanges",
    parameters=(ROUNDS, PARTNERS, BACK, OFF, SIZE),
    company=Part(
        name="wash_partner",
        kind="wash",
        label="normal",
        allowed_without=QUIET,
        allowed_with=QUIET,
        title_en="Partner of a wash trader",
        title_zh="刷量搭档",
    ),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Who has partners trades round with them; equal sizes all the way."""
    n = len(world)
    row, slot = slots_for(rng, market.exists[world], ROUNDS.whole_scaled(rng, n))
    again = owners(rng.integers(1, 3, len(row)))
    owner, slot = row[again], slot[again]
    at, m = world[owner], len(owner)
    made = np.bincount(owner, minlength=n) > 0
    ticks, second = print_at(market, at, slot, rng.integers(PRINTS, size=m))
    size = SIZE.scaled(rng, n)[owner] * typical_volume(market)[at]
    lots = whole_lots(size * rng.lognormal(0, 0.2, m))
    first = draft(made, owner, at, slot, second, rng.choice([BUY, SELL], m), ticks, lots)
    return _rounds(rng, market, first, PARTNERS.whole(rng, n)[owner])


def _rounds(rng: Generator, market: Market, first: Draft, partners: Ints) -> Draft:
    """The trade, its return, and in a circle of three the leg between."""
    where = first.world, first.slot
    later = np.minimum(first.second + BACK.whole(rng, len(first)), market.seconds - 1)
    back = np.clip(first.ticks + OFF.whole(rng, len(first)), market.low[where], market.high[where])
    partner, third = COMPANY, COMPANY + 1
    alone = first.against(LEAD).keep(partners == 0)
    out = first.against(partner).keep(partners > 0)
    made, owner, world, slot = first.made, first.owner, first.world, first.slot
    home = draft(made, owner, world, slot, later, -first.side, back, first.lots)
    across = draft(made, owner, world, slot, later, first.side, first.ticks, first.lots)
    return join(
        [
            alone,
            out,
            # What the partner took goes on to the third, and from there home.
            across.by(partner).against(third).keep(partners > 1),
            home.against(np.where(partners > 1, third, partner)).keep(partners > 0),
        ]
    )


WASH_TRADER = Scenario(INFO, draw)
