from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.learning.alert_spans import AlertSpans
from tradeglyph.learning.backtest import (
    LISTED,
    Answers,
    Grouping,
    Halves,
    PlantedWindows,
    backtest,
    compare,
)

pytest.importorskip("scipy", reason="needs the extra `plot`")

NAN = float("nan")


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def answers(traffic: np.ndarray, planted: np.ndarray, /, **changed: Any) -> Answers:
    """Of a model whose flags are its alerts."""
    count = len(planted)
    said = {
        "probability": traffic,
        "traffic": AlertSpans.of(traffic),
        "planted": AlertSpans.of(planted),
        "role": np.full(count, "", dtype=object),
        "day_role": np.full(count, "", dtype=object),
        "before": AlertSpans.of(np.full(count, NAN)),
        "answered_before": np.zeros(count, dtype=bool),
    }
    return Answers(**{**said, **changed})


# Days


def test_days_are_halved_in_order() -> None:
    halves = Halves.of(np.array([5, 1, 5, 3, 1, 9, 7]))
    assert halves.ordered
    assert halves.early.tolist() == [1, 3, 5]
    assert halves.late.tolist() == [7, 9]


def test_a_single_day_is_both_halves() -> None:
    halves = Halves.of(np.array([4, 4]))
    assert not halves.ordered
    assert halves.early.tolist() == halves.late.tolist() == [4]


# Figures. Traffic: ten windows on each of four days; plants on the last two and the first.

START = np.repeat([0, 1, 2, 3], 10)
TRAFFIC = np.tile(np.arange(1, 11) / 20, 4)
"""0.05 to 0.5 on every day."""
PLANTED = PlantedWindows(
    start=np.array([0, 0, 2, 2, 3, 3]),
    plant=np.array([0, 0, 1, 1, 2, 2]),
    role=np.array(["beneficiary", "victim"] * 3, dtype=object),
    money=floats(5, 5, 100, 100, 300, 300),
    world=np.array([0, 0, 1, 1, 2, 2]),
    grade=Grouping(names=("blatant", "plain", "none"), code=np.array([0, 0, 0, 0, 1, 1])),
    kinds={"role": Grouping(names=("beneficiary", "victim"), code=np.array([0, 1] * 3))},
)
BEFORE = floats(NAN, 0.1, 0.46, NAN, 0.01, 0.02)
FOUND = floats(0.9, 0.1, 0.48, 0.2, 0.9, NAN)
ROLE = np.array(["beneficiary", "victim", "victim", "victim", "beneficiary", ""], dtype=object)
SAID = answers(
    TRAFFIC,
    FOUND,
    role=ROLE,
    before=AlertSpans.of(BEFORE),
    answered_before=~np.isnan(BEFORE),
)


def figures(said: Answers = SAID, budgets: tuple[float, ...] = (1.0, 2.0)) -> Any:
    return backtest(START, PLANTED, said, budgets, seed=1)


def test_recall_of_the_later_days_by_hand() -> None:
    one, two = figures()["budgets"]
    # Two early days with 0.45 and 0.5 at their top: two windows may be flagged, then four.
    assert 0.45 <= one["threshold"] < 0.5
    assert 0.40 <= two["threshold"] < 0.45
    assert [b["early"]["alerts"] for b in (one, two)] == [2, 4]
    assert [b["late"]["alerts_per_day"] for b in (one, two)] == [1, 2]
    late = two["late"]
    assert late["accounts"]["value"] == 2 / 4  # 0.48 and 0.9 of four; no answer is a miss
    assert late["money"]["value"] == (100 + 300) / 800
    assert late["transfers"]["value"] == 1  # a side of either
    assert two["early"]["accounts"]["value"] == 1 / 2
    assert two["early"]["transfers"]["hits"] == 1


def test_recall_by_money_weighs() -> None:
    said = answers(TRAFFIC, floats(0, 0, 0.01, 0.01, 0.9, 0.9))
    late = figures(said)["budgets"][0]["late"]
    assert late["accounts"]["value"] == 0.5
    assert late["money"]["value"] == 0.75


def test_groups_roles_and_what_was_an_alert_before() -> None:
    _, two = figures()["budgets"]
    grades = two["groups"]["grade"]
    assert {name: (g["hits"], g["windows"]) for name, g in grades.items()} == {
        "blatant": (1, 2),
        "plain": (1, 2),
    }
    assert two["groups"]["role"]["beneficiary"]["hits"] == 2
    # Flagged on the later days: one named right, one taken for the victim.
    assert (two["role_right"]["hits"], two["role_right"]["windows"]) == (1, 2)
    # Hosts of the later days: 0.46, 0.01 and 0.02, of which the first was above.
    assert (two["alerts_before"]["hits"], two["alerts_before"]["windows"]) == (1, 3)


def test_intervals_hold_their_figure() -> None:
    for budget in figures()["budgets"]:
        for half in ("early", "late"):
            for kind in ("accounts", "money"):
                share = budget[half][kind]
                assert 0 <= share["low"] <= share["value"] <= share["high"] <= 1
    # One transfer of one: the exact interval of 1 out of 1 starts at 2.5 %.
    early = figures()["budgets"][1]["early"]["transfers"]
    assert early["low"] == pytest.approx(0.025)


@given(st.lists(st.floats(0.001, 0.999), min_size=20, max_size=20))
def test_later_days_have_no_part_in_a_threshold(later: list[float]) -> None:
    traffic = np.concatenate([TRAFFIC[:20], later])
    changed = answers(traffic, FOUND)
    before, after = (backtest(START, PLANTED, said, (2.0,), seed=1) for said in (SAID, changed))
    assert before["budgets"][0]["threshold"] == after["budgets"][0]["threshold"]
    assert before["budgets"][0]["early"] == after["budgets"][0]["early"]


