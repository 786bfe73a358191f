"""Scores a file of trades, block by block, and tells what was counted on the way."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tradeglyph.app.counterparties import COLUMNS, MOST_TRADES, weigh
from tradeglyph.app.inside import Inside
from tradeglyph.app.listed import expired_line
from tradeglyph.app.market import WindowRule, load_candles, windows_of
from tradeglyph.app.references import fitting
from tradeglyph.app.rule_texts import changed_of
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.lists import AccountLists
from tradeglyph.domain.references import ReferencePrices
from tradeglyph.domain.windows import Windows
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.account import DaySpans, day_spans, judge_accounts
from tradeglyph.pipeline.rules import Rules
from tradeglyph.pipeline.score import Scores, score
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.sources.lists import read_account_lists
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.references import read_references
from tradeglyph.sources.report import total
from tradeglyph.sources.tables import UTC_TIME
from tradeglyph.sources.trades import trade_blocks

Say = Callable[[str], None]

ALERTING = ("review", "hold")
"""Verdicts that somebody must act on."""
LISTED = 5
"""So many names a line lists of those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRequest:
    """What to score, with what, and how to read it."""

    trades: Path
    candles: Path
    model: str = "default"
    threshold: float | None = None
    """The card's where None."""
    rule: WindowRule = field(default_factory=WindowRule)
    trade_options: ReadOptions = field(default_factory=ReadOptions)
    candle_options: ReadOptions = field(default_factory=ReadOptions)
    lang: Lang = "en"
    lists: Path | None = None
    """What the team knows of accounts: `account_id, kind, reason` and where it has them `group,
    expires`."""
    rules: Rules = field(default_factory=Rules)
    references: Path | None = None
    """Quoted prices to measure money against: `symbol, time, price, kind`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What came of a request."""

    frame: pl.DataFrame
    """With the columns of `domain.schema.SCORES`."""
    rejects: pl.DataFrame
    """Rows of both files that were skipped."""
    threshold: float


def summary_of(scored: Scored, rules: Rules) -> dict[str, Any]:
    """How many windows there are, were answered, flagged, and are to be acted on."""
    frame = scored.frame
    return {
        "windows": len(frame),
        "answered": len(frame) - frame["probability"].null_count(),
        "flagged": int(frame["flagged"].sum()),
        **{verdict: int((frame["verdict"] == verdict).sum()) for verdict in ALERTING},
        "threshold": scored.threshold,
        "rejected": len(scored.rejects),
        "rules": changed_of(rules),
    }


def score_files(request: ScoreRequest, say: Say) -> Scored:
    """Scores every window of the request's trades; `say` gets lines for stderr."""
    scorer = open_model(request.model)
    lists = lists_of(request, say)
    references = references_of(request, say)
    threshold = scorer.threshold if request.threshold is None else request.threshold
    candles, table = load_candles(request.candles, request.candle_options)
    _say_all(table.report.lines(), say)
    frames, rejects, reports, counts = [], [table.rejects], [], [0, 0, 0, 0]
    unknown = set[str]()
    tape: list[pl.DataFrame] = []
    trades, inside = 0, Inside(window=request.rule.window)
    blocks = trade_blocks(request.trades, request.trade_options)
    with closing(blocks):
        for block in blocks:
            reports.append(block.report)
            inside.add(block.frame["time"])
            windows = windows_of(block.frame, candles, request.rule)
            # Codes past those of the candles are of symbols that have none.
            unknown.update(windows.fills.symbol_names[len(candles.symbol_names) :])
            scores = score_accounts(windows, candles, scorer, threshold, request.lang)
            frame = score_frame(windows, scores, scorer.name)
            frames.append(frame.with_columns(alone=scores.alone))
            trades += len(block.frame)
            tape = [*tape, block.frame.select(COLUMNS)] if trades <= MOST_TRADES else []
            rejects.append(block.rejects)
            counted = (scores.no_candle, scores.clipped, scores.over_volume, scores.zero_range)
            counts = [sum(pair) for pair in zip(counts, counted, strict=True)]
    _say_all([*total(reports).lines(), *inside.lines()], say)
    _say_all(_notes(*counts), say)
    if unknown:
        say(_without_candles(sorted(unknown), candles))
    frame = pl.concat(frames).sort("account_id", "symbol", "window_start")
    alone, frame = frame["alone"].to_numpy(), frame.drop("alone")
    if tape:
        everybody = pl.concat(tape)
        references, lines = fitting(references, request.references, everybody)
        _say_all(lines, say)
        weighed = weigh(
            frame,
            everybody,
            lists,
            request.lang,
            alone=alone,
            rules=request.rules,
            references=references,
        )
        frame = weighed.scores
    else:
        say(f"more than {MOST_TRADES:,} trades: judged on fills alone; score a few days at a time")
    if request.lists is not None:
        expired = expired_line(request.lists, lists, frame)
        _say_all([expired] if expired else [], say)
    return Scored(
        frame=frame,
        rejects=pl.concat(rejects, how="diagonal"),
        threshold=threshold,
    )


