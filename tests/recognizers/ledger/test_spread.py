"""Half-spreads of markets whose half-spread is known."""

import numpy as np
import pytest

from tests.recognizers.ledger.market import Market, Row, tape_of_matches
from tradeglyph.recognizers.ledger.spread import half_spreads
from tradeglyph.recognizers.ledger.trades import trades_of


def estimated(rows: list[Row]) -> float:
    trades = trades_of(tape_of_matches(rows), 0, 2**62)
    return float(half_spreads(trades.columns, trades.scales.unit())[0])


@pytest.mark.parametrize("prints", [0.3, 3, 20])
@pytest.mark.parametrize("calm", [0.3, 2])
def test_a_walk_between_bid_and_ask(prints: float, calm: float) -> None:
    market = Market(seed=3, days=4, prints_a_bar=prints, half_spread=0.0005)
    market.path = market.level * (market.path / market.level) ** (0.0005 / 0.0004 / calm)
    true = 0.05  # 0.0005 of 100
    assert 0.6 * true < estimated(market.honest().rows) < 1.6 * true


def test_runs_of_one_side_do_not_hide_the_spread() -> None:
    rng = np.random.default_rng(1)
    sides = np.repeat(rng.integers(0, 2, 200), rng.geometric(0.1, 200))
    prices = 100 + 0.1 * (2 * sides - 1)
    rows: list[Row] = [(i, f"A{i % 9}", f"B{i % 7}", p, 1.0) for i, p in enumerate(prices)]
    assert estimated(rows) == pytest.approx(0.1, rel=0.05)


def test_wild_prints_make_no_spread() -> None:
    market = Market(seed=4, prints_a_bar=3, half_spread=0.0005).honest()
    calm = estimated(market.rows)
    for _ in range(20):
        market.add(float(market.rng.uniform(0, 90_000)), "V", "T", 150.0, 1.0)
    assert estimated(market.rows) == pytest.approx(calm, rel=0.15)


def test_never_less_than_half_a_unit() -> None:
    rows: list[Row] = [(i, f"A{i}", f"B{i}", 10.25, 1.0) for i in range(10)]
    assert estimated(rows) == 0.005


def test_steps_inside_one_pair_are_left_out() -> None:
    swings: list[Row] = [(i, "A", "B", 10.0 + i % 2, 1.0) for i in range(50)]
    assert estimated([*swings, (60, "C", "D", 10.5, 1.0)]) <= 0.5 * 0.5
