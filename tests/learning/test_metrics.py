import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from tradeglyph.learning.metrics import Judged, measure

binomtest = pytest.importorskip("scipy.stats", reason="needs the extra `train` or `plot`").binomtest
oracle_metrics = pytest.importorskip("sklearn.metrics", reason="needs the extra `train` or `plot`")


def objects(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def small() -> Judged:
    """4 fraud windows, of which 3 are flagged and one has no answer; 6 honest, of which 1 is.

    Three worlds. The dot counter is lowest on the quiet accounts and highest on the day traders.
    """
    scenario = objects(*["hacker"] * 2, *["victim"] * 2, *["quiet"] * 4, *["day_trader"] * 2)
    return Judged(
        label=np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=np.int8),
        score=np.array([0.99, 0.9, 0.8, np.nan, 0.1, 0.2, 0.2, 0.3, 0.4, 0.85]),
        scenario=scenario,
        role_true=objects("beneficiary", "beneficiary", "victim", "victim", *[""] * 6),
        role_said=objects("beneficiary", "unclear", "beneficiary", "", *[""] * 6),
        flagged=np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 1], dtype=bool),
        money=np.array([100.0, 200.0, 300.0, 400.0, 1, 1, 1, 1, 1, 1]),
        group=objects(*["A|1", "B|1", "A|2", "A|1", "B|1", "A|2", "A|1", "B|1", "A|2", "A|1"]),
        threshold=0.5,
        baselines={"dot_counter": np.array([6, 6, 6, 6, 2, 2, 2, 2, 9, 9], dtype=float)},
    )


def large(seed: int = 0, n: int = 2000) -> Judged:
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 4, n)
    fraud = kind < 2
    score = 1 / (1 + np.exp(-rng.normal(size=n) - 3 * fraud + 1.5))
    score[rng.random(n) < 0.02] = np.nan
    names = objects("hacker", "victim", "day_trader", "quiet")
    return Judged(
        label=fraud.astype(np.int8),
        score=score,
        scenario=names[kind],
        role_true=objects("beneficiary", "victim", "", "")[kind],
        role_said=objects("beneficiary", "unclear", "", "")[rng.integers(0, 2, n)],
        flagged=np.nan_to_num(score) > 0.6,
        money=np.where(fraud, rng.lognormal(5, 1, n), np.nan),
        group=np.array([f"S|{day}" for day in rng.integers(0, 30, n)], dtype=object),
        threshold=0.6,
        baselines={"dot_counter": rng.poisson(3 + 2.0 * fraud).astype(float)},
    )


def measured(judged: Judged, **options: Any) -> dict[str, Any]:
    return measure(judged, **{"alert_budget": 0.01, "prior": 0.1, "bootstrap": 30, **options})


def permuted(judged: Judged, order: np.ndarray) -> Judged:
    columns = {
        field.name: value[order]
        for field in fields(judged)
        if isinstance(value := getattr(judged, field.name), np.ndarray)
    }
    baselines = {name: score[order] for name, score in judged.baselines.items()}
    return replace(judged, **columns, baselines=baselines)


def same(left: Any, right: Any) -> None:
    """Equal, but for the last digits of sums taken in another order."""
    if isinstance(left, dict):
        assert left.keys() == right.keys()
        for key in left:
            same(left[key], right[key])
    elif isinstance(left, list):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            same(one, other)
    elif isinstance(left, float):
        assert left == pytest.approx(right, rel=1e-9)
    else:
        assert left == right


def test_counts_and_shares_at_the_threshold() -> None:
    figures = measured(small())
    assert figures["windows"] == {
        "total": 10,
        "fraud": 4,
        "normal": 6,
        "ambiguous": 0,
        "answered": 9,
        "not_applicable": 1,
        "answered_share": 0.9,
        "groups": 3,
    }
    recall = figures["at_threshold"]["recall"]
    rate = figures["at_threshold"]["false_positive_rate"]
    # The fraud without an answer is missed.
    assert (recall["hits"], recall["windows"], recall["value"]) == (3, 4, 0.75)
    assert (rate["hits"], rate["windows"], rate["value"]) == (1, 6, pytest.approx(1 / 6))
    exact = binomtest(1, 6).proportion_ci(0.95, method="exact")
    assert rate["low"] <= exact.low + 1e-12
    assert rate["high"] >= exact.high - 1e-12
    assert "rule_of_three" not in rate