def test_curves_are_what_counting_gives() -> None:
    curves = figures()["curves"]
    assert list(curves) == ["all", "blatant", "plain"]
    late = TRAFFIC[20:]
    planted, money = FOUND[2:], PLANTED.money[2:]
    by_alerts: dict[float, set[tuple[float, float]]] = {}
    for cut in [0.0, *late]:
        found = planted > cut
        point = (found.sum() / 4, money[found].sum() / money.sum())
        by_alerts.setdefault((late > cut).sum() / 2, set()).add(point)
    for alerts, accounts, by_money in curves["all"]:
        assert (accounts, by_money) in by_alerts[alerts]
    alerts = [point[0] for point in curves["all"]]
    assert alerts == sorted(alerts)
    assert alerts[-1] == 10
    assert [point[1] for point in curves["plain"]][-1] == 0.5  # the other has no answer


def test_no_plant_on_the_later_days_is_not_zero() -> None:
    early = PLANTED.take(PLANTED.start == 0)
    said = answers(TRAFFIC, FOUND[:2])
    done = backtest(START, early, said, (2.0,), seed=1)
    assert done["curves"] == {}
    assert done["budgets"][0]["late"]["accounts"]["value"] is None
    assert done["budgets"][0]["late"]["transfers"]["value"] is None


def test_without_a_window_there_is_nothing_to_judge() -> None:
    with pytest.raises(ValueError, match="no window"):
        backtest(np.empty(0, dtype=np.int64), PLANTED, SAID, (1.0,), seed=0)


def test_holds_count_whatever_the_threshold() -> None:
    """The ledger holds one window of every late day, and the side that the model misses."""
    always = np.isin(np.arange(40), [20, 30])  # 0.05 each: the least suspicious of their days
    held = np.array([False, False, True, True, False, False])
    said = answers(
        TRAFFIC,
        FOUND,
        traffic=replace(AlertSpans.of(TRAFFIC), always=always, held=always),
        planted=replace(AlertSpans.of(FOUND), always=held, held=held),
    )
    (one,) = figures(said, (1.0,))["budgets"]
    assert 0.45 <= one["threshold"] < 0.5  # nothing is held on the early days
    assert one["early"]["held_per_day"] == 0
    assert one["late"]["alerts_per_day"] == 2  # the held one and the one of 0.5
    assert (one["late"]["held_per_day"], one["late"]["flagged_per_day"]) == (1, 1)
    assert one["late"]["accounts"]["value"] == 3 / 4  # both held, and 0.9; no answer is a miss
    assert (one["held"]["hits"], one["held"]["windows"]) == (2, 4)
    assert figures(said)["curves"]["all"][0][:2] == [1, 1 / 2]  # no threshold gives fewer


def test_what_no_threshold_finds() -> None:
    (one,) = figures(budgets=(1.0,))["budgets"]
    assert (one["never"]["hits"], one["never"]["windows"]) == (1, 4)  # the one without an answer


def test_the_role_of_a_day_is_said_where_the_day_is_why() -> None:
    spans = replace(
        AlertSpans.of(floats(NAN, 0.2, NAN)),
        day_from=floats(0.5, 0.5, 0.5),
        day_below=floats(0.8, 0.8, 0.8),
        always=np.array([False, False, True]),
    )
    own, day = (np.full(3, role, dtype=object) for role in ("beneficiary", "victim"))
    said = answers(TRAFFIC, floats(0, 0, 0), planted=spans, role=own, day_role=day)
    assert said.roles(0.6).tolist() == ["victim", "victim", "beneficiary"]
    assert said.roles(0.1).tolist() == ["beneficiary", "beneficiary", "beneficiary"]


# Candidate


def test_changes_of_the_later_days() -> None:
    theirs = TRAFFIC.copy()
    theirs[[25, 39]] = 0.99, 0.01  # on the later days: one up, the top one of the last down
    theirs[5] = 0.99  # on an earlier day: no change that counts
    candidate = answers(theirs, floats(0.1, 0.1, 0.1, 0.9, 0.9, 0.9))
    (change,) = compare(START, SAID, candidate, PLANTED, [(0.42, 0.42)])
    assert change["newly"] == {"count": 1, "windows": [25]}
    assert change["no_longer"] == {"count": 1, "windows": [39]}
    assert change["both"] == 3
    # Found by one of the two: 0.2 and the NaN are new, 0.48 is lost.
    assert change["planted"] == {"newly": 2, "no_longer": 1}


def test_lists_are_the_surest_and_bounded() -> None:
    count = LISTED + 5
    start = np.repeat([0, 1], count)
    rising = np.tile(np.linspace(0.5, 0.9, count), 2)
    none, every = (answers(t, FOUND) for t in (np.zeros(2 * count), rising))
    (change,) = compare(start, none, every, PLANTED, [(0.1, 0.1)])
    assert change["newly"]["count"] == count
    assert len(change["newly"]["windows"]) == LISTED
    assert change["newly"]["windows"][:2] == [2 * count - 1, 2 * count - 2]


def test_a_model_beside_itself_changes_nothing() -> None:
    (change,) = compare(START, SAID, SAID, PLANTED, [(0.3, 0.3)])
    assert change["newly"]["count"] == change["no_longer"]["count"] == 0
    assert change["planted"] == {"newly": 0, "no_longer": 0}
