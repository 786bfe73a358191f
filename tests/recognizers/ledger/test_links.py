"""Rings that work for a pair without being its own."""

import numpy as np

from tests.recognizers.ledger.market import Market, between
from tradeglyph.recognizers.ledger import ledger


def planted(mules: int, *, beside: bool, elsewhere: int = 0) -> dict[str, float]:
    """Mules who trade with each other only, beside the pair's trades or at other times, and
    `elsewhere` times as often at any time as beside them."""
    market = Market(seed=mules, prints_a_bar=3).honest()
    market.plant(0.05, legs=2, mules=0)
    legs = [row[0] for row in market.rows if {"T", "V"} == set(row[1:3])]
    anywhere = market.rng.uniform(0, 9_000, 6 * elsewhere * len(legs)).tolist()
    for second in legs * 6 + anywhere:
        one, other = market.rng.choice(mules, 2, replace=False)
        when = second + market.rng.uniform(-60, 60) if beside else market.rng.uniform(0, 9_000)
        price = market.on_tick(market.middle(second) * 1.05)
        market.add(when, f"M{one}", f"M{other}", price, 1.0)
    tape = market.tape()
    found = between(ledger(tape, ends=np.array([market.end])), tape, "T", "V")
    assert found is not None
    return found


def test_mules_that_print_around_the_trades_count_though_they_never_meet_the_pair() -> None:
    few, many = planted(4, beside=True), planted(8, beside=True)
    assert (few["cluster_size"], many["cluster_size"]) == (6, 10)
    assert few["low"] > 0
    assert np.isnan(many["low"])


def test_a_ring_at_other_times_does_not() -> None:
    far = planted(8, beside=False)
    assert far["cluster_size"] == 2
    assert far["low"] > 0


def test_nor_does_one_that_prints_all_day_long() -> None:
    busy = planted(8, beside=True, elsewhere=12)
    assert busy["cluster_size"] == 2
    assert busy["low"] > 0
