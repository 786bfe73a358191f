"""Flows of money, window by window: reckoned by hand on a tape of a few accounts."""

import numpy as np
import pytest

from tests.pipeline.flows import NAN, transfers_of
from tradeglyph.domain.fills import DAY_US, Fills
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.pipeline.evidence import Evidence, evidence_of
from tradeglyph.pipeline.flow_rule import FlowRule
from tradeglyph.pipeline.verdict import rule_on


def tape_of(known: dict[int, list[bool]]) -> Tape:
    """One fill in symbol 0 for each flag of an account: whether its other side is known."""
    account = np.array([a for a, flags in known.items() for _ in flags], dtype=np.int32)
    flags = np.array([flag for flags in known.values() for flag in flags])
    n = len(account)
    fills = Fills(
        account=account,
        symbol=np.zeros(n, np.int32),
        time=np.arange(n, dtype=np.int64),
        side=np.ones(n, np.int8),
        price=np.ones(n),
        quantity=np.ones(n),
        account_names=np.array([f"A{i}" for i in range(9)], dtype=object),
        symbol_names=np.array(["X", "Y"], dtype=object),
    )
    return Tape(
        fills=fills,
        other=np.where(flags, 8, -1).astype(np.int32),
        match=np.where(flags, np.arange(n), -1),
        fee=np.full(n, NAN),
    )


def evidence(account: int, *rows: dict[str, float], tape: Tape | None = None,
             symbol: int = 0, end: int = DAY_US) -> Evidence:  # fmt: skip
    known = tape or tape_of({a: [True] for a in range(9)})
    window = (np.array([account]), np.array([symbol]), np.array([end]))
    return evidence_of(*window, known, transfers_of(*rows), FlowRule())


def test_a_victim_of_several_mules_lost_most_to_their_cluster() -> None:
    """A fifth each: no flow is most of what it lost, three of them are."""
    each = {"loser_share": 0.2, "gainer_share": 0.99, "cluster": 7, "loser_trades": 18}
    fan = [{**each, "gainer": gainer} for gainer in (2, 3, 4)]
    assert evidence(1, *fan).alert.tolist() == [True]
    assert evidence(3, *fan).alert.tolist() == [True]
    # Nor do five more that it is the only one for change it: these are what it trades.
    dealt = [{**row, "loser_clients": 8} for row in fan]
    assert evidence(3, *dealt).alert.tolist() == [True]
    apart = [{**row, "cluster": at} for at, row in enumerate(fan)]
    assert evidence(3, *apart).alert.tolist() == [False]


def test_what_goes_round_is_no_transfer_and_what_is_passed_on_is() -> None:
    round_ = [
        {"loser": 0, "gainer": 1, "cluster": 5, "low": 100.0},
        {"loser": 1, "gainer": 2, "cluster": 5, "low": 110.0},
        {"loser": 2, "gainer": 0, "cluster": 5, "low": 105.0},
    ]
    assert evidence(0, *round_).alert.tolist() == [False]
    # Without the way back, 1 is a mule between 0 and 2.
    assert evidence(0, *round_[:2]).alert.tolist() == [True]
    assert evidence(2, *round_[:2]).alert.tolist() == [True]


@pytest.mark.parametrize(
    ("changed", "doubtful"),
    [
        ({"excess": 20.0, "turned": 0.8}, True),  # 3.75 half-spreads: no alert, and not nothing
        ({"excess": 0.0, "low": 60.0}, False),
        ({"excess": 20.0, "turned": 0.8, "gainer_share": 0.4}, False),
        ({"low": NAN, "excess": NAN}, False),
    ],
)
def test_a_flow_that_falls_short_may_still_be_in_doubt(
    changed: dict[str, float], doubtful: bool
) -> None:
    found = evidence(0, changed)
    assert (found.alert.tolist(), found.doubtful.tolist()) == ([False], [doubtful])


