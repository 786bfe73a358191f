"""Evaluates a model on labelled windows: `metrics.json` and `report.html`."""

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.app.chart import window_chart
from tradeglyph.app.counterparties import SIDES, names_other_sides, weigh
from tradeglyph.app.proofs import Effort, Truth, proofs
from tradeglyph.app.rule_texts import sections_of
from tradeglyph.app.scoring import score_frame, score_windows, with_accounts
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.instants import rfc3339
from tradeglyph.domain.lists import AccountLists
from tradeglyph.domain.references import ReferencePrices
from tradeglyph.domain.schema import SCORES
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.domain.windows import Windows
from tradeglyph.drawing.report import Case, render_report
from tradeglyph.learning.crossfit import Worlds, crossfit
from tradeglyph.learning.dataset import label_windows
from tradeglyph.learning.day_shares import day_shares
from tradeglyph.learning.intervals import exact_share
from tradeglyph.learning.metrics import Judged, jsonable, measure
from tradeglyph.learning.verdicts import held_and_quiet, verdict_table
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.picture.columns import columns_of
from tradeglyph.picture.encode import encode_png
from tradeglyph.picture.fast import draw
from tradeglyph.picture.preview import preview
from tradeglyph.pipeline.place import place
from tradeglyph.pipeline.rules import Rules
from tradeglyph.pipeline.score import Scores
from tradeglyph.recognizers.economics import gross_money
from tradeglyph.recognizers.features import features_of
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.results.atomic import whole_folder
from tradeglyph.simulate.parts import UNTELLABLE, parts
from tradeglyph.simulate.population import simulated_names

CHUNK = 1024
CASES_PER_KIND = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRequest:
    """What to judge, and how to tell of it."""

    scorer: OnnxScorer
    threshold: float | None = None
    """The card's where None."""
    lang: Lang = "en"
    data: dict[str, Any] = field(default_factory=dict)
    """What is known of the data, for the report's head."""
    trades: pl.DataFrame | None = None
    """Everybody's trades, normalised: with the other sides in them the verdicts are judged once
    more as `score` reaches them then."""
    references: ReferencePrices | None = None
    """Quoted prices to measure money against."""
    effort: Effort = field(default_factory=Effort)
    """How much is spent on artefact tests, invariances, what is left out, and evasion."""
    parts: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    """Scores of parts of the model, or of other models, by name: one per window, in the windows'
    order; NaN where there is no answer. They stand beside the model in every table."""
    rules: Rules = field(default_factory=Rules)


def evaluate_windows(
    windows: Windows,
    candles: Candles,
    labels: pl.DataFrame,
    request: EvaluationRequest,
    folder: Path,
) -> dict[str, Any]:
    """Write `metrics.json` and `report.html` into `folder` and return the metrics.

    Windows without a label are left out. Raises InputError where none has one.
    """
    scorer = request.scorer
    card = scorer.artifact.card
    threshold = scorer.threshold if request.threshold is None else request.threshold
    alone = score_windows(windows, candles, scorer, threshold, request.lang)
    scores = with_accounts(alone, windows, candles, scorer, threshold, request.lang)
    frame = _with_truth(score_frame(windows, scores, scorer.name), labels)
    known = np.flatnonzero(frame["label"].is_not_null().to_numpy())
    if not len(known):
        raise InputError("no window has a label: compare account_id, symbol and window_start")
    worlds = _worlds(windows, candles, scorer).take(known)
    judged = _judged(windows, scores, frame, known, threshold, worlds, request.parts)
    metrics = measure(judged, alert_budget=card.alert_budget, prior=card.prior)
    truth = Truth(judged=judged, worlds=worlds, rows=known, symbol=windows.symbol[known])
    metrics["rules"] = sections_of(request.rules)
    metrics |= jsonable(proofs(windows, candles, scorer, truth, request.effort))
    told = _Told(
        frame=frame.select(SCORES),
        alone=scores.alone,
        added=scores.verdict != alone.verdict,
        rules=request.rules,
    )
    metrics |= _verdicts(told, known, judged, windows, request)
    metrics |= _weighed(told, known, judged, request)
    cases = list(_gallery(windows, candles, frame, known, request))
    page = render_report(
        metrics=metrics,
        card=card.model_dump(mode="json"),
        cases=cases,
        data={**_facts(frame, known, windows), **request.data},
        lang=request.lang,
    )
    with whole_folder(folder) as staging:
        text = json.dumps(metrics, indent=2, ensure_ascii=False, allow_nan=False)
        (staging / "metrics.json").write_text(text + "\n", encoding="utf-8")
        (staging / "report.html").write_text(page, encoding="utf-8")
    return metrics


