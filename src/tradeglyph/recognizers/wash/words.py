"""What the wash-volume recognizer says of a finding: one sentence with its figures and its
criterion. English and Chinese."""

from collections.abc import Sequence
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.reasons import Lang
from tradeglyph.recognizers.wash.findings import Criterion, WashFindings
from tradeglyph.recognizers.wash.settings import WashSettings

NAMED = 5
"""So many accounts a sentence names of those there are."""

_SENTENCES: dict[Lang, dict[Criterion, str]] = {
    "en": {
        Criterion.SELF_TRADES: "Self-trades: {accounts} stood on both sides of {trades} trades in "
        "{symbol}, {window}: {numerator} of the {denominator} units traded there, {share}. "
        "Criterion: {least} or more a day ({source}); "
        "Regulation (EU) 596/2014, annex I, A(c)",
        Criterion.VOLUME_MATCH: "Volume match: {accounts} traded {symbol} with one another "
        "{trades} times, {window}, until every position was back where it began and nobody had "
        "gained: {numerator} of the {denominator} units they traded there, {share}. Criterion: "
        "net position within {margin} of the mean trade ({source}); Regulation "
        "(EU) 2016/522, annex II, 3(a)",
        Criterion.ROUND_TRIPS: "Round trips without gain: {accounts} bought and sold the same "
        "size of {symbol} again {trades} times, {window}, within {span} each, {result}: "
        "{numerator} of the {denominator} units it traded there, {share}. Criterion: {least} or "
        "more, sizes within {margin}; Regulation (EU) 2016/522, annex II, 3(c)",
        Criterion.CROWD_ROUND_TRIPS: "Round trips of many accounts: {accounts} did hardly "
        "anything in {symbol} but buy and sell the same size again within {span}, {trades} times, "
        "{window}, {result}: {numerator} of the {denominator} units traded there, {share}. "
        "Criterion: {least} accounts or more; Regulation (EU) 2016/522, annex II, 3(c)",
    },
    "zh": {
        Criterion.SELF_TRADES: "自成交：{window}，{accounts}在 {symbol} 上自买自卖 {trades} 次，"
        "数量 {numerator}，占其该时段成交 {denominator} 的 {share}。"
        "依据：单日同一合约 {least} 次及以上（{source}）；欧盟 596/2014 号条例附件一 A(c)",
        Criterion.VOLUME_MATCH: "对倒成交量：{window}，{accounts}在 {symbol} 上相互成交 "
        "{trades} 笔，各方持仓回到原点，也无人获利；数量 {numerator}，占这些账户该时段成交 "
        "{denominator} 的 {share}。依据：净持仓不超过平均单笔的 {margin}"
        "（{source}）；欧盟 2016/522 号条例附件二 3(a)",
        Criterion.ROUND_TRIPS: "无收益往返：{window}，{accounts}在 {symbol} 上等量一买一卖 "
        "{trades} 次，每次不超过 {span}，{result}；数量 {numerator}，占其该时段成交 "
        "{denominator} 的 {share}。依据：单日 {least} 次及以上，两边数量相差不超过 {margin}；"
        "欧盟 2016/522 号条例附件二 3(c)",
        Criterion.CROWD_ROUND_TRIPS: "多账户无收益往返：{window}，{accounts}在 {symbol} 上"
        "几乎只做等量一买一卖，共 {trades} 次，每次不超过 {span}，{result}；数量 {numerator}，"
        "占该时段全部成交 {denominator} 的 {share}。依据：同类账户 {least} 个及以上；"
        "欧盟 2016/522 号条例附件二 3(c)",
    },
}

_SOURCES: dict[Lang, dict[Criterion, str]] = {
    "en": {
        Criterion.SELF_TRADES: "futures exchanges' rules on abnormal trading",
        Criterion.VOLUME_MATCH: "Victor & Weintraud 2021",
    },
    "zh": {
        Criterion.SELF_TRADES: "期货交易所异常交易规则",
        Criterion.VOLUME_MATCH: "Victor 与 Weintraud，2021",
    },
}
_CONFIGURED: dict[Lang, str] = {
    "en": "as configured; {source}: {number}",
    "zh": "自行设定；{source}：{number}",
}
"""Where the number is not that of its source, both are said."""
_DEFAULT = WashSettings()


