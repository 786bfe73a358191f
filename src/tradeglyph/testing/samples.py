"""Two made-up statements: one with something for every rule, one with nothing for any."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tradeglyph.domain.statements import IN, NEUTRAL, OUT
from tradeglyph.recognizers.statements.lines import LINES

_FIRST = datetime(2025, 1, 6)  # noqa: DTZ001  the bank's clock has no zone


@dataclass(slots=True, kw_only=True)
class _Book:
    """An account whose balance follows its lines."""

    account: str
    clock: bool = True
    file: int = 0
    owner: str = ""
    balance: int = 20_000_00
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, time: datetime, amount: int, direction: int = OUT, summary: str = "消费", **rest: Any
    ) -> None:
        """One line more, in the order of time."""
        self.balance += direction * amount
        row = {
            "file": self.file,
            "sheet": "",
            "line": len(self.rows) + 2,
            "account": self.account,
            "tx_id": f"{self.account[-2:]}{len(self.rows):06d}",
            "time": time if self.clock else time.replace(hour=0, minute=0, second=0),
            "clock": self.clock,
            "amount": amount,
            "direction": direction,
            "balance": self.balance,
            "currency": "CNY",
            "summary": summary,
            "counterparty": "",
            "counterparty_account": "",
            "reversal": False,
            "owner": self.owner,
            "since": None,
            "until": None,
        }
        self.rows.append(row | rest)


def quiet_statement() -> pl.DataFrame:
    """Ten weeks of one account's small days: schema `LINES`, no rule finds anything."""
    book = _Book(account="6222020000000000001", owner="张三")
    for day in range(70):
        _ordinary(book, _FIRST + timedelta(days=day), day)
    for row in book.rows:
        row["since"], row["until"] = _FIRST.date(), (_FIRST + timedelta(days=70)).date()
    return _frame([book])


def busy_statement() -> pl.DataFrame:
    """Eight accounts in three files: crowded hours, nights, large and round amounts, money passed
    through, broken and missing balances, silence, low interest; dates alone; a wallet; cash in
    parts after long silence, lines printed twice, amounts that begin alike. Two of them move money
    between each other, to an account that is not there, and in a circle."""
    books = [_restless(), _passing(), _dates_only(), _wallet(), _silent(), _woken()]
    books += _together()
    return _frame(books)


def _ordinary(book: _Book, day: datetime, number: int) -> None:
    """A salary in the month, and one or two purchases by day."""
    if number % 30 == 9:
        book.add(day + timedelta(hours=10, minutes=5), 8_213_45, IN, "代发工资")
    book.add(day + timedelta(hours=12, minutes=number % 50), 23_17 + 1_31 * (number % 37))
    if number % 2:
        book.add(day + timedelta(hours=18, minutes=number % 41), 61_43 + 2_03 * (number % 29))


def _restless() -> _Book:
    """Crowds, in an hour and across two; nights; round and large amounts; balances."""
    book = _Book(account="6222020000000000002", balance=900_000_00)
    for number in range(95):
        day = _FIRST + timedelta(days=number)
        _ordinary(book, day, number)
        for time, amount, direction, summary in _unrest(day, number):
            book.add(time, amount, direction, summary)
    for number in (40, 41, 90):
        book.rows[number]["balance"] = None
    book.rows[60]["balance"] += 77_00
    return book


def _unrest(day: datetime, number: int) -> Iterator[tuple[datetime, int, int, str]]:
    evening = day + timedelta(hours=20)
    if number == 20:
        yield from ((evening + timedelta(minutes=n), 101_01, OUT, "转账") for n in range(12))
    if number == 25:
        start = evening + timedelta(minutes=54)
        yield from ((start + timedelta(minutes=n), 99_01, OUT, "转账") for n in range(12))
    if number in (28, 29, 31, 33):
        yield evening + timedelta(minutes=3), 200_000_00, OUT, "转账"
    if number == 92:
        yield evening + timedelta(minutes=7), 180_345_67, OUT, "借款"
    if number == 94:
        night = day + timedelta(days=1, hours=2, minutes=10)
        yield from ((night + timedelta(minutes=n), 51_01, OUT, "转账") for n in range(5))
        yield night + timedelta(hours=1), 60_500_00, OUT, "转账"
        yield night + timedelta(hours=1, minutes=5), 70_500_00, OUT, "急诊 医院"


def _passing() -> _Book:
    """Large receipts that leave within days, and interest of hardly anything."""
    book = _Book(account="6222020000000000003", balance=120_000_00)
    for number in range(95):
        day = _FIRST + timedelta(days=number)
        _ordinary(book, day, number)
        if number in (15, 50):
            sender = {"counterparty": "甲贸易有限公司"}
            book.add(day + timedelta(hours=20), 300_123_45, IN, "往来款", **sender)
        if number in (16, 53):
            taker = {"counterparty": "乙投资有限公司"}
            book.add(day + timedelta(hours=20), 299_876_54, OUT, "往来款", **taker)
        if number in (44, 74):
            book.add(day + timedelta(hours=21), 1_03, IN, "结息")
    return book


