"""From shares to a team's day: precision and alerts where fraud is as rare as it is.

The sample's scores are reweighted: its fraud windows stand for a share `base` of the active
accounts, its honest windows for the rest (Saerens, Latinne and Decaestecker, Neural Computation 14,
2002). One window per active account and day is counted.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.intervals import upper_bound
from tradeglyph.learning.ranking import Ranking

Floats = NDArray[np.float64]
Figures = dict[str, Any]

BASE_RATES = (0.5, 0.01, 0.001)
"""Shares of fraud among active accounts at which precision and alerts are reported."""
RARE = 0.00001
"""Ten fraud windows a day among a million accounts: what a large platform may meet."""
ALERTS_A_DAY = (20, 50, 200)
"""What a team of analysts can look at in a day, small to large."""


def at_base_rates(
    recall: Mapping[str, float], rate: Mapping[str, float], active_accounts: int
) -> list[Figures]:
    """Precision and alerts a day at each base rate, from shares with `value`, `low` and `high`.

    `precision_low` takes recall and false-positive rate at the bad ends of their intervals: a
    precision of 100 % because no false alarm was seen is not a promise.
    """
    return [_at_base_rate(base, recall, rate, active_accounts) for base in BASE_RATES]


def _at_base_rate(
    base: float, recall: Mapping[str, float], rate: Mapping[str, float], active_accounts: int
) -> Figures:
    honest = active_accounts * (1 - base)
    return {
        "base_rate": base,
        "precision": _precision(base, recall["value"], rate["value"]),
        "precision_low": _precision(base, recall["low"], rate["high"]),
        "alerts_per_day": active_accounts * base * recall["value"] + honest * rate["value"],
        "false_alarms_per_day": honest * rate["value"],
        "false_alarms_per_day_high": honest * rate["high"],
    }


def _precision(base: float, recall: float, rate: float) -> float:
    flagged = base * recall + (1 - base) * rate
    return base * recall / flagged if flagged > 0 else math.nan


def recall_at_alerts(fraud: Floats, honest: Floats, active_accounts: int) -> list[Figures]:
    """Recall and precision where a team looks at the highest 20, 50 or 200 scores of a day.

    `most` is the recall of a perfect score: 20 alerts can't hold a thousand frauds. Within equal
    scores alerts are spread evenly. `precision_low` takes the false-positive rate above the cut at
    its one-sided exact 95 % upper bound: where no honest window of the sample lies there, the
    precision itself says nothing. `resolved` is false where that is under one window.

    Args:
        fraud: scores of the fraud windows; -inf where there is no answer.
        honest: the same of the honest ones.
        active_accounts: windows a day.
    """
    rates = (*BASE_RATES[1:], RARE)
    return [
        _at_alerts(fraud, honest, base, alerts, active_accounts)
        for base in rates
        for alerts in ALERTS_A_DAY
    ]


def _at_alerts(fraud: Floats, honest: Floats, base: float, alerts: int, active: int) -> Figures:
    most = min(1.0, alerts / (active * base))
    figures: Figures = {"base_rate": base, "alerts_per_day": alerts, "most": most}
    if not len(fraud) or not len(honest):
        unknown = {"recall": math.nan, "precision": math.nan, "precision_low": math.nan}
        return {**figures, **unknown, "resolved": False}
    caught, wrong = _cumulated(fraud, honest)
    day = active * (base * caught + (1 - base) * wrong)
    # The curve starts at nothing flagged; what has no answer is never flagged.
    recall = float(np.interp(alerts, np.append(0.0, day), np.append(0.0, caught)))
    rate = float(np.interp(alerts, np.append(0.0, day), np.append(0.0, wrong)))
    above = min(math.ceil(rate * len(honest) - 1e-9), len(honest))
    return {
        **figures,
        "recall": recall,
        "precision": _precision(base, recall, rate),
        "precision_low": _precision(base, recall, upper_bound(above, len(honest))),
        "resolved": rate * len(honest) >= 1,
    }


def _cumulated(fraud: Floats, honest: Floats) -> tuple[Floats, Floats]:
    """Shares of fraud and of honest windows at or above each score, highest first."""
    label = np.repeat([True, False], [len(fraud), len(honest)])
    score = np.concatenate([fraud, honest])
    known = ~np.isneginf(score)
    hits, misses = Ranking.of(label[known], score[known]).masses()
    return np.cumsum(hits) / len(fraud), np.cumsum(misses) / len(honest)
