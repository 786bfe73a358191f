"""The page of a backtest: `backtest.html`, self-contained, without scripts."""

from collections.abc import Mapping, Sequence
from typing import Any

from tradeglyph.drawing.alert_curve import AlertCurve, Line, alert_curve
from tradeglyph.drawing.backtest_texts import BACKTEST_TEXTS, backtest_speaker
from tradeglyph.drawing.formats import number, percent, percent_range
from tradeglyph.drawing.page import render
from tradeglyph.recognizers.reasons import Lang

Figures = Mapping[str, Any]
View = dict[str, Any]

SHOWN = 20
"""So many windows a list of changes shows; `backtest.json` has more."""
TILES = 4
ACCOUNTS, MONEY = 1, 2
"""Positions in a point of a curve; alerts a day stand first."""


def render_backtest(result: Figures, *, lang: Lang) -> str:
    """The page of what `app.backtest` found. No wall-clock time: same input, same page.

    Raises MissingExtra where jinja2 is not installed.
    """
    say = backtest_speaker(lang)
    current = result["figures"]["current"]
    ordered = result["split"]["ordered"]
    view = {
        "say": say,
        "subtitle": " · ".join(model["name"] for model in result["models"].values()),
        "tiles": [_tile(entry, lang) for entry in current["budgets"][:TILES]],
        "split": _split(result["split"], lang),
        "budget_heads": [say(key) for key in _BUDGET_HEADS],
        "alerts": _alerts(result, lang),
        "models": [_model(name, figures, result, lang) for name, figures in _each(result)],
        "remarks": _remarks(current["budgets"], lang),
        "curves": list(_curves(result, lang)),
        "curve_caption": say("curve_caption" if ordered else "curve_caption_one_day"),
        "groups": _groups(current["budgets"], lang),
        "group_heads": [
            say("windows"),
            *(say("tile", budget=plain(entry["alerts_per_day"])) for entry in current["budgets"]),
        ],
        "changes": _changes(result, lang),
        **_how(result, lang),
    }
    return render("backtest.html.j2", view, lang)


def plain(budget: float) -> str:
    """A budget as its owner wrote it: 20, 0.5, 1,000."""
    return f"{budget:,.10g}"


def _each(result: Figures) -> list[tuple[str, Figures]]:
    return list(result["figures"].items())


# Budgets ------------------------------------------------------------------------------------

_BUDGET_HEADS = (
    "budget",
    "threshold",
    "alerts_early",
    "alerts_late",
    "accounts_early",
    "accounts_late",
    "money_late",
    "transfers_late",
)


def _tile(entry: Figures, lang: Lang) -> View:
    say = backtest_speaker(lang)
    accounts, money = entry["late"]["accounts"], entry["late"]["money"]
    return {
        "label": say("tile", budget=plain(entry["alerts_per_day"])),
        "value": percent(accounts["value"]),
        "notes": [
            say("tile_accounts", spread=_spread(accounts)),
            say("tile_money", money=percent(money["value"])),
            say("tile_threshold", threshold=f"{entry['threshold']!r}"),
        ],
    }


def _split(split: Figures, lang: Lang) -> str:
    values = {
        f"{part}_{key}": split[part][name]
        if key in ("first", "last")
        else number(split[part][name])
        for part in ("early", "late")
        for key, name in _SPLIT.items()
    }
    key = "split_ordered" if split["ordered"] else "split_one_day"
    return backtest_speaker(lang)(key, **values)


_SPLIT = {"days": "days", "first": "first_day", "last": "last_day", "windows": "windows"}


def _alerts(result: Figures, lang: Lang) -> list[str]:
    """What an alert is, and where other sides are known, what is held at any threshold."""
    say = backtest_speaker(lang)
    told = [say(f"alerts_{result['verdicts']}")]
    entry = result["figures"]["current"]["budgets"][0]
    if result["verdicts"] == "other_sides" and entry["held"]["windows"]:
        held, share = number(entry["late"]["held_per_day"]), percent(entry["held"]["value"])
        told.append(say("alerts_held", held=held, share=share))
    return told


