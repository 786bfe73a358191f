"""The leak gate: a model that a count of dots explains, or that loses to a tree, is not written.

The rules are point 5 of the project's protocol for judging detection. Areas under the ROC curve
are compared because they need no threshold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.baselines import DOT_COUNTER, TREE
from tradeglyph.learning.ranking import Ranking, roc_auc

Floats = NDArray[np.float64]

SLACK = 0.005
"""A model may be this much of AUC behind before it counts as beaten: about two standard errors
of an AUC of 0.99 on 500 + 500 windows (Hanley & McNeil 1982)."""
FEWEST = 30
"""A normal scenario is compared alone where it has at least so many windows."""
ALL = "all normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """Whether a model may be written out, and the figures it was decided on."""

    passed: bool
    reasons: tuple[str, ...]
    """Why not, one line each; empty where it passed."""
    notes: tuple[str, ...]
    """What a reader of the figures should know; these refuse nothing."""
    table: tuple[dict[str, Any], ...]
    """Fraud against all normal windows, then against each normal scenario: `against, windows`
    (normal ones), and the ROC-AUC of `model` and of each baseline; None for one class only."""
    findings: tuple[dict[str, Any], ...] = ()
    """The figures of `reasons`, one each: `kind` (`one_class`: `fraud, windows`; `not_above` or
    `below`: `against, windows, model, baseline` and the baseline's ROC-AUC as `theirs`)."""


def judge(
    label: NDArray[np.int8],
    scenario: NDArray[np.object_],
    model: Floats,
    baselines: Mapping[str, Floats],
    *,
    split: str = "day",
) -> GateReport:
    """Compare a model's scores of the validation windows with those of the baselines.

    Refuses where the model does not rank fraud above all normal windows better than the dot
    counter does, where it is behind the dot counter on one normal scenario, where it is behind the
    tree, or where validation has one class only.

    Args:
        label: 1 fraud, 0 normal, shape (n,).
        scenario: name of each window's scenario, shape (n,).
        model: scores, higher is more suspicious, shape (n,).
        baselines: scores by name; `dot_counter` is required, `tree` is compared if it is there.
        split: how validation was cut off.
    """
    notes = _notes(split, baselines)
    table = _table(label == 1, scenario, {"model": model, **baselines})
    if len(np.unique(label)) < 2:
        one: dict[str, Any] = {
            "kind": "one_class",
            "fraud": int((label == 1).sum()),
            "windows": len(label),
        }
        findings = [one]
    else:
        findings = _findings(table)
    return GateReport(
        passed=not findings,
        reasons=tuple(_reason(finding) for finding in findings),
        notes=notes,
        table=table,
        findings=tuple(findings),
    )


def _notes(split: str, baselines: Mapping[str, Floats]) -> tuple[str, ...]:
    notes = []
    if split == "random":
        notes.append(
            "split by picture, not by day: training saw the candles of nearly every validation "
            "picture, so that these figures are not held-out"
        )
    if TREE not in baselines:
        notes.append("the dataset has no feature columns, so that the tree was not compared")
    return tuple(notes)


def _table(
    fraud: NDArray[np.bool_], scenario: NDArray[np.object_], scores: Mapping[str, Floats]
) -> tuple[dict[str, Any], ...]:
    groups = {ALL: ~fraud}
    groups |= {name: ~fraud & (scenario == name) for name in sorted(set(scenario[~fraud]))}
    return tuple(
        {
            "against": name,
            "windows": int(normal.sum()),
            **{who: _auc(fraud, normal, score) for who, score in scores.items()},
        }
        for name, normal in groups.items()
    )


def _auc(fraud: NDArray[np.bool_], normal: NDArray[np.bool_], score: Floats) -> float | None:
    if not fraud.any() or not normal.any():
        return None
    rows = fraud | normal
    masses = Ranking.of(fraud[rows], np.asarray(score, dtype=np.float64)[rows]).masses()
    return roc_auc(*masses)


def _findings(table: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    whole, *scenarios = table
    findings = []
    if not whole["model"] > whole[DOT_COUNTER]:
        findings.append(_behind(whole, DOT_COUNTER, "not_above"))
    findings += [
        _behind(row, DOT_COUNTER, "below")
        for row in scenarios
        if row["windows"] >= FEWEST and row["model"] < row[DOT_COUNTER] - SLACK
    ]
    if TREE in whole and whole["model"] < whole[TREE] - SLACK:
        findings.append(_behind(whole, TREE, "below"))
    return findings


def _behind(row: Mapping[str, Any], baseline: str, kind: str) -> dict[str, Any]:
    same = {name: row[name] for name in ("against", "windows", "model")}
    return {"kind": kind, **same, "baseline": baseline, "theirs": row[baseline]}


def _reason(finding: Mapping[str, Any]) -> str:
    """The finding in English, as `train` says it."""
    if finding["kind"] == "one_class":
        counts = f"{finding['fraud']} fraud windows of {finding['windows']}"
        return f"validation has {counts}; it needs both classes to say anything"
    how = "is not above" if finding["kind"] == "not_above" else "is below"
    return (
        f"fraud against {finding['against']} ({finding['windows']} windows): the model's ROC-AUC "
        f"{finding['model']:.4f} {how} the {finding['baseline'].replace('_', ' ')}'s "
        f"{finding['theirs']:.4f}"
    )
