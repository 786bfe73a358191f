"""Lines of statements to time rules on, with something for each rule to do.

Accounts of 2,000 lines, a year each, one in fifty silent for forty days. One line in a hundred lies
in a crowded hour of twenty; four in a hundred at night. Amounts are what cards pay, now and then
large or round; salaries come every month, interest every quarter, and some large receipts leave
again soon. Balances follow from line to line, but for one in a thousand that is wrong and one in a
thousand that is empty.
"""

import numpy as np
import polars as pl

from tradeglyph.domain.statements import IN, OUT
from tradeglyph.recognizers.statements.books import Ints
from tradeglyph.recognizers.statements.lines import LINES

OF_AN_ACCOUNT = 2_000
CROWD = 20
CROWDED = 0.01
"""Share of the lines that lie in a crowded hour, twenty in each."""
NIGHTLY = 0.04
RARE = 0.001
"""Share of the lines with a large amount, with a round one, with a wrong balance, with none."""
NEW_YEAR = 1_735_689_600_000_000
"""2025-01-01 in microseconds."""
HOUR_US = 3_600_000_000
SUMMARIES = (
    "消费",
    "转账",
    "网上支付",
    "代扣水费",
    "滴滴出行",
    "货款",
    "还款",
    "餐饮 外卖",
    "医院挂号",
)
OTHERS = ("便利店", "李四", "某某科技有限公司", "加油站", "酒店", "张三", "")


def lines_in_order(count: int, seed: int = 1) -> pl.DataFrame:
    """So many lines as files have them: account by account, by time."""
    rng = np.random.default_rng(seed)
    account, hour = _places(count, rng)
    us = NEW_YEAR + hour * HOUR_US + rng.integers(0, 3_600, count) * 1_000_000
    order = np.lexsort((us, account))
    account, us = account[order], us[order]
    amount, direction, summary = _moves(count, us, rng)
    balance = _balances(account, amount * direction, rng)
    names = pl.Series([f"6222020{number:012d}" for number in range(int(account[-1]) + 1)])
    few = {
        "account": names.gather(account),
        "time": pl.Series(us).cast(pl.Datetime("us")),
        "line": np.arange(1, count + 1),
        "amount": amount,
        "balance": balance,
        "direction": direction,
        "summary": summary,
        "counterparty": pl.Series(OTHERS).gather(rng.integers(0, len(OTHERS), count)),
    }
    rest = {"file": 0, "sheet": "", "tx_id": "", "clock": True, "currency": "CNY"}
    rest |= {"counterparty_account": "", "reversal": False, "owner": ""}
    rest |= {"since": None, "until": None}
    frame = pl.DataFrame(few).with_columns(
        pl.lit(value).alias(name) for name, value in rest.items()
    )
    return frame.select(pl.col(name).cast(kind) for name, kind in LINES.items())


def lines_in_no_order(count: int, seed: int = 1) -> pl.DataFrame:
    """The same lines, mixed."""
    return lines_in_order(count, seed).sample(fraction=1, shuffle=True, seed=seed)


def _places(count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Account and hour of the year of each line."""
    accounts = max(1, count // OF_AN_ACCOUNT)
    account = rng.integers(0, accounts, count)
    night = rng.random(count) < NIGHTLY
    of_day = np.where(night, rng.integers(0, 6, count), rng.integers(8, 22, count))
    hour = rng.integers(0, 365, count) * 24 + of_day
    crowds = int(count * CROWDED) // CROWD
    account[: crowds * CROWD] = np.repeat(rng.integers(0, accounts, crowds), CROWD)
    hour[: crowds * CROWD] = np.repeat(rng.integers(0, 365, crowds) * 24 + 22, CROWD)
    silent = (account % 50 == 0) & (hour // 24 >= 100) & (hour // 24 < 140)
    hour[silent] += 60 * 24
    return account, hour


def _moves(
    count: int, us: Ints, rng: np.random.Generator
) -> tuple[
    Ints,
    Ints,
    pl.Series,
]:
    """Amount, direction and summary of each line; the lines are in order."""
    amount = rng.integers(1_00, 500_00, count)
    direction = np.where(rng.random(count) < 0.1, IN, OUT)
    words = rng.integers(0, len(SUMMARIES), count)
    draw = rng.random(count)
    round_ = draw < RARE
    amount[round_] = rng.integers(1, 20, int(round_.sum())) * 10_000_00
    large = (draw >= RARE) & (draw < 2 * RARE)
    amount[large] = rng.integers(50_000_00, 900_000_00, int(large.sum()))
    passing = np.flatnonzero((draw >= 2 * RARE) & (draw < 2.5 * RARE))
    passing = passing[passing + 6 < count]
    amount[passing] = rng.integers(100_000_00, 900_000_00, len(passing))
    amount[passing + 6] = amount[passing] - 5_00
    direction[passing], direction[passing + 6] = IN, OUT
    summary = np.array(SUMMARIES, dtype=object)[words]
    day = us // (24 * HOUR_US)
    new_day = np.append(True, day[1:] != day[:-1])
    for every, at, what, least, most in (
        (30, 5, "代发工资", 5_000_00, 30_000_00),
        (91, 20, "结息", 10, 60_00),
    ):
        paid = np.flatnonzero(new_day & (day % every == at))
        summary[paid], direction[paid] = what, IN
        amount[paid] = rng.integers(least, most, len(paid))
    return amount, direction, pl.Series(summary, dtype=pl.String)


def _balances(
    account: Ints,
    change: Ints,
    rng: np.random.Generator,
) -> pl.Series:
    """Balances that follow from line to line of an account, mostly."""
    running = np.cumsum(change)
    first = np.flatnonzero(np.append(True, account[1:] != account[:-1]))
    lines = np.diff(np.append(first, len(account)))
    balance = running - np.repeat((running - change)[first], lines) + 500_000_00
    balance[rng.random(len(account)) < RARE] += 10_00
    empty = pl.Series(rng.random(len(account)) < RARE)
    return pl.Series(balance).set(empty, None)
