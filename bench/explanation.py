"""How long one window's explanation takes: every fill left out and asked anew, and the page.

One process, one thread, the model loaded. `other` is the same windows without the batch: the
window is scored once for each fill left out, one after the other.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tradeglyph.app.explained import Answer, explained
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.pipeline.occlude import near
from tradeglyph.pipeline.score import score
from tradeglyph.recognizers.occlusion import left_out
from tradeglyph.simulate.population import simulate

ACCOUNTS = 600
WINDOWS = 40


def measure() -> dict[str, Any]:
    """Milliseconds per window, the median and the slowest: `explain_ms`."""
    population = simulate(ACCOUNTS, seed=0)
    fills, candles, scorer = population.fills, population.candles, open_model("default")
    windows = cut(fills, day_edges(int(fills.time.min()), int(fills.time.max())))
    chosen = np.flatnonzero(windows.sizes >= 4)
    ours, other = [], []
    for at in chosen[:: max(1, len(chosen) // WINDOWS)]:
        window = windows.slice(int(at), int(at) + 1)
        answer = _answer(window, candles, scorer)
        explained(window, candles, answer, scorer, "en")
        ours.append(_milliseconds(explained, window, candles, answer, scorer, "en"))
        other.append(_milliseconds(_one_by_one, window, candles, scorer))
    return {
        "name": "explain_ms",
        "unit": "ms/window",
        "ours": float(np.median(ours)),
        "other": float(np.median(other)),
        "ratio": float(np.median(other) / np.median(ours)),
        "slowest": max(ours),
        "windows": len(ours),
    }


def _answer(window: Windows, candles: Candles, scorer: OnnxScorer) -> Answer:
    scores = score(window, candles, scorer, scorer.artifact.spec, threshold=scorer.threshold)
    return Answer(
        probability=float(scores.probability[0]),
        threshold=scorer.threshold,
        verdict=str(scores.verdict[0]),
        role=str(scores.role[0]),
        reason=str(scores.reason[0]),
    )


def _one_by_one(window: Windows, candles: Candles, scorer: OnnxScorer) -> None:
    market = near(candles, window)
    batch = left_out(window, np.arange(len(window.fills)))
    for at in range(len(batch)):
        _answer(batch.slice(at, at + 1), market, scorer)


def _milliseconds(work: Callable[..., object], *arguments: object) -> float:
    begin = time.perf_counter()
    work(*arguments)
    return 1000 * (time.perf_counter() - begin)
