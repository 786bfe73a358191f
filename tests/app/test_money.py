"""Four columns by hand: everybody else trades at 100, so that is the reference."""

from dataclasses import replace

import numpy as np
import pytest

from tests.recognizers.ledger.market import START, Market, Row, tape_of_matches
from tests.recognizers.ledger.test_company import company, false_prints
from tradeglyph.app.money import money_moved
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.tape import Tape
from tradeglyph.drawing.money import FourColumns, MoneyMoved
from tradeglyph.pipeline.evidence import evidence_of
from tradeglyph.pipeline.flow_rule import FlowRule
from tradeglyph.recognizers.ledger import ledger

HOURS = 6
END = (START + HOURS * 3600) * MICROSECONDS


def crowd(until: int = HOURS * 3600) -> list[Row]:
    """A print at 100 every ten seconds, of 30 accounts in turn, each with all others in turn."""
    return [
        (second, f"C{number % 30}", f"C{(number + 1 + number // 30 % 29) % 30}", 100.0, 1.0)
        for number, second in enumerate(range(0, until, 10))
    ]


def robbery() -> list[Row]:
    """T buys 10 at 90 from V and sells them back at 110 a minute later, five times."""
    rows = []
    for trip in range(5):
        second = 7_200 + 1_200 * trip
        rows += [(second, "T", "V", 90.0, 10.0), (second + 60, "V", "T", 110.0, 10.0)]
    return rows


def moved(tape: Tape, account: str, end: int = END) -> MoneyMoved | None:
    window = np.flatnonzero(tape.fills.account_names == account), np.array([0]), np.array([end])
    transfers = ledger(tape, ends=np.array([end]))
    return money_moved(tape, transfers, evidence_of(*window, tape, transfers, FlowRule()))


def adds_up(group: FourColumns) -> None:
    lost, gained, third = group.lost.middle, group.gained.middle, group.third.middle
    assert lost is not None
    assert gained is not None
    assert third is not None
    assert lost == pytest.approx(gained + third + group.fees, rel=1e-9)


def test_a_pair_by_hand() -> None:
    rows = [*crowd(), *robbery(), (15_000.0, "T", "C3", 101.0, 4.0)]
    tape = tape_of_matches(rows, fee=0.5)
    found = moved(tape, "T")
    assert found is not None
    # V lost 10 on each of 100 units, and ten fees; T gained that, less eleven fees, and less the 1
    # on each of four units that it paid C3 over the price.
    assert (found.account, found.other, found.gains, found.trades) == ("T", "V", True, 10)
    assert found.pair.accounts == 2
    assert found.pair.lost.low == found.pair.lost.middle == found.pair.lost.high == 1005
    assert found.pair.gained.middle == 1000 - 4 - 5.5
    assert found.pair.third.middle == 4
    assert found.pair.fees == 10.5
    # 100 of 2,160 units of the crowd, their own 100 and the four.
    assert found.volume_share == pytest.approx(100 / (2160 + 100 + 4))
    assert found.cluster is None
    adds_up(found.pair)


def test_the_other_side_of_it() -> None:
    tape = tape_of_matches([*crowd(), *robbery()])
    found = moved(tape, "V")
    assert found is not None
    assert (found.account, found.other, found.gains) == ("V", "T", False)
    assert found.pair.lost.middle == found.pair.gained.middle == 1000
    assert found.pair.third.middle == found.pair.fees == 0


def test_a_cluster_has_columns_of_its_own() -> None:
    market = Market(seed=4, prints_a_bar=5).honest()
    market.plant(0.05, legs=2, mules=4)
    tape = market.tape()
    found = moved(tape, "T", market.end)
    assert found is not None
    assert found.pair.accounts == 2
    assert found.cluster is not None
    assert found.cluster.accounts > 2
    for group in (found.pair, found.cluster):
        adds_up(group)
        for part in (group.lost, group.gained, group.third):
            assert part.low is not None
            assert part.middle is not None
            assert part.high is not None
            assert part.low <= part.middle <= part.high


def test_where_the_ledger_abstains() -> None:
    # The crowd is gone three hours before the first of their trades.
    tape = tape_of_matches(
        [*crowd(until=600), *((second + 7_200, *rest) for second, *rest in robbery())],  # type: ignore[misc]
        fee=0.5,
    )
    found = moved(tape, "T")
    assert found is not None
    for part in (found.pair.lost, found.pair.gained, found.pair.third):
        assert (part.low, part.middle, part.high) == (None, None, None)
    assert found.pair.fees == 10


def test_no_flow_nothing_moved() -> None:
    tape = tape_of_matches([*crowd(), *robbery()])
    assert moved(tape, "C4") is None


def test_other_sides_not_known() -> None:
    tape = tape_of_matches([*crowd(), *robbery()])
    nobody = np.full_like(tape.other, -1)
    unknown = replace(tape, other=nobody, match=nobody.astype(np.int64))
    assert moved(unknown, "T") is None


def test_a_pair_is_measured_by_what_the_ledger_measured_it_by() -> None:
    """Three who lose to one, and small false prints with strangers to hide it by."""
    market = company()
    tape = tape_of_matches([*market.rows, *false_prints(market, 1)])
    transfers = ledger(tape, ends=np.array([market.end]))
    window = np.flatnonzero(tape.fills.account_names == "V1"), np.array([0]), np.array([market.end])
    found = money_moved(tape, transfers, evidence_of(*window, tape, transfers, FlowRule()))
    assert found is not None
    assert found.other == "T"
    names = tape.fills.account_names
    (flow,) = np.flatnonzero((names[transfers.loser] == "V1") & (names[transfers.gainer] == "T"))
    assert found.pair.lost.low == pytest.approx(transfers.low[flow], rel=0.01)
