"""A population: accounts with behaviours in markets, and both sides of every match."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US, MICROSECONDS, Fills
from tradeglyph.simulate.background import background
from tradeglyph.simulate.candle_market import market_of
from tradeglyph.simulate.cast import Batch, Cast, Matches, cast
from tradeglyph.simulate.crowd import met_by_crowd
from tradeglyph.simulate.draft import ANYBODY, Ints
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parts import CROWD, CROWD_PART, HONEST_DAY_PART, parts
from tradeglyph.simulate.printing import with_prints
from tradeglyph.simulate.random_walk import simulate_market
from tradeglyph.simulate.scenario import Scenario
from tradeglyph.simulate.scenarios import SCENARIOS

__all__ = [
    "ACCOUNTS_PER_WORLD",
    "CROWD",
    "Labels",
    "Population",
    "chosen_scenarios",
    "simulate",
    "simulated_names",
    "worlds_for",
]

ACCOUNTS_PER_WORLD = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """One element per account, symbol and day with a fill: what the account really did then.

    Sorted by account, then symbol and day.
    """

    account: NDArray[np.int32]
    symbol: NDArray[np.int32]
    window_start: NDArray[np.int64]
    scenario: NDArray[np.object_]
    label: NDArray[np.object_]
    role: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Trades (both rows of every match share a `trade_id`), candles, labels."""

    fills: Fills
    trade_id: NDArray[np.int64]
    counterparty: NDArray[np.int32]
    """Account code of the other side of each fill."""
    candles: Candles
    labels: Labels
    not_made: dict[str, int]
    """Cases per scenario whose market offered too little for them."""


