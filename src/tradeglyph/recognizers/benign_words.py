"""Words of the benign readings, English and Chinese."""

from dataclasses import dataclass
from typing import Any

from tradeglyph.recognizers.benign import (
    FEW_TICKS,
    MOST_FLAT,
    MOSTLY_LOST,
    ONE_ACCOUNT,
    ONE_WAY,
    Figure,
    Reading,
)
from tradeglyph.recognizers.figures import amount, percent
from tradeglyph.recognizers.reasons import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class BenignWords:
    """One reading for people."""

    title: str
    state: str
    figure: str
    criterion: str
    source: str


def benign_words(reading: Reading, lang: Lang) -> BenignWords:
    """Title, state, figure, criterion and its source in words."""
    at = 0 if lang == "en" else 1
    shown = {name: _shown(name, value) for name, value in reading.figures.items()}
    return BenignWords(
        title=TITLES[reading.name][at],
        state=STATES[reading.state][at],
        figure=FIGURES[reading.measure][at].format(**_BOUNDS, **shown),
        criterion=CRITERIA[reading.name][at].format(**_BOUNDS),
        source=SOURCES[reading.name],
    )


def _shown(name: str, value: Figure) -> str:
    if value is None:
        return "?"
    if name.endswith(("share", "chance")):
        return percent(min(max(value, 0.0), 1.0)) if value >= 0.01 else f"{100 * value:.2g}%"
    return f"{value:,}" if isinstance(value, int) else amount(float(f"{value:.6g}"))


_BOUNDS: dict[str, Any] = {
    "ticks": FEW_TICKS,
    "most_flat": percent(MOST_FLAT),
    "losing": percent(MOSTLY_LOST),
    "way": percent(ONE_WAY),
    "account": percent(ONE_ACCOUNT),
}
TITLES: dict[str, tuple[str, str]] = {
    "market_making": ("Market making", "做市"),
    "arbitrage": ("Arbitrage", "套利"),
    "sliced_order": ("One large order in parts", "大单拆分成交"),
    "own_accounts": ("Linked own accounts", "本人关联账户之间的交易"),
}
STATES: dict[str, tuple[str, str]] = {
    "ruled_out": ("ruled out", "可排除"),
    "not_ruled_out": ("not ruled out", "不能排除"),
    "cannot_tell": ("cannot tell", "无法判断"),
}
FIGURES: dict[str, tuple[str, str]] = {
    "flat": (
        "bought and sold equal amounts in {flat} of its {candles} candles, counting those over "
        "{ticks} ticks tall",
        "成交的 {candles} 根 K 线中，有 {flat} 根在同一根内买卖相抵"
        "（只计高于 {ticks} 个价位的 K 线）",
    ),
    "too_flat": (
        "bought and sold equal amounts in {flat} of its {candles} candles, counting those over "
        "{ticks} ticks tall; the chance of that is {chance}",
        "成交的 {candles} 根 K 线中，有 {flat} 根在同一根内买卖相抵（只计高于 {ticks} 个价位的 "
        "K 线）；做市出现这种情况的概率为 {chance}",
    ),
    "lost": (
        "{lost} of {trips} trips lost, {money} in all",
        "{trips} 个来回中 {lost} 个亏损，合计 {money}",
    ),
    "gained": (
        "{gained} of {trips} trips gained; counterparties and other venues' prices are not known",
        "{trips} 个来回中 {gained} 个盈利；没有对手方和其他市场的价格",
    ),
    "no_trip": (
        "no trip inside a candle; counterparties and other venues' prices are not known",
        "没有同一根 K 线内的来回；没有对手方和其他市场的价格",
    ),
    "one_account": (
        "{share} of it with one account, {excess} beyond what the market explains",
        "其中 {share} 来自同一个账户，超出市场因素的金额为 {excess}",
    ),
    "within_market": (
        "with no account did it gain or lose more than the market explains",
        "与任何账户的盈亏都没有超出行情能解释的范围",
    ),
    "one_way": (
        "the larger side is {share} of its quantity",
        "较大一方占其成交数量的 {share}",
    ),
    "no_other_side": (
        "no counterparties and no list of own accounts are given",
        "没有对手方信息，也没有本人账户名单",
    ),
    "not_listed": (
        "{trades} trades with one account, {volume_share} of the volume; no list names its owner",
        "与同一账户成交 {trades} 笔，占成交量的 {volume_share}；名单中没有该账户的归属",
    ),
    "linked": (
        "{trades} trades with an account that a list links to it, {volume_share} of the volume",
        "与名单中的关联账户成交 {trades} 笔，占成交量的 {volume_share}",
    ),
}
CRITERIA: dict[str, tuple[str, str]] = {
    "market_making": (
        "Quotes on both sides earn a spread and are hit on either side independently: at most "
        "{most_flat} of the candles end flat, under {losing} of the trips lose, and under "
        "{account} of the gain is from one account.",
        "双边报价赚取价差，两边被动成交相互独立：买卖相抵的 K 线至多占 {most_flat}，亏损来回不到 "
        "{losing}，来自单一账户的盈利不到 {account}。",
    ),
    "arbitrage": (
        "Takes stale prices from whoever left them: under {losing} of the trips lose, and under "
        "{account} of the gain is from one account. Fills alone can't confirm it.",
        "吃掉市场上滞后的报价，不挑对手：亏损来回不到 {losing}，来自单一账户的盈利不到 {account}。"
        "仅凭本账户成交无法确认。",
    ),
    "sliced_order": (
        "The parts of one order go one way: the larger side is {way} or more.",
        "同一笔大单的各部分方向一致：较大一方不低于 {way}。",
    ),
    "own_accounts": (
        "Both accounts have one owner, so that no ownership changes. Only a list can say so.",
        "双方同属一人，实际权益没有转移。只有名单能够说明。",
    ),
}
SOURCES: dict[str, str] = {
    "market_making": "(EU) 2017/578, Art. 1; Avellaneda & Stoikov 2008",
    "arbitrage": "Budish, Cramton & Shim 2015",
    "sliced_order": "Vaglica et al. 2008; Almgren & Chriss 2001",
    "own_accounts": "(EU) 596/2014, Annex I A(c); (EU) 2016/522, Annex II",
}
