"""The page of one window: picture, chart, economics, reasons, what mattered, harmless readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tradeglyph.drawing.axis import time_label
from tradeglyph.drawing.formats import DASH, number, percent, stated
from tradeglyph.drawing.money import MoneyMoved, money_view
from tradeglyph.drawing.page import data_uri, render, trusted, verdict_class
from tradeglyph.drawing.texts import text
from tradeglyph.recognizers.benign import Reading
from tradeglyph.recognizers.benign_words import benign_words
from tradeglyph.recognizers.figures import clock
from tradeglyph.recognizers.figures import percent as exact_percent
from tradeglyph.recognizers.occlusion import SUSPECTED
from tradeglyph.recognizers.reasons import Lang

LISTED = 10
"""Trades that matter in the table; all of them are in the JSON output."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A fill, or some that were left out together, and what the answer is without."""

    time: int
    """Of the first, microseconds UTC."""
    fills: int
    side: str
    """buy, sell, or empty for both."""
    quantity: float
    """Of all of them."""
    price: float
    """Their average."""
    place: float | None
    """In its candle, 0 the low, 1 the high, by quantity; None without a candle."""
    without: float | None
    """Probability without; None where too little is left to answer."""
    fall: float | None
    """How much the probability falls; negative where it rises."""
    matters: bool
    """Without it the odds fall by a tenth or more."""


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
    sentences: Sequence[str] = (),
    trades: Sequence[Trade] = (),
    asked: int = 0,
    benign: Sequence[Reading] = (),
    marked_svg: str = "",
    money: MoneyMoved | None = None,
    replay: Mapping[str, str] | None = None,
) -> str:
    """The page of one window.

    `window` has `account`, `symbol`, `window_start`, `window_end` and where known `probability`
    (None or NaN: not applicable), `threshold`, `verdict`, `role`. `figures` are numbers by a
    key of `texts` (or a label of one's own). `trades` come with the one that matters most first,
    after `asked` pictures. `chart_svg` and `marked_svg` come from `svg` and are put in unescaped;
    `picture_png` is a PNG file. `money` is None where no flow is known. `replay` names what the
    explanation was made of.

    Raises MissingExtra where jinja2 is not installed.
    """
    matter = [trade for trade in trades if trade.matters]
    view = {
        **_answer(window, lang),
        "sentences": list(sentences),
        "reasons": list(reasons),
        "figures": [(text(key, lang), number(value)) for key, value in figures.items()],
        "trips": [_row(trip) for trip in trips],
        "trades": [trade_row(trade, lang) for trade in matter[:LISTED]],
        "more": max(len(matter) - LISTED, 0),
        "asked": asked,
        "no_trade": "" if matter else _no_trade(window.get("probability"), trades, lang),
        "benign": [
            (benign_words(reading, lang), reading.state.replace("_", "-")) for reading in benign
        ],
        "money": None if money is None else money_view(money, lang),
        "picture": data_uri(picture_png),
        "marked": trusted(marked_svg),
        "chart": trusted(chart_svg),
        "replay": [(text(f"replay_{key}", lang), value) for key, value in (replay or {}).items()],
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


def trade_row(trade: Trade, lang: Lang) -> dict[str, str]:
    """A trade's figures as the page and the terminal show them."""
    side = text(trade.side, lang) if trade.side else ""
    some = text("some_fills", lang, count=trade.fills) if trade.fills > 1 else ""
    return {
        "time": f"{time_label(trade.time, with_day=True)[:5]} {clock(trade.time)}",
        "side": " ".join(part for part in (side, some) if part),
        "quantity": number(trade.quantity),
        "price": f"{trade.price:.10g}",
        "place": percent(trade.place),
        "without": DASH if trade.without is None else exact_percent(trade.without, 1),
        "fall": DASH if trade.fall is None else _points(trade.fall, lang),
    }


def _points(fall: float, lang: Lang) -> str:
    points = 100 * fall
    return text("points", lang, points=f"{points:.1f}" if points >= 0.1 else f"{points:.1g}")


def _no_trade(probability: float | None, trades: Sequence[Trade], lang: Lang) -> str:
    """Why there is no trade to show."""
    if not any(trade.without is not None for trade in trades):
        return text("matters_unknown", lang)
    if probability is not None and probability < SUSPECTED:
        return text("matters_quiet", lang, least=stated(SUSPECTED))
    return text("matters_none", lang)