def worlds_for(accounts: int) -> int:
    """How many worlds so many accounts are spread over."""
    return max(2, -(-accounts // ACCOUNTS_PER_WORLD))


def simulate(
    accounts: int,
    seed: int,
    *,
    scenarios: Sequence[str] = (),
    candles: Candles | None = None,
    market: Market | None = None,
) -> Population:
    """`accounts` accounts by the weights of their scenarios; victims count, their company and the
    crowd do not.

    Equal arguments give equal populations. Accounts that their world has no room for are not made
    and counted, so a few less may come out.

    Args:
        candles: real ones, to trade in instead of simulated ones.
        market: a whole one, instead of either.

    Raises:
        InputError: fewer than one account, a scenario that is not in the list, or candles that
            nobody can be drawn into.
    """
    if accounts < 1:
        raise InputError(f"--accounts {accounts}: give at least 1")
    chosen = chosen_scenarios(scenarios)
    rng = np.random.default_rng(seed)
    if market is None:
        market = _market(rng, candles, worlds_for(accounts))
    printed, batches = _draft_all(rng, market, chosen, accounts)
    return _assemble(rng, market, printed, batches)


def _market(rng: Generator, candles: Candles | None, worlds: int) -> Market:
    if candles is None:
        return simulate_market(rng, worlds)
    return market_of(rng, candles, worlds)


def chosen_scenarios(names: Sequence[str]) -> list[Scenario]:
    """Scenarios by name, in the list's order; all of them for no names."""
    known = {scenario.info.name for scenario in SCENARIOS}
    unknown = [name for name in names if name not in known]
    if unknown:
        listed = ", ".join(sorted(known))
        raise InputError(f"--scenarios: no scenario {unknown[0]!r}; there are: {listed}")
    return [s for s in SCENARIOS if not names or s.info.name in names]


def simulated_names() -> set[str]:
    """Every scenario name that a simulation can write into its labels."""
    return {part.name for part in parts()}


def _draft_all(
    rng: Generator, market: Market, scenarios: list[Scenario], accounts: int
) -> tuple[Market, list[Batch]]:
    """Those that print candles go first, so that the others keep out of what they printed."""
    counted = list(zip(scenarios, _counts(scenarios, accounts), strict=True))
    counted.sort(key=lambda pair: not pair[0].info.prints_candles)
    batches = []
    for scenario, count in counted:
        world = _homes(rng, market, scenario, count)
        drafted = scenario.draw(rng, market, world)
        batches.append(Batch(scenario=scenario, world=world, draft=drafted))
        if scenario.info.prints_candles:
            market = with_prints(market, drafted)
    return market, _large_enough(market, batches)


def _homes(rng: Generator, market: Market, scenario: Scenario, count: int) -> Ints:
    """Worlds that suit; any where none does, for accounts that then are not made."""
    suitable = np.flatnonzero(scenario.suits(market))
    if not len(suitable):
        suitable = np.arange(len(market))
    return suitable[rng.integers(len(suitable), size=count)]


def _large_enough(market: Market, batches: list[Batch]) -> list[Batch]:
    """Without the accounts that others outgrew in a candle, where their scenario asks for size."""
    volume = market.volume.copy()
    for batch in batches:
        np.add.at(volume, (batch.draft.world, batch.draft.slot), batch.draft.lots)
    return [
        replace(batch, draft=batch.draft.only(_smallest_share(batch, volume) >= least))
        if (least := batch.scenario.info.least_share)
        else batch
        for batch in batches
    ]


def _smallest_share(batch: Batch, volume: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (n,): of each case's larger sides in the candles of its transfers, the smallest share
    of volume; infinite without a transfer."""
    drafted = batch.draft.keep(batch.draft.other != ANYBODY)
    cell = (drafted.owner * len(volume) + drafted.world) * volume.shape[1] + drafted.slot
    cells, at = np.unique(cell, return_inverse=True)
    bought = np.bincount(at, drafted.lots * (drafted.side > 0), len(cells))
    sold = np.bincount(at, drafted.lots * (drafted.side < 0), len(cells))
    share = np.maximum(bought, sold) / volume.ravel()[cells % volume.size]
    least = np.full(len(batch.world), np.inf)
    np.minimum.at(least, cells // volume.size, share)
    return least


def _counts(scenarios: list[Scenario], accounts: int) -> list[int]:
    """Cases per scenario by largest remainder; a scenario with a victim draws two for one."""
    weight = np.array([s.info.weight for s in scenarios])
    persons = np.array([2 if s.info.against else 1 for s in scenarios])
    exact = accounts * weight / (weight @ persons)
    count = np.floor(exact).astype(int)
    by_remainder = np.argsort(count - exact, kind="stable")
    for at in by_remainder:
        if (count + (np.arange(len(count)) == at)) @ persons <= accounts:
            count[at] += 1
    return [int(c) for c in count]


def _assemble(rng: Generator, before: Market, market: Market, batches: list[Batch]) -> Population:
    """`before` is the market without what fraud printed."""
    played = cast(batches)
    own = background(rng, before, played.matches)
    crowd = met_by_crowd(rng, market, played.matches, own, len(played.part))
    matches = crowd.matches
    fills = _fills(market, matches, len(played.part) + int(crowd.members.sum()))
    return Population(
        fills=fills,
        trade_id=np.tile(np.arange(len(matches.account)), 2),
        counterparty=np.concatenate([matches.other, matches.account]).astype(np.int32),
        candles=_candles(market, played.matches),
        labels=_labels(market, played, matches),
        not_made={b.scenario.info.name: int((~b.draft.made).sum()) for b in batches},
    )


def _fills(market: Market, matches: Matches, accounts: int) -> Fills:
    """First the fills of the drawn accounts, then in the same order those of the other side."""
    world = matches.world
    time = market.start[world, matches.slot] + matches.second * MICROSECONDS
    return Fills(
        account=np.concatenate([matches.account, matches.other]).astype(np.int32),
        symbol=np.tile(market.symbol[world], 2).astype(np.int32),
        time=np.tile(time, 2),
        side=np.concatenate([matches.side, -matches.side]).astype(np.int8),
        price=np.tile(market.price_of(world, matches.ticks), 2),
        quantity=np.tile(matches.lots * market.lot[world], 2),
        account_names=np.array([f"A{number:07d}" for number in range(accounts)], dtype=object),
        symbol_names=np.array(market.symbol_names, dtype=object),
    )


def _candles(market: Market, matches: Matches) -> Candles:
    """The market's candles; their volume is raised by the drawn accounts' `matches`, so that it
    covers them beside the crowd's own."""
    matched = np.zeros(market.volume.shape)
    np.add.at(matched, (matches.world, matches.slot), matches.lots)
    world, slot = np.nonzero(market.shown)
    start = market.start[world, slot]
    order = np.lexsort((start, market.symbol[world]))
    world, slot = world[order], slot[order]

    def prices(name: str) -> NDArray[np.float64]:
        if market.quotes is not None:
            return np.asarray(getattr(market.quotes, name)[world, slot])
        return market.price_of(world, getattr(market, name)[world, slot])

    return Candles(
        symbol=market.symbol[world].astype(np.int32),
        start=start[order],
        high=prices("high"),
        low=prices("low"),
        open=prices("open"),
        close=prices("close"),
        volume=_published(market, matched)[world, slot],
        accounts=np.full(len(world), -1, dtype=np.int32),
        interval=market.interval,
        symbol_names=np.array(market.symbol_names, dtype=object),
    )


def _published(market: Market, matched: NDArray[np.float64]) -> NDArray[np.float64]:
    """Base units, shape (w, slots); NaN where the feed does not say."""
    if market.quotes is not None:
        # What a fraud alone has printed has no volume but its own.
        own = np.where(market.printed, 0.0, np.nan)
        said = np.where(np.isnan(market.quotes.volume), own, market.quotes.volume)
        known = market.publishes_volume[:, None] | ~np.isnan(market.quotes.volume)
        return np.where(known, said + matched * market.lot[:, None], np.nan)
    volume = (market.volume + matched) * market.lot[:, None]
    volume[~market.publishes_volume] = np.nan
    return np.asarray(volume)


def _labels(market: Market, played: Cast, matches: Matches) -> Labels:
    """Of all windows with a fill; a member of the crowd may have none on a day."""
    crowd = len(played.parts)
    honest = crowd + 1
    known = np.array([*played.parts, CROWD_PART, HONEST_DAY_PART], dtype=object)
    account = np.concatenate([matches.account, matches.other])
    window, at = np.unique(account * len(market) + np.tile(matches.world, 2), return_inverse=True)
    who, world = window // len(market), window % len(market)
    drawn = len(played.part)
    part = np.where(who < drawn, played.part[np.minimum(who, drawn - 1)] if drawn else crowd, crowd)
    directed = np.zeros(len(window), dtype=bool)
    directed[at[np.tile(matches.other < drawn, 2)]] = True
    fraud = np.array([part.label == "fraud" for part in known])
    part = np.where(fraud[part] & ~directed, honest, part)

    def spread(name: str) -> NDArray[np.object_]:
        return np.array([getattr(one, name) for one in known], dtype=object)[part]

    return Labels(
        account=who.astype(np.int32),
        symbol=market.symbol[world].astype(np.int32),
        window_start=market.start[world, 0] // DAY_US * DAY_US,
        scenario=spread("name"),
        label=spread("label"),
        role=spread("role"),
    )