def test_a_window_without_an_answer_is_never_flagged() -> None:
    all_flagged = replace(small(), flagged=np.ones(10, dtype=bool))
    assert measured(all_flagged)["at_threshold"]["recall"]["hits"] == 3


def test_areas_leave_out_what_has_no_answer() -> None:
    figures = measured(small())
    # Three fraud against six honest: 0.8 loses to 0.85, all else wins: 17 of 18.
    assert figures["ranking"]["model"]["roc_auc"]["value"] == pytest.approx(17 / 18)
    # The dot counter has all fraud over the four quiet and under the two day traders.
    assert figures["ranking"]["dot_counter"]["roc_auc"]["value"] == pytest.approx(12 / 18)


def test_precision_and_alerts_at_base_rates_follow_bayes() -> None:
    entry = measured(small(), active_accounts=1000)["at_threshold"]["base_rates"][1]
    assert entry["base_rate"] == 0.01
    flagged = 0.01 * 0.75 + 0.99 / 6
    assert entry["precision"] == pytest.approx(0.01 * 0.75 / flagged)
    assert entry["alerts_per_day"] == pytest.approx(1000 * flagged)
    assert entry["false_alarms_per_day"] == pytest.approx(165)
    assert entry["precision_low"] < entry["precision"]
    assert entry["false_alarms_per_day_high"] > 165


def test_no_false_alarm_seen_is_not_a_promise_of_none() -> None:
    none = replace(small(), flagged=np.array([1, 1, 1] + [0] * 7, dtype=bool))
    figures = measured(none)["at_threshold"]
    assert figures["false_positive_rate"]["rule_of_three"] == 0.5
    assert figures["base_rates"][2]["precision"] == 1.0
    assert figures["base_rates"][2]["precision_low"] < 0.01


def test_recall_where_so_many_false_alarms_a_day_are_allowed() -> None:
    # 20, 50 and 200 of 120 accounts: one in six allows the day trader at 0.85.
    few, _, _ = measured(small(), active_accounts=120)["at_threshold"][
        "recall_at_false_alarms_per_day"
    ]
    assert few["false_positive_rate"] == pytest.approx(1 / 6)
    # Just the highest honest score may pass, so all answered fraud above the next one counts.
    assert few["recall"] == 0.75
    assert few["resolved"] is True
    million = measured(small())["at_threshold"]["recall_at_false_alarms_per_day"][0]
    # Above the highest honest score there are two of four.
    assert million["recall"] == pytest.approx(0.5, abs=1e-4)
    assert million["resolved"] is False


def test_baselines_are_cut_at_the_models_false_alarms_and_at_its_recall() -> None:
    figures = measured(small())
    # The model flagged 1 of 6 honest windows, more than the budget: the counter may do so too,
    # and spends it on one of its two day traders.
    assert figures["comparison"]["false_alarms"] == pytest.approx(1 / 6)
    assert figures["comparison"]["baselines"]["dot_counter"] == {
        "recall_at_same_false_alarms": 0.0,
        "false_alarms_at_same_recall": pytest.approx(2 / 6),
    }
    shares = {entry["scenario"]: entry for entry in figures["scenarios"]}
    day_trader = shares["day_trader"]["baselines"]["dot_counter"]
    assert day_trader["share_at_same_false_alarms"] == pytest.approx(0.5)
    assert day_trader["share_at_same_recall"] == 1.0
    # Three of four equal fraud scores make three quarters of each fraud scenario.
    assert shares["hacker"]["baselines"]["dot_counter"]["share_at_same_recall"] == 0.75
    assert shares["quiet"]["baselines"]["dot_counter"]["share_at_same_recall"] == 0.0


