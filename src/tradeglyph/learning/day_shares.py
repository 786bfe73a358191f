"""What judging an account's day over all its symbols adds to judging its windows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.intervals import exact_share

Figures = dict[str, Any]
Mask = NDArray[np.bool_]


def day_shares(
    account: NDArray[np.int32], start: NDArray[np.int64], fraud: Mask, up: Mask, added: Mask
) -> Figures | None:
    """Shares of the days of accounts in several symbols that are up, fraud and honest ones apart.

    A day is an account's windows of one start, two at the least; it is fraud where one of them is.
    `by_window` counts the days with a window that is `up` by itself, `with_day` those with any;
    shares of days, with exact intervals. None where no account has such a day.

    Args:
        account: code of each labelled window's account, shape (n,), as are the others.
        start: of the windows, microseconds UTC.
        fraud: whether a window is labelled so.
        up: whether it is under review or on hold.
        added: whether only its account's day brought it under review.
    """
    day = np.unique(np.stack([account, start]), axis=1, return_inverse=True)[1].reshape(-1)
    several = np.bincount(day) > 1
    if not several.any():
        return None
    by_window = np.bincount(day, up & ~added) > 0
    with_day = np.bincount(day, up) > 0
    guilty = np.bincount(day, fraud) > 0

    def shares(which: Mask) -> Figures:
        days = int(which.sum())
        return {
            "by_window": exact_share(int((by_window & which).sum()), days).to_json(),
            "with_day": exact_share(int((with_day & which).sum()), days).to_json(),
        }

    return {"fraud": shares(several & guilty), "honest": shares(several & ~guilty)}
