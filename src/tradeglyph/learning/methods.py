"""Any number of scores beside each other, on the same windows: baselines, parts, whole models."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.bootstrap import Draws
from tradeglyph.learning.ranking import Cut, unknown_last

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Figures = dict[str, Any]


def method_table(
    scores: Mapping[str, Floats],
    fraud: Mask,
    honest: Mask,
    scenario: NDArray[np.object_],
    *,
    rate: float,
    draws: Draws,
) -> list[Figures]:
    """One row per named score, all cut where they flag `rate` of the honest windows.

    `recall` over all fraud with its interval over worlds, `least` the recall of the fraud scenario
    that comes off worst and `least_scenario` its name, `most_flagged` the share of the honest
    scenario that comes off worst. Ties at the cut are flagged in proportion.

    Args:
        scores: shape (n,) each, higher is more suspicious; NaN where there is no answer, which is
            never flagged.
        fraud, honest: which of the n windows are which; a window may be neither.
        scenario: name of each window's scenario.
        rate: share of the honest windows.
        draws: resamples of the worlds of the n windows.
    """
    names = scenario.astype(str)
    groups = {name: names == name for name in sorted(set(names.tolist()))}
    return [
        {"method": method, "rate": rate, **_row(score, fraud, honest, groups, rate, draws)}
        for method, score in scores.items()
    ]


def _row(
    score: Floats,
    fraud: Mask,
    honest: Mask,
    groups: Mapping[str, Mask],
    rate: float,
    draws: Draws,
) -> Figures:
    known = unknown_last(score)
    cut = Cut.at(known[honest], rate)
    flagged = np.where(known > cut.threshold, 1.0, np.where(known == cut.threshold, cut.ties, 0.0))
    low, high = draws.ratio(np.where(fraud, flagged, 0.0), fraud.astype(np.float64))
    caught = {n: float(flagged[w & fraud].mean()) for n, w in groups.items() if (w & fraud).any()}
    wrong = {n: float(flagged[w & honest].mean()) for n, w in groups.items() if (w & honest).any()}
    least = min(caught, key=lambda name: caught[name], default="")
    most = max(wrong, key=lambda name: wrong[name], default="")
    return {
        "recall": float(flagged[fraud].mean()) if fraud.any() else np.nan,
        "low": low,
        "high": high,
        "least": caught.get(least, np.nan),
        "least_scenario": least,
        "most_flagged": wrong.get(most, np.nan),
        "most_flagged_scenario": most,
    }
