"""Which fills a window's answer rests on: the window once more without each of them."""

import numpy as np

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY, DAY_US, Fills
from tradeglyph.domain.findings import Finding
from tradeglyph.domain.instants import exact_rfc3339
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.domain.windows import Windows
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.pipeline.cut import cut
from tradeglyph.pipeline.occlude import near, occlude
from tradeglyph.pipeline.place import place
from tradeglyph.ports.sources import CandleSource, TradeSource
from tradeglyph.recognizers.occlusion import Occlusion
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.recognizers.sentence import without_sentence
from tradeglyph.service.schemas import FillAnswer, OcclusionAnswer

MOST_SHOWN = 500
"""Fills in an answer; those that matter most come first."""


def explained(
    finding: Finding, trades: TradeRows, candles: Candles, scorer: OnnxScorer, lang: Lang
) -> OcclusionAnswer | None:
    """The occlusion of a finding's window, over rows that hold its fills; None where there is
    nothing to explain: no probability, or no such fills. Raises ArtifactError as `score` does."""
    window = _window(finding, trades, candles)
    if finding.probability is None or len(window) != 1:
        return None
    market = near(candles, window)
    occlusion = occlude(window, market, scorer, scorer.artifact.spec)
    return OcclusionAnswer(
        symbol=finding.symbol,
        window_start=exact_rfc3339(finding.window_start),
        probability=occlusion.probability,
        asked=occlusion.asked,
        sentence=without_sentence(occlusion, place(window, market), lang),
        fills=_fills(window.fills, occlusion),
    )


def fetched(
    finding: Finding, trades: TradeSource, candles: CandleSource
) -> tuple[TradeRows, Candles]:
    """The rows of a finding's window. Raises SourceGone."""
    start, end = finding.window_start, finding.window_end
    return (
        trades.of_account(finding.account_id, start, end),
        # A candle is a day long at most, and may have begun before the window.
        candles.of_symbols([finding.symbol], start - DAY_US, end),
    )


def _window(finding: Finding, trades: TradeRows, candles: Candles) -> Windows:
    mine = (trades.account_id == finding.account_id) & (trades.symbol == finding.symbol)
    count = int(mine.sum())
    names = candles.symbol_names
    known = np.flatnonzero(names == finding.symbol)
    code = int(known[0]) if len(known) else len(names)
    fills = Fills(
        account=np.zeros(count, dtype=np.int32),
        symbol=np.full(count, code, dtype=np.int32),
        time=trades.time[mine],
        side=trades.side[mine],
        price=trades.price[mine],
        quantity=trades.quantity[mine],
        account_names=np.array([finding.account_id], dtype=object),
        symbol_names=names if len(known) else np.append(names, finding.symbol),
    )
    return cut(fills, np.array([finding.window_start, finding.window_end], dtype=np.int64))


def _fills(fills: Fills, occlusion: Occlusion) -> list[FillAnswer]:
    matters = set(occlusion.ranked.tolist())
    evidence = np.nan_to_num(occlusion.evidence, nan=-np.inf)[occlusion.group]
    return [
        FillAnswer(
            time=exact_rfc3339(int(fills.time[row])),
            side="buy" if fills.side[row] == BUY else "sell",
            price=float(fills.price[row]),
            quantity=float(fills.quantity[row]),
            group=int(occlusion.group[row]),
            without=_known(occlusion.without[occlusion.group[row]]),
            fall=_known(occlusion.fall[occlusion.group[row]]),
            matters=int(occlusion.group[row]) in matters,
        )
        for row in np.argsort(-evidence, kind="stable")[:MOST_SHOWN]
    ]


def _known(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
