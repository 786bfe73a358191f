"""A population: accounts with behaviours in simulated markets, and both sides of every match."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US, Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US, MICROSECONDS, Fills
from tradeglyph.simulate.draft import Draft, Ints
from tradeglyph.simulate.market import SLOTS, Market, simulate_market
from tradeglyph.simulate.scenario import Scenario
from tradeglyph.simulate.scenarios import SCENARIOS

ACCOUNTS_PER_WORLD = 40
CROWD_FILLS = 60
"""Fills a member of the crowd has on a day, on average."""
CROWD = "crowd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """One element per account that traded: its window and what it really did."""

    account: NDArray[np.int32]
    symbol: NDArray[np.int32]
    window_start: NDArray[np.int64]
    scenario: NDArray[np.object_]
    label: NDArray[np.object_]
    role: NDArray[np.object_]


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
    """Accounts per scenario whose world offered too few candles for them."""


def simulate(
    accounts: int,
    seed: int,
    *,
    scenarios: Sequence[str] = (),
    market: Market | None = None,
) -> Population:
    """`accounts` accounts by the weights of their scenarios; victims count, the crowd does not.

    Equal arguments give equal populations. Accounts that their world has no room for are not made
    and counted, so a few less may come out.

    Raises:
        InputError: fewer than one account, or a scenario that is not in the list.
    """
    if accounts < 1:
        raise InputError(f"--accounts {accounts}: give at least 1")
    chosen = chosen_scenarios(scenarios)
    rng = np.random.default_rng(seed)
    if market is None:
        market = simulate_market(rng, max(2, -(-accounts // ACCOUNTS_PER_WORLD)))
    return _assemble(rng, market, _draft_all(rng, market, chosen, accounts))


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
    infos = [scenario.info for scenario in SCENARIOS]
    victims = {info.against for info in infos if info.against}
    return {info.name for info in infos} | victims | {CROWD}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    scenario: Scenario
    world: Ints
    draft: Draft


def _draft_all(
    rng: Generator, market: Market, scenarios: list[Scenario], accounts: int
) -> list[_Batch]:
    batches = []
    for scenario, count in zip(scenarios, _counts(scenarios, accounts), strict=True):
        world = rng.integers(len(market), size=count)
        batches.append(
            _Batch(scenario=scenario, world=world, draft=scenario.draw(rng, market, world))
        )
    return _large_enough(market, batches)


def _large_enough(market: Market, batches: list[_Batch]) -> list[_Batch]:
    """Without the accounts that others outgrew in a candle, where their scenario asks for size."""
    volume = market.volume.copy()
    for batch in batches:
        np.add.at(volume, (batch.world[batch.draft.owner], batch.draft.slot), batch.draft.lots)
    return [
        replace(batch, draft=batch.draft.only(_smallest_share(batch, volume) >= least))
        if (least := batch.scenario.info.least_share)
        else batch
        for batch in batches
    ]


def _smallest_share(batch: _Batch, volume: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (n,): of each account's larger sides in its candles, the smallest share of volume."""
    drafted = batch.draft
    lots = np.zeros((len(batch.world), SLOTS, 2))
    np.add.at(lots, (drafted.owner, drafted.slot, (drafted.side > 0).astype(int)), drafted.lots)
    larger = lots.max(axis=2)
    share = np.divide(larger, volume[batch.world], out=np.ones_like(larger), where=larger > 0)
    return np.asarray(share.min(axis=1))


