"""Whether a probability means what it says: predicted beside seen, at a stated prior."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.intervals import exact_share

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Figures = dict[str, Any]

BINS = 10


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
    weight = np.where(fraud, prior / share, (1 - prior) / (1 - share))
    odds = (prior / (1 - prior)) * ((1 - share) / share)
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
    return share * odds / (share * odds + 1 - share)
