"""Traders who go in and out at the market's price, many times a day."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY
from tradeglyph.simulate.draft import Draft, Ints, draft, join, owners
from tradeglyph.simulate.market import PRINTS, Floats, Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import next_candle, pick_slots, print_at, whole_lots, within_print
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

TRIPS = Parameter(name="trips", low=3, high=9, unit="round trips")
HELD = Parameter(name="held", low=1, high=144, unit="chances to print, typical holding time")
SHARE = Parameter(name="share", low=0.0005, high=0.3, unit="of the candle's other volume")
LARGE = Parameter(name="large", low=0.37, high=20, unit="of that, for one in ten")

SCALPER_TRIPS = Parameter(name="trips", low=10, high=50, unit="round trips")
SCALPER_HELD = Parameter(name="held", low=1, high=10, unit="chances to print, typical")
SKILL = Parameter(name="skill", low=0, high=1, unit="of the exits, at the better of two prints")

DAY_TRADER_INFO = ScenarioInfo(
    name="day_trader",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=14,
    title_en="Day trader",
    title_zh="日内交易者",
    description_en="Three to nine round trips at market prices, long or short, held from seconds "
    "to an hour, about half of them at a loss.",
    description_zh="一天三到九个来回，按市价进出，可多可空，持有几秒到一小时，大约一半亏钱。",
    source="Evaluation protocol: the seeds' model flags 96-100 % of them",
    parameters=(TRIPS, HELD, SHARE, LARGE),
)

SCALPER_INFO = ScenarioInfo(
    name="scalper",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=12,
    title_en="Scalper",
    title_zh="剥头皮交易者",
    description_en="Ten to fifty quick round trips for a few ticks, more often won than lost, "
    "each over within minutes.",
    description_zh="十到五十个快进快出的来回，每次只赚几个价位，赢多输少，几分钟内了结。",
    source="Market practice",
    parameters=(SCALPER_TRIPS, SCALPER_HELD, SKILL, SHARE, LARGE),
)


def draw_day_trader(rng: Generator, market: Market, world: Ints) -> Draft:
    """Three to nine trips without an eye for the price."""
    return _draw(rng, market, world, TRIPS, HELD, skilled=False)


def draw_scalper(rng: Generator, market: Market, world: Ints) -> Draft:
    """Ten to fifty trips of seconds to minutes with some skill at the exit."""
    return _draw(rng, market, world, SCALPER_TRIPS, SCALPER_HELD, skilled=True)


def _draw(
    rng: Generator,
    market: Market,
    world: Ints,
    trips_of: Parameter,
    held: Parameter,
    *,
    skilled: bool,
) -> Draft:
    """Entries at random prints; exits later, at a print of that time."""
    n = len(world)
    trips = trips_of.whole(rng, n)
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at, m = world[owner], len(owner)
    entry, second = print_at(market, at, slot, rng.integers(PRINTS, size=m))
    typical = held.scaled(rng, n)[owner]
    later = slot * PRINTS + second // market.print_seconds + 1
    later += rng.exponential(typical).astype(np.int64)
    exit_slot = next_candle(market, at, np.minimum(later // PRINTS, market.slots - 1))
    leave, left = print_at(market, at, exit_slot, later % PRINTS)
    direction = np.where(rng.random(m) < rng.choice([0.5, 1.0], n)[owner], 1, -1) * BUY
    if skilled:
        other, other_second = print_at(market, at, exit_slot, rng.integers(PRINTS, size=m))
        keen = rng.random(m) < SKILL.even(rng, n)[owner]
        better = keen & ((other - leave) * direction > 0)
        leave, left = np.where(better, other, leave), np.where(better, other_second, left)
    size = _sizes(rng, n)[owner] * rng.lognormal(0, 0.3, m)
    lots = whole_lots(size * market.volume[at, slot])
    second, left = within_print(rng, market, second), within_print(rng, market, left)
    return join(
        [
            draft(made, owner, at, slot, second, direction, entry, lots),
            draft(made, owner, at, exit_slot, left, -direction, leave, lots),
        ]
    )


def _sizes(rng: Generator, n: int) -> Floats:
    """Shares of a candle's volume; some accounts are most of a thin market."""
    return np.where(rng.random(n) < 0.1, LARGE.scaled(rng, n), SHARE.scaled(rng, n))


DAY_TRADER = Scenario(DAY_TRADER_INFO, draw_day_trader)
SCALPER = Scenario(SCALPER_INFO, draw_scalper)
