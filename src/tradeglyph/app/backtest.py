"""Backtests a model on traffic without labels: `backtest.json` and `backtest.html`."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, tzinfo
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.app.counterparties import MOST_TRADES, names_other_sides
from tradeglyph.app.rule_texts import sections_of
from tradeglyph.app.rulings import Rulings, planted_rulings, rulings, trades_of
from tradeglyph.app.scoring import day_spans_of, score_windows
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.domain.fills import Fills
from tradeglyph.domain.instants import rfc3339
from tradeglyph.domain.verdicts import Role
from tradeglyph.domain.windows import Windows
from tradeglyph.drawing.backtest import render_backtest
from tradeglyph.learning.alert_spans import NO_ALERT, AlertSpans
from tradeglyph.learning.backtest import (
    Answers,
    Grouping,
    Halves,
    PlantedWindows,
    backtest,
    compare,
)
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.pipeline.account import DaySpans
from tradeglyph.pipeline.cut import cut
from tradeglyph.pipeline.rules import Rules
from tradeglyph.pipeline.score import Scores
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.results.atomic import whole_folder
from tradeglyph.simulate.planting import grades
from tradeglyph.simulate.planting.grades import GRADES
from tradeglyph.simulate.planting.plant import Planted, plant

FORMAT = 2
"""Version of the layout of `backtest.json`; since 2, alerts are verdicts of `score`."""

ROLES = (Role.BENEFICIARY.value, Role.VICTIM.value)

EVERY = 0.0
"""A threshold that flags every answered window, so that each gets a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRequest:
    """What to try, on how much, and how to tell of it."""

    scorer: OnnxScorer
    candidate: OnnxScorer | None = None
    """Another model, to be shown beside it."""
    budgets: tuple[float, ...] = (20.0, 50.0, 200.0)
    """Alerts a day that thresholds are sought for."""
    plants: int = 400
    """Transfers to plant, where there is room."""
    seed: int = 0
    lang: Lang = "en"
    zone: tzinfo = UTC
    """Whose midnights cut the days, for naming them."""
    rules: Rules = field(default_factory=Rules)
    """What counts as a flow of money."""
    data: dict[str, Any] = field(default_factory=dict)
    """What is known of the data, for the report's foot."""
    trades: pl.DataFrame | None = None
    """Everybody's trades, normalised, with the other sides where they are known: what the windows
    were cut from. Their fills alone where None."""


def backtest_windows(
    windows: Windows, candles: Candles, request: BacktestRequest, folder: Path
) -> dict[str, Any]:
    """Write `backtest.json` and `backtest.html` into `folder` and return what the former holds.

    Raises InputError where there is no window, or no day with room for a plant, and MissingExtra
    without the extra plot.
    """
    for module, package in (("jinja2", "jinja2"), ("scipy", "scikit-learn")):
        if find_spec(module) is None:
            raise MissingExtra(package, "plot")
    if not len(windows):
        raise InputError("there is no window to backtest on: the trades hold no fill")
    planted = plant(windows, candles, plants=request.plants, seed=request.seed)
    if not len(planted.plants):
        raise InputError(
            "no transfer can be planted: that needs candles at least "
            f"{grades.LEAST_TICKS} ticks tall on the days and in the symbols that accounts traded"
        )
    trades = trades_of(windows.fills) if request.trades is None else request.trades
    traffic = _Traffic.of(windows, candles, trades, planted)
    result = _result(traffic, planted, request)
    page = render_backtest(result, lang=request.lang)
    with whole_folder(folder) as staging:
        text = json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False)
        (staging / "backtest.json").write_text(text + "\n", encoding="utf-8")
        (staging / "backtest.html").write_text(page, encoding="utf-8")
    return result


# The copy -----------------------------------------------------------------------------------


def _copy(windows: Windows, planted: Planted) -> Windows:
    """The days of all accounts that took part, over all symbols, with the planted fills."""
    days = np.unique(windows.start)
    day = windows.account.astype(np.int64) * len(days) + np.searchsorted(days, windows.start)
    own = windows.fills.take(np.isin(day, day[planted.hosts])[windows.owner])
    columns = ("account", "symbol", "time", "side", "price", "quantity")
    fills = Fills(
        **{c: np.concatenate([getattr(own, c), getattr(planted.fills, c)]) for c in columns},
        account_names=planted.fills.account_names,
        symbol_names=planted.fills.symbol_names,
    )
    return cut(fills, np.unique(np.concatenate([windows.start, windows.end])))


