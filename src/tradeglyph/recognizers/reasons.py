"""Why a window was flagged or not answered, in words made of figures. English and Chinese."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tradeglyph.domain.references import Reference
from tradeglyph.recognizers.features import Features
from tradeglyph.recognizers.figures import money

Lang = Literal["en", "zh"]

NO_CANDLE = "no_candle"
TOO_FEW_FILLS = "too_few_fills"

_UNANSWERED: dict[Lang, dict[str, str]] = {
    "en": {
        NO_CANDLE: "not applicable: fewer than two of its fills have a candle",
        TOO_FEW_FILLS: "not applicable: fewer than two fills after merging equal side, price and "
        "second",
    },
    "zh": {
        NO_CANDLE: "不适用：能对上 K 线的成交不足两笔",
        TOO_FEW_FILLS: "不适用：同方向、同价、同秒合并后成交不足两笔",
    },
}

_ALONE: dict[Lang, str] = {
    "en": "weak evidence: no other account is known to have traded in its candles",
    "zh": "证据较弱：这些 K 线里没有其他账户的成交",
}


_NAMELESS: dict[Lang, str] = {
    "en": "these fills name no account: several people may be mixed in one window",
    "zh": "这些成交没有账户号，可能混有多个账户",
}


_CLEARED: dict[Lang, str] = {
    "en": "the other sides of its trades clear it: nobody lost or gained more against it than the "
    "market explains",
    "zh": "对手方可以排除嫌疑：没有人在与它的成交中输赢超出行情能解释的范围",
}

_FEW_TRIPS: dict[Lang, str] = {
    "en": "one or two round trips of less than a fifth of their candles' volume are normal",
    "zh": "只有一两次来回，且不到所在 K 线成交量的五分之一，属正常交易",
}

_ABSTAINED: dict[Lang, str] = {
    "en": "no independent price near its trades to measure the money moved against",
    "zh": "成交前后没有独立的参考价，转移了多少钱无从衡量",
}


_AHEAD: dict[Lang, dict[bool, str]] = {
    "en": {
        True: ", with a position that it had opened within half an hour before",
        False: ", whose position had been opened within half an hour before",
    },
    "zh": {
        True: "，所平仓位是成交前半小时内刚建的",
        False: "，对方所平仓位是成交前半小时内刚建的",
    },
}
"""By whether the window's account gained."""


