"""Scores windows: place, draw, ask the model, say why."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.columns import taken
from tradeglyph.domain.errors import ArtifactError
from tradeglyph.domain.verdicts import Role, Verdict
from tradeglyph.domain.windows import LEAST_FILLS, PlacedWindows, Windows
from tradeglyph.picture.columns import columns_of
from tradeglyph.picture.fast import draw
from tradeglyph.picture.spec import PictureSpec
from tradeglyph.pipeline.place import place
from tradeglyph.pipeline.threads import mapped
from tradeglyph.ports.scorer import Scorer
from tradeglyph.recognizers.casual import is_casual
from tradeglyph.recognizers.features import (
    Features,
    features_of,
    fills_of,
    max_volume_share_of,
    trips_of,
)
from tradeglyph.recognizers.reasons import (
    NO_CANDLE,
    TOO_FEW_FILLS,
    Lang,
    few_trips,
    joined,
    nameless,
    reasons_for,
    unanswered,
    weak_evidence,
)
from tradeglyph.recognizers.role import roles_of

CHUNK_BYTES = 16 << 20
"""Pictures drawn at once by one thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One element per window."""

    probability: NDArray[np.float64]
    """NaN where it can't be known."""
    flagged: NDArray[np.bool_]
    casual: NDArray[np.bool_]
    """Who did too little for a transfer: not up for review by itself, flagged or not."""
    verdict: NDArray[np.object_]
    role: NDArray[np.object_]
    reason: NDArray[np.object_]
    trips: NDArray[np.int64]
    """Candles in which the account both bought and sold."""
    alone: NDArray[np.bool_]
    """Whether nobody else traded in its candles, as far as these know."""
    no_candle: int
    """Fills without a candle, left out of the pictures."""
    clipped: int
    """Fills priced outside their candle, clipped to its low or high."""
    over_volume: int
    """Fills larger than their candle's volume."""
    zero_range: int
    """Fills in a candle whose high is its low: they are placed in its middle."""

    def take(self, index: NDArray[np.intp]) -> "Scores":
        """The windows at `index`; the counts of fills stay those of all."""
        return taken(self, index)


def score(
    windows: Windows,
    candles: Candles,
    scorer: Scorer,
    spec: PictureSpec,
    *,
    threshold: float,
    lang: Lang = "en",
    threads: int = 1,
) -> Scores:
    """Scores of all windows, drawn and read in chunks that fit the cache, in `threads` threads.

    Raises ArtifactError where the scorer reads pictures of another spec, or answers with NaN.
    """
    if scorer.spec_hash != spec.hash:
        raise ArtifactError(
            f"{scorer.name} reads pictures of spec {scorer.spec_hash}, not of {spec.hash}"
        )
    chunk = max(1, CHUNK_BYTES // int(np.prod(spec.shape)))
    placed = place(windows, candles)

    if len(windows) <= chunk:  # no windows, too: that gives empty arrays of the right kind
        return _score_chunk(placed, candles, scorer, spec, threshold, lang)

    def one(bounds: tuple[int, int]) -> Scores:
        return _score_chunk(placed.slice(*bounds), candles, scorer, spec, threshold, lang)

    return _join(list(mapped(one, _chunks(len(windows), chunk), threads)))


def _chunks(count: int, size: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, size):
        yield first, min(first + size, count)


def _score_chunk(
    placed: PlacedWindows,
    candles: Candles,
    scorer: Scorer,
    spec: PictureSpec,
    threshold: float,
    lang: Lang,
) -> Scores:
    n, columns = len(placed.windows), columns_of(placed, candles)
    fills = fills_of(placed)
    answered = fills >= LEAST_FILLS
    probability = np.full(n, np.nan)
    if answered.any():
        raster = draw(placed, candles, spec, columns)
        some = raster if answered.all() else raster[answered]
        probability[answered] = asked(scorer, some)
    flagged = probability > threshold
    casual = is_casual(fills, max_volume_share_of(columns, n))
    suspected = flagged & ~casual
    # Only of those that are flagged is there more to say.
    features = features_of(placed, columns) if flagged.any() else None
    role = np.full(n, Role.NONE.value, dtype=object)
    if features is not None:
        role[suspected] = roles_of(features)[suspected]
    verdict = np.full(n, Verdict.QUIET.value, dtype=object)
    verdict[suspected] = Verdict.REVIEW.value
    verdict[~answered] = ""
    return Scores(
        probability=probability,
        flagged=flagged,
        casual=casual,
        verdict=verdict,
        role=role,
        reason=_reasons(placed, features, answered, flagged, casual, lang),
        trips=trips_of(columns, n).astype(np.int64),
        alone=placed.alone,
        no_candle=int(np.count_nonzero(placed.candle < 0)),
        clipped=int(np.count_nonzero(placed.clipped)),
        over_volume=int(np.count_nonzero(placed.over_volume)),
        zero_range=_zero_range(placed, candles),
    )


def _zero_range(placed: PlacedWindows, candles: Candles) -> int:
    at = placed.candle[placed.candle >= 0]
    return int(np.count_nonzero(candles.high[at] == candles.low[at]))


def asked(scorer: Scorer, raster: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The model's answers, shape (n,). Raises ArtifactError where one is no number."""
    probability = scorer.probability(raster)
    if not np.isfinite(probability).all():  # it would pass as quiet
        raise ArtifactError(f"{scorer.name} answers a picture with no number; train it anew")
    return probability


def _reasons(
    placed: PlacedWindows,
    features: Features | None,
    answered: NDArray[np.bool_],
    flagged: NDArray[np.bool_],
    casual: NDArray[np.bool_],
    lang: Lang,
) -> NDArray[np.object_]:
    reason = np.full(len(flagged), "", dtype=object)
    if not answered.all():
        few = placed.windows.sizes < LEAST_FILLS
        reason[~answered] = unanswered(NO_CANDLE, lang)
        reason[~answered & few] = unanswered(TOO_FEW_FILLS, lang)
    for at in flagged.nonzero()[0]:  # alerts are few
        assert features is not None  # noqa: S101  somebody is flagged
        parts = reasons_for(features, int(at), alone=bool(placed.alone[at]), lang=lang)
        reason[at] = joined([*parts, few_trips(lang)] if casual[at] else parts, lang)
    reason[answered & ~flagged & placed.alone] = weak_evidence(lang)
    windows = placed.windows
    for at in (windows.fills.account_names[windows.account] == "").nonzero()[0]:
        reason[at] = joined([reason[at], nameless(lang)], lang)
    return reason


def _join(parts: list[Scores]) -> Scores:
    return Scores(
        probability=np.concatenate([part.probability for part in parts]),
        flagged=np.concatenate([part.flagged for part in parts]),
        casual=np.concatenate([part.casual for part in parts]),
        verdict=np.concatenate([part.verdict for part in parts]),
        role=np.concatenate([part.role for part in parts]),
        reason=np.concatenate([part.reason for part in parts]),
        trips=np.concatenate([part.trips for part in parts]),
        alone=np.concatenate([part.alone for part in parts]),
        no_candle=sum(part.no_candle for part in parts),
        clipped=sum(part.clipped for part in parts),
        over_volume=sum(part.over_volume for part in parts),
        zero_range=sum(part.zero_range for part in parts),
    )
