from collections import Counter
from dataclasses import fields, is_dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.simulate.markets import mixed_market
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parts import HONEST_DAY, parts
from tradeglyph.simulate.population import (
    CROWD,
    Population,
    chosen_scenarios,
    simulate,
    simulated_names,
)
from tradeglyph.simulate.random_walk import simulate_market
from tradeglyph.simulate.scenarios import SCENARIOS

CANDLE_US = 300 * MICROSECONDS
ACCOUNTS = 20_000


@pytest.fixture(scope="module")
def market() -> Market:
    return simulate_market(np.random.default_rng(8), 500)


PRINTING = [
    name
    for info in (s.info for s in SCENARIOS)
    if info.prints_candles
    for name in (info.name, info.against, info.company.name if info.company else "")
]
"""Those of whose fills some make a candle, instead of lying in one."""


@pytest.fixture(scope="module")
def population(market: Market) -> Population:
    return simulate(ACCOUNTS, 5, market=market)


def _candle_of(population: Population) -> NDArray[np.int64]:
    """Position of each fill's candle, found by name of slot: starts are multiples of 5 minutes."""
    fills, candles = population.fills, population.candles
    assert (candles.start % CANDLE_US == 0).all()
    keys = candles.symbol.astype(np.int64) * 10**9 + candles.start // CANDLE_US
    wanted = fills.symbol.astype(np.int64) * 10**9 + fills.time // CANDLE_US
    at = np.searchsorted(keys, wanted)
    np.testing.assert_array_equal(keys[at], wanted, "a fill outside all candles")
    return at


