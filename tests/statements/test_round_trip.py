"""A statement survives its layout: columns in any order, preamble, encoding, forms of numbers and
dates."""

import datetime as dt
import itertools
import random
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.statements.files import csv_text, read, written

DAY = dt.datetime(2024, 1, 1)  # noqa: DTZ001
PREAMBLE = ("某某银行交易流水", "户名：张三 账号：6222020200011112222", "打印日期：2025-06-01", "")
DATES = {
    "dashed": lambda time: (f"{time:%Y-%m-%d}", f"{time:%H:%M:%S}"),
    "slashed": lambda time: (f"{time.year}/{time.month}/{time.day}", f"{time:%H:%M:%S}"),
    "compact": lambda time: (f"{time:%Y%m%d}", f"{time:%H%M%S}"),
    "chinese": lambda time: (f"{time.year}年{time.month}月{time.day}日", f"{time:%H:%M:%S}"),
    "joined": lambda time: (f"{time:%Y-%m-%d %H:%M:%S}", ""),
}
NUMBERS = {
    "plain": lambda minor: f"{minor / 100:.2f}",
    "grouped": lambda minor: f"{minor / 100:,.2f}",
    "yuan": lambda minor: f"¥{minor / 100:,.2f}",
    "wide": lambda minor: f"{minor / 100:.2f}".translate(
        str.maketrans("0123456789.", "０１２３４５６７８９．")
    ),
}


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.randoms(use_true_random=False),
    st.sampled_from(["pair", "signed", "directed"]),
    st.sampled_from(sorted(DATES)),
    st.sampled_from(sorted(NUMBERS)),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.integers(0, len(PREAMBLE)),
)
def test_round_trip(
    tmp_path: Path,
    rng: random.Random,
    way: str,
    date: str,
    number: str,
    encoding: str,
    preamble: int,
) -> None:
    moves = [rng.choice((-1, 1)) * rng.randint(1, 10**8) for _ in range(12)]
    # Signs are told from those that are there.
    moves[0] = -abs(moves[0])
    balances = list(itertools.accumulate(moves, initial=2 * 10**9))[1:]
    times = [DAY + dt.timedelta(seconds=rng.randrange(300 * 86_400)) for _ in moves]
    money = NUMBERS[number]
    columns = {
        "交易日期": [DATES[date](time)[0] for time in times],
        "交易时间": [DATES[date](time)[1] for time in times],
        "余额": [money(balance) for balance in balances],
        "摘要": [f"摘要{n}" for n in range(len(moves))],
        "对方户名": [f"户名{n}" for n in range(len(moves))],
    }
    if way == "pair":
        columns["借方发生额"] = ["" if move > 0 else money(-move) for move in moves]
        columns["贷方发生额"] = [money(move) if move > 0 else "" for move in moves]
    elif way == "signed":
        columns["交易金额"] = ["-" * (move < 0) + money(abs(move)) for move in moves]
    else:
        columns["借贷标志"] = ["借" if move < 0 else "贷" for move in moves]
        columns["发生额"] = [money(abs(move)) for move in moves]
    names = list(columns)
    rng.shuffle(names)
    rows = [names, *zip(*(columns[name] for name in names), strict=True)]
    text = "".join(line + "\n" for line in PREAMBLE[:preamble]) + csv_text(rows)
    found = read(written(tmp_path, text, encoding=encoding))

    lines = found.lines
    assert lines.select(signed=pl.col("amount") * pl.col("direction"))["signed"].to_list() == moves
    assert lines["time"].to_list() == times
    assert lines["clock"].all()
    assert lines["balance"].to_list() == balances
    assert lines["summary"].to_list() == columns["摘要"]
    assert lines["counterparty"].to_list() == columns["对方户名"]
    assert lines["line"].to_list() == list(range(preamble + 2, preamble + 2 + len(moves)))
    assert found.files[0].accounts == (("6222020200011112222",) if preamble > 1 else ("",))
    assert found.files[0].rows.rejected == 0
