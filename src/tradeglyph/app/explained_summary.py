"""An explanation as a record for programs; its page, picture and chart are files of their own."""

from dataclasses import asdict
from typing import Any

from tradeglyph.app.explained import Explanation
from tradeglyph.domain.instants import rfc3339
from tradeglyph.drawing.money import MoneyMoved
from tradeglyph.recognizers.benign import Reading
from tradeglyph.recognizers.benign_words import benign_words
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.sources.interval import interval_text


def summary_of(explanation: Explanation, lang: Lang) -> dict[str, Any]:
    """Everything that the page says in words and figures; times are RFC 3339."""
    return {
        **explanation.window,
        "figures": explanation.figures,
        "trips": [asdict(trip) | {"time": rfc3339(trip.time)} for trip in explanation.trips],
        "sentence": " ".join(explanation.sentences),
        "reasons": explanation.reasons,
        "occlusion": {
            "asked": explanation.asked,
            "trades": [
                asdict(trade) | {"time": rfc3339(trade.time)} for trade in explanation.trades
            ],
        },
        "money": _money(explanation.money),
        "benign": [_reading(reading, lang) for reading in explanation.benign],
        "replay": explanation.replay,
    }


def _reading(reading: Reading, lang: Lang) -> dict[str, Any]:
    words = benign_words(reading, lang)
    return {
        "reading": reading.name,
        "state": reading.state,
        "figures": reading.figures,
        "figure": words.figure,
        "criterion": words.criterion,
        "source": words.source,
    }


def _money(moved: MoneyMoved | None) -> dict[str, Any] | None:
    """Money in quote currency; null where no flow is known, and its ends where the ledger
    abstains."""
    if moved is None:
        return None
    figures = asdict(moved)
    del figures["account"]
    figures["reference"] = moved.reference.name.lower()
    look_back = interval_text(figures.pop("look_back_us"))
    return {"with": figures.pop("other"), **figures, "look_back": look_back, "currency": "quote"}