def _pairs(population: Population) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The two rows of every match."""
    order = np.argsort(population.trade_id, kind="stable")
    np.testing.assert_array_equal(population.trade_id[order[::2]], population.trade_id[order[1::2]])
    assert len(np.unique(population.trade_id)) * 2 == len(order)
    return order[::2], order[1::2]


def _of(population: Population, scenario: str) -> NDArray[np.intp]:
    return np.flatnonzero(population.labels.scenario == scenario)


def test_both_rows_of_a_match_agree(population: Population) -> None:
    one, other = _pairs(population)
    fills, against = population.fills, population.counterparty
    np.testing.assert_array_equal(fills.side[one], -fills.side[other])
    assert set(fills.side.tolist()) == {-1, 1}
    for name in ("price", "quantity", "time", "symbol"):
        np.testing.assert_array_equal(getattr(fills, name)[one], getattr(fills, name)[other], name)
    np.testing.assert_array_equal(against[one], fills.account[other])
    np.testing.assert_array_equal(against[other], fills.account[one])
    alone = against == fills.account
    assert set(_names_of(population)[alone].tolist()) == {"wash_trader"}
    assert alone.mean() < 0.02


def test_every_fill_is_in_a_candle_and_between_its_low_and_high(population: Population) -> None:
    at, fills, candles = _candle_of(population), population.fills, population.candles
    assert (fills.price >= candles.low[at]).all()
    assert (fills.price <= candles.high[at]).all()


def test_every_price_is_on_tick_to_the_last_bit(market: Market, population: Population) -> None:
    first = np.unique(market.symbol, return_index=True)[1]
    step, decimals = market.tick_step[first], market.decimals[first]
    candles = population.candles
    for symbol, prices in (
        (population.fills.symbol, population.fills.price),
        *((candles.symbol, getattr(candles, n)) for n in ("open", "high", "low", "close")),
    ):
        rows = np.unique(np.stack([symbol.astype(float), prices]), axis=1)[:, ::97]
        for code, price in rows.T.tolist():
            places = int(decimals[int(code)])
            units = round(price * 10**places)
            assert units % int(step[int(code)]) == 0
            assert float(f"{units}e-{places}") == price
    assert population.fills.price.min() > 0


def test_candles_hold_their_prices_and_cover_the_matches(population: Population) -> None:
    candles, fills = population.candles, population.fills
    for price in (candles.open, candles.close):
        assert (price >= candles.low).all()
        assert (price <= candles.high).all()
    at = _candle_of(population)
    matched = np.bincount(at, fills.quantity, len(candles)) / 2
    known = ~np.isnan(candles.volume)
    assert (candles.volume[known] >= matched[known] * (1 - 1e-9)).all()
    others = candles.volume > matched * (1 + 1e-9)
    made = np.zeros(len(candles), dtype=bool)
    made[at[np.isin(_names_of(population), PRINTING)]] = True
    assert others[known & ~made].all(), "others trade in every candle too, but where fraud is alone"


def test_some_feeds_say_no_volume_and_then_for_every_candle(population: Population) -> None:
    """Nobody can be told to be most of a volume that is not known."""
    candles = population.candles
    unknown = np.isnan(candles.volume)
    silent = np.unique(candles.symbol[unknown])
    assert 0 < len(silent) < len(candles.symbol_names) / 2
    assert unknown[np.isin(candles.symbol, silent)].all()
    one_shots = population.labels.symbol[_of(population, "one_shot")]
    assert not np.isin(one_shots, silent).any()


def test_a_one_shot_is_a_fifth_of_each_of_its_candles(population: Population) -> None:
    """Others may fill the same candle; who is outgrown there is not what the label says."""
    fills, candles, at = population.fills, population.candles, _candle_of(population)
    for scenario in ("one_shot", "one_shot_victim"):
        accounts = population.labels.account[_of(population, scenario)]
        assert len(accounts) > 50
        buys = np.isin(fills.account, accounts) & (fills.side > 0)
        buys &= np.isin(population.counterparty, _accounts(population, _FRAUD[scenario]))
        keys, own = np.unique(
            np.stack([fills.account[buys], at[buys]]), axis=1, return_inverse=True
        )
        share = np.bincount(own, fills.quantity[buys]) / candles.volume[keys[1]]
        assert share.min() >= 0.2
    assert population.not_made["one_shot"] > 0


def test_candles_are_sorted_and_unlike(population: Population) -> None:
    candles = population.candles
    keys = list(zip(candles.symbol.tolist(), candles.start.tolist(), strict=True))
    assert keys == sorted(set(keys))
    assert candles.interval == CANDLE_US


def test_candles_are_those_of_the_market_and_what_fraud_printed(
    market: Market, population: Population
) -> None:
    """None is invented for another's fill, and none that nobody of ours traded in is lost."""
    candles, at = population.candles, _candle_of(population)
    world, slot = np.nonzero(market.exists)
    own = market.symbol[world] * 10**9 + market.start[world, slot] // CANDLE_US
    written = candles.symbol.astype(np.int64) * 10**9 + candles.start // CANDLE_US
    assert np.isin(own, written).all()
    printed = ~np.isin(written, own)
    assert 0 < printed.sum() < 0.05 * len(written)
    traded_by = _names_of(population)[printed[at]]
    assert set(traded_by.tolist()) <= set(PRINTING)
    assert np.isin(np.flatnonzero(printed), at).all()


def test_an_account_stays_in_one_symbol(population: Population) -> None:
    pairs = np.unique(np.stack([population.fills.account, population.fills.symbol]), axis=1)
    assert len(pairs.T) == len(np.unique(population.fills.account))


def test_some_accounts_trade_on_many_days(population: Population) -> None:
    labels = population.labels
    for name, most in (("drip", 15), ("drip_victim", 15), ("investor", 15), ("dca", 15)):
        days = np.unique(labels.account[labels.scenario == name], return_counts=True)[1]
        assert days.max() >= most
    hackers = labels.account[labels.scenario == "hacker"]
    assert len(np.unique(hackers)) == len(hackers)


def _window_key(account: NDArray[np.generic], start: NDArray[np.int64]) -> NDArray[np.int64]:
    return account.astype(np.int64) << 32 | start // DAY_US


