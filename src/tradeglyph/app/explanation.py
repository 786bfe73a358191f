"""Finds the window of one account and symbol that is to be explained, and writes its files."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from tradeglyph.app.counterparties import COLUMNS, names_other_sides, weigh
from tradeglyph.app.explained import Answer, Explanation, Ledger, LedgerFigures, explained
from tradeglyph.app.market import load_candles, windows_of
from tradeglyph.app.scoring import Say, ScoreRequest, lists_of, score_frame, score_windows
from tradeglyph.app.times import rfc3339
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.windows import Windows
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.score import Scores
from tradeglyph.recognizers.ledger import ledger as transfer_ledger
from tradeglyph.results.atomic import whole_folder
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.report import total
from tradeglyph.sources.tape import tape_of
from tradeglyph.sources.trades import trade_blocks

LISTED = 10
"""So many names an error lists of those there are."""


def explain_window(
    request: ScoreRequest,
    account: str,
    symbol: str,
    day: str | None,
    say: Say,
    ledger: Ledger | None = None,
) -> Explanation:
    """Explain the window of `account` and `symbol` that starts on `day` (YYYY-MM-DD in the zone
    that cuts days), or the one with the highest probability. `ledger` is asked for the figures of
    the window that was chosen.

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
    window = windows.slice(at, at + 1)
    answer = _answer(scores, at, threshold)
    known = None if ledger is None else ledger(window)
    everybody = _of_symbol(request, symbol)
    if names_other_sides(everybody):
        frame = score_frame(windows, scores, scorer.name)[at].with_columns(reason=pl.lit(""))
        answer = _weighed(answer, weigh(frame, everybody, lists_of(request, say), request.lang))
        known = known or _flows(window, everybody)
    return explained(window, candles, answer, scorer, request.lang, known)


def _of_symbol(request: ScoreRequest, symbol: str) -> pl.DataFrame:
    """Everybody's trades of the symbol: the window's account has met some of them."""
    options = request.trade_options
    with closing(trade_blocks(request.trades, options)) as blocks:
        return pl.concat(
            [block.frame.filter(pl.col("symbol") == symbol).select(COLUMNS) for block in blocks]
        )


def _weighed(answer: Answer, weighed: pl.DataFrame) -> Answer:
    """With the verdict and the role that the other sides make of it, and what they say."""
    row = weighed.row(0, named=True)
    return replace(answer, verdict=row["verdict"], role=row["role"], others=row["reason"])


def _flows(window: Windows, everybody: pl.DataFrame) -> LedgerFigures | None:
    tape = tape_of(everybody)
    names = tape.fills.account_names.tolist()
    account = str(window.fills.account_names[window.account[0]])
    if account not in names:
        return None
    transfers = transfer_ledger(tape, ends=window.end)
    return LedgerFigures(transfers=transfers, account=names.index(account))


def _answer(scores: Scores, at: int, threshold: float) -> Answer:
    return Answer(
        probability=float(scores.probability[at]),
        threshold=threshold,
        verdict=str(scores.verdict[at]),
        role=str(scores.role[at]),
        reason=str(scores.reason[at]),
    )


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
