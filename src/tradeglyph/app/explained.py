"""What one window's explanation is made of: figures, words, pictures, the page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph import __version__
from tradeglyph.app.chart import window_chart
from tradeglyph.app.rule_texts import rules_text
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY
from tradeglyph.domain.instants import rfc3339
from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.windows import PlacedWindows, Windows
from tradeglyph.drawing.explanation import Trade, Trip, render_explanation
from tradeglyph.drawing.money import MoneyMoved
from tradeglyph.drawing.page import data_uri
from tradeglyph.drawing.svg import Rings, ringed_picture
from tradeglyph.drawing.texts import text
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.picture.columns import Columns, columns_of
from tradeglyph.picture.encode import encode_png
from tradeglyph.picture.fast import draw
from tradeglyph.picture.marks import marks
from tradeglyph.picture.preview import preview
from tradeglyph.pipeline.data_hash import data_hash
from tradeglyph.pipeline.occlude import near, occlude
from tradeglyph.pipeline.place import place
from tradeglyph.pipeline.rules import Rules
from tradeglyph.recognizers.benign import Reading, benign_readings, heaviest_flow
from tradeglyph.recognizers.casual import is_casual
from tradeglyph.recognizers.economics import Economics, economics_of
from tradeglyph.recognizers.features import features_of
from tradeglyph.recognizers.figures import percent
from tradeglyph.recognizers.occlusion import Occlusion
from tradeglyph.recognizers.reasons import Lang, few_trips, nameless, reasons_for
from tradeglyph.recognizers.sentence import pattern_of, sentence, without_sentence

_DEFAULT = Rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What `score` says of the window."""

    probability: float
    """NaN where it can't be known."""
    threshold: float
    verdict: str
    role: str
    reason: str
    account: str = ""
    """What only the account's day over all symbols shows, where it is up for review for that."""
    alone: bool = False
    """Whether nobody else traded in its candles, as far as these know."""
    others: str = ""
    """What the other sides of its trades tell, and what lists say of the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFigures:
    """What the transfer ledger knows of the window's account, symbol and look-back; given only
    where the other sides of its trades are known."""

    transfers: Transfers
    account: int
    """The account's code in `transfers`."""
    linked: bool = False
    """A list names the other account as one of the same owner or household."""
    money: MoneyMoved | None = None
    """None where no flow of the window is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One window in words and figures; `page`, `picture` and `chart` are the files' contents."""

    window: dict[str, Any]
    """account, symbol, window_start, window_end, probability, threshold, verdict, role."""
    figures: dict[str, float]
    """By text key: counts, quantities in base units, money in quote currency before fees."""
    sentences: list[str]
    """What was done, and what the answer would be without the trade that matters most."""
    reasons: list[str]
    trips: list[Trip]
    trades: list[Trade]
    """The one that matters most first; empty where there is no probability."""
    asked: int
    """Pictures that the model was shown to tell what matters."""
    benign: list[Reading]
    """Empty where there is no probability."""
    money: MoneyMoved | None
    """None where the other sides are not known, or no flow of the window is."""
    replay: dict[str, str]
    """What it was made of: equal entries, language and threshold make an equal explanation."""
    page: str
    picture: bytes
    chart: str
    rejects: pl.DataFrame = field(default_factory=pl.DataFrame, compare=False)
    """Rows of both files that were skipped."""