def _with_truth(frame: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Scores with `scenario`, `label` and `role_true` beside them."""
    truth = label_windows(frame.select("account_id", "symbol", "window_start"), labels)
    return frame.with_columns(truth["scenario"], truth["label"], truth["role"].alias("role_true"))


def _judged(
    windows: Windows,
    scores: Scores,
    frame: pl.DataFrame,
    known: NDArray[np.intp],
    threshold: float,
    worlds: Worlds,
    beside: Mapping[str, NDArray[np.float64]],
) -> Judged:
    label = (frame["label"][known] == "fraud").to_numpy().astype(np.int8)
    scenario = frame["scenario"].fill_null("").to_numpy().astype(object)[known]
    group = frame.select(
        pl.col("symbol") + "|" + pl.col("window_start").dt.strftime("%Y-%m-%d")
    ).to_series()[known]
    baselines = crossfit(worlds, label, group.to_numpy().astype(str))
    answered = ~np.isnan(scores.probability[known])
    return Judged(
        label=label,
        score=scores.probability[known],
        scenario=scenario,
        role_true=frame["role_true"].fill_null("").to_numpy().astype(object)[known],
        role_said=scores.role[known],
        flagged=scores.flagged[known],
        money=worlds.money,
        group=group.to_numpy().astype(object),
        threshold=threshold,
        baselines={name: np.where(answered, s, np.nan) for name, s in baselines.items()},
        parts={name: score[known] for name, score in beside.items()},
        ambiguous=(label == 0) & np.isin(scenario.astype(str), _ambiguous()),
        untellable=(label == 1) & np.isin(scenario.astype(str), UNTELLABLE),
        account=windows.fills.account_names[windows.account[known]],
        start=windows.start[known],
    )


def _ambiguous() -> list[str]:
    """Simulated scenarios that fills alone cannot tell from fraud."""
    return [part.name for part in parts() if part.kind == "ambiguous"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """Scores of all windows, before a look at everybody's trades."""

    frame: pl.DataFrame
    alone: NDArray[np.bool_]
    rules: Rules
    added: NDArray[np.bool_]
    """Under review for nothing but the account's day over all symbols."""

    def weighed(self, trades: pl.DataFrame, request: EvaluationRequest) -> pl.DataFrame:
        """After it."""
        return weigh(
            self.frame,
            trades,
            AccountLists(),
            request.lang,
            alone=self.alone,
            rules=self.rules,
            references=request.references,
        ).scores


def _weighed(
    told: _Told, known: NDArray[np.intp], judged: Judged, request: EvaluationRequest
) -> dict[str, Any]:
    """The verdicts with the other sides known, and on which side the held accounts really were."""
    if request.trades is None or not names_other_sides(request.trades):
        return {}
    weighed = told.weighed(request.trades, request)[known]
    verdict, role = (weighed[n].to_numpy().astype(object) for n in ("verdict", "role"))
    held = (verdict == Verdict.HOLD.value) & (judged.label == 1) & (judged.role_true != "")
    right = exact_share(int((role == judged.role_true)[held].sum()), int(held.sum()))
    table = verdict_table(verdict, judged.scenario, parts(), counterparties=True)
    acted = held_and_quiet(verdict, judged.scenario, judged.fraud, parts())
    return jsonable(
        {"verdicts_with": table, "held_role_right": right.to_json(), "with_other_sides": acted}
    )


def _verdicts(
    told: _Told,
    known: NDArray[np.intp],
    judged: Judged,
    windows: Windows,
    request: EvaluationRequest,
) -> dict[str, Any]:
    """Shares of hold, review and quiet as `score` reaches them without the other sides, beside what
    simulated accounts may be told, and what the days of accounts in several symbols add."""
    scores = told.frame
    if request.trades is not None:
        scores = told.weighed(request.trades.drop(SIDES, strict=False), request)
    verdict = scores["verdict"][known].to_numpy().astype(object)
    up = (verdict == Verdict.REVIEW.value) | (verdict == Verdict.HOLD.value)
    account, start = windows.account[known], windows.start[known]
    days = day_shares(account, start, judged.label == 1, up, told.added[known])
    table = verdict_table(verdict, judged.scenario, parts())
    return jsonable({"verdicts": table, "account_days": days})


def _worlds(windows: Windows, candles: Candles, scorer: OnnxScorer) -> Worlds:
    """What the baselines read, chunk by chunk, so that rasters never pile up."""
    spec = scorer.artifact.spec

    def one(first: int) -> Worlds:
        placed = place(windows.slice(first, min(first + CHUNK, len(windows))), candles)
        columns = columns_of(placed, candles)
        named = dict(features_of(placed, columns).named())
        raster = draw(placed, candles, spec, columns)
        return Worlds(
            dots=placed.windows.trade_count.astype(np.float64),
            pixels=Worlds.pixels_of(raster, spec),
            features=np.stack(list(named.values()), axis=1),
            feature_names=tuple(named),
            money=gross_money(placed),
        )

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        chunks = list(pool.map(one, range(0, max(len(windows), 1), CHUNK)))
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(chunk, name) for chunk in chunks])
        for name in ("dots", "pixels", "features", "money")
    }
    return replace(chunks[0], **joined)