def test_scenarios_come_fraud_first_with_their_own_areas() -> None:
    figures = measured(small())
    entries = figures["scenarios"]
    assert [(entry["label"], entry["scenario"]) for entry in entries] == [
        ("fraud", "hacker"),
        ("fraud", "victim"),
        ("normal", "day_trader"),
        ("normal", "quiet"),
    ]
    # 0.99, 0.9 and 0.8 against 0.4 and 0.85.
    assert entries[2]["roc_auc"] == pytest.approx(5 / 6)
    assert entries[2]["flagged"]["value"] == 0.5
    assert entries[3]["baselines"]["dot_counter"]["roc_auc"] == 1.0
    assert figures["worst_scenario"]["scenario"] == "victim"
    assert figures["worst_scenario"]["value"] == 0.5


def test_money_and_role_by_hand() -> None:
    figures = measured(small())
    assert figures["money"]["recall"] == pytest.approx(600 / 1000)
    assert [entry["recall"]["value"] for entry in figures["money"]["bins"]] == [1, 1, 1, 0]
    # Flagged fraud of known role: right, unclear, and a victim called beneficiary.
    role = figures["role"]
    assert (role["right"]["hits"], role["right"]["windows"]) == (1, 3)
    assert role["by_role"]["beneficiary"]["unclear"] == 1
    assert role["by_role"]["victim"]["wrong"] == 1


def test_areas_are_those_of_scikit_learn() -> None:
    judged = large()
    known = judged.answered
    oracle = oracle_metrics.roc_auc_score(judged.label[known], judged.score[known])
    assert measured(judged)["ranking"]["model"]["roc_auc"]["value"] == pytest.approx(oracle)


def test_order_does_not_matter() -> None:
    judged = large()
    order = np.random.default_rng(9).permutation(len(judged))
    same(measured(judged), measured(permuted(judged, order)))


def test_the_seed_decides_the_bootstrap_and_nothing_else() -> None:
    judged = large()
    first, again, other = (measured(judged, seed=seed) for seed in (1, 1, 2))
    assert first == again
    area, different = (figures["ranking"]["model"]["roc_auc"] for figures in (first, other))
    assert area["value"] == different["value"]
    assert area["low"] != different["low"]
    assert area["low"] < area["value"] < area["high"]


def test_what_is_not_known_is_null_in_json() -> None:
    judged = small()
    honest = permuted(judged, np.flatnonzero(judged.label == 0))
    figures = measured(honest)
    text = json.dumps(figures, allow_nan=False)
    assert "NaN" not in text
    assert figures["at_threshold"]["recall"]["value"] is None
    assert figures["ranking"]["model"]["roc_auc"]["value"] is None
    assert figures["worst_scenario"] is None
    assert figures["curves"]["model"] == {"roc": [], "pr": []}


@pytest.mark.parametrize("rows", [0, 1])
def test_almost_nothing_is_measured_without_a_fault(rows: int) -> None:
    figures = measured(permuted(small(), np.arange(rows)), prior=None)
    assert figures["windows"]["total"] == rows
    json.dumps(figures, allow_nan=False)


def test_accuracy_is_nowhere() -> None:
    assert "accuracy" not in json.dumps(measured(small()))


def test_columns_of_other_lengths_and_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="dot_counter has 3 windows"):
        replace(small(), baselines={"dot_counter": np.zeros(3)})
    with pytest.raises(ValueError, match="label must be"):
        replace(small(), label=np.full(10, 2, dtype=np.int8))


def test_ambiguous_windows_are_no_false_alarms_but_rank_like_any_other() -> None:
    """The day trader at 0.85, which is flagged, is of a kind that fills can't clear."""
    kind = small().scenario == "day_trader"
    plain, spared = measured(small()), measured(replace(small(), ambiguous=kind))
    rate = spared["at_threshold"]["false_positive_rate"]
    assert (rate["hits"], rate["windows"]) == (0, 4)
    ambiguous = spared["at_threshold"]["ambiguous"]
    assert (ambiguous["hits"], ambiguous["windows"]) == (1, 2)
    assert spared["windows"]["ambiguous"] == 2
    assert spared["windows"]["normal"] == 6
    assert spared["ranking"] == plain["ranking"]
    assert plain["worst_honest"]["scenario"] == "day_trader"
    assert spared["worst_honest"]["scenario"] == "quiet"
    entries = {entry["scenario"]: entry["ambiguous"] for entry in spared["scenarios"]}
    assert entries == {"hacker": False, "victim": False, "day_trader": True, "quiet": False}