def _label_of(population: Population) -> NDArray[np.intp]:
    """Position of the label of each fill's window."""
    labels, fills = population.labels, population.fills
    keys = _window_key(labels.account, labels.window_start)
    at = np.searchsorted(keys, _window_key(fills.account, fills.time))
    np.testing.assert_array_equal(keys[at], _window_key(fills.account, fills.time))
    return at


def _names_of(population: Population) -> NDArray[np.object_]:
    """The scenario of each fill's window."""
    return population.labels.scenario[_label_of(population)]


def _accounts(population: Population, scenario: str) -> NDArray[np.int32]:
    return population.labels.account[population.labels.scenario == scenario]


_FRAUD = {"one_shot": "one_shot_victim", "one_shot_victim": "one_shot"}


def test_one_label_for_every_window_with_a_fill(population: Population) -> None:
    labels, fills = population.labels, population.fills
    keys = _window_key(labels.account, labels.window_start)
    assert (labels.window_start % DAY_US == 0).all()
    np.testing.assert_array_equal(keys, np.unique(_window_key(fills.account, fills.time)))
    np.testing.assert_array_equal(fills.symbol, labels.symbol[_label_of(population)])
    assert len(set(fills.account_names.tolist())) == len(fills.account_names)
    assert len({len(getattr(labels, field.name)) for field in fields(labels)}) == 1


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("accounts", [1, 4, 8])
def test_a_crowd_that_nobody_met_is_not_labelled(accounts: int, seed: int) -> None:
    population = simulate(accounts, seed)
    traded = np.unique(population.fills.account)
    np.testing.assert_array_equal(np.unique(population.labels.account), traded)


def test_labels_say_what_the_scenarios_say(population: Population) -> None:
    labels = population.labels
    said = set(zip(labels.scenario, labels.label, labels.role, strict=True))
    assert said == {(part.name, part.label, part.role) for part in parts()}
    assert simulated_names() == {part.name for part in parts()}


def test_a_frauds_day_without_a_transfer_is_an_honest_day(population: Population) -> None:
    """And every other window of theirs has a transfer in it."""
    label, against = _label_of(population), population.counterparty
    cast_of = {}
    for account, name in zip(population.labels.account, population.labels.scenario, strict=True):
        cast_of.setdefault(int(account), set()).add(str(name))
    honest = population.labels.scenario == HONEST_DAY
    parties = {
        name for i in (s.info for s in SCENARIOS) if i.against for name in (i.name, i.against)
    }
    for account in population.labels.account[honest][:200].tolist():
        assert len(cast_of[account] & parties) == 1
    crowd = _accounts(population, CROWD)
    directed = np.zeros(len(population.labels), dtype=bool)
    directed[label[~np.isin(against, crowd)]] = True
    assert not directed[honest].any()
    fraud = population.labels.label == "fraud"
    assert directed[fraud].all()
    assert 0 < honest.sum() < 0.05 * len(honest)


@pytest.mark.parametrize("accounts", [ACCOUNTS, 1, 2, 7, 100, 1001])
def test_accounts_are_made_or_counted(population: Population, accounts: int) -> None:
    if accounts != ACCOUNTS:
        population = simulate(accounts, 3)
    labels = population.labels
    first = np.unique(labels.account[labels.scenario != HONEST_DAY], return_index=True)[1]
    made = Counter(labels.scenario[labels.scenario != HONEST_DAY][first].tolist())
    company = [s.info.company.name for s in SCENARIOS if s.info.company]
    for uncounted in (CROWD, *company):
        made.pop(uncounted, None)
    persons = {s.info.name: 2 if s.info.against else 1 for s in SCENARIOS}
    missing = {name: count * persons[name] for name, count in population.not_made.items()}
    assert set(missing) == set(persons)
    assert made.total() + sum(missing.values()) == accounts


