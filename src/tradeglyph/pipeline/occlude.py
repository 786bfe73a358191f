"""Asks the model again for one window without each of its fills."""

from dataclasses import replace

import numpy as np

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.picture.spec import PictureSpec
from tradeglyph.pipeline.place import place
from tradeglyph.pipeline.score import score
from tradeglyph.ports.scorer import Scorer
from tradeglyph.recognizers.occlusion import (
    Groups,
    Occlusion,
    by_candle,
    heaviest,
    left_out,
    refined,
)

MOST_GROUPS = 64
"""Windows with more fills are asked for by candle first, then by fill in the candles that matter
most, with so many groups in all."""
MOST_FILLS = 400_000
"""Fills in all windows of one batch, which bounds the memory of a window of very many."""
LEAST_GROUPS = 8

_FLAG_NOTHING = 1.0


def occlude(
    window: Windows,
    candles: Candles,
    scorer: Scorer,
    spec: PictureSpec,
    *,
    most_groups: int = MOST_GROUPS,
) -> Occlusion:
    """What the probability of one window would be without each of its fills, in one batch (two,
    where it has more than `most_groups` fills): placed, drawn and asked anew, as a score is.

    `window` is a batch of one; `candles` may be cut to those `near` it. Raises ArtifactError as
    `score` does.
    """
    count = len(window.fills)
    if count <= most_groups:
        return _asked(window, candles, scorer, spec, np.arange(count))
    room = int(np.clip(MOST_FILLS // count, min(LEAST_GROUPS, most_groups), most_groups))
    groups = by_candle(place(window, candles).candle, max(room // 2, 1))
    coarse = _asked(window, candles, scorer, spec, groups)
    single = np.isin(groups, heaviest(groups, coarse.evidence, room - len(coarse.without)))
    if not single.any():
        return coarse
    alone = np.where(single, np.cumsum(single) - 1, -1)
    return refined(coarse, _asked(window, candles, scorer, spec, alone))


def _asked(
    window: Windows, candles: Candles, scorer: Scorer, spec: PictureSpec, group: Groups
) -> Occlusion:
    batch = left_out(window, group)
    scores = score(batch, candles, scorer, spec, threshold=_FLAG_NOTHING)
    return Occlusion(
        group=group,
        probability=float(scores.probability[0]),
        without=scores.probability[1:],
        asked=len(batch),
    )


def near(candles: Candles, window: Windows) -> Candles:
    """The candles of the first window's symbol that overlap it; a view, whatever the market's
    size. Pictures and features of that window are the same with them as with all."""
    symbol, start, end = window.symbol[0], window.start[0], window.end[0]
    first, last = np.searchsorted(candles.symbol, [symbol, symbol + 1])
    times = candles.start[first:last]
    # A candle may have begun before a window that does not begin on the clock.
    begin = first + np.searchsorted(times, start - candles.interval, side="right")
    kept = slice(int(begin), int(first + np.searchsorted(times, end)))
    columns = ("symbol", "start", "high", "low", "open", "close", "volume", "accounts")
    return replace(candles, **{name: getattr(candles, name)[kept] for name in columns})