def test_fraud_that_fills_cannot_tell_counts_and_is_told_apart() -> None:
    """Of four fraud windows three are flagged; the two victims, one flagged, can't be told."""
    kind = small().scenario == "victim"
    figures = measured(replace(small(), untellable=kind))
    working = figures["at_threshold"]
    assert (working["recall"]["hits"], working["recall"]["windows"]) == (3, 4)
    assert (working["recall_tellable"]["hits"], working["recall_tellable"]["windows"]) == (2, 2)
    assert figures["worst_scenario"]["scenario"] == "victim"
    assert figures["worst_scenario"]["untellable"] is True
    assert figures["worst_tellable"]["scenario"] == "hacker"
    assert figures["worst_tellable"]["untellable"] is False
    entries = {entry["scenario"]: entry["untellable"] for entry in figures["scenarios"]}
    assert entries == {"hacker": False, "victim": True, "day_trader": False, "quiet": False}
    plain = measured(small())
    assert plain["at_threshold"]["recall_tellable"] == plain["at_threshold"]["recall"]
    assert plain["worst_tellable"] == plain["worst_scenario"]


def untellable(figures: dict[str, Any]) -> dict[str, Any]:
    return {row["scenario"]: row["told"] for row in figures["untellable"]}


def kinds(flagged: dict[str, tuple[int, int]], untold: str) -> Judged:
    """Windows by scenario, flagged and all; those that begin with `f` are fraud."""
    names = np.array([n for n, (_, all_) in flagged.items() for _ in range(all_)], dtype=object)
    said = np.array([i < hits for hits, all_ in flagged.values() for i in range(all_)])
    label = np.array([int(name[0] == "f") for name in names], dtype=np.int8)
    none = np.full(len(names), "", dtype=object)
    return Judged(
        label=label,
        score=np.where(said, 0.9, 0.1),
        scenario=names,
        role_true=none,
        role_said=none,
        flagged=said,
        money=np.ones(len(names)),
        group=names,
        threshold=0.5,
        ambiguous=(label == 0) & np.char.endswith(names.astype(str), untold),
        untellable=(label == 1) & np.char.endswith(names.astype(str), untold),
    )


def test_whether_a_name_still_fits_a_kind_that_can_not_be_told() -> None:
    """Of the others the fraud caught least is at 50 %, the honest kind flagged most at 40 %.

    Exact intervals (Clopper and Pearson): 18 of 20 is 68.3 to 98.8 %, 13 of 20 is 40.8 to 84.6 %,
    0 of 20 is 0 to 16.8 %, 3 of 20 is 3.2 to 37.9 %, 4 of 20 is 5.7 to 43.7 %.
    """
    judged = kinds(
        {"f1": (10, 20), "f2": (20, 20), "f_sure?": (18, 20), "f_maybe?": (13, 20),
         "f_missed?": (0, 20), "h1": (8, 20), "h2": (0, 20), "h_clean?": (0, 20),
         "h_less?": (3, 20), "h_maybe?": (4, 20)},
        "?",
    )  # fmt: skip
    figures = measured(judged)
    assert untellable(figures) == {
        "f_maybe?": False, "f_missed?": False, "f_sure?": True,
        "h_clean?": True, "h_less?": True, "h_maybe?": False,
    }  # fmt: skip
    sure = next(row for row in figures["untellable"] if row["scenario"] == "f_sure?")
    assert (sure["flagged"]["hits"], sure["label"]) == (18, "fraud")
    # 18 and 2 of 20 against the honest 15 flagged of 100: half of the ties on either side.
    assert sure["roc_auc"] == pytest.approx(0.9 * (0.85 + 0.15 / 2) + 0.1 * 0.85 / 2)
    assert measured(small())["untellable"] == []