_AGAINST: dict[Lang, dict[Reference, str]] = {
    "en": {
        Reference.MIDQUOTE: ", measured against the midquote",
        Reference.VENUE: ", measured against another venue's price",
        Reference.SETTLEMENT: ", measured against the settlement price",
    },
    "zh": {
        Reference.MIDQUOTE: "，以买卖中间价为参考",
        Reference.VENUE: "，以其他市场的价格为参考",
        Reference.SETTLEMENT: "，以结算价为参考",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Money that went between a window's account and another, as the ledger shows it."""

    gains: bool
    """Whether the window's account gained it, else lost it."""
    other: str
    low: float
    """At least so much, in quote currency."""
    trades: int
    volume_share: float
    """Of the symbol's volume in the look-back."""
    ahead: bool = False
    """Whether the gainer had opened just ahead what it closed in these trades."""
    reference: Reference = Reference.OTHERS
    """What it was measured against, at the weakest."""


def flow_reason(flow: Flow, lang: Lang) -> str:
    """Who took how much from whom, in how many trades, and whether ahead of the other's order."""
    share = _percent(flow.volume_share)
    ahead = _AHEAD[lang][flow.gains] if flow.ahead else ""
    against = measured_against(flow.reference, lang)
    if lang == "zh":
        way = f"从 {flow.other} 至少拿走" if flow.gains else f"至少被 {flow.other} 拿走"
        how = "成交" if flow.trades == 1 else "对敲"  # 对敲 is a to and fro
        met = f"（两者{how} {flow.trades:,} 笔，占该标的成交量的 {share}）"
        return f"{way} {money(flow.low)}{met}{ahead}{against}"
    trades = f"{flow.trades:,} matched trade" + ("" if flow.trades == 1 else "s")
    way = (
        f"took at least {money(flow.low)} from"
        if flow.gains
        else f"lost at least {money(flow.low)} to"
    )
    return f"{way} {flow.other} in {trades}, {share} of the symbol's volume{ahead}{against}"


def measured_against(reference: Reference, lang: Lang) -> str:
    """The end of a sentence on money that was not measured against what other accounts paid, as it
    usually is; else empty."""
    return _AGAINST[lang].get(reference, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Money that a window's account made or lost against the market in fills whose other side is
    not known, as the ledger shows it."""

    gains: bool
    low: float
    """At least so much, in quote currency."""
    trades: int
    volume_share: float
    """Of what all accounts of the file traded in the symbol and the look-back."""


def gain_reason(gain: Gain, lang: Lang) -> str:
    """How much beyond the market's prices, and that it is weaker evidence than a flow is."""
    share = _percent(gain.volume_share)
    if lang == "zh":
        way, other = ("多赚", "从谁那里赚来") if gain.gains else ("多亏", "亏给了谁")
        return (
            f"对照行情至少{way} {money(gain.low)}（{gain.trades:,} 笔成交，"
            f"占各账户在该标的成交量的 {share}）；{other}无从得知，证据较弱"
        )
    way, other = ("gained", "from whom") if gain.gains else ("lost", "to whom")
    trades = f"{gain.trades:,} trade" + ("" if gain.trades == 1 else "s")
    return (
        f"{way} at least {money(gain.low)} beyond the market's prices in {trades} ({share} of what "
        f"all accounts traded in the symbol), {other} is not known: weaker evidence"
    )


def within_spread(cost: float, lang: Lang) -> str:
    """That trips made `cost` half-spreads of the market and no more."""
    if lang == "zh":
        return f"来回的价差只有半个买卖价差的 {cost:.1f} 倍，在行情正常范围内，看不出资金转移"
    return (
        f"its trips made {cost:.1f} half-spreads of the market a trade, which the market explains: "
        "no money moved"
    )


def cleared(lang: Lang) -> str:
    """What to say of a flagged window that the ledger clears."""
    return _CLEARED[lang]


def abstained(lang: Lang) -> str:
    """What to say where the ledger has no independent reference."""
    return _ABSTAINED[lang]


def joined(parts: list[str], lang: Lang) -> str:
    """Reasons in one line, empty ones left out."""
    return ("；" if lang == "zh" else "; ").join(part for part in parts if part)


def weak_evidence(lang: Lang) -> str:
    """What to say of a window that is alone in its candles."""
    return _ALONE[lang]


def few_trips(lang: Lang) -> str:
    """What to say of a flagged window that is too little for a transfer."""
    return _FEW_TRIPS[lang]


def nameless(lang: Lang) -> str:
    """What to say of a window whose fills name no account."""
    return _NAMELESS[lang]


def unanswered(reason: str, lang: Lang) -> str:
    """Why a window has no probability; `reason` is `NO_CANDLE` or `TOO_FEW_FILLS`."""
    return _UNANSWERED[lang][reason]


def reasons_for(features: Features, at: int, *, alone: bool, lang: Lang) -> list[str]:
    """What stands out in window `at`, most telling first."""
    parts = [
        _trips(features, at, lang),
        _places(features, at, lang),
        _volume(features, at, lang),
        _flat(features, at, lang),
        _ALONE[lang] if alone else "",
    ]
    return [part for part in parts if part]


def _trips(features: Features, at: int, lang: Lang) -> str:
    trips, candles = int(features.trips[at]), int(features.candles[at])
    if trips == 0:
        return ""
    if lang == "zh":
        return f"成交的 {candles} 根 K 线中，有 {trips} 根在同一根内既买又卖"
    return f"bought and sold inside one candle in {trips} of the {candles} candles it traded in"


def _places(features: Features, at: int, lang: Lang) -> str:
    buy, sell = features.buy_place[at], features.sell_place[at]
    if np.isnan(buy) or np.isnan(sell):
        return ""
    if lang == "zh":
        return (
            f"平均买在 K 线高度的 {_percent(buy)}、卖在 {_percent(sell)}"
            "（0% 为最低价，100% 为最高价）"
        )
    return (
        f"bought at {_percent(buy)} and sold at {_percent(sell)} of the candle on average "
        "(0% is its low, 100% its high)"
    )


def _volume(features: Features, at: int, lang: Lang) -> str:
    share = features.max_volume_share[at]
    if np.isnan(share):
        return ""
    if lang == "zh":
        return f"单根 K 线里一侧成交最多占该 K 线成交量的 {_percent(share)}"
    return f"one side was up to {_percent(share)} of a candle's volume"


def _flat(features: Features, at: int, lang: Lang) -> str:
    balance = features.balance[at]
    if not balance > 0.95:  # NaN where there is no trip
        return ""
    return "每次都在同一根 K 线内平掉仓位" if lang == "zh" else "its trips end flat"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.01 else f"{100 * share:.2g}%"
