"""Explains windows of one account and symbol: picture, chart, economics, reasons."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tradeglyph.app.chart import window_chart
from tradeglyph.app.market import load_candles, windows_of
from tradeglyph.app.scoring import Say, ScoreRequest, score_windows
from tradeglyph.app.times import rfc3339
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.windows import Windows
from tradeglyph.drawing.explanation import Trip, render_explanation
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.picture.columns import columns_of
from tradeglyph.picture.encode import encode_png
from tradeglyph.picture.fast import draw
from tradeglyph.picture.preview import preview
from tradeglyph.pipeline.place import place
from tradeglyph.pipeline.score import Scores
from tradeglyph.recognizers.economics import Economics, economics_of
from tradeglyph.recognizers.features import features_of
from tradeglyph.recognizers.reasons import Lang, nameless, reasons_for
from tradeglyph.results.atomic import whole_folder
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.report import total
from tradeglyph.sources.trades import trade_blocks

LISTED = 10
"""So many names an error lists of those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One window in words and figures; `page`, `picture` and `chart` are the files' contents."""

    window: dict[str, Any]
    """account, symbol, window_start, window_end, probability, threshold, verdict, role."""
    figures: dict[str, float]
    """By text key: counts, quantities in base units, money in quote currency before fees."""
    reasons: list[str]
    trips: list[Trip]
    page: str
    picture: bytes
    chart: str


def explain_window(
    request: ScoreRequest, account: str, symbol: str, day: str | None, say: Say
) -> Explanation:
    """Explain the window of `account` and `symbol` that starts on `day` (YYYY-MM-DD in the zone
    that cuts days), or the one with the highest probability.

    Raises InputError where there is no such window, naming those there are.
    """
    scorer = open_model(request.model)
    candles, table = load_candles(request.candles, request.candle_options)
    for line in table.report.lines():
        say(line)
    trades = _trades_of(request, account, symbol, candles, say)
    windows = windows_of(trades, candles, request.rule)
    threshold = scorer.threshold if request.threshold is None else request.threshold
    scores = score_windows(windows, candles, scorer, threshold, request.lang)
    at = _chosen(windows, scores, day, request)
    return _explanation(windows, candles, scores, at, scorer, threshold, request.lang)


def write_explanation(explanation: Explanation, folder: Path) -> None:
    """Write `explanation.html`, `picture.png` and `chart.svg`."""
    with whole_folder(folder) as staging:
        (staging / "explanation.html").write_text(explanation.page, encoding="utf-8")
        (staging / "picture.png").write_bytes(explanation.picture)
        (staging / "chart.svg").write_text(explanation.chart, encoding="utf-8")


def _trades_of(
    request: ScoreRequest, account: str, symbol: str, candles: Candles, say: Say
) -> pl.DataFrame:
    """The trades of one account and symbol."""
    options = request.trade_options
    if request.trades.is_dir():
        # The files of a folder may name a symbol each, and --symbol chooses among them.
        options = replace(options, symbol=None)
    mine = _trades_of_account(request.trades, options, account, say)
    symbols = sorted(mine["symbol"].unique())
    if symbol in symbols:
        return mine.filter(pl.col("symbol") == symbol)
    if options != request.trade_options and symbol in candles.symbol_names:
        # Else they are one symbol's files of several months: all of them is what `score` takes.
        return _trades_of_account(request.trades, request.trade_options, account, say).filter(
            pl.col("symbol") == symbol
        )
    listed = ", ".join(symbols[:LISTED])
    raise InputError(f"--symbol {symbol}: account {account} traded only {listed}")


