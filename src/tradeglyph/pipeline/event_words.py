"""What is said to people of an event as a whole. English and Chinese."""

from tradeglyph.domain.findings import Unanswered
from tradeglyph.recognizers.reasons import Lang

_UNANSWERED: dict[Lang, dict[Unanswered, str]] = {
    "en": {
        Unanswered.SOURCE_GONE: "no answer: the database of trades or candles could not be reached",
        Unanswered.STALE_FEED: "no answer: the newest trade or candle known is too old, so that "
        "what the account did last may be missing",
        Unanswered.TIMED_OUT: "no answer within the time allowed",
        Unanswered.NO_MODEL: "no answer: the model could not be loaded",
        Unanswered.NO_TRADES: "the account made no trade in the window",
        Unanswered.TOO_FEW_FILLS: "not applicable: fewer than two fills in every symbol",
        Unanswered.NO_CANDLES: "{of}: the market's candles are missing",
        Unanswered.OUTSIDE_CANDLES: "{of}: most of its prices lie far outside the market's "
        "candles; are both in one unit, and of one market?",
        Unanswered.TOO_MANY_TRADES: "no answer: more trades than one question may fetch; score the "
        "day as a batch",
        Unanswered.UNREADABLE: "no answer: trades of the account can't be read",
    },
    "zh": {
        Unanswered.SOURCE_GONE: "没有结论：成交库或 K 线库连不上",
        Unanswered.STALE_FEED: "没有结论：已知的最新成交或 K 线太旧，账户最近的交易可能还没到",
        Unanswered.TIMED_OUT: "没有在规定时间内得出结论",
        Unanswered.NO_MODEL: "没有结论：模型加载失败",
        Unanswered.NO_TRADES: "窗口内该账户没有成交",
        Unanswered.TOO_FEW_FILLS: "不适用：每个标的成交都不足两笔",
        Unanswered.NO_CANDLES: "{of}：缺少行情 K 线",
        Unanswered.OUTSIDE_CANDLES: "{of}：多数成交价远在 K 线的最高、最低价之外，"
        "请核对两者的计价单位和市场是否一致",
        Unanswered.TOO_MANY_TRADES: "没有结论：成交笔数超过单次查询上限，请按日批量评分",
        Unanswered.UNREADABLE: "没有结论：该账户有成交记录无法读取",
    },
}

_OF: dict[Lang, dict[bool, str]] = {
    "en": {
        False: "no answer for some of what it traded",
        True: "no answer for anything it traded",
    },
    "zh": {False: "部分标的没有结论", True: "交易过的标的全都没有结论"},
}
"""Whether all is without an answer."""

_SIGNALS: dict[Lang, dict[str, str]] = {
    "en": {
        "new_device": "a new device",
        "password_changed": "a changed password",
        "two_factor_changed": "a changed second factor",
        "address_age_hours": "a withdrawal address that was added only just before",
    },
    "zh": {
        "new_device": "新设备登录",
        "password_changed": "密码刚改过",
        "two_factor_changed": "二次验证刚改过",
        "address_age_hours": "提现地址是不久前才添加的",
    },
}


def unanswered_words(why: Unanswered, lang: Lang, *, whole: bool = False) -> str:
    """Why there is no answer, in one clause; `whole`: nothing that was traded has one."""
    return _UNANSWERED[lang][why].format(of=_OF[lang][whole])


def unreadable_words(rows: int, lang: Lang) -> str:
    """How many of the account's trades are in no picture and in no sum."""
    if lang == "zh":
        return f"该账户有 {rows:,} 条成交记录无法读取（时间、标的、方向、价格或数量有误），未计入"
    what = "row of its trades" if rows == 1 else "rows of its trades"
    return f"{rows:,} {what} can't be read (bad time, symbol, side, price or quantity): left out"


def signal_words(names: tuple[str, ...], lang: Lang) -> str:
    """What turned a review into a hold; names that nobody has words for stand as they are."""
    said = [_SIGNALS[lang].get(name, name) for name in names]
    if lang == "zh":
        return f"另有独立佐证：{'、'.join(said)}，因此止付"
    return f"held because of a second, independent evidence: {', '.join(said)}"


def about_symbol(symbol: str, reason: str, lang: Lang) -> str:
    """A window's reason with the symbol that it is about."""
    return f"{symbol}：{reason}" if lang == "zh" else f"{symbol}: {reason}"
