"""How few false alarms can be shown: recall at falling rates, each with what the sample proves."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.intervals import upper_bound
from tradeglyph.learning.ranking import Cut

Floats = NDArray[np.float64]
Figures = dict[str, Any]

RATES = (1e-2, 1e-3, 1e-4, 1e-5)


def falling_rates(fraud: Floats, honest: Floats) -> list[Figures]:
    """Recall at false-positive rates from 1 % down to 1 in 100,000.

    At each rate the cut lets `allowed` honest windows pass; where that is none, it lies at the
    highest honest score. `proven` is the one-sided exact 95 % upper bound (Clopper and Pearson) of
    the rate beyond the cut: with none of n honest windows above it 3.0 / n, so that 1e-5 is shown
    by 300,000 of them and by no fewer. `resolved` is false where not even one honest window may
    pass.

    Args:
        fraud: scores of the fraud windows; -inf where there is no answer.
        honest: the same of the honest ones.
    """
    return [_at(fraud, honest, rate) for rate in RATES]


def _at(fraud: Floats, honest: Floats, rate: float) -> Figures:
    allowed = math.floor(rate * len(honest) + 1e-9)
    if not len(honest):
        return {
            "rate": rate, "allowed": 0, "recall": math.nan, "proven": math.nan, "resolved": False
        }  # fmt: skip
    proven = upper_bound(allowed, len(honest))
    return {
        "rate": rate,
        "allowed": allowed,
        "recall": _recall(fraud, honest, allowed),
        "proven": proven,
        "resolved": allowed > 0,
    }


def _recall(fraud: Floats, honest: Floats, allowed: int) -> float:
    """The share of fraud above a cut that lets `allowed` honest windows pass."""
    if allowed:
        return Cut.at(honest, allowed / len(honest)).flagged(fraud)
    return float((fraud > honest.max()).mean()) if len(fraud) else math.nan
