"""The page of an evaluation: `report.html`, self-contained, without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tradeglyph.drawing.formats import interval, number, percent, percent_range, ratio, stated
from tradeglyph.drawing.headline import Headline, headline
from tradeglyph.drawing.page import data_uri, render, trusted, verdict_class
from tradeglyph.drawing.report_proofs import proof_view
from tradeglyph.drawing.svg import Series, bar_chart, curve_chart, reliability_chart
from tradeglyph.drawing.texts import TEXTS, scenario_title, speaker, text
from tradeglyph.recognizers.reasons import Lang

Kind = Literal["hit", "miss", "false_alarm"]
Figures = Mapping[str, Any]
View = dict[str, Any]

KINDS: tuple[Kind, ...] = ("hit", "miss", "false_alarm")
_LOWEST_RATE = 1e-5
LONG_TABLE, WORST_ROWS = 12, 8
"""A table of more rows than the first shows as many as the second before it is unfolded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry of the gallery."""

    title_kind: Kind
    account: str
    symbol: str
    window_start: str
    scenario: str
    probability: float | None
    verdict: str
    """`quiet`, `review` or `hold`."""
    reason: str
    picture_png: bytes
    """What the model read, as people can see it."""
    chart_svg: str
    """From `svg.candlestick_chart`; put in unescaped."""
    role: str = ""


def render_report(
    *, metrics: Figures, card: Figures, cases: Sequence[Case], data: Figures, lang: Lang
) -> str:
    """The page of one evaluation.

    `metrics` is what `measure` gives, `card` a model's card, `data` what is known of the data:
    any of `description`, `first_day`, `last_day`, `trades`, `candles`, `labels`, `accounts`,
    `symbols`, `fills`, `seed`, `hash`, `simulated`, or keys of one's own. What is missing in any
    of them is left out or shown as a dash. No wall-clock time: same input, same page.

    Raises MissingExtra where jinja2 is not installed.
    """
    view = {
        **_head(metrics, card, data, lang),
        **_scenarios(metrics, lang),
        **_curves(metrics, lang),
        **_areas(metrics, lang),
        **_production(metrics, lang),
        **_money_and_role(metrics, lang),
        **proof_view(metrics, lang),
        "gallery": _gallery(cases, lang),
        **_foot(metrics, card, data, lang),
    }
    return render("report.html.j2", view, lang)


def _at(figures: Any, *path: str) -> Any:
    """The entry at a path of keys; None where there is none."""
    for key in path:
        figures = figures.get(key) if isinstance(figures, Mapping) else None
    return figures


def _list(figures: Any, *path: str) -> list[Any]:
    found = _at(figures, *path)
    return list(found) if isinstance(found, Sequence) and not isinstance(found, str) else []


# Head ---------------------------------------------------------------------------------------


def _head(metrics: Figures, card: Figures, data: Figures, lang: Lang) -> View:
    simulated = data.get("simulated", True)
    picture = f"{_at(card, 'picture', 'name') or ''} {_at(card, 'picture', 'hash') or ''}".strip()
    parts = [str(data.get("description") or ""), _days(data)]
    if data.get("seed") is not None:
        parts.append(f"{text('fact_seed', lang)} {data['seed']}")
    if picture:
        parts.append(f"{text('fact_picture', lang)} {picture}")
    return {
        "name": str(card.get("name") or ""),
        "subtitle": " · ".join(part for part in parts if part),
        "key_groups": _key_groups(headline(metrics, card, lang), lang),
        "limits": _sentences(
            ["limits_simulated" if simulated else "limits_labelled", "limits"], lang
        ),
    }


def _key_groups(top: Headline, lang: Lang) -> list[View]:
    """What can be acted on first; where no other side is known, that is said in its place."""
    missing = "" if top.with_sides else text("no_other_sides", lang)
    return [
        {"title": text("group_with_sides", lang), "tiles": top.with_sides, "missing": missing},
        {"title": text("group_fills_alone", lang), "tiles": top.fills_alone, "missing": ""},
    ]


def _sentences(keys: Sequence[str], lang: Lang) -> str:
    return (" " if lang == "en" else "").join(text(key, lang) for key in keys)


def _days(data: Figures) -> str:
    first, last = data.get("first_day"), data.get("last_day")
    return (
        str(first or last or "") if first == last or not (first and last) else f"{first} – {last}"
    )


# Flagged share per scenario -----------------------------------------------------------------


def _scenarios(metrics: Figures, lang: Lang) -> View:
    entries = _list(metrics, "scenarios")
    honest = [entry for entry in entries if entry.get("label") == "normal"]
    fraud = [entry for entry in entries if entry.get("label") == "fraud"]
    comparison = _at(metrics, "comparison") or {}
    recall, budget = percent(comparison.get("recall")), stated(comparison.get("false_alarms"))
    names = _baselines(metrics)
    return {
        "honest": {
            "caption": text("honest_caption", lang, recall=recall),
            "heads": _methods(names, lang),
            **_shown(
                _share_rows(honest, "share_at_same_recall", names, lang),
                _total(metrics, "honest", names, lang),
            ),
        },
        "fraud": {
            "caption": text("fraud_caption", lang, budget=budget),
            "heads": _methods(names, lang),
            **_shown(
                _share_rows(fraud, "share_at_same_false_alarms", names, lang),
                _total(metrics, "fraud", names, lang),
            ),
        },
        "marked": any(entry.get("untellable") or entry.get("ambiguous") for entry in entries),
        "finding": _finding(comparison, honest, names, lang),
        "over_budget": _over_budget(metrics, lang),
        "scenarios_note": _sentences(
            ["scenarios_note", *(f"about_{n}" for n in names if f"about_{n}" in TEXTS)], lang
        ),
    }


def _shown(rows: Sequence[View], total: Sequence[View]) -> View:
    """All rows where they are few; else the worst and the total, and the rest to be unfolded."""
    if len(rows) <= LONG_TABLE:
        return {"rows": [*rows, *total], "more": []}
    return {"rows": [*rows[:WORST_ROWS], *total], "more": rows[WORST_ROWS:]}


def _baselines(metrics: Figures) -> list[str]:
    return [str(name) for name in _at(metrics, "comparison", "baselines") or {}]


def _methods(names: Sequence[str], lang: Lang) -> list[str]:
    return [_headline(text(name, lang)) for name in ("model", *names)]


def _headline(words: str) -> str:
    return words[:1].upper() + words[1:]


def _share_rows(
    entries: Sequence[Figures], kind: str, names: Sequence[str], lang: Lang
) -> list[View]:
    """The rows of `entries`, the worst first: fraud caught least, honest accounts flagged most."""
    rows = []
    for entry in sorted(entries, key=lambda entry: _goodness(entry, kind, names)):
        flagged = entry.get("flagged") or {}
        others = [_cell(_at(entry, "baselines", name, kind)) for name in names]
        rows.append(
            {
                "title": scenario_title(str(entry.get("scenario")), lang),
                "mark": "†" if entry.get("untellable") or entry.get("ambiguous") else "",
                "windows": number(flagged.get("windows")),
                "cells": [_share_cell(flagged), *others],
                "total": False,
            }
        )
    return rows


def _goodness(entry: Figures, kind: str, names: Sequence[str]) -> tuple[float, float, str]:
    """Higher is better: the share that is flagged, of honest kinds the share that is not; where
    that is equal, the same of the first baseline."""
    better = 1.0 if entry.get("label") == "fraud" else -1.0
    own = _at(entry, "flagged", "value") or 0.0
    other = _at(entry, "baselines", names[0], kind) if names else None
    return better * own, better * (other or 0.0), str(entry.get("scenario"))


def _total(metrics: Figures, kind: str, names: Sequence[str], lang: Lang) -> list[View]:
    own, theirs = {
        "honest": ("false_positive_rate", "false_alarms_at_same_recall"),
        "fraud": ("recall", "recall_at_same_false_alarms"),
    }[kind]
    share = _at(metrics, "at_threshold", own) or {}
    if not share.get("windows"):
        return []
    others = [_cell(_at(metrics, "comparison", "baselines", name, theirs)) for name in names]
    return [
        {
            "title": text(f"all_{kind}", lang),
            "mark": "",
            "windows": number(share["windows"]),
            "cells": [_share_cell(share), *others],
            "total": True,
        }
    ]


def _share_cell(share: Figures) -> View:
    return _cell(share.get("value"), percent_range(share.get("low"), share.get("high")))


def _cell(value: float | None, sub: str = "") -> View:
    return {"text": percent(value), "width": f"{100 * (value or 0):.1f}", "sub": sub}


def _finding(
    comparison: Figures, honest: Sequence[Figures], names: Sequence[str], lang: Lang
) -> str:
    """The worst that the simplest baseline would do; nothing where the model is no better."""
    if not names or not honest or (comparison.get("recall") or 0) < 0.5:
        return ""

    def theirs(entry: Figures) -> float:
        return _at(entry, "baselines", names[0], "share_at_same_recall") or 0.0

    worst = max(honest, key=theirs)
    ours = _at(worst, "flagged", "value")
    if ours is None or theirs(worst) <= ours:
        return ""
    return text(
        "finding",
        lang,
        baseline=text(names[0], lang),
        scenario=scenario_title(str(worst["scenario"]), lang),
        theirs=percent(theirs(worst)),
        ours=percent(ours),
    )


def _over_budget(metrics: Figures, lang: Lang) -> str:
    rate = _at(metrics, "at_threshold", "false_positive_rate", "value")
    budget = metrics.get("alert_budget")
    if rate is None or budget is None or rate <= budget:
        return ""
    return text("over_budget", lang, rate=percent(rate), budget=stated(budget))


# Curves and areas ---------------------------------------------------------------------------


def _curves(metrics: Figures, lang: Lang) -> View:
    t = speaker(lang)
    drawn = _at(metrics, "curves") or {}
    view: View = {
        "roc": "",
        "pr": "",
        "roc_low": "",
        "pr_caption": "",
        **_reliability(metrics, lang),
    }
    if not _list(drawn, "model", "roc"):
        return view
    rate, recall = _working(metrics, "false_positive_rate"), _working(metrics, "recall")
    roc = _series(drawn, "roc", None if rate is None or recall is None else (rate, recall), lang)
    fraud, total = _at(metrics, "windows", "fraud"), _at(metrics, "windows", "total")
    return {
        **view,
        "roc": _roc(roc, t("roc_title"), lang),
        "roc_low": _roc(roc, t("roc_low_title"), lang, lowest=_LOWEST_RATE),
        "pr": trusted(
            curve_chart(
                _series(drawn, "pr", None, lang),
                title=t("pr_title"),
                x_label=t("axis_recall"),
                y_label=t("axis_precision"),
                step=True,
            )
        ),
        "pr_caption": t("pr_caption", share=percent(fraud / total if fraud and total else None)),
    }


def _roc(series: Sequence[Series], title: str, lang: Lang, lowest: float = 0.0) -> Any:
    """The curve from `lowest` to 1, on a logarithmic axis where `lowest` is over 0."""
    chart = curve_chart(
        series,
        title=title,
        x_label=text("axis_false", lang),
        y_label=text("axis_recall", lang),
        x_scale="log" if lowest else "linear",
        x_low=lowest,
        diagonal=True,
    )
    return trusted(chart)


def _working(metrics: Figures, name: str) -> float | None:
    value = _at(metrics, "at_threshold", name, "value")
    return None if value is None else float(value)


def _series(
    drawn: Figures, kind: str, mark: tuple[float, float] | None, lang: Lang
) -> list[Series]:
    series = []
    for name in ("model", *(key for key in drawn if key != "model")):
        points = _list(drawn, name, kind)
        if points:
            x, y = zip(*points, strict=True)
            own = mark if name == "model" else None
            series.append(Series(name=_headline(text(name, lang)), x=x, y=y, mark=own))
    return series


def _reliability(metrics: Figures, lang: Lang) -> View:
    bins = _list(metrics, "calibration", "bins")
    table = _at(metrics, "calibration") or {}
    if not bins:
        return {"reliability": "", "reliability_caption": "", "calibration_error": ""}
    chart = reliability_chart(
        *([b[key] for b in bins] for key in ("predicted", "observed", "low", "high")),
        title=text("reliability_title", lang),
        x_label=text("axis_predicted", lang),
        y_label=text("axis_observed", lang),
    )
    error, brier = percent(table.get("error")), number(table.get("brier"), 2)
    return {
        "reliability": trusted(chart),
        "reliability_caption": text("reliability_caption", lang, prior=stated(table.get("prior"))),
        "calibration_error": text("calibration_error", lang, error=error, brier=brier),
    }


def _areas(metrics: Figures, lang: Lang) -> View:
    ranking = _at(metrics, "ranking") or {}
    span = text("interval", lang)
    rows = []
    for name, figures in ranking.items():
        row = [_headline(text(name, lang))]
        for kind in ("roc_auc", "pr_auc"):
            figure = figures.get(kind) or {}
            ends = interval(ratio(figure.get("low")), ratio(figure.get("high")))
            row += [ratio(figure.get("value")), ends]
        rows.append(row)
    names = _baselines(metrics)
    aucs = [
        [
            scenario_title(str(entry["scenario"]), lang),
            ratio(entry.get("roc_auc")),
            *(ratio(_at(entry, "baselines", name, "roc_auc")) for name in names),
        ]
        for entry in _list(metrics, "scenarios")
        if entry.get("label") == "normal"
    ]
    return {
        "area_heads": [text("method", lang), "ROC-AUC", span, "PR-AUC", span],
        "areas": rows,
        "aucs": {
            "caption": text("auc_caption", lang),
            "heads": [text("scenario", lang), *_methods(names, lang)],
            "rows": aucs,
        },
    }


# At work ------------------------------------------------------------------------------------


def _production(metrics: Figures, lang: Lang) -> View:
    t = speaker(lang)
    heads = ("base_rate", "precision", "precision_low", "alerts_per_day", "false_alarms_per_day",
             "false_alarms_high")  # fmt: skip
    bases = [
        [
            stated(entry.get("base_rate")),
            percent(entry.get("precision")),
            percent(entry.get("precision_low")),
            number(entry.get("alerts_per_day")),
            number(entry.get("false_alarms_per_day")),
            number(entry.get("false_alarms_per_day_high")),
        ]
        for entry in _list(metrics, "at_threshold", "base_rates")
    ]
    return {
        "base_caption": t("base_caption", accounts=number(metrics.get("active_accounts"))),
        "base_heads": [t(head) for head in heads],
        "bases": bases,
        "alarm_heads": [t("alarms"), t("axis_false"), t("axis_recall"), t("remark")],
        "alarms": [
            [
                number(entry.get("false_alarms_per_day")),
                stated(entry.get("false_positive_rate")),
                percent(entry.get("recall")),
                "" if entry.get("resolved") else t("unresolved"),
            ]
            for entry in _list(metrics, "at_threshold", "recall_at_false_alarms_per_day")
        ],
    }


def _money_and_role(metrics: Figures, lang: Lang) -> View:
    money = _at(metrics, "money") or {}
    role = _at(metrics, "role") or {}
    caption = text("money_caption", lang, recall=percent(money.get("recall")))
    right = percent(_at(role, "right", "value"))
    heads = ("role_true", "windows", "role_right", "role_wrong", "role_unclear")
    return {
        "money": _money_chart(_list(money, "bins"), caption),
        "money_caption": caption,
        "role_caption": text("role_caption", lang, right=right),
        "role_heads": [text(head, lang) for head in heads],
        "roles": [
            [
                _headline(text(name, lang)),
                number(_at(entry, "right", "windows")),
                percent(_at(entry, "right", "value")),
                number(entry.get("wrong")),
                number(entry.get("unclear")),
            ]
            for name, entry in (role.get("by_role") or {}).items()
        ],
    }


def _money_chart(bins: Sequence[Figures], caption: str) -> Any:
    if not bins:
        return ""
    chart = bar_chart(
        [f"{number(b.get('from'))} – {number(b.get('to'))}" for b in bins],
        [_at(b, "recall", "value") for b in bins],
        low=[_at(b, "recall", "low") for b in bins],
        high=[_at(b, "recall", "high") for b in bins],
        title=caption,
    )
    return trusted(chart)


# Gallery ------------------------------------------------------------------------------------


def _gallery(cases: Sequence[Case], lang: Lang) -> list[View]:
    return [
        {
            "title": text(kind, lang),
            "empty": text(f"{kind}_none", lang),
            "cases": [_case(case, lang) for case in cases if case.title_kind == kind],
        }
        for kind in KINDS
    ]


def _case(case: Case, lang: Lang) -> View:
    who = {"account": case.account, "symbol": case.symbol, "window_start": case.window_start}
    return {
        "scenario": scenario_title(case.scenario, lang),
        "who": " · ".join(who.values()),
        "picture": data_uri(case.picture_png),
        "picture_alt": text("picture_alt", lang, **who),
        "chart": trusted(case.chart_svg),
        "probability": percent(case.probability),
        "verdict": text(case.verdict, lang) if case.verdict else "",
        "role": text(case.role, lang) if case.role else "",
        "verdict_class": verdict_class(case.verdict),
        "reason": case.reason,
    }


# Foot ---------------------------------------------------------------------------------------


def _foot(metrics: Figures, card: Figures, data: Figures, lang: Lang) -> View:
    windows = _at(metrics, "windows") or {}
    counts = {k: number(windows.get(k)) for k in ("total", "fraud", "normal", "groups")}
    answered = percent(windows.get("answered_share"))
    drawn = {key: number(metrics.get(key)) for key in ("bootstrap", "seed")}
    left = number(windows.get("not_applicable"))
    return {
        "how_windows": text("how_windows", lang, **counts, answered=answered, left=left),
        "how_intervals": text("how_intervals", lang, **drawn),
        "model_facts": _model_facts(card, metrics, lang),
        "data_facts": [
            (text(f"fact_{key}" if f"fact_{key}" in TEXTS else key, lang), _fact(value, lang))
            for key, value in data.items()
            if value not in (None, "")
        ],
    }


def _model_facts(card: Figures, metrics: Figures, lang: Lang) -> list[tuple[str, str]]:
    budget = card.get("alert_budget", metrics.get("alert_budget"))
    share = stated(budget) if budget is not None else ""
    picture = [_at(card, "picture", "name"), _at(card, "picture", "hash")]
    facts = {
        "name": card.get("name"),
        "picture": " · ".join(str(part) for part in picture if part),
        "weights": str(card.get("weights_sha256") or "")[:16],
        "threshold": metrics.get("threshold", card.get("threshold")),
        "alert_budget": text("fact_budget_value", lang, share=share) if share else "",
        "prior": stated(card["prior"]) if card.get("prior") is not None else "",
        "trained_on": _at(card, "data", "description"),
        "train_seed": _at(card, "data", "seed"),
        "train_hash": str(_at(card, "data", "hash") or "")[:16],
    }
    return [
        (text(f"fact_{key}", lang), _fact(value, lang))
        for key, value in facts.items()
        if value not in (None, "")
    ]


def _fact(value: Any, lang: Lang) -> str:
    if isinstance(value, bool):
        return text("yes" if value else "no", lang)
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return text("comma", lang).join(str(entry) for entry in value)
    return str(value)