def test_a_name_is_not_judged_without_others_beside_it() -> None:
    figures = measured(kinds({"f?": (18, 20), "h1": (0, 20)}, "?"))
    assert untellable(figures) == {"f?": None}


def test_the_tail_without_the_kinds_that_can_not_be_told() -> None:
    """Flagged at 0.9: 10 frauds and 10 honest, of which the kind nobody tells makes 8."""
    calibration = measured(kinds({"f1": (10, 10), "h1": (2, 52), "h?": (8, 8)}, "?"), prior=1 / 7)[
        "calibration"
    ]
    ((whole,), (told,)) = calibration["tail"][-1:], calibration["tail_tellable"][-1:]
    assert (whole["windows"], whole["fraud"]) == (20, 10)
    assert (told["windows"], told["fraud"]) == (12, 10)
    # A seventh of 70 windows is fraud, so that nothing is reweighted.
    assert whole["observed"] == pytest.approx(0.5)
    assert measured(small())["calibration"]["tail_tellable"] == []


def test_an_upper_bound_stands_beside_the_rate() -> None:
    rate = measured(small())["at_threshold"]["false_positive_rate"]
    assert rate["upper"] == pytest.approx(binomtest(1, 6).proportion_ci(0.90, method="exact").high)


def test_the_interval_of_the_minimum_is_taken_over_all_scenarios() -> None:
    worst = measured(large(), bootstrap=100)["worst_scenario"]
    assert worst["least_low"] <= worst["value"] <= worst["least_high"] + 1e-9
    # Either of two scenarios may be the worst in a resample, so that the minimum lies lower.
    judged = large()
    shares = []
    for name in ("hacker", "victim"):
        own = judged.scenario == name
        shares.append(float(judged.caught[own].mean()))
    assert worst["value"] == pytest.approx(min(shares))


def test_money_gone_by_the_end_of_the_first_flagged_window() -> None:
    """An account loses 100 on each of three days and is flagged on the second; another, of 300,
    never: 200 and 300 of 600 have gone."""
    judged = Judged(
        label=np.ones(4, dtype=np.int8),
        score=np.array([0.1, 0.9, 0.9, 0.1]),
        scenario=objects(*["hacker"] * 4),
        role_true=objects(*[""] * 4),
        role_said=objects(*[""] * 4),
        flagged=np.array([0, 1, 1, 0], dtype=bool),
        money=np.array([100.0, 100.0, 100.0, 300.0]),
        group=objects("A|1", "A|2", "A|3", "A|1"),
        threshold=0.5,
        account=objects("a", "a", "a", "b"),
        start=np.array([1, 2, 3, 1]),
    )
    money = measured(judged)["money"]
    assert money["gone_nightly"] == pytest.approx(500 / 600)
    assert money["low"] <= money["recall"] <= money["high"]
    assert measured(permuted(judged, np.array([3, 2, 0, 1])))["money"]["gone_nightly"] == (
        pytest.approx(500 / 600)
    )
    unknown = replace(judged, account=None, start=None)
    assert measured(unknown)["money"]["gone_nightly"] is None


def test_parts_of_the_model_stand_beside_it_and_are_no_baselines() -> None:
    judged = replace(small(), parts={"picture_only": np.linspace(1, 0, 10)})
    figures = measured(judged)
    assert list(figures["ranking"]) == ["model", "picture_only", "dot_counter"]
    assert [row["method"] for row in figures["methods"]] == list(figures["ranking"])
    assert list(figures["comparison"]["baselines"]) == ["dot_counter"]
    # It puts all four frauds first.
    assert figures["methods"][1]["recall"] == 1.0
    with pytest.raises(ValueError, match="picture_only has 3 windows"):
        replace(judged, parts={"picture_only": np.zeros(3)})


def test_the_tail_of_the_calibration_is_stated_at_the_prior() -> None:
    tail = measured(large(), prior=0.01)["calibration"]["tail"]
    assert [row["from"] for row in tail] == [0.01, 0.1, 0.5, 0.9, 0.99][: len(tail)]
    assert all(row["from"] < row["predicted"] <= row["to"] for row in tail)