def test_victims_stand_against_one_account_each(population: Population) -> None:
    labels, fills = population.labels, population.fills
    label = _label_of(population)
    for info in (s.info for s in SCENARIOS if s.info.against):
        ours = labels.scenario[label] == info.name
        ours &= np.isin(population.counterparty, _accounts(population, info.against))
        others = {
            (int(a), int(b))
            for a, b in zip(fills.account[ours], population.counterparty[ours], strict=True)
        }
        assert len(others) == len(np.unique(_accounts(population, info.name))) > 0
        assert len({b for _, b in others}) == len(others)


DIRECTED = {"sole_dealer", "dealer_client", "wash_trader", "wash_partner"}
"""Honest accounts that choose whom they trade with."""


def test_others_trade_with_the_crowd_and_never_with_a_single_one(population: Population) -> None:
    names = _names_of(population).astype(str)
    paired = {s.info.name for s in SCENARIOS if s.info.against}
    paired |= {s.info.against for s in SCENARIOS} | {"mule", HONEST_DAY} | DIRECTED
    ours = ~np.isin(names, [*paired, CROWD])
    assert np.isin(population.counterparty[ours], _accounts(population, CROWD)).all()
    account, against = population.fills.account[ours], population.counterparty[ours]
    fills = np.bincount(account)
    pairs = np.unique(np.stack([account, against]), axis=1)
    met = np.bincount(pairs[0], minlength=len(fills))
    # Everybody in turn, of twenty or more.
    np.testing.assert_array_equal(met[fills <= 20], fills[fills <= 20])
    assert met[fills > 20].min() >= 20


def test_clients_of_a_dealer_meet_one_account(population: Population) -> None:
    clients = np.isin(population.fills.account, _accounts(population, "dealer_client"))
    pairs = np.unique(
        np.stack([population.fills.account[clients], population.counterparty[clients]]), axis=1
    )
    assert len(np.unique(pairs[0])) == len(pairs.T) > 100
    assert set(pairs[1].tolist()) == set(_accounts(population, "sole_dealer").tolist())


def test_the_hacker_is_the_seeds_hacker(population: Population) -> None:
    """S2: 3 to 5 trips in different ones of the day's ten widest candles, 0.5 % or more."""
    candles, fills = population.candles, population.fills
    at = _candle_of(population)
    day = candles.symbol.astype(np.int64) * 10**6 + candles.start // DAY_US
    hackers = population.labels.account[_of(population, "hacker")]
    assert len(hackers) > 100
    by_account = _rows_by_account(population, hackers)
    counts = Counter()
    for rows in by_account.values():
        buys, sells = rows[fills.side[rows] == 1], rows[fills.side[rows] == -1]
        counts[len(buys)] += 1
        traded = at[buys]
        assert len(set(traded.tolist())) == len(buys)
        assert sorted(traded) == sorted(at[sells])
        bought = dict(zip(at[buys].tolist(), fills.quantity[buys], strict=True))
        assert bought == dict(zip(at[sells].tolist(), fills.quantity[sells], strict=True))
        height = candles.high - candles.low
        that_day = np.sort(height[day == day[traded[0]]])
        tenth = that_day[-10] if len(that_day) >= 10 else 0.0
        assert (height[traded] >= tenth * (1 - 1e-9)).all()
        assert (height[traded] >= 0.005 * candles.low[traded] * (1 - 1e-9)).all()
        _assert_tenths(population, at, buys, sells)
    assert set(counts) == {3, 4, 5}


