"""Simulated accounts that trade in several symbols, made of those that trade in one each.

A simulated account has one symbol. A place inside a candle has neither price nor date, so every
symbol's day can stand for a symbol of its own, all of them on one day, and one person can be made
of accounts that do the same in different ones. Nothing is drawn anew: both sides of the tape get
other names, and of a case's transfers some may be left out.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import DAY_US, Fills
from tradeglyph.simulate.population import Labels, Population

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def one_day(population: Population) -> Population:
    """Every symbol's day as a symbol of its own, an account's days in it as accounts of one each.

    All times are on the first day of the epoch, UTC. Codes of accounts rise with those that they
    had, so that a scenario's cases keep their order.
    """
    fills, candles, labels = population.fills, population.candles, population.labels
    days = int(max(candles.start.max(), fills.time.max())) // DAY_US + 1

    def place(symbol: NDArray[np.int32], time: Ints) -> Ints:
        return symbol.astype(np.int64) * days + time // DAY_US

    worlds = np.unique(place(candles.symbol, candles.start))
    of_fill = np.searchsorted(worlds, place(fills.symbol, fills.time))
    of_label = np.searchsorted(worlds, place(labels.symbol, labels.window_start))
    own = fills.account.astype(np.int64) * len(worlds) + of_fill
    other = population.counterparty.astype(np.int64) * len(worlds) + of_fill
    keys = np.unique(own)  # both sides of every match are on the tape
    names = np.array([f"W{world:05}" for world in range(len(worlds))], dtype=object)
    key = labels.account.astype(np.int64) * len(worlds) + of_label
    return replace(
        population,
        fills=replace(
            fills,
            account=_codes(keys, own),
            symbol=of_fill.astype(np.int32),
            time=fills.time % DAY_US,
            account_names=np.array([f"K{number:07}" for number in range(len(keys))], dtype=object),
            symbol_names=names,
        ),
        counterparty=_codes(keys, other),
        candles=replace(
            candles,
            symbol=_codes(worlds, place(candles.symbol, candles.start)),
            start=candles.start % DAY_US,
            symbol_names=names,
        ),
        labels=replace(
            labels,
            account=_codes(keys, key),
            symbol=of_label.astype(np.int32),
            window_start=labels.window_start % DAY_US,
        ),
    )


def with_trips(population: Population, lead: str, victim: str, trips: int) -> Population:
    """The same with no more than the first `trips` candles of each `lead`'s trades with its
    `victim`; what either of them does with others stays. For populations of `one_day`."""
    fills, scenario = population.fills, _scenario_of(population)
    mine = (scenario[fills.account] == lead) & (scenario[population.counterparty] == victim)
    candle = fills.time // population.candles.interval
    account, slot = np.unique(np.stack([fills.account[mine], candle[mine]]), axis=1)
    late = np.arange(len(account)) - np.searchsorted(account, account) >= trips
    slots = int(candle.max()) + 1
    dropped = np.isin(fills.account * slots + candle, account[late] * slots + slot[late]) & mine
    gone = np.isin(population.trade_id, population.trade_id[dropped])
    return replace(
        population,
        fills=fills.take(~gone),
        trade_id=population.trade_id[~gone],
        counterparty=population.counterparty[~gone],
    )


def joined(
    population: Population, symbols: int, seed: int, *, as_one: Sequence[str] = ()
) -> tuple[Population, Ints]:
    """A population of `one_day` with every scenario's accounts joined to persons, each of them in
    so many symbols; how many symbols each account of the new one has. Scenarios `as_one` are
    treated as one, so that a person does something else in each symbol.

    The accounts of a symbol are counted by scenario, and those of one number in `symbols` symbols
    that follow each other in a random order are one person. So the victims of one thief are one
    victim. Who is left over keeps its one symbol.
    """
    labels, count = population.labels, len(population.fills.account_names)
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(population.candles.symbol_names))
    person = np.arange(count)
    same = np.where(np.isin(labels.scenario.astype(str), as_one), "", labels.scenario)
    for name in sorted(set(same.tolist())):
        of = np.flatnonzero(same == name)
        # Codes rise scenario by scenario: in their order equals would meet all the same.
        turn = labels.account[of] if name else rng.permutation(len(of))
        of = of[np.lexsort((turn, labels.symbol[of]))]
        rank = np.arange(len(of)) - np.searchsorted(labels.symbol[of], labels.symbol[of])
        order = of[np.lexsort((shuffled[labels.symbol[of]], rank))]
        for group in _groups(np.sort(rank), symbols):
            person[labels.account[order[group]]] = labels.account[order[group[0]]]
    width = np.bincount(person, minlength=count)
    return _renamed(population, person.astype(np.int32)), width


def _groups(rank: Ints, size: int) -> Sequence[Ints]:
    """Runs of `size` positions of one rank; `rank` is sorted."""
    heads = np.unique(rank, return_index=True)[1]
    ends = np.append(heads[1:], len(rank))
    return [
        np.arange(first, first + size)
        for head, end in zip(heads.tolist(), ends.tolist(), strict=True)
        for first in range(head, end - size + 1, size)
    ]


def _renamed(population: Population, person: NDArray[np.int32]) -> Population:
    fills: Fills = replace(population.fills, account=person[population.fills.account])
    labels: Labels = population.labels
    return replace(
        population,
        fills=fills,
        counterparty=person[population.counterparty],
        labels=replace(labels, account=person[labels.account]),
    )


def _scenario_of(population: Population) -> NDArray[np.object_]:
    """Of each account of a population of `one_day`: it has one label."""
    scenario = np.full(len(population.fills.account_names), "", dtype=object)
    scenario[population.labels.account] = population.labels.scenario
    return scenario


def _codes(names: Ints, values: Ints) -> NDArray[np.int32]:
    return np.searchsorted(names, values).astype(np.int32)
