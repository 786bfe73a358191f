"""What the rows around the lines say: account, owner, currency, period, control totals."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tradeglyph.statements.currencies import currency_code

_COLON = r"\s*[::]?\s*[\[【]?\s*"
_ACCOUNT = re.compile(
    r"(?:账\s*号|帐\s*号|卡\s*号|账\s*户\s*号(?:码)?|客户账号|查询账户|账户|京东账号名|支付宝账户|"
    r"account\s*(?:no\.?|number)?|card\s*(?:no\.?|number))(?:/卡号|/账号)?"
    + _COLON
    + r"([0-9a-z_.@*+-][0-9a-z_.@*+ -]{2,}[0-9a-z*])",
    re.IGNORECASE,
)
_SUB_ACCOUNT = re.compile(
    r"(?:子账户序号|子账号|子帐号|账户序号|册号)" + _COLON + r"([0-9a-z*]+)", re.I
)
_LABEL = (
    r"户\s*名|账\s*号|帐\s*号|卡\s*号|账\s*户|客户|姓\s*名|币\s*种|币\s*别|开户|证件|起始|截止|"
    r"日期|余额|电话|地址|机构|网点|account|currency|period|date|branch|address|number"
)
"""What stands beside a value and is none itself."""
_HOLDER = re.compile(
    r"(?:户\s*名|账户名称|账户名|客户姓名|客户名称|持卡人(?:姓名)?|姓\s*名|微信昵称|account\s*name|"
    rf"account\s*holder|customer\s*name)(?:\s*[::]\s*|\s+(?!{_LABEL}))[\[【]?\s*"
    rf"([^\s\]】,,;;::]+(?: (?!{_LABEL})[a-z]+)*)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(
    r"(?:币\s*种|币\s*别|货\s*币|currency)(\s*[::]\s*|\s+)([^\s,,;;\]】]+)", re.I
)
_DAY = re.compile(r"(20\d\d|19\d\d)\s*(?:[-/.年])\s*(\d{1,2})\s*(?:[-/.月])\s*(\d{1,2})")
_DAY8 = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_UP_TO = r"[日\s\])】]*(?:\d{1,2}:\d\d(?::\d\d)?[\s\])】]*)?(?:至|到|~|—|–|-+|to\b|终止|截止|结束)"
_PERIOD = re.compile(
    rf"(?P<since>{_DAY.pattern}|{_DAY8.pattern}){_UP_TO}[^\d]{{0,12}}(?P<until>{_DAY.pattern}|"
    rf"{_DAY8.pattern})",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(20\d\d|19\d\d)\s*(?:年|-|/)\s*(\d{1,2})\s*月?(?!\d|\s*[-/月])")
_YEAR = re.compile(r"(20\d\d|19\d\d)\s*年(?:度)?")
_MADE = re.compile(r"(?:导出|打印|制表|申请|下载|生成|查询)(?:时间|日期)|printed|generated", re.I)
_CARD = re.compile(r"信用卡|贷记卡|credit\s*card", re.I)

_NUMBER = r"[¥$]?\s*(-?[\d,]+(?:\.\d+)?)\s*元?"
_COUNT_ALL = re.compile(
    r"(?:^|[^入出易支方]\s*)(?:共计?|合计|总笔数|总记录数|记录数)\s*[::]?\s*(\d+)\s*(?:笔|条)"
    r"|total\s+(?:transactions|records)\s*:?\s*(\d+)",
    re.I,
)
_IN_WORDS = r"收入|存入|贷方|转入|credits?|deposits?"
_OUT_WORDS = r"支出|支取|借方|转出|debits?|withdrawals?"
_NEUTRAL_WORDS = r"不计收支|中性交易"
_SIDE = rf"(?P<side>{_NEUTRAL_WORDS}|{_IN_WORDS}|{_OUT_WORDS})"
_BOTH = re.compile(
    rf"(?<!待)(?:已|总)?{_SIDE}\s*[::]?\s*(?:共)?\s*(?P<count>\d+)\s*笔\s*(?:\([^)]*\))?\s*[,,、;;]?"
    rf"\s*(?:共|合计|金额)?\s*[::]?\s*{_NUMBER}",
    re.I,
)
_SUM = re.compile(
    rf"(?:总|合计|total\s+)?{_SIDE}\s*(?:总|合计)?\s*(?:金额|额|发生额)?\s*(?:合计|总计)?\s*[::]\s*"
    r"(?:[a-z]{3}\s*)?[¥$]?\s*(-?[\d,]+\.\d{2})(?!\d)",
    re.I,
)
_COUNT = re.compile(rf"{_SIDE}\s*(?:总|合计)?\s*笔数\s*[::]?\s*(?P<count>\d+)", re.I)
TOTAL_WORDS = (
    r"(?i)合\s*计|总\s*计|小\s*计|累\s*计|本\s*页|承\s*前|过\s*次\s*页|笔\s*数|\btotals?\b|subtotal"
)
"""Of rows that sum other rows up."""
PAGE_WORDS = r"(?i)小\s*计|本\s*页|subtotal|page total"
OPENING_WORDS = (
    r"(?i)期初余额|上期余额|上月余额|承前页?余额|上页余额|期末余额|本期余额|结转余额|"
    r"balance (?:brought|carried) forward|opening balance|closing balance|balance b/?f|balance c/?f"
)
"""Of rows that state a balance and move no money."""

Side = Literal["in", "out", "neutral", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What a file says that its lines come to."""

    side: Side
    count: int | None = None
    minor: int | None = None
    said: str
    """The words it stands in."""
    row: int
    """Of the grid, from 0."""
    page: bool = False
    """Whether it speaks of a part of the lines: 小计, 本页."""
    above_all: bool = False
    """Whether it stands above the lines of its section."""
    currency: str | None = None
    """The only currency that it speaks of."""


