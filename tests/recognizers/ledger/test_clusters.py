"""Rings: who belongs together, and above all who does not."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.ledger.market import Market, Row, tape_of_matches
from tradeglyph.recognizers.ledger.clusters import components
from tradeglyph.recognizers.ledger.look_back import look_backs
from tradeglyph.recognizers.ledger.trades import trades_of


def rings_of(rows: list[Row]) -> list[set[str]]:
    tape = tape_of_matches(rows)
    trades = trades_of(tape, 0, 2**62)
    back = look_backs(trades, np.array([2**61]), 2**61)[0]
    pairs, names = trades.pairs, tape.fills.account_names
    account = np.zeros(pairs.nodes, dtype=np.int64)
    account[pairs.low_node], account[pairs.high_node] = pairs.low, pairs.high
    found = range(int(back.ring.max(initial=-1)) + 1)
    return [set(names[account[back.ring == number]]) for number in found]


def crowd(seed: int, **more: float) -> Market:
    return Market(seed=seed, **more).honest()  # type: ignore[arg-type]


def among(names: list[str], times: int, rng: np.random.Generator) -> list[Row]:
    pairs = list(itertools.combinations(names, 2))
    return [
        (float(rng.uniform(0, 90_000)), *pairs[rng.integers(len(pairs))], 100.0, 5.0)
        for _ in range(times)
    ]


@pytest.mark.parametrize("mules", [2, 4, 8])
@pytest.mark.parametrize("prints", [0.3, 3, 20])
def test_mules_and_their_pair(mules: int, prints: float) -> None:
    market = crowd(mules, prints_a_bar=prints)
    market.plant(0.05, legs=2, mules=mules)
    expected = {"T", "V", *(f"M{number}" for number in range(mules))}
    assert expected in rings_of(market.rows)


def test_mules_that_also_trade_a_little_with_others() -> None:
    market = crowd(5)
    members = ["T", "V", "M0", "M1", "M2", "M3"]
    market.rows += among(members, 60, market.rng)
    for name in members:
        for _ in range(5):
            market.meet(float(market.rng.uniform(0, 90_000)), name, f"C{market.rng.integers(100)}")
    assert set(members) in rings_of(market.rows)


@pytest.mark.parametrize("accounts", [4, 6, 8, 12, 30])
@pytest.mark.parametrize("prints", [0.3, 3])
def test_a_market_of_few_accounts_is_no_ring(accounts: int, prints: float) -> None:
    for seed in range(5):
        assert rings_of(crowd(seed, prints_a_bar=prints, crowd=accounts).rows) == []


def test_a_market_maker_does_not_glue_its_clients() -> None:
    market = crowd(1, prints_a_bar=1)
    for client in range(40):
        for _ in range(6):
            market.meet(float(market.rng.uniform(0, 90_000)), f"K{client}", f"D{client % 2}")
    assert rings_of(market.rows) == []


def test_a_thief_among_honest_trades_is_in_no_ring() -> None:
    market = crowd(2)
    for _ in range(40):
        market.meet(float(market.rng.uniform(0, 90_000)), "T", f"C{market.rng.integers(100)}")
    market.plant(0.05, legs=2, mules=0, trips=4)
    assert all("T" not in ring for ring in rings_of(market.rows))


def test_accounts_that_traded_once_are_no_ring() -> None:
    market = crowd(3)
    market.add(50.0, "E", "F", 100.0, 1.0)
    assert rings_of(market.rows) == []


@settings(max_examples=40)
@given(
    st.integers(1, 30).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=40),
        )
    )
)
def test_components_by_walking(case: tuple[int, list[tuple[int, int]]]) -> None:
    nodes, edges = case
    one, other = (np.array([edge[i] for edge in edges], dtype=np.int64) for i in (0, 1))
    expected = list(range(nodes))
    for _ in range(nodes):
        for a, b in edges:
            expected[a] = expected[b] = min(expected[a], expected[b])
    assert components(nodes, one, other).tolist() == expected