def explained(
    window: Windows,
    candles: Candles,
    answer: Answer,
    scorer: OnnxScorer,
    lang: Lang,
    ledger: LedgerFigures | None = None,
    *,
    rules: Rules = _DEFAULT,
) -> Explanation:
    """Explain a batch of one window; `rules` are those that `answer` and `ledger` came from.

    Raises MissingExtra where jinja2 is not installed.
    """
    seen = _seen(window, near(candles, window), answer, scorer)
    rings = None if seen.occlusion is None else _rings(seen.occlusion, lang)
    raster = draw(seen.placed, seen.market, scorer.artifact.spec, seen.columns)[0]
    shown = raster if scorer.artifact.spec.is_rgb else preview(raster, scorer.artifact.spec)
    picture = encode_png(shown)
    chart = window_chart(window, seen.market, 0, lang, rings=rings, width=1040, height=340)
    parts = _parts(seen, answer, scorer, lang, ledger)
    parts["replay"] |= {"rules": rules_text(rules)}
    page = render_explanation(
        **parts,
        picture_png=picture,
        marked_svg="" if rings is None else _marked(seen, scorer, shown, picture, rings),
        chart_svg=chart,
        model=scorer.name,
        lang=lang,
    )
    return Explanation(**parts, page=page, picture=picture, chart=chart)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The window in every form that the parts of an explanation read."""

    window: Windows
    market: Candles
    placed: PlacedWindows
    columns: Columns
    economics: Economics
    occlusion: Occlusion | None
    """None where there is no probability."""


def _seen(window: Windows, market: Candles, answer: Answer, scorer: OnnxScorer) -> _Seen:
    placed = place(window, market)
    columns = columns_of(placed, market)
    known = not np.isnan(answer.probability)
    return _Seen(
        window=window,
        market=market,
        placed=placed,
        columns=columns,
        economics=economics_of(placed, columns, 0),
        occlusion=occlude(window, market, scorer, scorer.artifact.spec) if known else None,
    )


def _parts(
    seen: _Seen, answer: Answer, scorer: OnnxScorer, lang: Lang, ledger: LedgerFigures | None
) -> dict[str, Any]:
    """What the page and the record share."""
    occlusion = seen.occlusion
    known = occlusion is not None
    return {
        "window": _window(seen.window, answer),
        "figures": _figures(seen.window, seen.economics),
        "sentences": [] if occlusion is None else _sentences(seen, occlusion, lang),
        "reasons": _reasons(seen, answer, lang),
        "trips": list(_trips(seen.economics, seen.market)),
        "trades": [] if occlusion is None else list(_trades(seen.placed, occlusion)),
        "asked": 0 if occlusion is None else occlusion.asked,
        "benign": _benign(seen, ledger) if known else [],
        "money": None if ledger is None else ledger.money,
        "replay": _replay(seen, scorer),
    }


def _window(window: Windows, answer: Answer) -> dict[str, Any]:
    names = window.fills
    return {
        "account": str(names.account_names[window.account[0]]),
        "symbol": str(names.symbol_names[window.symbol[0]]),
        "window_start": rfc3339(int(window.start[0])),
        "window_end": rfc3339(int(window.end[0])),
        "probability": None if np.isnan(answer.probability) else answer.probability,
        "threshold": answer.threshold,
        "verdict": answer.verdict,
        "role": answer.role,
    }


def _figures(window: Windows, economics: Economics) -> dict[str, float]:
    return {
        "trade_count": int(window.trade_count[0]),
        "bought": economics.bought,
        "sold": economics.sold,
        "paid": economics.paid,
        "received": economics.received,
        "left_over": economics.left_over,
        "trip_count": len(economics.trips.candle),
        "trip_gain": economics.trip_gain,
    }


def _sentences(seen: _Seen, occlusion: Occlusion, lang: Lang) -> list[str]:
    done = sentence(pattern_of(seen.columns, seen.market), lang)
    without = without_sentence(occlusion, seen.placed, lang)
    return [done, without] if without else [done]


def _reasons(seen: _Seen, answer: Answer, lang: Lang) -> list[str]:
    """A score gives its reasons only where it flags; here somebody asks."""
    said = [part for part in (answer.others, answer.account) if part]
    if np.isnan(answer.probability):
        return [*said, answer.reason]
    features = features_of(seen.placed, seen.columns)
    reasons = [*said, *reasons_for(features, 0, alone=bool(seen.placed.alone[0]), lang=lang)]
    if (
        answer.probability > answer.threshold
        and is_casual(features.fills, features.max_volume_share)[0]
    ):
        reasons.append(few_trips(lang))
    names = seen.window.fills.account_names
    return [*reasons, nameless(lang)] if names[seen.window.account[0]] == "" else reasons


def _benign(seen: _Seen, ledger: LedgerFigures | None) -> list[Reading]:
    if ledger is None:
        return benign_readings(seen.columns, seen.economics)
    flow = heaviest_flow(ledger.transfers, ledger.account)
    return benign_readings(seen.columns, seen.economics, flow=flow, linked=ledger.linked)


def _replay(seen: _Seen, scorer: OnnxScorer) -> dict[str, str]:
    card = scorer.artifact.card
    return {
        "model": scorer.name,
        "weights_sha256": card.weights_sha256,
        "picture": f"{card.picture.name} {card.picture.hash}",
        "data_sha256": data_hash(seen.window, seen.market),
        "version": __version__,
    }


def _trips(economics: Economics, candles: Candles) -> Iterator[Trip]:
    trips = economics.trips
    for at, candle in enumerate(trips.candle):
        yield Trip(
            time=int(candles.start[candle]),
            bought_at=float(trips.buy_place[at]),
            sold_at=float(trips.sell_place[at]),
            quantity=float(trips.quantity[at]),
            gain=float(trips.gain[at]),
        )


def _trades(placed: PlacedWindows, occlusion: Occlusion) -> Iterator[Trade]:
    """Every group that was left out, the greatest fall of the log-odds first."""
    matters = set(occlusion.ranked.tolist())
    evidence = np.nan_to_num(occlusion.evidence, nan=-np.inf)
    for group in np.argsort(-evidence, kind="stable"):
        rows = np.flatnonzero(occlusion.group == group)
        without, fall = float(occlusion.without[group]), float(occlusion.fall[group])
        yield Trade(
            **_sums(placed, rows),
            without=None if np.isnan(without) else without,
            fall=None if np.isnan(fall) else fall,
            matters=int(group) in matters,
        )


def _sums(placed: PlacedWindows, rows: NDArray[np.intp]) -> dict[str, Any]:
    """What the fills `rows` come to."""
    fills, place_in_candle = placed.windows.fills, placed.place[rows]
    quantity, sides = fills.quantity[rows], set(fills.side[rows].tolist())
    inside = ~np.isnan(place_in_candle)
    return {
        "time": int(fills.time[rows[0]]),
        "fills": len(rows),
        "side": "" if len(sides) > 1 else ("buy" if BUY in sides else "sell"),
        "quantity": float(quantity.sum()),
        "price": _average(fills.price[rows], quantity),
        "place": _average(place_in_candle[inside], quantity[inside]) if inside.any() else None,
    }


def _average(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    # One value is its own average to the last digit.
    return float(values[0] if len(values) == 1 else np.average(values, weights=weight))


def _rings(occlusion: Occlusion, lang: Lang) -> Rings:
    notes = [
        "" if np.isnan(p) else text("ring_note", lang, without=percent(float(p), 1))
        for p in occlusion.without
    ]
    return Rings(
        weight=occlusion.weight,
        notes=[notes[group] for group in occlusion.group],
        label=text("ring", lang),
    )


def _marked(
    seen: _Seen, scorer: OnnxScorer, shown: NDArray[np.uint8], picture: bytes, rings: Rings
) -> str:
    x, y = marks(seen.placed, seen.market, scorer.artifact.spec, seen.columns)
    height, width = shown.shape[:2]
    return ringed_picture(
        data_uri(picture), x, y, rings, title=rings.label, width=width, height=height
    )