def _gallery(
    windows: Windows,
    candles: Candles,
    frame: pl.DataFrame,
    known: NDArray[np.intp],
    request: EvaluationRequest,
) -> Iterator[Case]:
    probability = frame["probability"].fill_null(-1.0).to_numpy()[known]
    fraud = (frame["label"][known] == "fraud").to_numpy()
    flagged = frame["flagged"].to_numpy()[known]
    answered = probability >= 0
    kinds: tuple[tuple[Literal["hit", "miss", "false_alarm"], NDArray[np.bool_], int], ...] = (
        ("hit", fraud & flagged, -1),
        ("miss", fraud & ~flagged & answered, 1),
        ("false_alarm", ~fraud & flagged, -1),
    )
    scenario = frame["scenario"].to_numpy()[known]
    for kind, which, order in kinds:
        picked = _one_of_each(np.flatnonzero(which), scenario, order * probability)
        for at in picked[:CASES_PER_KIND]:
            yield _case(kind, int(known[at]), windows, candles, frame, request)


def _one_of_each(
    which: NDArray[np.intp], scenario: NDArray[np.object_], key: NDArray[np.float64]
) -> list[int]:
    """Positions by rising key, first the best of every scenario, then the rest."""
    ordered = which[np.argsort(key[which], kind="stable")]
    _, first = np.unique(scenario[ordered].astype(str), return_index=True)
    leading = np.sort(first)
    return [int(at) for at in (*ordered[leading], *np.delete(ordered, leading))]


def _case(
    kind: Literal["hit", "miss", "false_alarm"],
    at: int,
    windows: Windows,
    candles: Candles,
    frame: pl.DataFrame,
    request: EvaluationRequest,
) -> Case:
    row = frame.row(at, named=True)
    part = windows.slice(at, at + 1)
    spec = request.scorer.artifact.spec
    raster = draw(place(part, candles), candles, spec)[0]
    return Case(
        title_kind=kind,
        account=row["account_id"],
        symbol=row["symbol"],
        window_start=rfc3339(int(windows.start[at])),
        scenario=row["scenario"],
        probability=row["probability"],
        verdict=row["verdict"],
        role=row["role"],
        reason=row["reason"],
        picture_png=encode_png(raster if spec.is_rgb else preview(raster, spec)),
        chart_svg=window_chart(part, candles, 0, request.lang),
    )


def _facts(frame: pl.DataFrame, known: NDArray[np.intp], windows: Windows) -> dict[str, Any]:
    judged = frame[known]
    return {
        "first_day": rfc3339(int(windows.start[known].min()))[:10],
        "last_day": rfc3339(int(windows.start[known].max()))[:10],
        "accounts": judged["account_id"].n_unique(),
        "symbols": judged["symbol"].n_unique(),
        "fills": int(windows.trade_count[known].sum()),
        "simulated": set(judged["scenario"]) <= simulated_names(),
    }
