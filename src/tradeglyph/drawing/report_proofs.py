"""Views of the report's later sections: side by side, alerts, left out, evasion, proofs."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tradeglyph.drawing.formats import interval, number, percent, percent_range, ratio, stated
from tradeglyph.drawing.page import trusted
from tradeglyph.drawing.svg import Series, curve_chart
from tradeglyph.drawing.texts import scenario_title, speaker, text
from tradeglyph.recognizers.reasons import Lang

Figures = Mapping[str, Any]
View = dict[str, Any]
Table = dict[str, Any]
"""`caption, heads, rows`; rows are empty where there is nothing to show."""


def proof_view(metrics: Figures, lang: Lang) -> View:
    """Everything the template of the proofs asks for; empty tables for what is missing."""
    return {
        "methods": _methods(metrics, lang),
        "ambiguous_note": _ambiguous(metrics, lang),
        "least_note": _least(metrics, lang),
        "falling": _falling(metrics, lang),
        "alert_table": _alerts(metrics, lang),
        "first_alert_notes": _first_alert(metrics, lang),
        "tail": _tail(metrics, "tail", lang),
        "tail_tellable": _tail(metrics, "tail_tellable", lang),
        "untellable": _untellable(metrics, lang),
        "left_out": _left_out(metrics, lang),
        "markets": _markets(metrics, lang),
        **_evasion(metrics, lang),
        "moves": _moves(metrics, lang),
        "gate": _gate(metrics, lang),
        "verdict_table": _verdicts(metrics, "verdicts", lang),
        "verdict_table_with": _verdicts(metrics, "verdicts_with", lang),
        "account_table": _account_days(metrics, lang),
    }


def _under(figures: Figures, *path: str) -> Figures:
    found: Any = figures
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _rows(figures: Figures, *path: str) -> Sequence[Figures]:
    found = _under(figures, *path[:-1]).get(path[-1])
    return found if isinstance(found, Sequence) and not isinstance(found, str) else []


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], lang: Lang) -> Table:
    return {"caption": caption, "heads": [text(head, lang) for head in heads], "rows": rows}


def _titled(name: str, lang: Lang) -> str:
    words = text(name, lang)
    return words[:1].upper() + words[1:]


def _named_share(share: float | None, scenario: str | None, lang: Lang) -> str:
    if share is None or not scenario:
        return percent(None)
    joint = "（{}）" if lang == "zh" else " ({})"
    return percent(share) + joint.format(scenario_title(scenario, lang))


def _methods(metrics: Figures, lang: Lang) -> Table:
    rows = _rows(metrics, "methods")
    rate = stated(rows[0].get("rate")) if rows else ""
    heads = ("method", "axis_recall", "interval", "worst_fraud_head", "worst_honest_head")
    body = [
        [
            _titled(str(row.get("method")), lang),
            percent(row.get("recall")),
            percent_range(row.get("low"), row.get("high")),
            _named_share(row.get("least"), row.get("least_scenario"), lang),
            _named_share(row.get("most_flagged"), row.get("most_flagged_scenario"), lang),
        ]
        for row in rows
    ]
    return _table(text("methods_caption", lang, rate=rate), heads, body, lang)


def _ambiguous(metrics: Figures, lang: Lang) -> str:
    share = _under(metrics, "at_threshold", "ambiguous")
    if not share.get("windows"):
        return ""
    shown = {"windows": number(share["windows"]), "share": percent(share.get("value"))}
    return text("ambiguous_note", lang, **shown)


def _least(metrics: Figures, lang: Lang) -> str:
    worst = _under(metrics, "worst_scenario")
    ends = percent_range(worst.get("least_low"), worst.get("least_high"))
    return text("least_interval", lang, ends=ends) if ends else ""


def _falling(metrics: Figures, lang: Lang) -> Table:
    heads = ("rate_wanted", "axis_recall", "allowed_windows", "proven", "remark")
    body = [
        [
            stated(row.get("rate")),
            percent(row.get("recall")),
            number(row.get("allowed")),
            stated(row.get("proven")),
            "" if row.get("resolved") else text("unresolved", lang),
        ]
        for row in _rows(metrics, "falling_rates")
    ]
    return _table(text("falling_caption", lang), heads, body, lang)


def _alerts(metrics: Figures, lang: Lang) -> Table:
    heads = ("base_rate", "alerts_looked_at", "axis_recall", "most_possible", "precision",
             "precision_low", "remark")  # fmt: skip
    body = [
        [
            stated(row.get("base_rate")),
            number(row.get("alerts_per_day")),
            percent(row.get("recall")),
            percent(row.get("most")),
            percent(row.get("precision")),
            percent(row.get("precision_low")),
            "" if row.get("resolved") else text("unresolved", lang),
        ]
        for row in _rows(metrics, "at_threshold", "recall_at_alerts_per_day")
    ]
    accounts = number(metrics.get("active_accounts"))
    return _table(text("alert_caption", lang, accounts=accounts), heads, body, lang)


def _first_alert(metrics: Figures, lang: Lang) -> list[str]:
    early = _under(metrics, "first_alert")
    notes = []
    if early.get("windows"):
        ends = percent_range(early.get("low"), early.get("high")) or percent(None)
        shown = {key: number(early.get(key)) for key in ("windows", "alerted")}
        gone, median = percent(early.get("gone")), percent(early.get("median_gone"))
        notes.append(text("first_alert_note", lang, gone=gone, median=median, ends=ends, **shown))
    nightly = _under(metrics, "money").get("gone_nightly")
    if nightly is not None:
        notes.append(text("nightly_note", lang, gone=percent(nightly)))
    return notes


def _untellable(metrics: Figures, lang: Lang) -> Table:
    """Whether the kinds that fills alone are said not to tell still deserve their name."""
    heads = ("scenario", "windows", "flagged_share", "interval", "ROC-AUC", "remark")
    body = [
        [
            scenario_title(str(row.get("scenario")), lang),
            number(_under(row, "flagged").get("windows")),
            percent(_under(row, "flagged").get("value")),
            percent_range(_under(row, "flagged").get("low"), _under(row, "flagged").get("high")),
            ratio(row.get("roc_auc")),
            text(f"told_{row.get('label')}", lang) if row.get("told") else "",
        ]
        for row in _rows(metrics, "untellable")
    ]
    return _table(text("untellable_caption", lang), heads, body, lang)


def _tail(metrics: Figures, kind: str, lang: Lang) -> Table:
    heads = ("tail_range", "windows", "axis_predicted", "axis_observed", "interval", "remark")
    body = [
        [
            interval(stated(row.get("from")), stated(row.get("to"))),
            number(row.get("windows")),
            percent(row.get("predicted")),
            percent(row.get("observed")),
            percent_range(row.get("low"), row.get("high")),
            text("tail_off", lang) if row.get("off") else "",
        ]
        for row in _rows(metrics, "calibration", kind)
    ]
    prior = stated(_under(metrics, "calibration").get("prior"))
    return _table(text(f"{kind}_caption", lang, prior=prior), heads, body, lang)


def _left_out(metrics: Figures, lang: Lang) -> list[Table]:
    rows = _rows(metrics, "scenarios_left_out", "scenarios")
    methods = ("model", "tree", "tree_unseen", "hand_rule")
    tables = []
    for label, caption in (("fraud", "left_out_fraud"), ("normal", "left_out_honest")):
        body = [
            [
                scenario_title(str(row.get("scenario")), lang),
                number(row.get("windows")),
                *(percent(_under(row, "flagged").get(method)) for method in methods),
                _yes(row.get("trained_on"), lang),
            ]
            for row in rows
            if row.get("label") == label
        ]
        heads = ("scenario", "windows", *methods, "trained_on")
        table = _table(text(caption, lang), heads, body, lang)
        tables.append({**table, "heads": [h[:1].upper() + h[1:] for h in table["heads"]]})
    return [table for table in tables if table["rows"]]


def _yes(said: bool | None, lang: Lang) -> str:
    return percent(None) if said is None else text("yes" if said else "no", lang)


def _markets(metrics: Figures, lang: Lang) -> Table:
    figures = _under(metrics, "markets_left_out")
    body = [
        [_titled(name, lang), ratio(score.get("roc_auc")), percent(score.get("recall"))]
        for name, score in _under(figures, "scores").items()
    ]
    heads = ("method", "ROC-AUC", "recall_at_one")
    caption = text("markets_caption", lang, markets=number(figures.get("markets")))
    return _table(caption, heads, body, lang)


def _evasion(metrics: Figures, lang: Lang) -> View:
    t = speaker(lang)
    figures = _under(metrics, "evasion")
    gaps = [float(row["gap"]) for row in _rows(figures, "gaps")]
    series = [
        Series(name=t("trips_named", trips=row["trips"]), x=gaps, y=row["detected"])
        for row in _rows(figures, "by_trips")
        if None not in row["detected"]
    ]
    chart = curve_chart(
        series,
        title=t("evasion_title"),
        x_label=t("axis_gap"),
        y_label=t("axis_detected"),
    )
    heads = ("gap", "money_an_hour", "in_trips", "of_volume", "axis_detected")
    body = [_evading(row, lang) for row in _rows(figures, "gaps")]
    return {
        "evasion_chart": trusted(chart) if series else "",
        "evasion": _table(t("evasion_table"), heads, body, lang),
        "evasion_note": t("evasion_note", pairs=number(figures.get("pairs"))),
    }


def _evading(row: Figures, lang: Lang) -> list[str]:
    if row.get("money") is None:
        return [stated(row.get("gap")), text("none_evades", lang), "", "", ""]
    return [
        stated(row.get("gap")),
        percent(row["money"]),
        number(row.get("trips")),
        stated(row.get("size")),
        percent(row.get("detected")),
    ]


def _moves(metrics: Figures, lang: Lang) -> Table:
    body = [
        [
            _titled(str(row.get("name")), lang),
            number(row.get("windows")),
            _distance(row.get("largest")),
            _distance(row["limit"]) if row.get("limit") is not None else text("exactly", lang),
            text("yes" if row.get("held") else "no", lang),
        ]
        for row in (*_rows(metrics, "artefacts"), *_rows(metrics, "invariances"))
    ]
    heads = ("changed_what", "windows", "largest_move", "limit_of", "held_up")
    return _table(text("artefacts_caption", lang), heads, body, lang)


def _distance(value: float | None) -> str:
    return percent(None) if value is None else f"{value:.2g}"


def _gate(metrics: Figures, lang: Lang) -> str:
    """On the fraud that fills alone can tell; then on all of it, where that says something else."""
    told, all_ = (_judged_by(_under(metrics, name), lang) for name in ("gate", "gate_on_all"))
    return told if all_ in ("", told) else f"{told} {text('gate_on_all', lang)} {all_}"


def _judged_by(gate: Figures, lang: Lang) -> str:
    if gate.get("passed") is None:
        return ""
    if gate["passed"]:
        return text("gate_passed", lang)
    # Figures that an older version wrote have no findings: then its own words, in English.
    said = [_found(finding, lang) for finding in gate.get("findings") or []]
    reasons = said or [str(reason) for reason in gate.get("reasons") or []]
    return text("gate_refused", lang, reason=text("semicolon", lang).join(reasons))


def _found(finding: Figures, lang: Lang) -> str:
    """A finding of the leak gate in words."""
    windows = number(finding["windows"])
    if finding["kind"] == "one_class":
        return text("gate_one_class", lang, fraud=number(finding["fraud"]), windows=windows)
    everybody = finding["against"] == "all normal"
    against = text("all_normal", lang) if everybody else scenario_title(finding["against"], lang)
    return text(
        f"gate_{finding['kind']}",
        lang,
        against=against,
        windows=windows,
        model=ratio(finding["model"]),
        baseline=text(finding["baseline"], lang),
        theirs=ratio(finding["theirs"]),
    )


def _rightness(row: Figures) -> float:
    share = _under(row, "right").get("value")
    return math.inf if share is None else float(share)


def _account_days(metrics: Figures, lang: Lang) -> Table:
    """Empty where no account of the evaluation traded in several symbols."""
    days = _under(metrics, "account_days")
    body = [
        [
            text(f"days_of_{kind}", lang),
            number(_under(days, kind, "with_day").get("windows")),
            percent(_under(days, kind, "by_window").get("value")),
            percent(_under(days, kind, "with_day").get("value")),
            percent_range(*(_under(days, kind, "with_day").get(end) for end in ("low", "high"))),
        ]
        for kind in ("fraud", "honest")
        if days
    ]
    heads = ("account_days", "days_counted", "up_by_window", "up_with_day", "interval")
    return _table(text("account_days_caption", lang), heads, body, lang)


def _verdicts(metrics: Figures, name: str, lang: Lang) -> Table:
    body = [
        [
            scenario_title(str(row.get("scenario")), lang),
            number(row.get("windows")),
            *(percent(_under(row, v).get("value")) for v in ("hold", "review", "quiet")),
            text("comma", lang).join(text(v, lang) for v in row.get("allowed") or []),
            percent(_under(row, "right").get("value")),
        ]
        # The worst first; labels of one's own, of which nothing is known, last.
        for row in sorted(_rows(metrics, name), key=_rightness)
    ]
    heads = ("scenario", "windows", "hold", "review", "quiet", "allowed", "right")
    table = _table(text(f"{name}_caption", lang), heads, body, lang)
    return {**table, "heads": [head[:1].upper() + head[1:] for head in table["heads"]]}