def lists_of(request: ScoreRequest, say: Say) -> AccountLists:
    """What the request's list says of accounts; nothing where it names none."""
    if request.lists is None:
        return AccountLists()
    zone = request.trade_options.timezone
    table = read_account_lists(request.lists, ReadOptions(timezone=zone))
    _say_all(table.report.lines(), say)
    return table.lists


def references_of(request: ScoreRequest, say: Say) -> ReferencePrices | None:
    """The request's quoted prices; None where it names none."""
    if request.references is None:
        return None
    return quoted_prices(request.references, request.trade_options, say)


def quoted_prices(path: Path, trade_options: ReadOptions, say: Say) -> ReferencePrices:
    """The quoted prices of a file, whose naive times are in the zone of the trades."""
    table = read_references(path, ReadOptions(timezone=trade_options.timezone))
    _say_all(table.report.lines(), say)
    return table.prices


def score_windows(
    windows: Windows, candles: Candles, scorer: OnnxScorer, threshold: float, lang: Lang
) -> Scores:
    """Scores of each window by itself, with the model's own spec, on all cores."""
    spec = scorer.artifact.spec
    threads = os.cpu_count() or 1
    return score(windows, candles, scorer, spec, threshold=threshold, lang=lang, threads=threads)


def score_accounts(
    windows: Windows, candles: Candles, scorer: OnnxScorer, threshold: float, lang: Lang
) -> Scores:
    """As `score_windows`, and what only an account's day over all symbols shows up for review.

    All windows of an account must be among `windows`.
    """
    scores = score_windows(windows, candles, scorer, threshold, lang)
    return with_accounts(scores, windows, candles, scorer, threshold, lang)


def with_accounts(
    scores: Scores,
    windows: Windows,
    candles: Candles,
    scorer: OnnxScorer,
    threshold: float,
    lang: Lang,
) -> Scores:
    """The scores of all windows of some accounts, after a look at these accounts' days."""
    return judge_accounts(
        scores,
        windows,
        candles,
        scorer,
        scorer.artifact.spec,
        threshold=threshold,
        lang=lang,
        threads=os.cpu_count() or 1,
    )


def day_spans_of(
    scores: Scores, windows: Windows, candles: Candles, scorer: OnnxScorer
) -> DaySpans:
    """At which thresholds `score_accounts` adds windows, all of whose days must be there."""
    spec, threads = scorer.artifact.spec, os.cpu_count() or 1
    return day_spans(scores, windows, candles, scorer, spec, threads=threads)


def score_frame(windows: Windows, scores: Scores, model: str) -> pl.DataFrame:
    """Scores as a frame with the columns of the contract."""
    names = windows.fills
    return pl.DataFrame(
        {
            "account_id": pl.Series(names.account_names[windows.account], dtype=pl.String),
            "symbol": pl.Series(names.symbol_names[windows.symbol], dtype=pl.String),
            "window_start": pl.Series(windows.start).cast(UTC_TIME),
            "window_end": pl.Series(windows.end).cast(UTC_TIME),
            "trade_count": windows.trade_count,
            "probability": pl.Series(scores.probability, nan_to_null=True),
            "flagged": scores.flagged,
            "verdict": pl.Series(scores.verdict, dtype=pl.String),
            "role": pl.Series(scores.role, dtype=pl.String),
            "transferred": pl.Series([None] * len(windows), dtype=pl.Float64),
            "reason": pl.Series(scores.reason, dtype=pl.String),
            "model": pl.Series([model] * len(windows), dtype=pl.String),
        }
    )


def _notes(no_candle: int, clipped: int, over_volume: int, zero_range: int) -> Iterator[str]:
    if no_candle:
        yield f"{no_candle:,} fills have no candle and are left out of the pictures"
    if clipped:
        yield f"{clipped:,} fills are priced outside their candle and are clipped to it"
    if over_volume:
        yield f"{over_volume:,} fills are larger than their candle's volume"
    if zero_range:
        yield f"{zero_range:,} fills are in a candle of one price and are placed in its middle"


def _without_candles(symbols: list[str], candles: Candles) -> str:
    traded, known = (_listed(names) for names in (symbols, sorted(candles.symbol_names)))
    return (
        f"{len(symbols):,} traded symbols have no candles at all, so their windows have no answer: "
        f"{traded}; there are candles of {known}"
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:LISTED]) + (", ..." if len(names) > LISTED else "")


def _say_all(lines: Iterator[str] | list[str], say: Say) -> None:
    for line in lines:
        say(line)
