"""A market maker who is the whole market of some clients: one counterparty, and all honest."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import COMPANY, LEAD, Draft, Ints, draft, numbered, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import (
    best_print,
    slots_for,
    typical_volume,
    whole_lots,
    within_print,
)
from tradeglyph.simulate.scenario import QUIET, Part, Scenario, ScenarioInfo

CLIENTS = Parameter(name="clients", low=4, high=30, unit="accounts")
FILLS = Parameter(name="fills", low=2, high=24, unit="fills of a client")
LOOKS = Parameter(name="looks", low=1, high=2, unit="prints, of which the dealer has the best")
SIZE = Parameter(name="size", low=0.001, high=0.3, unit="of a candle in the middle")
BUYS = Parameter(name="buys", low=0, high=1, unit="of a client's fills, beta(0.7, 0.7)")

INFO = ScenarioInfo(
    name="sole_dealer",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=0.5,
    title_en="Dealer with clients of its own",
    title_zh="有固定客户的做市商",
    description_en="Four to thirty clients who trade with this dealer and with nobody else: the "
    "dealer earns the spread, each client pays it, and nothing passes but that.",
    description_zh="四到三十个客户只跟这一家做市商成交：做市商赚价差，客户付价差，除此之外没有转移。",
    source="Dealer markets and exchanges with one designated market maker",
    parameters=(CLIENTS, FILLS, LOOKS, SIZE, BUYS),
    company=Part(
        name="dealer_client",
        kind="normal",
        label="normal",
        allowed_without=QUIET,
        allowed_with=QUIET,
        title_en="Client of a single dealer",
        title_zh="只有一个对手的客户",
    ),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """The dealer's price is one print of the candle, or the better of two for the dealer."""
    n = len(world)
    made = market.traded[world]
    clients = np.where(made, CLIENTS.whole(rng, n), 0)
    dealer, number = owners(clients), COMPANY + numbered(clients)
    home, k = world[dealer], len(dealer)
    row, slot = slots_for(rng, market.exists[home], FILLS.whole_scaled(rng, k))
    at, m = home[row], len(row)
    side = np.where(rng.random(m) < rng.beta(0.7, 0.7, k)[row], BUY, SELL)
    looks = 1 + rng.binomial(int(LOOKS.high) - 1, rng.uniform(0, 1, n)[dealer[row]], m)
    ticks, second = best_print(rng, market, at, slot, -side, looks)
    size = SIZE.scaled(rng, k)[row] * rng.lognormal(0, 0.3, m)
    lots = whole_lots(size * typical_volume(market)[at])
    second = within_print(rng, market, second)
    fills = draft(made, dealer[row], at, slot, second, side, ticks, lots)
    return fills.by(number[row]).against(LEAD)


SOLE_DEALER = Scenario(INFO, draw)
