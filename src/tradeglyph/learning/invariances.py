"""Exact invariances: the same day written down otherwise gives the same probability, to the bit.

The rules are point 7 of the project's protocol for judging detection. The input's time zone is
asked through the reader, since that is where a time gets its instant.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import MICROSECONDS, Fills
from tradeglyph.learning.probes import Ask, Probe, answers

Floats = NDArray[np.float64]
Figures = dict[str, Any]
Reread = Callable[[Fills], Fills]
"""Fills written with local times of another zone and read again, in any order."""

MOST_PARTS = 4


def invariances(
    ask: Ask, probe: Probe, reread: Reread | None = None, seed: int = 0
) -> list[Figures]:
    """Shuffled rows, a fill in parts, and the input's time zone where `reread` is given."""
    before = probe.asked(ask)
    rng = np.random.default_rng(seed)
    fills = probe.fills
    ways = {
        "shuffled_rows": fills.take(rng.permutation(len(fills))),
        "fill_in_parts": in_parts(fills, rng),
    }
    if reread is not None:
        ways["input_time_zone"] = reread(fills)
    return [
        _changed(name, before, answers(ask, other, probe.edges, probe.candles, probe.windows))
        for name, other in ways.items()
    ]


def in_parts(fills: Fills, rng: np.random.Generator) -> Fills:
    """Each fill as one to four of the same side, price and second, shuffled.

    Their quantities add up to the fill's, but for the last bits of a float sum; they lie at
    different fractions of the second.
    """
    count = rng.integers(1, MOST_PARTS + 1, len(fills))
    of = np.repeat(np.arange(len(fills)), count)
    share = rng.dirichlet(np.ones(MOST_PARTS), len(fills))
    nth = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    part = share[of, nth] / np.add.reduceat(share[of, nth], np.cumsum(count) - count)[of]
    parts = fills.take(of)
    second = parts.time // MICROSECONDS * MICROSECONDS
    split = replace(
        parts,
        quantity=parts.quantity * part,
        time=second + rng.integers(MICROSECONDS, size=len(of)),
    )
    return split.take(rng.permutation(len(of)))


def _changed(name: str, before: Floats, after: Floats) -> Figures:
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    distance = np.abs(np.nan_to_num(before, nan=-1.0) - np.nan_to_num(after, nan=-1.0))
    return {
        "name": name,
        "windows": int((~np.isnan(before)).sum()),
        "changed": int((~same).sum()),
        "largest": float(distance.max(initial=0.0)),
        "held": bool(same.all()),
    }
