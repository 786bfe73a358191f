import numpy as np
import pytest

from tradeglyph.learning.gate import FEWEST, SLACK, judge

FRAUD, NORMALS = 100, 50
LABEL = np.repeat([1, 0, 0], [FRAUD, NORMALS, NORMALS]).astype(np.int8)
SCENARIO = np.repeat(["hacker", "day", "grid"], [FRAUD, NORMALS, NORMALS]).astype(object)


def with_auc(day: float, grid: float) -> np.ndarray:
    """Scores by which fraud is above so large a share of each scenario (steps of 1/50)."""
    score = np.zeros(len(LABEL))
    for name, auc in (("day", day), ("grid", grid)):
        rows = np.flatnonzero(name == SCENARIO)
        score[rows[: round((1 - auc) * NORMALS)]] = 2.0
    score[LABEL == 1] = 1.0
    return score


def test_a_better_model_passes_and_the_table_says_by_how_much() -> None:
    baselines = {"dot_counter": with_auc(0.5, 0.9), "tree": with_auc(0.96, 0.98)}
    report = judge(LABEL, SCENARIO, with_auc(1.0, 0.96), baselines)
    assert (report.passed, report.reasons, report.notes) == (True, (), ())
    assert report.findings == ()
    rows = [
        (r["against"], r["windows"], r["model"], r["dot_counter"], r["tree"]) for r in report.table
    ]
    wanted = [
        ("all normal", 100, 0.98, 0.7, 0.97),
        ("day", 50, 1.0, 0.5, 0.96),
        ("grid", 50, 0.96, 0.9, 0.98),
    ]
    for row, expected in zip(rows, wanted, strict=True):
        assert row[:2] == expected[:2]
        assert row[2:] == pytest.approx(expected[2:])


def test_a_count_that_does_as_well_is_a_leak() -> None:
    # The seeds' own task: both at 1.000, so that the picture need not be read at all.
    report = judge(LABEL, SCENARIO, with_auc(1, 1), {"dot_counter": with_auc(1, 1)})
    assert not report.passed
    wanted = (
        "fraud against all normal (100 windows): the model's ROC-AUC 1.0000 is not above the dot "
        "counter's 1.0000"
    )
    assert report.reasons == (wanted,)


def test_a_loss_on_one_scenario_is_refused_even_if_the_whole_is_better() -> None:
    baselines = {"dot_counter": with_auc(0.5, 1.0)}
    report = judge(LABEL, SCENARIO, with_auc(1.0, 0.98), baselines)
    wanted = (
        "fraud against grid (50 windows): the model's ROC-AUC 0.9800 is below the dot counter's "
        "1.0000"
    )
    assert report.reasons == (wanted,)
    (finding,) = report.findings
    assert finding.pop("model") == pytest.approx(0.98)
    assert finding == {"kind": "below", "against": "grid", "windows": 50,
                       "baseline": "dot_counter", "theirs": 1.0}  # fmt: skip


def test_a_loss_within_the_slack_passes() -> None:
    # 200 windows a scenario, so that one of them is 0.005.
    label = np.repeat([1, 0, 0], 200).astype(np.int8)
    scenario = np.repeat(["hacker", "day", "grid"], 200).astype(object)
    dots, model = np.repeat([1.0, 2.0, 0.0], 200), np.repeat([1.0, 0.0, 0.0], 200)
    model[-1] = 2.0
    assert SLACK == 0.005
    assert judge(label, scenario, model, {"dot_counter": dots}).passed
    model[-2] = 2.0
    assert not judge(label, scenario, model, {"dot_counter": dots}).passed


def test_a_scenario_of_few_windows_is_not_compared_alone() -> None:
    few = FEWEST - 1
    keep = np.r_[: FRAUD + NORMALS, FRAUD + NORMALS : FRAUD + NORMALS + few]
    model, dots = with_auc(1.0, 0.98), with_auc(0.5, 1.0)
    report = judge(LABEL[keep], SCENARIO[keep], model[keep], {"dot_counter": dots[keep]})
    assert report.passed
    assert [row["against"] for row in report.table] == ["all normal", "day", "grid"]


def test_a_model_that_loses_to_the_tree_is_refused() -> None:
    baselines = {"dot_counter": with_auc(0.5, 0.5), "tree": with_auc(1.0, 1.0)}
    report = judge(LABEL, SCENARIO, with_auc(0.98, 1.0), baselines)
    wanted = (
        "fraud against all normal (100 windows): the model's ROC-AUC 0.9900 is below the tree's "
        "1.0000"
    )
    assert report.reasons == (wanted,)


def test_other_baselines_stand_in_the_table_and_refuse_nothing() -> None:
    baselines = {"dot_counter": with_auc(0.5, 0.5), "hand_rule": with_auc(1.0, 1.0)}
    report = judge(LABEL, SCENARIO, with_auc(0.9, 0.9), baselines)
    assert report.passed
    assert report.table[0]["hand_rule"] == 1.0


@pytest.mark.parametrize("value", [0, 1])
def test_one_class_says_nothing(value: int) -> None:
    label = np.full(10, value, dtype=np.int8)
    report = judge(
        label, np.full(10, "x", dtype=object), np.zeros(10), {"dot_counter": np.zeros(10)}
    )
    assert not report.passed
    assert f"{10 * value} fraud windows of 10" in report.reasons[0]
    assert report.findings == ({"kind": "one_class", "fraud": 10 * value, "windows": 10},)
    assert report.table[0]["model"] is None


def test_no_window_at_all_says_nothing() -> None:
    none = np.empty(0)
    report = judge(none.astype(np.int8), none.astype(object), none, {"dot_counter": none})
    assert not report.passed


def test_a_random_split_is_said_not_to_be_held_out() -> None:
    baselines = {"dot_counter": with_auc(0.5, 0.5), "tree": with_auc(0.5, 0.5)}
    report = judge(LABEL, SCENARIO, with_auc(1, 1), baselines, split="random")
    assert report.passed
    assert "not held-out" in report.notes[0]


def test_a_missing_tree_is_said() -> None:
    report = judge(LABEL, SCENARIO, with_auc(1, 1), {"dot_counter": with_auc(0.5, 0.5)})
    assert "tree was not compared" in report.notes[0]
