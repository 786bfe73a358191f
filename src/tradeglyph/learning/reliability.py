"""Whether a probability means what it says: predicted beside seen, at a stated prior."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.intervals import exact_share

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Figures = dict[str, Any]

BINS = 10
TAIL = (0.01, 0.1, 0.5, 0.9, 0.99, 1.0)
"""Ends of the bins of the tail; what lies below is no alert of anybody's."""


def quantile_bins(values: Floats, count: int) -> list[tuple[float, float]]:
    """At most `count` bins (low, high] of about equal size; equal values share one bin.

    Upper edges are values that occur, so no bin is empty. Empty for no values.
    """
    if not len(values):
        return []
    shares = np.arange(1, count + 1) / count
    high = np.unique(np.quantile(values, shares, method="inverted_cdf"))
    return list(zip([-math.inf, *high[:-1].tolist()], high.tolist(), strict=True))


def calibration_table(fraud: Mask, probability: Floats, prior: float | None) -> Figures:
    """Ten bins by quantile of the probability: what was predicted and what was seen.

    The sample is reweighted to a share `prior` of fraud, so that bins in the tail say what a
    probability is worth where fraud is rare (case-control correction of the odds; Saerens, Latinne
    and Decaestecker, Neural Computation 14, 2002). The interval of the seen share is exact in the
    sample and carried over by the same factor of the odds. `error` is the mean distance of the
    two by weight (expected calibration error), `brier` the mean square (Brier, 1950).
    """
    answered = ~np.isnan(probability)
    fraud, probability = fraud[answered], probability[answered]
    share = float(fraud.mean()) if len(fraud) else math.nan
    if prior is None or not 0 < prior < 1 or not 0 < share < 1:
        return {"prior": prior, "error": math.nan, "brier": math.nan, "bins": []}
    weight, odds = _reweighted(fraud, share, prior)
    bins = []
    for low, high in quantile_bins(probability, BINS):
        within = (probability > low) & (probability <= high)
        bins.append(_bin(fraud[within], probability[within], weight[within], odds))
    total = sum(entry["weight"] for entry in bins)
    gaps = sum(entry["weight"] * abs(entry["predicted"] - entry["observed"]) for entry in bins)
    return {
        "prior": prior,
        "error": gaps / total,
        "brier": float(np.average((probability - fraud) ** 2, weights=weight)),
        "bins": [{**entry, "weight": entry["weight"] / total} for entry in bins],
    }


def tail_table(fraud: Mask, probability: Floats, prior: float | None) -> list[Figures]:
    """Where alerts are: the windows said to be over 1 %, 10 %, 50 %, 90 % and 99 %, bin by bin.

    Ten equal bins show the tail as one point; here it has its own, at the same reweighting. Empty
    bins are left out. `off` says that the predicted share lies outside the interval of the seen.
    """
    answered = ~np.isnan(probability)
    fraud, probability = fraud[answered], probability[answered]
    share = float(fraud.mean()) if len(fraud) else math.nan
    if prior is None or not 0 < prior < 1 or not 0 < share < 1:
        return []
    weight, odds = _reweighted(fraud, share, prior)
    rows = []
    for low, high in pairwise(TAIL):
        within = (probability > low) & (probability <= high)
        if within.any():
            row = _bin(fraud[within], probability[within], weight[within], odds)
            off = not row["low"] <= row["predicted"] <= row["high"]
            rows.append({"from": low, "to": high, **row, "off": off})
    return rows


def _reweighted(fraud: Mask, share: float, prior: float) -> tuple[Floats, float]:
    """Weights that make fraud `prior` of the sample, and what they multiply the odds by."""
    weight = np.where(fraud, prior / share, (1 - prior) / (1 - share))
    return weight, (prior / (1 - prior)) * ((1 - share) / share)


def _bin(fraud: Mask, probability: Floats, weight: Floats, odds: float) -> Figures:
    seen = exact_share(int(fraud.sum()), len(fraud))
    return {
        "windows": len(fraud),
        "fraud": int(fraud.sum()),
        "weight": float(weight.sum()),
        "predicted": float(np.average(probability, weights=weight)),
        "observed": _carried(seen.value, odds),
        "low": _carried(seen.low, odds),
        "high": _carried(seen.high, odds),
    }


def _carried(share: float, odds: float) -> float:
    """A share whose odds are multiplied by `odds`."""
    return share * odds / (share * odds + (1 - share))
