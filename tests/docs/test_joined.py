"""Accounts joined to accounts of several symbols: nobody's trades change, and both sides agree."""

import sys

import numpy as np
import pytest

from tests.docs.commands import ROOT
from tradeglyph.domain.fills import DAY_US
from tradeglyph.simulate.population import Population, simulate

SEED = 77


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(str(ROOT))
    for name in ("bench", "bench.joined"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    from bench import joined

    return joined


@pytest.fixture(scope="module")
def population() -> Population:
    return simulate(400, SEED, scenarios=("hacker", "soft_hacker", "day_trader", "casual_trader"))


def _trades(population: Population) -> np.ndarray:
    """What no renaming may touch, one column per fill."""
    fills = population.fills
    return np.stack([fills.time % DAY_US, fills.side, fills.price, fills.quantity])


def _same_matches(population: Population) -> None:
    """The two rows of a match name each other, at one time, price and symbol."""
    order = np.argsort(population.trade_id, kind="stable").reshape(-1, 2)
    fills = population.fills
    for values in (population.trade_id, fills.time, fills.price, fills.symbol, fills.quantity):
        np.testing.assert_array_equal(*values[order].T)
    one, other = order.T
    np.testing.assert_array_equal(fills.account[one], population.counterparty[other])
    np.testing.assert_array_equal(fills.account[other], population.counterparty[one])


def _scenario(population: Population) -> dict[tuple[int, int], str]:
    labels = population.labels
    keys = zip(labels.account.tolist(), labels.symbol.tolist(), strict=True)
    return dict(zip(keys, labels.scenario.tolist(), strict=True))


def test_every_symbol_s_day_is_a_symbol_of_one_day(bench, population: Population) -> None:  # type: ignore[no-untyped-def]
    day = bench.one_day(population)
    np.testing.assert_array_equal(_trades(day), _trades(population))
    _same_matches(day)
    old = {
        (symbol, time // DAY_US)
        for symbol, time in zip(population.candles.symbol, population.candles.start, strict=True)
    }
    assert len(day.candles.symbol_names) == len(old)
    assert len(day.candles) == len(population.candles)
    assert max(day.fills.time.max(), day.candles.start.max()) < DAY_US
    # An account's days are accounts of one symbol each, and each has its own label.
    pairs = {*zip(day.fills.account.tolist(), day.fills.symbol.tolist(), strict=True)}
    assert len(pairs) == len(day.fills.account_names) == len(population.labels)
    assert pairs == set(_scenario(day))
    before, after = population.labels.scenario.tolist(), day.labels.scenario.tolist()
    assert sorted(before) == sorted(after)
    # Sorted by symbol and start, as candles are.
    order = np.lexsort((day.candles.start, day.candles.symbol))
    np.testing.assert_array_equal(order, np.arange(len(order)))


def test_accounts_of_a_kind_are_joined_over_different_symbols(
    bench,  # type: ignore[no-untyped-def]
    population: Population,
) -> None:
    day = bench.one_day(population)
    many, width = bench.joined(day, 3, SEED)
    np.testing.assert_array_equal(_trades(many), _trades(day))
    np.testing.assert_array_equal(many.fills.symbol, day.fills.symbol)
    _same_matches(many)
    scenario = _scenario(many)
    symbols: dict[int, list[int]] = {}
    for account, symbol in scenario:
        symbols.setdefault(account, []).append(symbol)
    # As many labels as before, so nobody meets himself in a symbol.
    assert len(scenario) == len(day.labels)
    assert {len(of) for of in symbols.values()} <= {1, 3}
    assert {a: len(of) for a, of in symbols.items()} == {
        a: w for a, w in enumerate(width.tolist()) if w
    }
    for account, of in symbols.items():
        assert len({scenario[account, symbol] for symbol in of}) == 1
    traders = [a for a, of in symbols.items() if scenario[a, of[0]] == "day_trader"]
    assert sum(len(symbols[a]) == 3 for a in traders) > 10


@pytest.mark.parametrize(
    ("thief", "victim"), [("hacker", "victim"), ("soft_hacker", "soft_victim")]
)
def test_a_thief_of_several_symbols_has_one_victim(
    bench,  # type: ignore[no-untyped-def]
    population: Population,
    thief: str,
    victim: str,
) -> None:
    many, width = bench.joined(bench.one_day(population), 2, SEED)
    scenario = _scenario(many)
    keys = zip(many.fills.account.tolist(), many.fills.symbol.tolist(), strict=True)
    robbed: dict[int, set[int]] = {}
    for key, other in zip(keys, many.counterparty.tolist(), strict=True):
        if scenario[key] == thief and scenario[other, key[1]] == victim:
            robbed.setdefault(key[0], set()).add(other)
    thieves = [account for account in robbed if width[account] == 2]
    assert len(thieves) > 10
    assert {len(robbed[account]) for account in thieves} == {1}
    assert {int(width[other]) for account in thieves for other in robbed[account]} == {2}


def test_kinds_that_are_as_one_are_mixed(bench, population: Population) -> None:  # type: ignore[no-untyped-def]
    kinds = ("day_trader", "casual_trader")
    many, width = bench.joined(bench.one_day(population), 2, SEED, as_one=kinds)
    of: dict[int, list[str]] = {}
    for (account, _), name in _scenario(many).items():
        of.setdefault(account, []).append(name)
    pairs = [names for a, names in of.items() if width[a] == 2 and set(names) <= set(kinds)]
    every = np.array([name for names in pairs for name in names])
    # Drawn without regard to the kind, of which one has the share p: 2 p (1 - p) differ.
    share = (every == kinds[0]).mean()
    wanted = 2 * share * (1 - share)
    error = np.sqrt(wanted * (1 - wanted) / len(pairs))
    assert len(pairs) > 50
    assert abs(np.mean([len(set(names)) == 2 for names in pairs]) - wanted) < 3 * error


@pytest.mark.parametrize("trips", [1, 2])
def test_the_first_trips_of_a_transfer_are_left(bench, population: Population, trips: int) -> None:  # type: ignore[no-untyped-def]
    day = bench.one_day(population)
    few = bench.with_trips(day, "hacker", "victim", trips)
    _same_matches(few)
    name = np.full(len(day.fills.account_names), "", dtype=object)
    name[day.labels.account] = day.labels.scenario

    def candles(population: Population) -> dict[int, list[int]]:
        mine = (name[population.fills.account] == "hacker") & (
            name[population.counterparty] == "victim"
        )
        found: dict[int, set[int]] = {}
        slots = population.fills.time[mine] // population.candles.interval
        for account, slot in zip(
            population.fills.account[mine].tolist(), slots.tolist(), strict=True
        ):
            found.setdefault(account, set()).add(slot)
        return {account: sorted(of) for account, of in found.items()}

    assert candles(few) == {account: of[:trips] for account, of in candles(day).items()}
    # Only the rest of the transfers is gone, with both of its sides.
    gone = ~np.isin(day.trade_id, few.trade_id)
    assert set(name[day.fills.account[gone]]) == {"hacker", "victim"}
    assert len(few.fills) == (~gone).sum()
