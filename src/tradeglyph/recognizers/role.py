"""On which side of a transfer a window stands, read from its trips."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.verdicts import Role
from tradeglyph.recognizers.features import Features

CLEAR_GAP = 0.2
"""A mean gap nearer to zero than a fifth of the candle names no side."""


def roles_of(features: Features) -> NDArray[np.object_]:
    """Role of each of n windows: who bought low and sold high gained, the mirror image lost.

    Without a trip, the places of all buys and sells stand in; one-sided windows are unclear.
    """
    apart = features.sell_place - features.buy_place
    gap = np.where(np.isnan(features.mean_gap), apart, features.mean_gap)
    return roles_of_gaps(gap)


def roles_of_gaps(gap: NDArray[np.float64]) -> NDArray[np.object_]:
    """Role of each of n gaps, place sold less place bought; NaN is unclear."""
    role = np.full(len(gap), Role.UNCLEAR.value, dtype=object)
    role[gap >= CLEAR_GAP] = Role.BENEFICIARY.value
    role[gap <= -CLEAR_GAP] = Role.VICTIM.value
    return role