def _sides(copy: Windows, planted: Planted) -> NDArray[np.int64]:
    """The window of the copy that is each plant's beneficiary's, then each victim's."""
    plants = planted.plants
    sides = np.concatenate([plants.beneficiary, plants.victim])
    twice = np.tile(np.arange(len(plants)), 2)
    key = _key(copy, copy.account, copy.symbol, copy.start)
    order = np.argsort(key)
    asked = _key(copy, sides, plants.symbol[twice], plants.window_start[twice])
    return order[np.searchsorted(key[order], asked)]


def _truth(copy: Windows, planted: Planted) -> PlantedWindows:
    """What is true of the windows of `_sides`."""
    plants = planted.plants
    number = np.tile(np.arange(len(plants)), 2)
    gains = np.arange(2 * len(plants)) < len(plants)
    own = np.concatenate([plants.beneficiary_fills, plants.victim_fills])
    start, symbol = plants.window_start[number], plants.symbol[number]
    _, world = np.unique(_key(copy, 0, symbol, start), return_inverse=True)
    return PlantedWindows(
        start=start,
        plant=number,
        role=np.array(ROLES, dtype=object)[(~gains).astype(np.int64)],
        money=plants.money[number],
        world=world,
        grade=Grouping(names=tuple(grade.name for grade in GRADES), code=plants.grade[number]),
        kinds={
            "trips": _binned(plants.trips[number], (3, 6, 9), ("1-2", "3-5", "6-8", "9-12")),
            "share": _binned(plants.share[number], (0.02, 0.1), ("<2%", "2-10%", ">10%")),
            "cover": _binned(own, (1, 10, 50), ("0", "1-9", "10-49", "50+")),
            "role": Grouping(names=ROLES, code=(~gains).astype(np.int64)),
        },
    )


def _key(
    windows: Windows, account: Any, symbol: NDArray[np.int32], start: NDArray[np.int64]
) -> NDArray[np.int64]:
    """One number for account, symbol and day."""
    days = np.unique(windows.start)
    day = np.searchsorted(days, start)
    symbols = len(windows.fills.symbol_names)
    return (np.asarray(account, dtype=np.int64) * symbols + symbol) * len(days) + day


def _binned(values: NDArray[Any], edges: tuple[float, ...], names: tuple[str, ...]) -> Grouping:
    """Bins between `edges`, the lower end included; NaN in a bin of its own at the end."""
    at = np.searchsorted(edges, values, side="right")
    code = np.where(np.isnan(values), len(names), at)
    return Grouping(names=(*names, "unknown"), code=code.astype(np.int64))


# Scoring ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Traffic:
    """The traffic and its copy with the plants."""

    windows: Windows
    candles: Candles
    trades: pl.DataFrame
    planted: Planted
    copy: Windows
    sides: NDArray[np.int64]
    """Per planted window: its place in `copy`."""
    hosts: NDArray[np.int64]
    """Its place in `windows`; -1 for an account that did not trade there."""

    @classmethod
    def of(
        cls, windows: Windows, candles: Candles, trades: pl.DataFrame, planted: Planted
    ) -> "_Traffic":
        copy = _copy(windows, planted)
        sides = _sides(copy, planted)
        asked = copy.take(sides)
        own = _key(windows, windows.account, windows.symbol, windows.start)
        wanted = _key(windows, asked.account, asked.symbol, asked.start)
        order = np.argsort(own)
        at = order[np.minimum(np.searchsorted(own[order], wanted), len(own) - 1)]
        return cls(
            windows=windows,
            candles=candles,
            trades=trades,
            planted=planted,
            copy=copy,
            sides=sides,
            hosts=np.where(own[at] == wanted, at, -1),
        )

    @property
    def weighed(self) -> bool:
        """Whether `score` would look at everybody's trades."""
        return len(self.trades) <= MOST_TRADES


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruled:
    """What everybody's trades say of the windows, the same for every model."""

    traffic: Rulings
    planted: Rulings

    @classmethod
    def of(cls, traffic: _Traffic, scores: Scores, planted: Scores, rules: Rules) -> "_Ruled":
        """`scores` and `planted` are those of any model: only what is no model's is read."""
        windows = traffic.windows
        if not traffic.weighed:
            return cls(traffic=Rulings.none(len(windows)), planted=Rulings.none(len(planted.alone)))
        early = np.isin(windows.start, Halves.of(windows.start).early)
        return cls(
            traffic=rulings(
                windows,
                traffic.trades,
                ends=np.unique(windows.end),
                alone=scores.alone,
                split=int(windows.end[early].max()),
                rules=rules,
            ),
            planted=planted_rulings(
                traffic.copy.take(traffic.sides),
                traffic.trades,
                traffic.planted,
                ends=np.unique(windows.end),
                alone=planted.alone,
                rules=rules,
                threads=os.cpu_count() or 1,
            ),
        )


