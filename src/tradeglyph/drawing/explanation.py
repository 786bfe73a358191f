"""The page of one window: picture, chart, economics, reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tradeglyph.drawing.axis import time_label
from tradeglyph.drawing.formats import number, percent
from tradeglyph.drawing.page import data_uri, render, trusted, verdict_class
from tradeglyph.drawing.texts import text
from tradeglyph.recognizers.reasons import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A candle in which the account both bought and sold."""

    time: int
    """The candle's start, microseconds UTC."""
    bought_at: float
    """Mean place of the buys in the candle, 0 its low, 1 its high."""
    sold_at: float
    quantity: float
    """The smaller of both sides."""
    gain: float
    """In quote currency, of that quantity, before fees; negative for a loss."""


def render_explanation(
    *,
    window: Mapping[str, Any],
    figures: Mapping[str, float],
    reasons: Sequence[str],
    trips: Sequence[Trip],
    picture_png: bytes,
    chart_svg: str,
    model: str,
    lang: Lang,
    occlusion: bytes | None = None,
) -> str:
    """The page of one window.

    `window` has `account`, `symbol`, `window_start`, `window_end` and where known `probability`
    (None or NaN: not applicable), `threshold`, `verdict`, `role`. `figures` are numbers by a
    key of `texts` (or a label of one's own). `chart_svg` comes from
    `svg.candlestick_chart` and is put in unescaped; `picture_png` and `occlusion` are PNG files.

    Raises MissingExtra where jinja2 is not installed.
    """
    view = {
        **_answer(window, lang),
        "reasons": list(reasons),
        "figures": [(text(key, lang), number(value)) for key, value in figures.items()],
        "trips": [_row(trip) for trip in trips],
        "picture": data_uri(picture_png),
        "occlusion": "" if occlusion is None else data_uri(occlusion),
        "chart": trusted(chart_svg),
        "model": model,
    }
    return render("explanation.html.j2", view, lang)


def _answer(window: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    who = {key: str(window.get(key, "")) for key in ("account", "symbol", "window_start")}
    probability, threshold = window.get("probability"), window.get("threshold")
    known = probability is not None and probability == probability
    verdict, role = str(window.get("verdict") or ""), str(window.get("role") or "")
    note = "" if threshold is None else text("threshold_note", lang, threshold=percent(threshold))
    return {
        "account": who["account"],
        "symbol": who["symbol"],
        "span": f"{who['window_start']} – {window.get('window_end', '')}",
        "probability": percent(probability) if known else text("not_applicable", lang),
        "gauge": f"{100 * float(probability or 0):.2f}" if known else "",
        "threshold_at": f"{100 * float(threshold or 0):.2f}",
        "threshold_note": note,
        "verdict": text(verdict, lang) if verdict else "",
        "verdict_class": verdict_class(verdict),
        "role": text(role, lang) if role else "",
        "picture_alt": text("picture_alt", lang, **who),
    }


def _row(trip: Trip) -> dict[str, str]:
    sign = "+" if trip.gain > 0 else ""
    return {
        "time": time_label(trip.time, with_day=True),
        "bought": percent(trip.bought_at),
        "sold": percent(trip.sold_at),
        "quantity": number(trip.quantity),
        "gain": sign + number(trip.gain),
    }
