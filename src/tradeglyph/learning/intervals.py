"""Shares of counts with exact intervals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.errors import MissingExtra

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`hits` out of `windows` with the ends of its interval; NaN where there are no windows."""

    hits: int
    windows: int
    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float | int]:
        """The fields by name."""
        return {
            "hits": self.hits,
            "windows": self.windows,
            "value": self.value,
            "low": self.low,
            "high": self.high,
        }


def exact_share(hits: int, windows: int, confidence: float = CONFIDENCE) -> Share:
    """A share with its two-sided exact interval (Clopper and Pearson, Biometrika 26, 1934).

    0 hits of 300,000 are bounded at 1.2e-5, which is 3.69 / n: half of the error is spent on the
    lower end, so this is a little wider than the one-sided `rule_of_three`. Takes the windows as
    independent; windows of one symbol and day are not quite.

    Raises MissingExtra where scipy (it comes with scikit-learn) is not installed.
    """
    betaincinv = _inverse_beta()
    if windows == 0:
        return Share(hits=0, windows=0, value=np.nan, low=np.nan, high=np.nan)
    tail = (1 - confidence) / 2
    low = float(betaincinv(hits, windows - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, windows - hits, 1 - tail)) if hits < windows else 1.0
    return Share(hits=hits, windows=windows, value=hits / windows, low=low, high=high)


def share_within(mask: NDArray[np.bool_], within: NDArray[np.bool_]) -> Share:
    """Of n windows those `within` some, how many are in `mask`. Raises MissingExtra as
    `exact_share`."""
    return exact_share(int((mask & within).sum()), int(within.sum()))


def upper_bound(hits: int, windows: int, confidence: float = CONFIDENCE) -> float:
    """One-sided exact upper end of a share (Clopper and Pearson 1934); NaN for no windows.

    With no hit it is 1 - 0.05 ** (1 / n), which is 3.0 / n: what the `rule_of_three` rounds.

    Raises MissingExtra as `exact_share`.
    """
    betaincinv = _inverse_beta()
    if windows == 0:
        return np.nan
    return float(betaincinv(hits + 1, windows - hits, confidence)) if hits < windows else 1.0


def _inverse_beta() -> Callable[..., Any]:
    try:
        from scipy.special import betaincinv  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra("scikit-learn", "plot") from error
    inverse: Callable[..., Any] = betaincinv
    return inverse


def rule_of_three(windows: int) -> float:
    """Upper 95 % bound of a share with 0 hits, 3 / n (Hanley and Lippman-Hand, JAMA 249, 1983)."""
    return min(1.0, 3 / windows) if windows else np.nan
