"""One window in one sentence with its figures, and what it would be without its heaviest trade.

"4 of 5 trips bought at 4% and sold at 95% of their candle on average, always flat, 41% of the
volume." A trip is a candle in which the account both bought and sold.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.columns import Columns
from tradeglyph.recognizers.figures import amount, clock, percent
from tradeglyph.recognizers.occlusion import SUSPECTED, Occlusion
from tradeglyph.recognizers.reasons import Lang

TELLING_GAP = 0.5
"""A trip is counted if its sells lie more than half the candle above its buys (below them, where
that is the way most trips go). Softer than the hand rule's 0.65, since it only words what is
there and decides nothing."""
FLAT = 0.9
"""A trip ends flat if its smaller side is more than this share of its larger one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The figures of the sentence, of one window."""

    candles: int
    """Candles it traded in."""
    trips: int
    telling: int
    """Trips with a gap over `TELLING_GAP` in the direction of the mean gap."""
    bought_at: float
    """Mean place of the buys of a telling trip, 0 the candle's low, 1 its high: by quantity inside
    a trip and evenly over trips, as a score's reasons have it; NaN without a telling trip."""
    sold_at: float
    flat: int
    """Telling trips that end flat."""
    volume_share: float
    """Smaller sides of the telling trips over the volume of their candles; NaN where unknown."""


def pattern_of(columns: Columns, candles: Candles) -> Pattern:
    """The figures of a batch of one window."""
    gap = columns.sell_place - columns.buy_place
    trip = columns.balance > 0
    loses = trip.any() and np.mean(gap[trip]) < 0
    telling = trip & (np.nan_to_num(-gap if loses else gap) > TELLING_GAP)
    return Pattern(
        candles=len(trip),
        trips=int(trip.sum()),
        telling=int(telling.sum()),
        bought_at=float(columns.buy_place[telling].mean()) if telling.any() else np.nan,
        sold_at=float(columns.sell_place[telling].mean()) if telling.any() else np.nan,
        flat=int((columns.balance[telling] > FLAT).sum()),
        volume_share=_volume_share(columns, candles, telling),
    )


def _volume_share(columns: Columns, candles: Candles, of: NDArray[np.bool_]) -> float:
    volume = candles.volume[columns.candle[of]]
    known = volume > 0
    if not known.any():
        return float("nan")
    smaller = np.minimum(columns.bought[of], columns.sold[of])
    return float(min(smaller[known].sum() / volume[known].sum(), 1.0))


def sentence(pattern: Pattern, lang: Lang) -> str:
    """What was done, in one sentence."""
    if not pattern.trips:
        return _NO_TRIP[lang].format(candles=pattern.candles)
    if not pattern.telling:
        return _NO_TELLING[lang].format(trips=pattern.trips, candles=pattern.candles)
    words = _TELLING[lang].format(
        telling=pattern.telling,
        trips=pattern.trips,
        bought=percent(pattern.bought_at),
        sold=percent(pattern.sold_at),
        flat=_flat(pattern, lang),
    )
    if not np.isnan(pattern.volume_share):
        words += _VOLUME[lang].format(share=percent(pattern.volume_share))
    return words + _STOP[lang]


def without_sentence(occlusion: Occlusion, placed: PlacedWindows, lang: Lang) -> str:
    """What the probability would be without the trade that matters most, of a batch of one
    window; empty where it can't be known for any, and in a window that is not suspected."""
    known = ~np.isnan(occlusion.without)
    if not (occlusion.probability >= SUSPECTED and known.any()):
        return ""
    whole = percent(occlusion.probability, 1)
    if not len(occlusion.ranked):
        return _NONE_DECIDES[lang].format(whole=whole, least=percent(_least(occlusion), 1))
    top = int(occlusion.ranked[0])
    fills, rows = placed.windows.fills, np.flatnonzero(occlusion.group == top)
    figures = {"whole": whole, "without": percent(float(occlusion.without[top]), 1)}
    figures["time"] = clock(int(fills.time[rows[0]]))
    if len(rows) > 1:
        return _WITHOUT_SOME[lang].format(count=len(rows), **figures)
    side = _SIDES[lang][0 if fills.side[rows[0]] == BUY else 1]
    return _WITHOUT_ONE[lang].format(
        side=side,
        quantity=amount(float(fills.quantity[rows[0]])),
        price=amount(float(fills.price[rows[0]])),
        **figures,
    )


def _least(occlusion: Occlusion) -> float:
    return float(np.nanmin(occlusion.without))


def _flat(pattern: Pattern, lang: Lang) -> str:
    always, never, some = _FLAT[lang]
    if pattern.flat in (0, pattern.telling):
        return always if pattern.flat else never
    return some.format(flat=pattern.flat)


_TELLING: dict[Lang, str] = {
    "en": "{telling} of {trips} trips bought at {bought} and sold at {sold} of their candle on "
    "average (0% is its low), {flat}",
    "zh": "{trips} 个来回中有 {telling} 个，平均买在所在 K 线高度的 {bought}、卖在 {sold}"
    "（0% 为最低价），{flat}",
}
_FLAT: dict[Lang, tuple[str, str, str]] = {
    "en": ("always flat", "never flat", "flat in {flat} of them"),
    "zh": ("每次都平仓", "都没有平仓", "其中 {flat} 个平仓"),
}
_VOLUME: dict[Lang, str] = {
    "en": ", {share} of the volume of those candles",
    "zh": "，占这些 K 线成交量的 {share}",
}
_STOP: dict[Lang, str] = {"en": ".", "zh": "。"}
_NO_TRIP: dict[Lang, str] = {
    "en": "It traded in {candles} candles and bought and sold in none of them alike.",
    "zh": "在 {candles} 根 K 线里有成交，没有一根里既买又卖。",
}
_NO_TELLING: dict[Lang, str] = {
    "en": "{trips} trips inside one candle, of {candles} candles it traded in, and none from one "
    "end of the candle to the other.",
    "zh": "成交的 {candles} 根 K 线中有 {trips} 个来回，没有一个是从 K 线一端到另一端。",
}
_SIDES: dict[Lang, tuple[str, str]] = {"en": ("buy", "sell"), "zh": ("买入", "卖出")}
_WITHOUT_ONE: dict[Lang, str] = {
    "en": "Without the {side} of {quantity} at {price} ({time} UTC) the probability falls from "
    "{whole} to {without}.",
    "zh": "若去掉 {time}（UTC）的一笔{side}（数量 {quantity}，价格 {price}），概率由 {whole} 降到 "
    "{without}。",
}
_WITHOUT_SOME: dict[Lang, str] = {
    "en": "Without its {count} fills from {time} UTC on the probability falls from {whole} to "
    "{without}.",
    "zh": "若去掉 {time}（UTC）起的 {count} 笔成交，概率由 {whole} 降到 {without}。",
}
_NONE_DECIDES: dict[Lang, str] = {
    "en": "No single trade decides: without any one of them the probability of {whole} stays at "
    "{least} or more.",
    "zh": "没有哪一笔起决定作用：去掉任意一笔，概率（{whole}）仍不低于 {least}。",
}
