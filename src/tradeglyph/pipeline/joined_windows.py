"""Windows of several events as one batch, so that a model reads their pictures at once."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from tradeglyph.domain.fills import Fills
from tradeglyph.domain.windows import Windows

_NAMES = ("account_names", "symbol_names")


def joined_windows(parts: Sequence[Windows]) -> Windows:
    """All windows, part by part, each part's account under a code of its own.

    Every part holds windows of one account at most, and all parts share their symbol codes: the
    same account may be in two parts with two windows that overlap, and they stay apart.

    Raises ValueError where there is no part.
    """
    if not parts:
        raise ValueError("no windows to join")
    if len(parts) == 1 and len(parts[0].fills.account_names) == 1:
        return parts[0]  # its account's code is 0 already
    first, last = _part_names(parts[0]), max((p.fills.symbol_names for p in parts), key=len)
    names = np.empty(len(parts), dtype=object)
    for at, part in enumerate(parts):
        codes = part.account
        names[at] = part.fills.account_names[codes[0]] if len(codes) else first
    sizes = [np.full(len(part), at, dtype=np.int32) for at, part in enumerate(parts)]
    owners = [np.full(len(part.fills), at, dtype=np.int32) for at, part in enumerate(parts)]
    columns = {
        field.name: np.concatenate([getattr(part.fills, field.name) for part in parts])
        for field in fields(Fills)
        if field.name not in _NAMES
    }
    columns |= {"account": np.concatenate(owners), "account_names": names, "symbol_names": last}
    counts = np.concatenate([part.sizes for part in parts])
    return Windows(
        fills=Fills(**columns),
        offset=np.append(0, np.cumsum(counts)).astype(np.int64),
        account=np.concatenate(sizes),
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("symbol", "start", "end", "trade_count", "habit")
        },
    )


def _part_names(part: Windows) -> str:
    names = part.fills.account_names
    return str(names[0]) if len(names) else ""