def _answers(
    traffic: _Traffic, scorer: OnnxScorer, ruled: _Ruled | None, rules: Rules
) -> tuple[Answers, _Ruled]:
    """With the rulings, which are the same for every model, where there are none yet."""
    candles, sides, hosts = traffic.planted.candles, traffic.sides, traffic.hosts
    scores = score_windows(traffic.windows, traffic.candles, scorer, NO_ALERT, "en")
    asked = score_windows(traffic.copy, candles, scorer, EVERY, "en")
    days = day_spans_of(scores, traffic.windows, traffic.candles, scorer)
    days_after = day_spans_of(asked, traffic.copy, candles, scorer).take(sides)
    asked = asked.take(sides)
    ruled = ruled or _Ruled.of(traffic, scores, asked, rules)
    spans, side = _spans(scores, days, ruled.traffic), ruled.planted.role
    answers = Answers(
        probability=scores.probability,
        traffic=spans,
        planted=_spans(asked, days_after, ruled.planted),
        role=np.where(side != "", side, asked.role),
        day_role=days_after.role,
        before=spans.take(hosts),
        answered_before=(hosts >= 0) & ~np.isnan(scores.probability[hosts]),
    )
    return answers, ruled


def _spans(scores: Scores, days: DaySpans, ruled: Rulings) -> AlertSpans:
    """At which thresholds `score` ends with `review` or `hold`."""
    return AlertSpans(
        below=np.where(scores.casual | ruled.cleared, np.nan, scores.probability),
        day_from=np.where(ruled.cleared, np.nan, days.least),
        day_below=np.where(ruled.cleared, np.nan, days.below),
        always=ruled.odd,
        held=ruled.held,
    )


# The result ---------------------------------------------------------------------------------


def _result(traffic: _Traffic, planted: Planted, request: BacktestRequest) -> dict[str, Any]:
    scorers = {"current": request.scorer}
    if request.candidate is not None:
        scorers["candidate"] = request.candidate
    windows, candles = traffic.windows, traffic.candles
    truth = _truth(traffic.copy, planted)
    answers, ruled = {}, None
    for name, scorer in scorers.items():
        answers[name], ruled = _answers(traffic, scorer, ruled, request.rules)
    figures = {
        name: backtest(windows.start, truth, said, request.budgets, seed=request.seed)
        for name, said in answers.items()
    }
    return {
        "format": FORMAT,
        "rules": sections_of(request.rules),
        "seed": request.seed,
        "data": {**_data(windows, candles, answers["current"]), **request.data},
        "verdicts": _judged_by(traffic),
        "split": _split(windows, request.zone),
        "planting": _planting(planted, request),
        "models": {name: _model(scorer) for name, scorer in scorers.items()},
        "figures": figures,
        "changes": _changes(windows, answers, truth, figures, request.zone),
    }


def _judged_by(traffic: _Traffic) -> str:
    """What verdicts rest on besides the model, as `score` of the same file would."""
    if not traffic.weighed:
        return "model"
    return "other_sides" if names_other_sides(traffic.trades) else "fills"


def _data(windows: Windows, candles: Candles, answers: Answers) -> dict[str, Any]:
    return {
        "sha256": data_sha256(windows, candles),
        "windows": len(windows),
        "answered": int((~np.isnan(answers.probability)).sum()),
        "accounts": len(np.unique(windows.account)),
        "symbols": len(np.unique(windows.symbol)),
        "fills": int(windows.trade_count.sum()),
        "days": len(np.unique(windows.start)),
    }