def _dates_only() -> _Book:
    """A bank that prints no time of day."""
    book = _Book(account="6222020000000000004", clock=False, file=1)
    for number in range(80):
        _ordinary(book, _FIRST + timedelta(days=number), number)
    return book


def _wallet() -> _Book:
    """A payment service: no balances, lines that are not counted."""
    book = _Book(account="wallet@example.com", file=1)
    for number in range(40):
        time = _FIRST + timedelta(days=number, hours=13, minutes=number)
        direction = NEUTRAL if number % 5 == 0 else OUT
        book.add(time, 15_20 + 1_07 * number, direction, "扫二维码付款", balance=None)
    return book


def _silent() -> _Book:
    """Two silences, the second broken by interest alone."""
    book = _Book(account="6222020000000000005", file=1)
    for number in (0, 3, 9, 50, 52, 75, 95):
        summary = "结息" if number == 75 else "消费"
        direction = IN if number == 75 else OUT
        book.add(_FIRST + timedelta(days=number, hours=11), 18_35, direction, summary)
    return book


def _woken() -> _Book:
    """Silent for half a year; then cash under the reporting amount, and day by day payments of 5
    and something, 50 and something, and so on."""
    book = _Book(account="6222020000000000006", balance=900_000_00, file=1)
    book.add(_FIRST + timedelta(hours=10), 12_50)
    for number in range(4):
        time = _FIRST + timedelta(days=190 + number, hours=10)
        book.add(time, 49_000_00, IN, "存现")
        book.add(time + timedelta(minutes=1), 20_000_00, OUT, "ATM取款")
        book.add(time + timedelta(minutes=2), 3_00 + number, OUT, "账户管理费")
    book.add(_FIRST + timedelta(days=193, hours=11), 30_000_00, IN, "存现")
    for number in range(310):
        time = _FIRST + timedelta(days=195 + number // 2, hours=9 + 6 * (number % 2))
        book.add(time, (5_00 + number % 97) * 10 ** (number % 4), OUT, "货款")
    book.rows[40:40] = [dict(book.rows[39])]
    return book


def _together() -> list[_Book]:
    """Two accounts that pay each other: an own account without a statement, a transfer without its
    other side, a circle, there and back, and a page that is missing."""
    mine = _Book(account="6222020000000000007", file=2, owner="李四", balance=500_000_00)
    other = _Book(account="6222020000000000008", file=2, owner="丙商贸有限公司")
    for number in range(130):
        day = _FIRST + timedelta(days=number)
        for time, amount, direction, rest in _transfers(day, number):
            book = other if "payee" in rest else mine
            rest.pop("payee", None)
            book.add(time, amount, direction, "转账", **rest)
        if number == 75:
            mine.balance -= 6_000_00
        if not 75 <= number < 82:
            _ordinary(mine, day, number)
            _ordinary(other, day, number)
    return [mine, other]


def _transfers(day: datetime, number: int) -> Iterator[tuple[datetime, int, int, dict[str, Any]]]:
    time = day + timedelta(hours=11)
    mine = {"counterparty_account": "6222020000000000007", "counterparty": "李四", "payee": True}
    other = {"counterparty_account": "6222020000000000008", "counterparty": "丙商贸有限公司"}
    stranger = {"counterparty_account": "6222020000000000055", "counterparty": "丁物流有限公司"}
    if number == 20:
        yield time, 60_301_00, OUT, {"counterparty_account": "****0099", "counterparty": "李四"}
    if number == 30:
        yield time, 31_205_00, OUT, other
    if number == 40:
        yield time, 80_107_00, OUT, other
        yield time + timedelta(minutes=1), 80_107_00, IN, mine
    if number == 42:
        yield time, 79_903_00, OUT, stranger | {"payee": True}
    if number == 44:
        yield time, 79_805_00, IN, stranger
    if number == 60:
        yield time, 90_409_00, OUT, {"counterparty": "戊"}
    if number == 64:
        yield time, 90_409_00, IN, {"counterparty": "戊"}


def _frame(books: Sequence[_Book]) -> pl.DataFrame:
    """All lines, numbered as in their files."""
    rows: list[dict[str, Any]] = []
    for file in sorted({book.file for book in books}):
        held = [row for book in books if book.file == file for row in book.rows]
        rows += [row | {"line": line} for line, row in enumerate(held, 2)]
    return pl.DataFrame(rows, schema=LINES)