def test_the_loudest_flow_speaks_and_alerting_ones_are_added_up() -> None:
    rows = (
        {"gainer": 0, "loser": 1, "low": 100.0},
        {"gainer": 0, "loser": 2, "low": 300.0, "excess": 250.0},
        {"gainer": 0, "loser": 3, "low": 900.0, "high": 2000.0, "deviation": 0.5},  # chance
        {"gainer": 4, "loser": 0, "low": 50.0, "excess": 40.0},
    )
    found = evidence(0, *rows)
    assert found.flow.tolist() == [1]
    assert found.gains.tolist() == [True]
    assert found.transferred.tolist() == [450.0]
    lost = evidence(4, *rows)
    assert (lost.flow.tolist(), lost.gains.tolist()) == ([3], [True])
    assert (evidence(2, *rows).gains.tolist(), evidence(2, *rows).flow.tolist()) == ([False], [1])


def test_an_odd_flow_speaks_before_a_larger_one() -> None:
    """One order in two parts, 20 half-spreads away, nearly all that happened to both."""
    once = {"gainer": 0, "trades": 2, "meetings": 1, "by_chance": 0.01, "excess": 85.0} | {
        "loser_share": 0.95
    }
    rows = ({**once, "loser": 1}, {"gainer": 0, "loser": 2, "low": 300.0, "excess": 0.0})
    found = evidence(0, *rows)
    assert (found.odd.tolist(), found.alert.tolist()) == ([True], [False])
    assert (found.flow.tolist(), found.transferred.tolist()) == ([0], [100.0])


def test_money_is_added_up_to_the_last_digit() -> None:
    rows = [{"gainer": 0, "loser": 1, "low": 0.1 + 1e9}, {"gainer": 3, "loser": 2, "low": 0.3}]
    assert evidence(3, *rows).transferred.tolist() == [0.3]


@pytest.mark.parametrize(
    ("account", "symbol", "end"),
    [(5, 0, DAY_US), (0, 1, DAY_US), (0, 0, 2 * DAY_US), (-1, 0, DAY_US)],
)
def test_of_another_account_symbol_or_end_it_says_nothing(
    account: int, symbol: int, end: int
) -> None:
    found = evidence(account, {}, symbol=symbol, end=end)
    assert found.flow.tolist() == [-1]
    assert not found.alert.any()


def test_without_any_flow() -> None:
    found = evidence(0)
    assert (found.flow.tolist(), found.transferred.tolist()) == ([-1], [0.0])


def test_what_is_known_of_half_of_the_fills_only_is_not_known() -> None:
    tape = tape_of({0: [True, False], 1: [True, True, False], 2: [True]})
    assert evidence(0, {}, tape=tape).known.tolist() == [False]
    assert np.isnan(evidence(0, {}, tape=tape).transferred).all()
    assert evidence(1, {}, tape=tape).known.tolist() == [True]


@pytest.mark.parametrize(
    ("flagged", "found", "alone", "verdict", "role"),
    [
        (True, "known alert odd doubtful", False, "hold", "victim"),
        (False, "known alert odd doubtful", False, "hold", "victim"),
        (True, "known", False, "quiet", ""),
        (True, "known doubtful", False, "review", "unclear"),
        (True, "known abstained", False, "review", "unclear"),
        (True, "", False, "review", "unclear"),
        (False, "known abstained doubtful", False, "quiet", ""),
        # Too odd to pass, whatever the picture says, and no pattern.
        (False, "known odd doubtful", False, "review", "victim"),
        (True, "known odd doubtful", False, "review", "victim"),
        # Nobody else in its candles: weak evidence.
        (True, "known alert odd", True, "review", "victim"),
        (False, "known alert odd", True, "review", "victim"),
        (True, "known", True, "quiet", ""),
    ],
)
def test_the_verdict(flagged: bool, found: str, alone: bool, verdict: str, role: str) -> None:
    names = ("known", "alert", "odd", "abstained", "doubtful")
    one = Evidence(
        **{name: np.array([name in found.split()]) for name in names},
        flow=np.array([0]),
        gains=np.array([False]),
        ahead=np.array([False]),
        transferred=np.array([1.0]),
    )
    said = Verdict.REVIEW if flagged else Verdict.QUIET
    ruling = rule_on(
        np.array([said.value], dtype=object),
        np.array(["unclear" if flagged else ""], dtype=object),
        np.array([flagged]),
        one,
        np.array([alone]),
    )
    assert (ruling.verdict.tolist(), ruling.role.tolist()) == ([verdict], [role])
    assert ruling.cleared.tolist() == [flagged and verdict == "quiet"]