def data_sha256(windows: Windows, candles: Candles) -> str:
    """SHA-256, in hex, of the windows, their fills and the candles, as they were read.

    The same for the same trades in any order and format of the file.
    """
    digest = hashlib.sha256(b"tradeglyph traffic 1\n")
    fills = windows.fills
    for names in (fills.account_names, candles.symbol_names):
        digest.update(json.dumps([str(name) for name in names]).encode())
    for column in (
        windows.offset, windows.account, windows.symbol, windows.start, windows.end,
        fills.time, fills.side, fills.price, fills.quantity,
        candles.symbol, candles.start, candles.open, candles.high, candles.low, candles.close,
        candles.volume, candles.accounts,
    ):  # fmt: skip
        # There are many NaNs; here there is one.
        known = np.where(np.isnan(column), np.nan, column) if column.dtype.kind == "f" else column
        digest.update(np.int64(len(known)).tobytes() + np.ascontiguousarray(known).tobytes())
    return digest.hexdigest()


def _split(windows: Windows, zone: tzinfo) -> dict[str, Any]:
    halves = Halves.of(windows.start)
    parts = {"early": halves.early, "late": halves.late}
    return {
        "ordered": halves.ordered,
        **{
            name: {
                "days": len(days),
                "first_day": rfc3339(int(days[0]), zone)[:10],
                "last_day": rfc3339(int(days[-1]), zone)[:10],
                "windows": int(np.isin(windows.start, days).sum()),
            }
            for name, days in parts.items()
        },
    }


def _planting(planted: Planted, request: BacktestRequest) -> dict[str, Any]:
    plants = planted.plants
    return {
        "asked": request.plants,
        "planted": len(plants),
        "in_own_days": int((plants.beneficiary_fills > 0).sum() + (plants.victim_fills > 0).sum()),
        "strangers": int((plants.beneficiary_fills == 0).sum() + (plants.victim_fills == 0).sum()),
        "trips": int(plants.trips.sum()),
        "money": float(plants.money.sum()),
        "grades": [asdict(grade) for grade in GRADES],
        "most_trips": grades.MOST_TRIPS,
        "least_share": grades.LEAST_SHARE,
        "most_share": grades.MOST_SHARE,
        "large_share": grades.LEAST_LARGE_SHARE,
        "least_ticks": grades.LEAST_TICKS,
    }


def _model(scorer: OnnxScorer) -> dict[str, Any]:
    card = scorer.artifact.card
    return {
        "name": scorer.name,
        "weights_sha256": card.weights_sha256,
        "picture": f"{card.picture.name} {card.picture.hash}",
        "threshold": card.threshold,
    }


def _changes(
    windows: Windows,
    answers: dict[str, Answers],
    truth: PlantedWindows,
    figures: dict[str, Any],
    zone: tzinfo,
) -> list[dict[str, Any]]:
    """Per budget: what the candidate changes; nothing without one."""
    if "candidate" not in answers:
        return []
    current, candidate = (figures[name]["budgets"] for name in ("current", "candidate"))
    thresholds = [(a["threshold"], b["threshold"]) for a, b in zip(current, candidate, strict=True)]
    found = compare(windows.start, answers["current"], answers["candidate"], truth, thresholds)
    return [
        {
            "alerts_per_day": budget["alerts_per_day"],
            **change,
            **{
                kind: {
                    "count": change[kind]["count"],
                    "windows": list(_named(windows, answers, change[kind]["windows"], zone)),
                }
                for kind in ("newly", "no_longer")
            },
        }
        for budget, change in zip(current, found, strict=True)
    ]


def _named(
    windows: Windows, answers: dict[str, Answers], which: Sequence[int], zone: tzinfo
) -> Iterator[dict[str, Any]]:
    names = windows.fills
    for at in which:
        yield {
            "account_id": str(names.account_names[windows.account[at]]),
            "symbol": str(names.symbol_names[windows.symbol[at]]),
            "window_start": rfc3339(int(windows.start[at])),
            "day": rfc3339(int(windows.start[at]), zone)[:10],
            "current": _known(answers["current"].probability[at]),
            "candidate": _known(answers["candidate"].probability[at]),
        }


def _known(probability: float) -> float | None:
    return None if np.isnan(probability) else float(probability)