def _trades_of_account(path: Path, options: ReadOptions, account: str, say: Say) -> pl.DataFrame:
    """Every block is read, so that all rows are checked."""
    mine, reports, others, accounts = [], [], set[str](), 0
    with closing(trade_blocks(path, options)) as blocks:
        for block in blocks:
            mine.append(block.frame.filter(pl.col("account_id") == account))
            reports.append(block.report)
            names = block.frame["account_id"].unique().sort()
            accounts += len(names)
            others.update(names[:LISTED])
    for line in total(reports).lines():
        say(line)
    frame = pl.concat(mine)
    if frame.is_empty():
        listed = ", ".join(sorted(others)[:LISTED])
        raise InputError(
            f"--account {account}: no such account in {path}; "
            f"there are {accounts:,}, such as {listed}"
        )
    return frame


def _chosen(windows: Windows, scores: Scores, day: str | None, request: ScoreRequest) -> int:
    if not len(windows):
        raise InputError("no trade of this account and symbol lies in the window asked for")
    if day is None:
        return int(np.argmax(np.nan_to_num(scores.probability, nan=-1.0)))
    days = [rfc3339(int(start), request.rule.zone)[:10] for start in windows.start]
    if day not in days:
        listed = ", ".join(days[:LISTED])
        raise InputError(f"--window {day}: no such window; there are: {listed}")
    return days.index(day)


def _explanation(
    windows: Windows,
    candles: Candles,
    scores: Scores,
    at: int,
    scorer: OnnxScorer,
    threshold: float,
    lang: Lang,
) -> Explanation:
    part = windows.slice(at, at + 1)
    placed = place(part, candles)
    columns = columns_of(placed, candles)
    features = features_of(placed, columns)
    economics = economics_of(placed, columns, 0)
    reasons = [str(scores.reason[at])]
    if not np.isnan(scores.probability[at]):
        # A score gives its reasons only where it flags; here somebody asks.
        reasons = reasons_for(features, 0, alone=bool(placed.alone[0]), lang=lang)
        if part.fills.account_names[part.account[0]] == "":
            reasons.append(nameless(lang))
    spec = scorer.artifact.spec
    raster = draw(placed, candles, spec, columns)[0]
    picture = encode_png(raster if spec.is_rgb else preview(raster, spec))
    chart = window_chart(part, candles, 0, lang)
    window = _window(windows, scores, at, threshold)
    figures = _figures(part, economics)
    trips = list(_trips(economics, candles))
    page = render_explanation(
        window=window,
        figures=figures,
        reasons=reasons,
        trips=trips,
        picture_png=picture,
        chart_svg=chart,
        model=scorer.name,
        lang=lang,
    )
    return Explanation(
        window=window,
        figures=figures,
        reasons=reasons,
        trips=trips,
        page=page,
        picture=picture,
        chart=chart,
    )


def _window(windows: Windows, scores: Scores, at: int, threshold: float) -> dict[str, Any]:
    names = windows.fills
    probability = float(scores.probability[at])
    return {
        "account": str(names.account_names[windows.account[at]]),
        "symbol": str(names.symbol_names[windows.symbol[at]]),
        "window_start": rfc3339(int(windows.start[at])),
        "window_end": rfc3339(int(windows.end[at])),
        "probability": None if np.isnan(probability) else probability,
        "threshold": threshold,
        "verdict": str(scores.verdict[at]),
        "role": str(scores.role[at]),
    }


def _figures(part: Windows, economics: Economics) -> dict[str, float]:
    return {
        "trade_count": int(part.trade_count[0]),
        "bought": economics.bought,
        "sold": economics.sold,
        "paid": economics.paid,
        "received": economics.received,
        "left_over": economics.left_over,
        "trip_count": len(economics.trips.candle),
        "trip_gain": economics.trip_gain,
    }


def _trips(economics: Economics, candles: Candles) -> Iterator[Trip]:
    trips = economics.trips
    for at, candle in enumerate(trips.candle):
        yield Trip(
            time=int(candles.start[candle]),
            bought_at=float(trips.buy_place[at]),
            sold_at=float(trips.sell_place[at]),
            quantity=float(trips.quantity[at]),
            gain=float(trips.gain[at]),
        )