def _counts(scenarios: list[Scenario], accounts: int) -> list[int]:
    """Accounts per scenario by largest remainder; a scenario with a victim draws two for one."""
    weight = np.array([s.info.weight for s in scenarios])
    persons = np.array([2 if s.info.against else 1 for s in scenarios])
    exact = accounts * weight / (weight @ persons)
    count = np.floor(exact).astype(int)
    by_remainder = np.argsort(count - exact, kind="stable")
    for at in by_remainder:
        if (count + (np.arange(len(count)) == at)) @ persons <= accounts:
            count[at] += 1
    return [int(c) for c in count]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Accounts of one scenario, each in its world; blocks are numbered one after the other."""

    world: Ints
    scenario: str
    label: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matches:
    """Columns of one length: the fills of the drawn accounts, each against another account."""

    account: Ints
    other: Ints
    """-1 where the crowd takes the other side."""
    world: Ints
    slot: Ints
    second: Ints
    side: NDArray[np.int8]
    ticks: Ints
    lots: Ints


def _assemble(rng: Generator, market: Market, batches: list[_Batch]) -> Population:
    blocks: list[_Block] = []
    parts: list[_Matches] = []
    first = 0
    for batch in batches:
        more, matches = _cast(batch, first)
        first += sum(len(block.world) for block in more)
        blocks += more
        parts.append(matches)
    columns = [field.name for field in fields(_Matches)]
    matches = _Matches(**{c: np.concatenate([getattr(p, c) for p in parts]) for c in columns})
    matches, crowd = _met_by_crowd(rng, matches, len(market), first)
    blocks.append(crowd)
    matched = _fills(market, matches, first + len(crowd.world))
    return Population(
        fills=matched,
        trade_id=np.tile(np.arange(len(matches.account)), 2),
        counterparty=np.concatenate([matches.other, matches.account]).astype(np.int32),
        candles=_candles(market, matches.world, matches.slot, matches.lots),
        labels=_labels(market, blocks, np.unique(matched.account)),
        not_made={b.scenario.info.name: int((~b.draft.made).sum()) for b in batches},
    )


def _cast(batch: _Batch, first: int) -> tuple[list[_Block], _Matches]:
    """Numbers from `first` on, without gaps, for the accounts that are made and their victims."""
    info, drafted = batch.scenario.info, batch.draft
    world = batch.world[drafted.made]
    account = (first + np.cumsum(drafted.made) - 1)[drafted.owner]
    other = np.full(len(account), -1)
    blocks = [_Block(world=world, scenario=info.name, label=info.label, role=info.role)]
    if info.against:
        blocks.append(_Block(world=world, scenario=info.against, label="fraud", role="victim"))
        other = account + len(world)
    matches = _Matches(
        account=account,
        other=other,
        world=batch.world[drafted.owner],
        slot=drafted.slot,
        second=drafted.second,
        side=drafted.side,
        ticks=drafted.ticks,
        lots=drafted.lots,
    )
    return blocks, matches


def _met_by_crowd(
    rng: Generator, matches: _Matches, worlds: int, first: int
) -> tuple[_Matches, _Block]:
    """Where nobody stands on the other side: any of the world's crowd, numbered from `first`."""
    open_ = np.flatnonzero(matches.other < 0)
    world = matches.world[open_]
    members = _crowd(world, worlds)
    head = first + np.cumsum(members) - members
    other = matches.other.copy()
    other[open_] = head[world] + (rng.random(len(open_)) * members[world]).astype(np.int64)
    crowd = np.repeat(np.arange(worlds), members)
    return replace(matches, other=other), _Block(
        world=crowd, scenario=CROWD, label="normal", role=""
    )


def _crowd(world: Ints, worlds: int) -> Ints:
    """Size of each world's crowd: at least six, so that nobody faces a single one."""
    fills = np.bincount(world, minlength=worlds)
    return np.where(fills > 0, np.maximum(6, fills // CROWD_FILLS), 0)


def _fills(market: Market, matches: _Matches, accounts: int) -> Fills:
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


def _candles(market: Market, world: Ints, slot: Ints, lots: Ints) -> Candles:
    """The market's candles; their volume is raised by the matches, so that it covers them."""
    volume = market.volume.copy()
    np.add.at(volume, (world, slot), lots)
    volume[~market.publishes_volume] = np.nan
    at_world, at_slot = np.nonzero(market.exists)
    start = market.start[at_world, at_slot]
    order = np.lexsort((start, market.symbol[at_world]))
    at_world, at_slot = at_world[order], at_slot[order]

    def prices(ticks: Ints) -> NDArray[np.float64]:
        return market.price_of(at_world, ticks[at_world, at_slot])

    return Candles(
        symbol=market.symbol[at_world].astype(np.int32),
        start=start[order],
        high=prices(market.high),
        low=prices(market.low),
        open=prices(market.open),
        close=prices(market.close),
        volume=volume[at_world, at_slot] * market.lot[at_world],
        accounts=np.full(len(at_world), -1, dtype=np.int32),
        interval=FIVE_MINUTES_US,
        symbol_names=np.array(market.symbol_names, dtype=object),
    )


def _labels(market: Market, blocks: list[_Block], traded: NDArray[np.int32]) -> Labels:
    """Of the accounts that `traded`: somebody in the crowd may have met nobody."""
    world = np.concatenate([block.world for block in blocks])[traded]

    def spread(name: str) -> NDArray[np.object_]:
        values = [np.full(len(b.world), getattr(b, name), dtype=object) for b in blocks]
        return np.concatenate(values)[traded]

    return Labels(
        account=traded,
        symbol=market.symbol[world].astype(np.int32),
        window_start=market.start[world, 0] // DAY_US * DAY_US,
        scenario=spread("scenario"),
        label=spread("label"),
        role=spread("role"),
    )
