"""Round trips of a window: what was bought and sold again, first in first out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY
from tradeglyph.domain.windows import Windows

Floats = NDArray[np.float64]

_DUST = 1e-9
"""Of a window's quantity: float noise of sums of the same quantities, not a trip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrips:
    """t trips, sorted by window. The u-th unit bought is paired with the u-th unit sold, which is
    first in, first out for long and for short positions alike."""

    owner: NDArray[np.int64]
    """The window of each trip."""
    buy: NDArray[np.int64]
    """Position of the buying fill in `windows.fills`."""
    sell: NDArray[np.int64]
    quantity: Floats
    """In base units, above 0."""


def round_trips(windows: Windows) -> RoundTrips:
    """All trips of n windows. A fill that is closed in parts, or closes several, is in several."""
    fills, owner = windows.fills, windows.owner
    buy = fills.side == BUY
    total = np.bincount(owner, fills.quantity, minlength=len(windows))
    ends = _ends(fills.quantity / total[owner], owner, buy)
    # Where a buy or a sell is used up: between two such points one buy meets one sell.
    order = np.lexsort((~buy, ends, owner))
    at, is_buy, end = owner[order], buy[order], ends[order]
    part = end - np.where(_new(at), 0.0, np.concatenate([[0.0], end[:-1]]))
    buys, sells = (_next(order, kind, at) for kind in (is_buy, ~is_buy))
    real = (buys >= 0) & (sells >= 0) & (part > _DUST)
    return RoundTrips(
        owner=at[real], buy=buys[real], sell=sells[real], quantity=(part * total[at])[real]
    )


def _ends(part: Floats, owner: NDArray[np.int64], buy: NDArray[np.bool_]) -> Floats:
    """Along the fills: share of the window's quantity up to and with each, on its own side.

    Shares and not quantities, so that a running sum over windows of any scale stays exact enough.
    """
    ends = np.empty(len(part))
    for side in (buy, ~buy):
        running = np.cumsum(part[side])
        of = owner[side]
        before = np.concatenate([[0.0], running])[np.searchsorted(of, of)]
        ends[side] = running - before
    return ends


def _new(owner: NDArray[np.int64]) -> NDArray[np.bool_]:
    new = np.ones(len(owner), dtype=bool)
    new[1:] = owner[1:] != owner[:-1]
    return new


def _next(
    order: NDArray[np.intp], kind: NDArray[np.bool_], owner: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Along the points: the fill of `kind` that ends there or next in the same window, else -1."""
    points = np.flatnonzero(kind)
    at = np.searchsorted(points, np.arange(len(kind)))
    found = points[np.minimum(at, max(len(points) - 1, 0))] if len(points) else np.zeros_like(at)
    known = (at < len(points)) & (owner[found] == owner) if len(points) else at < 0
    return np.where(known, order[found], -1).astype(np.int64)
