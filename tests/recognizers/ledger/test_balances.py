"""Four columns that add up."""

import numpy as np
import pytest

from tests.recognizers.ledger.market import Market, tape_of_matches
from tradeglyph.domain.ledger import Balances, Transfers
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger import balances, ledger


def case(mules: int, fee: float = float("nan")) -> tuple[Market, Tape, Transfers, float]:
    market = Market(seed=4, prints_a_bar=5).honest()
    moved = market.plant(0.05, legs=2, mules=mules)
    for _ in range(20):  # honest trades of the thief, which cost it the spread
        second = float(market.rng.uniform(0, market.seconds))
        market.meet(second, "T", f"C{market.rng.integers(100)}", 3.0)
    tape = tape_of_matches(market.rows, fee=fee)
    return market, tape, ledger(tape, ends=np.array([market.end])), moved


def of_pair(found: Transfers, tape: Tape, table: Balances) -> dict[str, float]:
    names = tape.fills.account_names
    at = np.flatnonzero((names[found.gainer] == "T") & (names[found.loser] == "V"))[0]
    return {name: getattr(table, name)[at].item() for name in Balances.__slots__}


def adds_up(table: Balances) -> None:
    known = np.isfinite(table.lost)
    right = table.gained + table.third + table.fees
    np.testing.assert_allclose(table.lost[known], right[known], rtol=1e-9, atol=1e-9)
    assert (table.lost_low[known] <= table.lost[known]).all()
    assert (table.lost[known] <= table.lost_high[known]).all()
    assert (table.gained_low[known] <= table.gained[known]).all()
    assert (table.third_low[known] <= table.third[known]).all()


def test_a_pair_with_fees() -> None:
    _, tape, found, moved = case(0, fee=0.25)
    table = balances(tape, found)
    adds_up(table)
    row = of_pair(found, tape, table)
    # Sixteen trades of both, and twenty of the thief with others: 52 rows with a fee of 0.25.
    assert row["fees"] == 13.0
    assert row["accounts"] == 2
    assert row["lost"] == pytest.approx(moved + 16 * 0.25, rel=0.02)
    # The thief paid twenty half-spreads of 0.02 on 3 and 36 fees.
    assert row["gained"] == pytest.approx(moved - 20 * 3 * 0.02 - 36 * 0.25, rel=0.02)
    assert row["third"] == pytest.approx(20 * 3 * 0.02, abs=2.5)


def test_fees_that_nobody_told_are_nothing() -> None:
    _, tape, found, _ = case(0)
    table = balances(tape, found)
    adds_up(table)
    assert (table.fees == 0).all()


def test_a_cluster_holds_what_its_members_did_to_each_other() -> None:
    _, tape, found, moved = case(4)
    table = balances(tape, found, by="cluster")
    adds_up(table)
    assert len(table) == len(np.unique(found.cluster))
    largest = int(np.argmax(table.accounts))
    assert table.accounts[largest] >= 4
    # The mules' prints at false prices among themselves change little: they trade ones and twos.
    assert table.lost[largest] == pytest.approx(moved, rel=0.15)
    assert abs(table.third[largest]) < 0.05 * moved


def test_no_findings_no_rows() -> None:
    market = Market(seed=1, prints_a_bar=0.3, crowd=5).honest()
    tape = market.tape()
    none = ledger(tape, ends=np.array([], dtype=np.int64))
    assert len(balances(tape, none)) == 0
    assert len(balances(tape, none, by="cluster")) == 0