def normal(text: str) -> str:
    """NFKC, which also narrows brackets, colons and digits."""
    return unicodedata.normalize("NFKC", text).strip()


def account_in(text: str) -> str | None:
    """The account's number or name in a (normal) text."""
    found = _ACCOUNT.search(text)
    if found is None or not re.search(r"[\d*]", found[1]):
        return None
    return re.sub(r"(?<=[\d*])[ -](?=[\d*])", "", found[1]).strip()


def sub_account_in(text: str) -> str | None:
    """The number of a sub-account."""
    found = _SUB_ACCOUNT.search(text)
    return found[1] if found else None


def holder_in(text: str) -> str | None:
    """The owner's name."""
    found = _HOLDER.search(text)
    return found[1].strip() if found else None


def currency_in(text: str) -> str | None:
    """The name that a text gives the currency, where it can be read as one."""
    found = _CURRENCY.search(text)
    if found is None:
        return None
    # Without a colon the next word may be anything.
    said = found[1].strip() or currency_code(found[2])
    return found[2] if said else None


def currency_mentioned(text: str) -> str | None:
    """The code of a currency that a total's label begins with, such as 人民币合计."""
    found = re.match(r"(人民币|美元|港币|港元|欧元|英镑|日元|澳元|加元)", text)
    return currency_code(found[1]) if found else None


def is_card(text: str) -> bool:
    """Whether a text speaks of a credit card."""
    return _CARD.search(text) is not None


def last_day_in(text: str) -> dt.date | None:
    """The last day of the period that a text names: 2024-12-01 至 2024-12-31, 2024年01月, 2024年.

    A day on which a file was made or printed counts as none.
    """
    if _MADE.search(text):
        return None
    days = [_day(*map(int, found.groups())) for found in _DAY.finditer(text)]
    days += [_day(*map(int, found.groups())) for found in _DAY8.finditer(text)]
    if known := [day for day in days if day is not None]:
        return max(known)
    if found := _MONTH.search(text):
        year, month = int(found[1]), int(found[2])
        if 1 <= month <= 12:
            after = dt.date(year + month // 12, month % 12 + 1, 1)
            return after - dt.timedelta(days=1)
    found = _YEAR.search(text)
    return dt.date(int(found[1]), 12, 31) if found else None


def period_in(text: str) -> tuple[dt.date, dt.date] | None:
    """The first and last day of the period that a (normal) text names, as in 2024-01-01 至
    2024-12-31. Two days that nothing joins are no period."""
    found = _PERIOD.search(text)
    if found is None:
        return None
    since, until = last_day_in(found["since"]), last_day_in(found["until"])
    return (since, until) if since is not None and until is not None and since <= until else None


def totals_in(text: str, row: int) -> Iterator[Total]:
    """Control totals in a (normal) text."""
    page = re.search(PAGE_WORDS, text) is not None
    sums: set[Side] = set()
    for found in _BOTH.finditer(text):
        side = _side(found["side"])
        sums.add(side)
        minor = _minor(found[found.re.groups])
        count = int(found["count"])
        yield Total(side=side, count=count, minor=minor, said=found[0].strip(), row=row, page=page)
    for found in _SUM.finditer(text):
        if (side := _side(found["side"])) not in sums:
            minor = _minor(found[found.re.groups])
            yield Total(side=side, minor=minor, said=found[0].strip(), row=row, page=page)
    for found in _COUNT.finditer(text):
        side, count = _side(found["side"]), int(found["count"])
        yield Total(side=side, count=count, said=found[0].strip(), row=row, page=page)
    if everything := _COUNT_ALL.search(text):
        count = int(everything[1] or everything[2])
        yield Total(side="all", count=count, said=everything[0].strip(), row=row, page=page)


def _side(word: str) -> Side:
    if re.fullmatch(_NEUTRAL_WORDS, word):
        return "neutral"
    return "in" if re.fullmatch(_IN_WORDS, word, re.I) else "out"


def _minor(text: str) -> int | None:
    whole, _, part = text.replace(",", "").partition(".")
    part = part.rstrip("0")
    if not re.fullmatch(r"-?\d{1,15}", whole) or len(part) > 2:
        return None
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole)) * 100 + int(part.ljust(2, "0") or 0))


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
