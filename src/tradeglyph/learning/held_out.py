"""The validation windows of one training run, and the figures that its card states about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.gate import GateReport, judge
from tradeglyph.learning.ranking import Cut, Ranking, pr_auc, roc_auc
from tradeglyph.model.calibration import Calibration

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """n windows that training has not seen, in index order."""

    label: NDArray[np.int8]
    """1 fraud, 0 normal."""
    scenario: NDArray[np.object_]
    logits: Floats
    """What the exported network answers."""
    baselines: Mapping[str, Floats]
    """Scores of each baseline, shape (n,), higher is more suspicious."""
    split: str
    """`day` or `random`."""

    def honest(self, score: Floats) -> Floats:
        """The scores of the normal windows."""
        return score[self.label == 0]

    def gate(self) -> GateReport:
        """Whether the network may be written out."""
        return judge(self.label, self.scenario, self.logits, self.baselines, split=self.split)

    def metrics(
        self, calibration: Calibration, threshold: float, budget: float, gate: GateReport
    ) -> dict[str, Any]:
        """What the card says; JSON values, None where a figure is not known.

        `accuracy_at_half` is at logit 0, where both classes are as likely at equal shares.
        `flagged_by_scenario` has the model at its threshold and each baseline at the cut that
        flags `budget` of the normal windows, ties in expectation.
        """
        fraud = self.label == 1
        masses = Ranking.of(fraud, self.logits).masses()
        shares = {
            "model": self._flagged(
                calibration.apply(self.logits), Cut(threshold=threshold, ties=0.0)
            )
        }
        for who, score in self.baselines.items():
            shares[who] = self._flagged(score, Cut.at(self.honest(score), budget))
        return {
            "windows": len(fraud),
            "fraud": int(fraud.sum()),
            "accuracy_at_half": _known(_mean((self.logits > 0) == fraud)),
            "roc_auc": _known(roc_auc(*masses)),
            "pr_auc": _known(pr_auc(*masses)),
            "flagged_by_scenario": shares,
            "gate": {
                "passed": gate.passed,
                "reasons": list(gate.reasons),
                "notes": list(gate.notes),
                "roc_auc": [dict(row) for row in gate.table],
            },
        }

    def _flagged(self, score: Floats, cut: Cut) -> dict[str, float]:
        names = sorted(set(self.scenario))
        return {name: cut.flagged(score[self.scenario == name]) for name in names}


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else np.nan


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
