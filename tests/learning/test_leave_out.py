import numpy as np
import pytest

from tradeglyph.learning.leave_out import (
    LEAST,
    Questions,
    families,
    leave_markets_out,
    leave_scenarios_out,
)

pytest.importorskip("sklearn", reason="needs the extra `train` or `plot`")

KINDS = ("low", "high", "day", "grid")
"""Fraud of low and of high values of one feature; honest windows in between."""
N = 2400


def questions(seed: int = 0, markets: int = 8) -> Questions:
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 4, N)
    middle = np.array([-2.0, 2.0, -0.4, 0.4])[kind]
    feature = middle + 0.15 * rng.normal(size=N)
    market = rng.integers(0, markets, N)
    label = (kind < 2).astype(np.int8)
    return Questions(
        label=label,
        family=np.array(KINDS)[kind],
        world=np.array([f"S{m}|{d}" for m, d in zip(market, rng.integers(0, 5, N), strict=True)]),
        market=np.array([f"S{m}" for m in market]),
        features=np.column_stack([feature, rng.normal(size=N)]),
        hand_rule=(feature > 1).astype(float),
        model=np.abs(feature),
        tree=np.abs(feature),
    )


def test_a_tree_knows_only_the_frauds_that_it_was_taught() -> None:
    table = leave_scenarios_out(questions(), trained_on={"low", "day", "grid"})
    rows = {row["scenario"]: row for row in table["scenarios"]}
    assert list(rows) == ["high", "low", "day", "grid"]
    for name in ("low", "high"):
        flagged = rows[name]["flagged"]
        assert flagged["model"] == 1.0
        assert flagged["tree"] > 0.9  # one bin may reach over the gap between the classes
        # Never taught, a tree takes the far end for the nearest honest neighbour.
        assert flagged["tree_unseen"] < 0.2
        assert rows[name]["roc_auc"]["tree_unseen"] < 0.9 < rows[name]["roc_auc"]["tree"]
    assert rows["high"]["flagged"]["hand_rule"] == 1.0
    assert rows["low"]["flagged"]["hand_rule"] < 0.05
    assert [rows[name]["trained_on"] for name in ("low", "high")] == [True, False]


def test_honest_behaviours_are_left_out_too() -> None:
    rows = {r["scenario"]: r for r in leave_scenarios_out(questions())["scenarios"]}
    assert rows["day"]["label"] == "normal"
    assert rows["day"]["flagged"]["tree"] < 0.05
    assert rows["day"]["trained_on"] is None


def test_markets_that_were_not_seen() -> None:
    table = leave_markets_out(questions())
    assert table["markets"] == 8
    # The feature means the same everywhere, so nothing is lost.
    assert table["scores"]["tree_unseen"]["roc_auc"] > 0.99
    assert table["scores"]["tree_unseen"]["recall"] > 0.95
    assert table["scores"]["hand_rule"]["roc_auc"] == pytest.approx(0.75, abs=0.03)


def test_a_feature_that_turns_round_from_market_to_market_is_found_out() -> None:
    """In half of the markets the feature is mirrored, and a second one names the market."""
    asked = questions()
    number = np.array([int(m[1:]) for m in asked.market])
    honest = asked.label == 0
    fraud = np.where(honest, -1.0, 1.0)
    sign = np.where(np.random.default_rng(1).permutation(8)[number] % 2, 1.0, -1.0)
    turned = Questions(
        **{
            **{name: getattr(asked, name) for name in asked.__slots__},
            "features": np.column_stack([fraud * sign, number.astype(float)]),
            "tree": fraud,
        }
    )
    scores = leave_markets_out(turned)["scores"]
    assert scores["tree"]["roc_auc"] == 1.0
    assert scores["tree_unseen"]["roc_auc"] < 0.95


def test_too_few_windows_and_markets_give_no_rows() -> None:
    assert leave_markets_out(questions(markets=3))["scores"] == {}
    asked = questions()
    few = {name: getattr(asked, name)[: LEAST - 1] for name in asked.__slots__}
    assert leave_scenarios_out(Questions(**few))["scenarios"] == []


def test_victims_and_company_belong_to_their_case() -> None:
    scenario = np.array(["hacker", "victim", "mule", "grid"], dtype=object)
    named = families(scenario, {"victim": "hacker", "mule": "ring"})
    assert named.tolist() == ["hacker", "hacker", "ring", "grid"]