def _model(name: str, figures: Figures, result: Figures, lang: Lang) -> View:
    """The table of one model; it is named where there are two."""
    say = backtest_speaker(lang)
    caption = say("budgets_caption")
    if len(result["figures"]) > 1:
        caption = f"{caption} · {say(name)} · {result['models'][name]['name']}"
    return {"caption": caption, "rows": [_budget_row(entry) for entry in figures["budgets"]]}


def _budget_row(entry: Figures) -> list[View]:
    early, late = entry["early"], entry["late"]
    return [
        {"text": plain(entry["alerts_per_day"]), "sub": ""},
        {"text": repr(entry["threshold"]), "sub": ""},
        {"text": number(early["alerts_per_day"]), "sub": ""},
        {"text": number(late["alerts_per_day"]), "sub": ""},
        _cell(early["accounts"]),
        _cell(late["accounts"]),
        _cell(late["money"]),
        _cell(late["transfers"]),
    ]


def _cell(share: Figures) -> View:
    return {"text": percent(share["value"]), "sub": _spread(share)}


def _spread(share: Figures) -> str:
    return percent_range(share["low"], share["high"])


def budget_remarks(budgets: Sequence[Figures], lang: Lang) -> list[str]:
    """A sentence for each budget that the data can't resolve: every window is an alert, or none, or
    the ledger alone raises more."""
    say = backtest_speaker(lang)
    remarks = []
    for entry in budgets:
        budget = plain(entry["alerts_per_day"])
        if entry["threshold"] == 0:
            remarks.append(say("budget_all", budget=budget))
        elif entry["early"]["alerts_per_day"] > entry["alerts_per_day"]:
            alerts = number(entry["early"]["alerts_per_day"])
            remarks.append(say("budget_ledger", budget=budget, alerts=alerts))
        elif not entry["early"]["alerts"]:
            remarks.append(say("budget_none", budget=budget))
    return remarks


def _remarks(budgets: Sequence[Figures], lang: Lang) -> list[str]:
    say = backtest_speaker(lang)
    remarks = budget_remarks(budgets, lang)
    # The widest budget says the most: it has the most windows to speak of.
    widest, late = budgets[-1], budgets[-1]["late"]
    budget = plain(widest["alerts_per_day"])
    flagged, alerts = (number(late[f"{kind}_per_day"]) for kind in ("flagged", "alerts"))
    remarks.append(say("flagged", budget=budget, flagged=flagged, alerts=alerts))
    for key in ("never", "alerts_before", "role_right"):
        if widest[key]["hits"]:
            share = percent(widest[key]["value"])
            remarks.append(say(key, share=share, budget=budget))
    return remarks


# Curves -------------------------------------------------------------------------------------


def _curves(result: Figures, lang: Lang) -> list[AlertCurve]:
    """By account, by money, and where there are two models, both of them."""
    current = result["figures"]["current"]
    if not current["curves"]:
        return []
    charts = [
        _chart("curve_accounts", _grades(current, ACCOUNTS, "accounts", lang), lang),
        _chart("curve_money", _grades(current, MONEY, "money", lang), lang),
    ]
    if len(result["figures"]) > 1:
        say = backtest_speaker(lang)
        both = [_line(say(n), f, "all", ACCOUNTS, "accounts") for n, f in _each(result)]
        charts.append(_chart("curve_models", both, lang))
    return charts


def _chart(title: str, lines: list[Line], lang: Lang) -> AlertCurve:
    say = backtest_speaker(lang)
    return alert_curve(
        lines, title=say(title), x_label=say("axis_alerts"), y_label=say("axis_recall")
    )


def _grades(figures: Figures, at: int, kind: str, lang: Lang) -> list[Line]:
    """All plants first, with the budgets' thresholds as dots."""
    say = backtest_speaker(lang)
    return [_line(say(name), figures, name, at, kind) for name in figures["curves"]]


def _line(title: str, figures: Figures, name: str, at: int, kind: str) -> Line:
    dots = [
        (entry["late"]["alerts_per_day"], entry["late"][kind]["value"])
        for entry in figures["budgets"]
        if name == "all"
    ]
    points = [(point[0], point[at]) for point in figures["curves"][name]]
    return Line(name=title, points=points, dots=dots)


# Groups -------------------------------------------------------------------------------------


