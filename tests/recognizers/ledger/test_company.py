"""Prints of a cluster of flows are no reference for it, recognised as a ring or not."""

import numpy as np
import pytest

from tests.recognizers.ledger.market import Market, Row, tape_of_matches
from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger import balances, ledger
from tradeglyph.recognizers.ledger.clusters import activity, rings
from tradeglyph.recognizers.ledger.company import ALONE, company_of
from tradeglyph.recognizers.ledger.trades import Pairs, trades_of

LEGS = 6


def company(prints: float = 3.0) -> Market:
    """T takes from V1, V2 and V3, all of whom trade with strangers most of the time: no ring."""
    market = Market(seed=4, prints_a_bar=prints).honest()
    for leg in range(LEGS):
        for number in (1, 2, 3):
            second = 20_000.0 + 9_000 * leg + 2_000 * number
            price = market.on_tick(market.middle(second) * 1.05)
            market.add(second, f"V{number}", "T", price, 50.0)
    for name in ("T", "V1", "V2", "V3"):
        for _ in range(40):
            second = float(market.rng.uniform(0, market.seconds))
            market.meet(second, name, f"C{market.rng.integers(120)}", 1.0)
    return market


def false_prints(market: Market, seed: int) -> list[Row]:
    """Small trades of the members with strangers at false prices, around each of the transfers."""
    rng = np.random.default_rng(seed)
    rows: list[Row] = []
    for leg in range(LEGS):
        for number in (1, 2, 3):
            second = 20_000.0 + 9_000 * leg + 2_000 * number
            for _ in range(3):
                member = f"V{rng.integers(1, 4)}"
                price = market.on_tick(market.middle(second) * (1 + rng.uniform(0.02, 0.05)))
                rows.append(
                    (
                        second + float(rng.uniform(-90, 90)),
                        f"C{rng.integers(120)}",
                        member,
                        price,
                        0.1,
                    )
                )
    return rows


def flows(rows: list[Row], market: Market) -> tuple[Transfers, Tape]:
    tape = tape_of_matches(rows)
    return ledger(tape, ends=np.array([market.end])), tape


def taken(found: Transfers, tape: Tape) -> dict[str, tuple[float, float, int]]:
    names = tape.fills.account_names
    at = np.flatnonzero(names[found.gainer] == "T")
    return {
        str(names[found.loser[i]]): (
            float(found.low[i]), float(found.high[i]), int(found.cluster[i]),
        )
        for i in at
        if str(names[found.loser[i]]).startswith("V")
    }  # fmt: skip


def no_ring(rows: list[Row]) -> bool:
    trades = trades_of(tape_of_matches(rows), 0, 2**62)
    counts, quantity = (
        np.bincount(trades.pair, w, minlength=len(trades.pairs)).astype(float)
        for w in (None, trades.columns.quantity)
    )
    return bool((rings(trades.pairs, activity(trades.pairs, counts, quantity)) < 0).all())


@pytest.mark.parametrize("seed", [1, 2])
def test_no_print_of_a_member_moves_a_reference_by_a_bit(seed: int) -> None:
    market = company()
    more = [*market.rows, *false_prints(market, seed)]
    # Nothing but the flows of money holds them together.
    assert no_ring(market.rows)
    assert no_ring(more)
    before, after = (taken(*flows(rows, market)) for rows in (market.rows, more))
    assert set(before) == set(after) == {"V1", "V2", "V3"}
    assert len({cluster for _, _, cluster in after.values()}) == 1
    for victim, (low, high, _) in before.items():
        assert after[victim][:2] == (low, high)
        assert low > 0


@pytest.mark.parametrize("seed", [1, 2])
def test_the_four_columns_of_a_pair_have_the_ledger_s_references(seed: int) -> None:
    """Forty small trades of each with strangers move some units beside the 6 x 50 of the flow; the
    false prints near by would move a tenth and more."""
    market = company()
    found, tape = flows([*market.rows, *false_prints(market, seed)], market)
    names = tape.fills.account_names
    victims = np.isin(names[found.loser], ["V1", "V2", "V3"]) & (names[found.gainer] == "T")
    for at in np.flatnonzero(victims):
        one = found.take(np.arange(len(found)) == at)
        table = balances(tape, one, among=found)
        assert table.accounts[0] == 2
        assert table.lost_low[0] == pytest.approx(one.low[0], rel=0.01)


def test_too_few_others_are_left_and_the_ledger_abstains() -> None:
    """Twelve strangers and the three others of the company: ten are needed, and seven strangers
    trade at the time of the transfers."""
    market = Market(seed=4, prints_a_bar=0.0)
    for bar in range(int(market.seconds / 300)):
        for turn in range(6):
            market.meet(
                300.0 * bar + 40 * turn, f"C{turn % 7}", f"C{(turn + 1 + bar % 5) % 7}", 1.0
            )
        for number in (1, 2, 3):
            market.meet(300.0 * bar + 70 * number, f"V{number}", f"C{(bar + number) % 7}", 1.0)
        market.meet(300.0 * bar + 290, "T", f"C{bar % 7}", 1.0)
    for leg in range(LEGS):
        for number in (1, 2, 3):
            second = 20_000.0 + 9_000 * leg + 2_000 * number
            price = market.on_tick(market.middle(second) * 1.05)
            market.add(second, f"V{number}", "T", price, 50.0)
    found, tape = flows(market.rows, market)
    low = [values[0] for values in taken(found, tape).values()]
    assert len(low) == 3
    assert np.isnan(low).all()


def pairs_of(*ends: tuple[int, int]) -> Pairs:
    low, high = np.array(ends).T
    return Pairs(
        symbol=np.zeros(len(low), dtype=np.int64),
        low=low, high=high, low_node=low, high_node=high, nodes=int(high.max()) + 1,
    )  # fmt: skip


class TestCompanyOf:
    """Flows 0-1-2, 3-4 and a star of ten around 5."""

    PAIRS = pairs_of((0, 1), (1, 2), (3, 4), *((5, number) for number in range(6, 15)))
    NONE = np.full(15, -1)

    def found(self, ring: np.ndarray, largest: int = 9, **flow: float) -> list[int]:
        excess = np.ones(len(self.PAIRS))
        excess[0] = flow.get("first", 1.0)
        return company_of(self.PAIRS, ring, np.arange(len(excess)), excess, largest).tolist()

    def test_three_to_the_largest(self) -> None:
        assert self.found(self.NONE) == [0, 0, 0] + [ALONE] * 12
        together = self.found(self.NONE, largest=10)
        assert together[:5] == [0, 0, 0, ALONE, ALONE]
        assert len(set(together[5:])) == 1
        assert together[5] not in (0, ALONE)

    def test_a_ring_s_prints_never_count_anyway(self) -> None:
        ring = self.NONE.copy()
        ring[:3] = 0
        assert self.found(ring) == [ALONE] * 15
        ring[2] = -1
        assert self.found(ring)[:3] == [0, 0, 0]

    def test_a_flow_that_matters_little_to_one_of_the_two_binds_nobody(self) -> None:
        # From 1 to 2 goes a tenth of what goes from 0 to 1, and less.
        assert self.found(self.NONE, first=10.0)[:3] == [0, 0, 0]
        assert self.found(self.NONE, first=10.1)[:3] == [ALONE] * 3

    def test_nobody(self) -> None:
        none = company_of(self.PAIRS, self.NONE, np.zeros(0, dtype=np.int64), np.zeros(0), 9)
        assert none.tolist() == [ALONE] * 15
