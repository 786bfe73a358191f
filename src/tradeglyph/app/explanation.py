"""Finds the window of one account and symbol that is to be explained, and writes its files."""

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.app.counterparties import COLUMNS, weigh
from tradeglyph.app.explained import Answer, Explanation, LedgerFigures, explained
from tradeglyph.app.inside import Inside
from tradeglyph.app.market import load_candles, windows_of
from tradeglyph.app.money import money_moved
from tradeglyph.app.references import fitting
from tradeglyph.app.scoring import (
    Say,
    ScoreRequest,
    lists_of,
    references_of,
    score_frame,
    score_windows,
    with_accounts,
)
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.instants import rfc3339
from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.lists import AccountLists
from tradeglyph.domain.windows import Windows
from tradeglyph.drawing.money import MoneyMoved
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.score import Scores
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.results.atomic import whole_folder
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.report import total
from tradeglyph.sources.tables import fills_of
from tradeglyph.sources.trades import trade_blocks

LISTED = 10
"""So many names an error lists of those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trades:
    """What is read of a file for one account and symbol."""

    mine: pl.DataFrame
    """The account's, of all symbols."""
    everybody: pl.DataFrame
    """All accounts' of the symbol, in the columns of a tape."""
    rejects: pl.DataFrame
    """Rows of the file that were skipped, whoever's."""


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
    inside = Inside(window=request.rule.window)
    inside.add(trades.mine["time"])
    for line in inside.lines():
        say(f"account {account}: {line}")
    windows = windows_of(trades.mine, candles, request.rule)
    threshold = scorer.threshold if request.threshold is None else request.threshold
    own = windows.take(np.flatnonzero(windows.fills.symbol_names[windows.symbol] == symbol))
    scores = score_windows(own, candles, scorer, threshold, request.lang)
    at = _chosen(own, scores, day, request)
    window, answer = own.slice(at, at + 1), _answer(scores, at, threshold)
    answer = _with_account(answer, window, windows, candles, scorer, request.lang)
    frame = score_frame(own, scores, scorer.name)[at]
    answer, flows = _weighed(answer, frame, trades.everybody, request, say)
    done = explained(window, candles, answer, scorer, request.lang, flows, rules=request.rules)
    return replace(done, rejects=pl.concat([table.rejects, trades.rejects], how="diagonal"))


def _with_account(
    answer: Answer,
    window: Windows,
    windows: Windows,
    candles: Candles,
    scorer: OnnxScorer,
    lang: Lang,
) -> Answer:
    """What the account's day over all symbols adds to the answer on one of its `windows`."""
    day = windows.take(np.flatnonzero(windows.start == window.start[0]))
    alone = score_windows(day, candles, scorer, answer.threshold, lang)
    silent = replace(alone, reason=np.full(len(day), "", dtype=object))
    judged = with_accounts(silent, day, candles, scorer, answer.threshold, lang)
    at = int(np.flatnonzero(day.symbol == window.symbol[0])[0])
    return replace(
        answer,
        verdict=str(judged.verdict[at]),
        role=str(judged.role[at]),
        account=str(judged.reason[at]),
    )


def _weighed(
    answer: Answer, frame: pl.DataFrame, everybody: pl.DataFrame, request: ScoreRequest, say: Say
) -> tuple[Answer, LedgerFigures | None]:
    """As `score` answers after a look at everybody's trades, and the account's flows where the
    other sides are known."""
    end = frame["window_end"].to_physical()[0]
    edges = request.rule.edges(fills_of(everybody))[1:]
    lists = lists_of(request, say)
    bare = frame.with_columns(
        verdict=pl.lit(answer.verdict), role=pl.lit(answer.role), reason=pl.lit("")
    )
    alone = np.array([answer.alone])
    references, lines = fitting(references_of(request, say), request.references, everybody)
    for line in lines:
        say(line)
    weighed = weigh(
        bare,
        everybody,
        lists,
        request.lang,
        alone=alone,
        ends=edges[edges <= end],
        rules=request.rules,
        references=references,
    )
    row = weighed.scores.row(0, named=True)
    mended = replace(answer, verdict=row["verdict"], role=row["role"], others=row["reason"])
    names = weighed.tape.fills.account_names
    mine = np.flatnonzero(names == row["account_id"])
    if weighed.transfers is None or weighed.evidence is None or not len(mine):
        return mended, None
    now = weighed.transfers.take(weighed.transfers.window_end == end)
    money = money_moved(
        weighed.tape, weighed.transfers, weighed.evidence, request.rules, weighed.references
    )
    return mended, _figures(now, int(mine[0]), names, lists, money)


def _figures(
    now: Transfers,
    account: int,
    names: NDArray[np.object_],
    lists: AccountLists,
    money: MoneyMoved | None,
) -> LedgerFigures:
    linked = lists.linked(names, now.loser, now.gainer, now.window_end - 1)
    own = (now.loser == account) | (now.gainer == account)
    return LedgerFigures(
        transfers=now,
        account=account,
        linked=bool((linked & own).any()),
        money=money,
    )


def _answer(scores: Scores, at: int, threshold: float) -> Answer:
    return Answer(
        probability=float(scores.probability[at]),
        threshold=threshold,
        verdict=str(scores.verdict[at]),
        role=str(scores.role[at]),
        reason=str(scores.reason[at]),
        alone=bool(scores.alone[at]),
    )


def write_explanation(explanation: Explanation, folder: Path) -> None:
    """Write `explanation.html`, `picture.png` and `chart.svg`."""
    with whole_folder(folder) as staging:
        (staging / "explanation.html").write_text(explanation.page, encoding="utf-8")
        (staging / "picture.png").write_bytes(explanation.picture)
        (staging / "chart.svg").write_text(explanation.chart, encoding="utf-8")


def _trades_of(
    request: ScoreRequest, account: str, symbol: str, candles: Candles, say: Say
) -> _Trades:
    """The trades of one account and symbol, and of those that it may have met there."""
    options = request.trade_options
    if request.trades.is_dir():
        # The files of a folder may name a symbol each, and --symbol chooses among them.
        options = replace(options, symbol=None)
    trades = _read(request.trades, options, account, symbol, say)
    symbols = sorted(trades.mine["symbol"].unique())
    one_symbol = options != request.trade_options and symbol in candles.symbol_names
    if symbol not in symbols and one_symbol:
        # Else they are one symbol's files of several months: all of them is what `score` takes.
        trades = _read(request.trades, request.trade_options, account, symbol, say)
    if trades.mine.filter(pl.col("symbol") == symbol).is_empty():
        listed = ", ".join(symbols[:LISTED])
        raise InputError(f"--symbol {symbol}: account {account} traded only {listed}")
    return trades


def _read(path: Path, options: ReadOptions, account: str, symbol: str, say: Say) -> _Trades:
    """Every block is read, so that all rows are checked."""
    mine, everybody, reports, others, accounts = [], [], [], set[str](), 0
    rejects = []
    with closing(trade_blocks(path, options)) as blocks:
        for block in blocks:
            mine.append(block.frame.filter(pl.col("account_id") == account))
            everybody.append(block.frame.filter(pl.col("symbol") == symbol).select(COLUMNS))
            reports.append(block.report)
            rejects.append(block.rejects)
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
    skipped = pl.concat(rejects, how="diagonal")
    return _Trades(mine=frame, everybody=pl.concat(everybody), rejects=skipped)


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