def _groups(budgets: Sequence[Figures], lang: Lang) -> list[View]:
    """One block of rows for each way of grouping, a column for each budget."""
    say = backtest_speaker(lang)
    first = budgets[0]["groups"]
    return [
        {
            "title": say(f"way_{way}"),
            "rows": [
                {
                    "title": _group(way, name, lang),
                    "windows": number(share["windows"]),
                    "cells": [_metered(entry["groups"][way][name]) for entry in budgets],
                }
                for name, share in groups.items()
            ],
        }
        for way, groups in first.items()
        if groups
    ]


def _group(way: str, name: str, lang: Lang) -> str:
    key = f"{way}_{name}"
    return backtest_speaker(lang)(key if key in BACKTEST_TEXTS else name)


def _metered(share: Figures) -> View:
    return {**_cell(share), "width": f"{100 * (share['value'] or 0):.1f}"}


# Candidate ----------------------------------------------------------------------------------


def _changes(result: Figures, lang: Lang) -> View:
    if not result["changes"]:
        return {}
    say = backtest_speaker(lang)
    keys = ("both", "newly", "no_longer", "planted_newly", "planted_no_longer",
            "recall_current", "recall_candidate")  # fmt: skip
    # The lists are those of the smallest budget: what an analyst would open first.
    first = result["changes"][0]
    return {
        "heads": [say("budget"), *(say(key) for key in keys)],
        "rows": [_change_row(at, result) for at in range(len(result["changes"]))],
        "list_heads": [say(key) for key in ("account", "symbol", "day", "current", "candidate")],
        "lists": [_list(kind, first, lang) for kind in ("newly", "no_longer")],
    }


def _change_row(at: int, result: Figures) -> list[str]:
    change = result["changes"][at]
    recalls = [figures["budgets"][at]["late"]["accounts"] for _, figures in _each(result)]
    counts = (
        change["both"],
        change["newly"]["count"],
        change["no_longer"]["count"],
        change["planted"]["newly"],
        change["planted"]["no_longer"],
    )
    budget = plain(change["alerts_per_day"])
    return [budget, *map(number, counts), *(percent(recall["value"]) for recall in recalls)]


def _list(kind: str, change: Figures, lang: Lang) -> View:
    entries = change[kind]["windows"][:SHOWN]
    values = {
        "budget": plain(change["alerts_per_day"]),
        "shown": number(len(entries)),
        "count": number(change[kind]["count"]),
    }
    return {
        "caption": backtest_speaker(lang)(f"{kind}_caption", **values),
        "rows": [_changed(entry) for entry in entries],
    }


def _changed(entry: Figures) -> list[str]:
    return [
        entry["account_id"],
        entry["symbol"],
        entry["day"],
        percent(entry["current"]),
        percent(entry["candidate"]),
    ]


# Foot ---------------------------------------------------------------------------------------


def _how(result: Figures, lang: Lang) -> View:
    say = backtest_speaker(lang)
    planting, data = result["planting"], result["data"]
    counts = {key: number(planting[key]) for key in ("planted", "asked", "trips", "money")}
    sides = {"own": number(planting["in_own_days"]), "strangers": number(planting["strangers"])}
    limits = {key: number(planting[key]) for key in ("most_trips", "least_ticks")}
    shares = {
        name: f"{100 * planting[f'{name}_share']:.3g}%" for name in ("least", "most", "large")
    }
    windows = {key: number(data[key]) for key in ("answered", "windows")}
    return {
        "how": [
            say("how_planted", **counts, **sides, seed=result["seed"]),
            say("how_trips", **limits, **shares),
            say("how_alerts", **windows),
        ],
        "model_facts": [
            fact for name in result["models"] for fact in _model_facts(name, result, lang)
        ],
        "data_facts": [
            (say(f"fact_{key}"), _fact(value)) for key, value in data.items() if value is not None
        ],
    }


def _model_facts(name: str, result: Figures, lang: Lang) -> list[tuple[str, str]]:
    say, model = backtest_speaker(lang), result["models"][name]
    return [
        (say(name), f"{model['name']} · {model['picture']}"),
        (say("card_threshold"), repr(model["threshold"])),
    ]


def _fact(value: Any) -> str:
    return value if isinstance(value, str) else number(value)