def test_seed_normal_is_the_seeds_normal_account(population: Population) -> None:
    """S3: one or two trips, bought low and sold high too, anywhere in the day."""
    fills, at = population.fills, _candle_of(population)
    accounts = population.labels.account[_of(population, "seed_normal")]
    counts = Counter()
    for rows in _rows_by_account(population, accounts).values():
        buys, sells = rows[fills.side[rows] == 1], rows[fills.side[rows] == -1]
        counts[len(buys)] += 1
        assert sorted(at[buys]) == sorted(set(at[sells].tolist()))
        _assert_tenths(population, at, buys, sells)
        volume = population.candles.volume[at[rows]]
        assert ((fills.quantity[rows] < 0.2 * volume) | np.isnan(volume)).all()
    assert set(counts) == {1, 2}


def _assert_tenths(
    population: Population, at: NDArray[np.int64], buys: NDArray[np.intp], sells: NDArray[np.intp]
) -> None:
    candles, price = population.candles, population.fills.price
    noise = 1e-9 * candles.high
    tenth = (candles.high - candles.low) / 10 + noise
    assert (price[buys] <= (candles.low + tenth)[at[buys]]).all()
    assert (price[sells] >= (candles.high - tenth)[at[sells]]).all()


def _rows_by_account(
    population: Population, accounts: NDArray[np.int32]
) -> dict[int, NDArray[np.intp]]:
    rows = np.flatnonzero(np.isin(population.fills.account, accounts))
    owner = population.fills.account[rows]
    order = np.argsort(owner, kind="stable")
    heads = np.flatnonzero(np.diff(owner[order])) + 1
    parts = np.split(rows[order], heads)
    assert len(parts) == len(accounts)
    return {int(population.fills.account[part[0]]): part for part in parts}


def _assert_equal(one: object, other: object) -> None:
    for field in fields(one):  # type: ignore[arg-type]
        a, b = getattr(one, field.name), getattr(other, field.name)
        if is_dataclass(a):
            _assert_equal(a, b)
        elif isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a, b, field.name)
        else:
            assert a == b, field.name


def test_equal_seeds_are_equal_populations() -> None:
    _assert_equal(simulate(300, 4), simulate(300, 4))


def test_other_seeds_are_other_populations() -> None:
    one, other = simulate(300, 4), simulate(300, 5)
    with pytest.raises(AssertionError):
        _assert_equal(one, other)
    assert not np.isin(one.fills.price, other.fills.price).all()


def test_scenarios_are_chosen_by_name() -> None:
    population = simulate(500, 1, scenarios=["scalper", "hacker"])
    assert set(population.labels.scenario.tolist()) == {"hacker", "victim", "scalper", CROWD}
    assert set(population.not_made) == {"hacker", "scalper"}


def test_the_order_of_names_does_not_matter() -> None:
    _assert_equal(
        simulate(200, 1, scenarios=["scalper", "hacker"]),
        simulate(200, 1, scenarios=["hacker", "scalper"]),
    )


def test_an_unknown_scenario_is_an_input_error() -> None:
    with pytest.raises(InputError, match=r"--scenarios: no scenario 'hakcer'.*\bhacker\b"):
        simulate(10, 1, scenarios=["scalper", "hakcer"])
    assert [s.info.name for s in chosen_scenarios([])] == [s.info.name for s in SCENARIOS]


@pytest.mark.parametrize("accounts", [0, -5])
def test_no_accounts_are_an_input_error(accounts: int) -> None:
    with pytest.raises(InputError, match=f"--accounts {accounts}"):
        simulate(accounts, 1)


def test_accounts_without_room_are_not_made_but_counted() -> None:
    """Two worlds, one empty and one with a single flat candle: no room for a hacker."""
    bare = mixed_market(worlds=2)
    population = simulate(21, 1, market=bare, scenarios=["hacker"])
    assert population.not_made == {"hacker": 10}
    assert len(population.fills) == 0
    assert len(population.labels.account) == 0
    assert len(population.candles) == 1


def test_one_account_is_too_few_for_a_hacker_and_a_victim() -> None:
    population = simulate(1, 1, scenarios=["hacker"])
    assert population.not_made == {"hacker": 0}
    assert len(population.fills) == 0
