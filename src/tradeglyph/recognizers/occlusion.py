"""How much each fill matters: what the answer would be without it.

Occlusion (Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks",
section 4.2), with a fill instead of a patch of pixels: the fill is taken out of the window, not
painted over, so that what is asked is a window that could have been (removal-based explanation,
Covert, Lundberg and Lee 2021, "Explaining by Removing").
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.windows import Windows

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]

MATTERS = 0.1
"""A fall of the log-odds from which on a fill is named: the odds fall by a tenth."""
SUSPECTED = 0.01
"""Below this probability nothing speaks against the window, and no fill is named for it."""
_LEAST, _MOST = 1e-300, 1 - 2**-53


@dataclass(frozen=True, slots=True, kw_only=True)
class Occlusion:
    """What a window's probability would be without some of its fills, k groups one at a time."""

    group: Groups
    """Along the window's fills: the group that each was left out with, 0 to k - 1. A group of one
    fill wherever there was room to ask for it alone."""
    probability: float
    """Of the whole window."""
    without: Floats
    """Per group: of the window without it; NaN where too little is left to answer."""
    asked: int
    """Pictures the model was shown, the whole window's included."""

    @property
    def fall(self) -> Floats:
        """Per group: how much the probability falls without it; negative where it rises."""
        return self.probability - self.without

    @property
    def evidence(self) -> Floats:
        """Per group: the fall in log-odds (nats), which does not vanish where one trade more
        hardly moves a probability near 1."""
        return np.asarray(_log_odds(self.probability) - _log_odds(self.without))

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Fills per group."""
        return np.bincount(self.group, minlength=len(self.without))

    @property
    def ranked(self) -> NDArray[np.int64]:
        """Groups that matter (`MATTERS`), the greatest fall of the log-odds first; none in a
        window that is not suspected (`SUSPECTED`)."""
        evidence = np.nan_to_num(self.evidence, nan=-np.inf)
        order = np.argsort(-evidence, kind="stable")
        return order[(evidence[order] >= MATTERS) & (self.probability >= SUSPECTED)]

    @property
    def weight(self) -> Floats:
        """Along the fills, 0 to 1: the fall of the log-odds over the greatest; 0 for a fill that
        does not matter."""
        weight = np.zeros(len(self.without))
        if len(self.ranked):
            weight[self.ranked] = self.evidence[self.ranked] / self.evidence[self.ranked[0]]
        return weight[self.group]


def _log_odds(probability: Floats | float) -> Floats:
    p = np.clip(probability, _LEAST, _MOST)
    return np.asarray(np.log(p) - np.log1p(-p))


def left_out(window: Windows, group: Groups) -> Windows:
    """One window as k + 1: first the whole, then it without group 0, 1, ... k - 1.

    `group` runs along its fills; -1 for a fill that stays. `trade_count` counts merged fills:
    how many rows of the file stood behind each is not known any more.
    """
    count = int(group.max(initial=-1)) + 1
    kept = np.concatenate(
        [np.ones((1, len(group)), dtype=bool), group != np.arange(count)[:, None]]
    )
    sizes = kept.sum(axis=1)
    # Every column along the windows, those that are added one day too.
    columns: dict[str, Any] = {
        field.name: np.repeat(getattr(window, field.name), count + 1)
        for field in fields(Windows)
        if field.name not in ("fills", "offset")
    }
    columns["trade_count"] = sizes.astype(np.int32)
    fills = window.fills.take(np.nonzero(kept)[1])
    return replace(window, fills=fills, offset=np.append(0, np.cumsum(sizes)), **columns)


def by_candle(candle: NDArray[np.int64], most: int) -> Groups:
    """Groups of the fills of one candle each; of neighbouring candles, where they are over `most`.

    `candle` runs along the fills in order of time; fills without a candle (-1) are one group.
    """
    names, group = np.unique(candle, return_inverse=True)
    if len(names) > most:
        group = group * most // len(names)
    return group.astype(np.int64)


def heaviest(group: Groups, evidence: Floats, room: int) -> Groups:
    """Groups whose fills are to be asked for one by one: those of the greatest fall of the
    log-odds that have at most `room` fills together. `evidence` is per group."""
    sizes = np.bincount(group, minlength=len(evidence))
    chosen = []
    for at in np.argsort(-np.nan_to_num(evidence, nan=-np.inf), kind="stable"):
        if evidence[at] > 0 and 1 < sizes[at] <= room:
            chosen.append(at)
            room -= int(sizes[at])
    return np.array(chosen, dtype=np.int64)


def refined(coarse: Occlusion, fine: Occlusion) -> Occlusion:
    """Both answers in one: the fills that `fine` asked for alone (its group is not -1) by their
    own, the others with their group of `coarse`."""
    alone = fine.group >= 0
    label = np.where(alone, len(coarse.without) + fine.group, coarse.group)
    names, group = np.unique(label, return_inverse=True)
    return Occlusion(
        group=group.astype(np.int64),
        probability=coarse.probability,
        without=np.concatenate([coarse.without, fine.without])[names],
        asked=coarse.asked + fine.asked,
    )
