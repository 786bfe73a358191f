"""Some windows out of many, whole or as they stood after their first fills."""

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.windows import Windows

Ints = NDArray[np.int64]


def beginnings(windows: Windows, rows: NDArray[np.intp], sizes: Ints) -> Windows:
    """For each i, window `rows[i]` with its first `sizes[i]` merged fills only.

    A window may be asked for many times. `trade_count` is the number of fills that are left.
    Raises ValueError where a size is under 1 or more than the window has.
    """
    if ((sizes < 1) | (sizes > windows.sizes[rows])).any():
        raise ValueError("a window has no such beginning")
    offset = np.append(0, np.cumsum(sizes)).astype(np.int64)
    nth = np.arange(offset[-1]) - np.repeat(offset[:-1], sizes)
    taken = np.repeat(windows.offset[rows], sizes) + nth
    along = {
        field.name: getattr(windows, field.name)[rows]
        for field in fields(windows)
        if field.name not in ("fills", "offset", "trade_count")
    }
    return replace(
        windows,
        fills=windows.fills.take(taken),
        offset=offset,
        trade_count=sizes.astype(np.int32),
        **along,
    )
