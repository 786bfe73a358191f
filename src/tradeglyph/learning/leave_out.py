"""What is left of a score on behaviours and markets that it never learnt.

Half of the worlds teach, the other half asks. A tree is grown anew without each behaviour in turn;
the hand rule never learns; the network is not trained again here (minutes for each behaviour), so
that it is only said whether it met the behaviour in its own training.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.baselines import HAND_RULE, TREE
from tradeglyph.learning.boosting import FEATURES, QUICK, boosted, side_by_side
from tradeglyph.learning.crossfit import across, foldable, folds_of
from tradeglyph.learning.ranking import Cut, Ranking, roc_auc, unknown_last

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Figures = dict[str, Any]

RATE = 0.01
"""Share of honest windows that may be flagged. Coarser than an alert budget, so that a few
thousand windows can show a difference."""
LEAST = 10
"""A behaviour with fewer windows among those asked is not reported."""
MOST_TAUGHT = 3_000
"""A tree learns from so many windows at most: there is one tree for each behaviour."""
UNSEEN = "tree_unseen"
MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """n windows with a label, and what was said of them."""

    label: NDArray[np.int8]
    """1 fraud, 0 normal."""
    family: NDArray[np.str_]
    """The behaviour: a scenario together with that of its other side."""
    world: NDArray[np.str_]
    """Symbol and day."""
    market: NDArray[np.str_]
    """Symbol."""
    features: Floats
    """Shape (n, k)."""
    hand_rule: Floats
    model: Floats
    """Higher is more suspicious; NaN where there is no answer."""
    tree: Floats
    """Scores by trees that saw other worlds only, of every behaviour and market."""


def families(scenario: NDArray[np.object_], against: Mapping[str, str]) -> NDArray[np.str_]:
    """Behaviours of n windows; `against` leads from a scenario's other side to the scenario."""
    return np.array([against.get(name, name) for name in scenario.astype(str)], dtype=str)


def leave_scenarios_out(
    questions: Questions, *, trained_on: Collection[str] | None = None, seed: int = 0
) -> Figures:
    """Leave-one-scenario-out: one row per behaviour, fraud first; no rows where halves lack one.

    `flagged` has the share of the behaviour's windows that each score flags where it flags 1 % of
    the honest windows of all other behaviours: `tree_unseen` grown without it, `tree` with it.
    `roc_auc` sets a fraud against all honest windows, an honest behaviour against all fraud.
    `trained_on` are the behaviours of the model's own training, None where that is not known.
    """
    half = folds_of(questions.world, seed) % 2 == 0
    taught = _some(np.flatnonzero(half), questions.label, seed)
    rows = np.flatnonzero(~half)
    label = questions.label
    names = [
        name
        for name in sorted(set(questions.family[rows].tolist()))
        if (questions.family[rows] == name).sum() >= LEAST
        and len(np.unique(label[taught][questions.family[taught] != name])) == 2
    ]
    if not names or len(np.unique(label[rows])) < 2:
        return {"rate": RATE, "scenarios": []}
    trees = side_by_side(
        [partial(_tree, questions, taught, rows, name, seed) for name in ("", *names)]
    )
    known: dict[str, Floats] = {
        MODEL: questions.model[rows],
        TREE: trees[0],
        HAND_RULE: questions.hand_rule[rows],
    }
    table = [
        _row(questions, rows, name, {**known, UNSEEN: tree}, trained_on)
        for name, tree in zip(names, trees[1:], strict=True)
    ]
    return {"rate": RATE, "scenarios": sorted(table, key=lambda r: (r["label"], r["scenario"]))}


def leave_markets_out(questions: Questions, *, seed: int = 0) -> Figures:
    """Leave-one-market-out: ROC-AUC and recall at 1 % false alarms, by symbols that were not seen.

    `tree` learnt from other days, perhaps of the same symbol; `tree_unseen` from other symbols
    only (four groups of symbols, each scored by a tree of the other three). No rows where there
    are fewer than four symbols.
    """
    label = questions.label
    fold = folds_of(questions.market, seed)
    markets = len(np.unique(questions.market))
    if not foldable(fold, label):
        return {"rate": RATE, "markets": markets, "scores": {}}
    (unseen,) = across([(questions.features, FEATURES)], label, fold, seed)
    scores = {
        MODEL: questions.model,
        TREE: questions.tree,
        UNSEEN: unseen,
        HAND_RULE: questions.hand_rule,
    }
    fraud = label == 1
    return {
        "rate": RATE,
        "markets": markets,
        "scores": {
            name: {
                "roc_auc": _auc(fraud, score),
                "recall": _flagged(score, ~fraud, fraud),
            }
            for name, score in scores.items()
        },
    }


def _some(rows: NDArray[np.intp], label: NDArray[np.int8], seed: int) -> NDArray[np.intp]:
    """At most `MOST_TAUGHT` of `rows`, fraud first, in their order."""
    if len(rows) <= MOST_TAUGHT:
        return rows
    shuffled = np.random.default_rng(seed).permutation(rows)
    half = MOST_TAUGHT // 2
    fraud = shuffled[label[shuffled] == 1][:half]
    honest = shuffled[label[shuffled] == 0][: MOST_TAUGHT - len(fraud)]
    return np.sort(np.concatenate([fraud, honest]))


def _tree(
    questions: Questions,
    taught: NDArray[np.intp],
    rows: NDArray[np.intp],
    without: str,
    seed: int,
) -> Floats:
    own = taught[questions.family[taught] != without]
    return boosted(
        questions.features[own], questions.label[own], questions.features[rows], seed, QUICK
    )


def _row(
    questions: Questions,
    rows: NDArray[np.intp],
    name: str,
    scores: Mapping[str, Floats],
    trained_on: Collection[str] | None,
) -> Figures:
    within = questions.family[rows] == name
    fraud = questions.label[rows] == 1
    kind = bool(fraud[within].mean() >= 0.5)
    against = within | (fraud != kind)
    others = ~fraud & ~within
    return {
        "scenario": name,
        "label": "fraud" if kind else "normal",
        "windows": int(within.sum()),
        "trained_on": None if trained_on is None else name in trained_on,
        "flagged": {who: _flagged(score, others, within) for who, score in scores.items()},
        "roc_auc": {who: _auc(fraud[against], score[against]) for who, score in scores.items()},
    }


def _flagged(score: Floats, honest: Mask, asked: Mask) -> float:
    """Share of the windows `asked` at the cut that flags RATE of the honest ones."""
    known = unknown_last(score)
    return Cut.at(known[honest], RATE).flagged(known[asked])


def _auc(fraud: Mask, score: Floats) -> float:
    return roc_auc(*Ranking.of(fraud, unknown_last(score)).masses())
