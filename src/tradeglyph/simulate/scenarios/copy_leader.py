"""One leader, and followers whose accounts repeat each of its orders seconds later."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY
from tradeglyph.simulate.draft import COMPANY, Draft, Ints, draft, join, owners
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import (
    next_candle,
    print_at,
    slots_for,
    typical_volume,
    whole_lots,
    within_print,
)
from tradeglyph.simulate.scenario import QUIET, Part, Scenario, ScenarioInfo

FOLLOWERS = Parameter(name="followers", low=40, high=60, unit="accounts")
TRIPS = Parameter(name="trips", low=1, high=10, unit="round trips of the leader")
KEPT = Parameter(name="kept", low=0.5, high=1, unit="of the leader's orders, by a follower")
LAG = Parameter(name="lag", low=1, high=25, unit="seconds after the leader")
SLIP = Parameter(name="slip", low=-2, high=2, unit="ticks from the leader's price")
SIZE = Parameter(name="size", low=0.0005, high=0.05, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="copy_leader",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=0.15,
    title_en="Leader of copy trading",
    title_zh="带单员",
    description_en="One to ten trips at market; about fifty followers repeat each order within "
    "seconds, a tick or two beside it, against whoever is there.",
    description_zh="按市价做一到十个来回；约五十个跟单账户几秒内照样成交，差一两个价位，"
    "对手是市场上随便什么人。",
    source="Copy trading of crypto exchanges and retail brokers",
    parameters=(FOLLOWERS, TRIPS, KEPT, LAG, SLIP, SIZE),
    company=Part(
        name="copy_follower",
        kind="normal",
        label="normal",
        allowed_without=QUIET,
        allowed_with=QUIET,
        title_en="Follower of copy trading",
        title_zh="跟单者",
    ),
)

LONGEST = 24
"""Candles for which a position is held at most."""


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Entries and exits at prints; followers in the same candle."""
    n = len(world)
    row, slot = slots_for(rng, market.exists[world], TRIPS.whole(rng, n))
    at, m = world[row], len(row)
    made = np.bincount(row, minlength=n) > 0
    side = BUY * np.where(rng.random(m) < rng.choice([0.5, 1.0], n)[row], 1, -1)
    lots = whole_lots(SIZE.scaled(rng, n)[row] * typical_volume(market)[at])
    leave = next_candle(market, at, slot + rng.integers(1, LONGEST + 1, m))
    orders = []
    for when, way in ((slot, side), (leave, -side)):
        ticks, second = print_at(market, at, when, rng.integers(PRINTS, size=m))
        second = within_print(rng, market, second)
        orders.append(draft(made, row, at, when, second, way, ticks, lots))
    lead = join(orders)
    return join([lead, _followed(rng, market, lead)])


def _followed(rng: Generator, market: Market, lead: Draft) -> Draft:
    most = int(FOLLOWERS.high)
    followers = FOLLOWERS.whole(rng, len(lead.made))[lead.owner]
    order = owners(followers)
    number = np.arange(len(order)) - (np.cumsum(followers) - followers)[order]
    copied = lead.take(order)
    who = copied.owner * most + number
    kept = rng.random(len(who)) < KEPT.even(rng, len(lead.made) * most)[who]
    copied, number, who = copied.keep(kept), number[kept], who[kept]
    scale = np.exp(rng.uniform(-3, 2, len(lead.made) * most))[who]
    where = copied.world, copied.slot
    slip = SLIP.whole(rng, len(who))
    return draft(
        lead.made,
        copied.owner,
        copied.world,
        copied.slot,
        np.minimum(copied.second + LAG.whole(rng, len(who)), market.seconds - 1),
        copied.side,
        np.clip(copied.ticks + slip, market.low[where], market.high[where]),
        whole_lots(copied.lots * scale),
    ).by(COMPANY + number)


COPY_LEADER = Scenario(INFO, draw)