def wash_sentence(
    findings: WashFindings,
    at: int,
    *,
    account_names: NDArray[np.object_],
    symbol_names: NDArray[np.object_],
    settings: WashSettings,
    lang: Lang,
) -> str:
    """One sentence on finding `at`; `settings` are those it was found with. Times are UTC."""
    criterion = Criterion(findings.criterion[at])
    return _SENTENCES[lang][criterion].format(
        accounts=_accounts(account_names[findings.of(at)].tolist(), lang),
        symbol=symbol_names[findings.symbol[at]],
        window=_window(int(findings.window_start[at]), int(findings.window_us[at]), lang),
        trades=f"{findings.trades[at]:,}",
        numerator=_amount(findings.numerator[at]),
        denominator=_amount(findings.denominator[at]),
        share=_percent(findings.share[at]),
        result=_result(float(findings.result[at]), lang),
        margin=_percent(settings.margin),
        span=_span(settings.trip_span_us, lang),
        least=_least(criterion, settings),
        source=_source(criterion, settings, lang),
    )


def _source(criterion: Criterion, settings: WashSettings, lang: Lang) -> str:
    """Of the criterion's number; nothing where the sentence names the source of no number."""
    source = _SOURCES[lang].get(criterion, "")
    if criterion == Criterion.SELF_TRADES:
        same, number = settings.self_trades == _DEFAULT.self_trades, str(_DEFAULT.self_trades)
    else:
        same, number = settings.margin == _DEFAULT.margin, _percent(_DEFAULT.margin)
    return source if same else _CONFIGURED[lang].format(source=source, number=number)


def _least(criterion: Criterion, settings: WashSettings) -> int:
    return {
        Criterion.SELF_TRADES: settings.self_trades,
        Criterion.VOLUME_MATCH: settings.trades,
        Criterion.ROUND_TRIPS: settings.trips,
        Criterion.CROWD_ROUND_TRIPS: settings.crowd_accounts,
    }[criterion]


def _accounts(names: Sequence[str], lang: Lang) -> str:
    shown, more = list(names[:NAMED]), len(names) - NAMED
    if lang == "zh":
        listed = "账户 " + "、".join(shown)
        return f"{listed} 等 {len(names):,} 个账户" if more > 0 else f"{listed} "
    if more > 0:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def _window(start: int, length: int, lang: Lang) -> str:
    """The span, in UTC; a whole day by its date."""
    first = np.datetime64(start, "us").astype("datetime64[m]")
    last = np.datetime64(start + length, "us").astype("datetime64[m]")
    if last - first == np.timedelta64(1, "D"):
        day = np.datetime64(start, "us").astype("datetime64[D]")
        return f"{day}（UTC）" if lang == "zh" else f"on {day} (UTC)"
    one, two = (str(instant).replace("T", " ") for instant in (first, last))
    return f"{one} 至 {two}（UTC）" if lang == "zh" else f"from {one} to {two} UTC"


def _result(result: float, lang: Lang) -> str:
    amount = _amount(abs(result))
    if lang == "zh":
        return f"合计亏损 {amount}" if result < 0 else f"合计盈利 {amount}"
    return f"with {amount} {'lost' if result < 0 else 'gained'} in all before fees"


def _span(length_us: int, lang: Lang) -> str:
    minutes = _amount(length_us / 60e6)
    return f"{minutes} 分钟" if lang == "zh" else f"{minutes} minutes"


def _amount(value: float) -> str:
    """To six significant digits, never in powers of ten."""
    if value == 0:
        return "0"
    text = f"{value:,.{max(0, 5 - floor(log10(abs(value))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(share: float) -> str:
    return f"{_amount(round(100 * share, 1 if share >= 0.01 else 4))}%"
