"""What can be read of the same windows: a count of trades, features, and the picture's log-odds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.columns import taken
from tradeglyph.domain.windows import Windows
from tradeglyph.picture.columns import columns_of
from tradeglyph.picture.spec import PictureSpec
from tradeglyph.pipeline.place import place
from tradeglyph.pipeline.score import score
from tradeglyph.ports.scorer import Scorer
from tradeglyph.recognizers.features import features_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One element, or row, for each of n windows."""

    dots: Floats
    """Trades."""
    features: Floats
    """Shape (n, features); NaN where a window has nothing to measure one on."""
    feature_names: tuple[str, ...]
    picture: Floats
    """Log-odds of the picture model's probability; NaN where there is no answer."""

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Which windows have enough fills in candles for an answer."""
        return ~np.isnan(self.picture)

    def take(self, rows: NDArray[np.intp]) -> "Readings":
        """The windows `rows`."""
        return taken(self, rows)


def readings_of(
    windows: Windows, candles: Candles, scorer: Scorer, spec: PictureSpec, *, threads: int = 1
) -> Readings:
    """Readings of all windows, the pictures drawn in `threads` threads.

    Raises ArtifactError as `pipeline.score.score`.
    """
    # Nothing is above 1, so nothing is flagged and no reason is written.
    scores = score(windows, candles, scorer, spec, threshold=1.0, threads=threads)
    placed = place(windows, candles)
    named = dict(features_of(placed, columns_of(placed, candles)).named())
    return Readings(
        dots=windows.trade_count.astype(np.float64),
        features=np.stack(list(named.values()), axis=1),
        feature_names=tuple(named),
        picture=np.log(scores.probability) - np.log1p(-scores.probability),
    )
