"""How many lines of statements a second the rule on crowded hours takes.

Ten million lines of 5,000 accounts, a year of 2,000 lines each, one line in a hundred in a crowded
hour; read already. `other` is the way that the rule was first written: group by date and hour, then
for every crowded hour look through all rows again, with a record per row. It is timed in pandas
where pandas is installed, else in plain Python over rows, which does less per row.

That way's cost grows with lines times crowded hours, so that it can't be run on ten million. It is
timed at the largest size, doubling, that it finishes within `PATIENCE` seconds:

- `statements_high_frequency_same_size`: both at that size, and no extrapolation.
- `statements_high_frequency_lines_per_s`: ours on ten million lines over its rate at that size, as
  if a line cost it no more among ten million. It would: the ratio is a lower bound.
"""

import importlib.util
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from tradeglyph.domain.statements import IN, OUT
from tradeglyph.recognizers.statements.high_frequency import INFO, HighFrequency
from tradeglyph.recognizers.statements.lines import LINES
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.result import Result

LINES_OF_ALL = 10_000_000
OF_AN_ACCOUNT = 2_000
CROWDED = 0.01
"""Share of the lines that lie in a crowded hour, twenty in each."""
CROWD = 20
SMALLEST = 20_000
PATIENCE = 10.0
"""Seconds that the slow way may take for one size."""
RUNS = 3
NEW_YEAR = 1_735_689_600_000_000
"""2025-01-01 in microseconds."""
HOUR_US = 3_600_000_000


def measure() -> list[dict[str, object]]:
    """`statements_high_frequency_lines_per_s` and `statements_high_frequency_same_size`."""
    count, seconds = _slow_rate()
    print(f"the seed's way: {count:,} lines in {seconds:.1f} s, {_way()}", file=sys.stderr)
    small, whole = workload(count), workload(LINES_OF_ALL)
    return [
        _row("statements_high_frequency_lines_per_s", LINES_OF_ALL / _best(whole), count / seconds),
        _row("statements_high_frequency_same_size", count / _best(small), count / seconds),
    ]


def workload(count: int, seed: int = 1) -> pl.DataFrame:
    """So many lines, in no order."""
    rng = np.random.default_rng(seed)
    accounts = max(1, count // OF_AN_ACCOUNT)
    account = rng.integers(0, accounts, count)
    hour = rng.integers(0, 365, count) * 24 + rng.integers(8, 22, count)
    crowds = int(count * CROWDED) // CROWD
    account[: crowds * CROWD] = np.repeat(rng.integers(0, accounts, crowds), CROWD)
    hour[: crowds * CROWD] = np.repeat(rng.integers(0, 365, crowds) * 24 + 22, CROWD)
    mixed = rng.permutation(count)
    us = NEW_YEAR + hour[mixed] * HOUR_US + rng.integers(0, 3_600, count) * 1_000_000
    names = pl.Series([f"6222020{number:012d}" for number in range(accounts)])
    few = {
        "account": names.gather(account[mixed]),
        "time": pl.Series(us).cast(pl.Datetime("us")),
        "line": np.arange(1, count + 1),
        "amount": rng.integers(1, 1_000_000, count),
        "balance": rng.integers(1, 100_000_000, count),
        "direction": rng.choice([IN, OUT], count),
    }
    rest = {
        "file": 0,
        "sheet": "",
        "tx_id": "",
        "clock": True,
        "currency": "CNY",
        "summary": "消费",
    }
    empty = {"counterparty": "", "counterparty_account": "", "reversal": False}
    frame = pl.DataFrame(few).with_columns(
        pl.lit(value).alias(name) for name, value in (rest | empty).items()
    )
    return frame.select(pl.col(name).cast(kind) for name, kind in LINES.items())


def _row(name: str, ours: float, other: float) -> dict[str, object]:
    return {"name": name, "unit": "lines/s", "ours": ours, "other": other, "ratio": ours / other}


def _ours(lines: pl.DataFrame) -> int:
    answer = HighFrequency().recognize(lines, settled(INFO))
    assert isinstance(answer, Result)
    return answer.findings.height


def _best(lines: pl.DataFrame) -> float:
    """Seconds of the fastest of `RUNS` runs, after one to warm up."""
    _ours(lines)
    return min(_timed(lambda: _ours(lines))[1] for _ in range(RUNS))


def _timed(work: Callable[[], int]) -> tuple[int, float]:
    begin = time.perf_counter()
    found = work()
    return found, time.perf_counter() - begin


def _slow_rate() -> tuple[int, float]:
    """The largest size that the slow way finishes in time, and its seconds; answers compared."""
    count, seconds, size = 0, 0.0, SMALLEST
    while True:
        lines = workload(size)
        found, taken = _slow(lines)
        assert found == _ours(lines), "two ways, two answers"
        if count and taken > PATIENCE:
            return count, seconds
        count, seconds, size = size, taken, 2 * size
        if 4 * taken > 2 * PATIENCE:  # twice the lines take four times as long
            return count, seconds


def _way() -> str:
    return "pandas" if importlib.util.find_spec("pandas") else "plain Python, pandas not installed"


def _slow(lines: pl.DataFrame) -> tuple[int, float]:
    """Findings and seconds of the seed's way; the rows are there before the clock starts."""
    few = lines.select("account", "time", "amount", "direction")
    if importlib.util.find_spec("pandas"):
        import pandas as pd

        table = pd.DataFrame({name: few[name].to_numpy() for name in few.columns})
        return _timed(lambda: _in_pandas(table))
    rows = few.rows()
    return _timed(lambda: _in_python(rows))


def _in_pandas(table: Any) -> int:
    """Group, then scan the whole table for each crowded hour, then row by row."""
    table["date"], table["hour"] = table["time"].dt.date, table["time"].dt.hour
    found: list[dict[str, object]] = []
    for (account, date, hour), group in table.groupby(["account", "date", "hour"]):
        figures = _figures(list(zip(group["amount"], group["direction"], strict=True)))
        if len(group) <= 10:
            continue
        of_hour = (table["time"].dt.date == date) & (table["time"].dt.hour == hour)
        for _, row in table[of_hour & (table["account"] == account)].iterrows():
            found.append({"time": row["time"], "severity": "high", **figures})
    return len(found)


def _in_python(rows: list[tuple[Any, ...]]) -> int:
    """The same over tuples: account, time, amount, direction."""
    groups: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
    for account, when, amount, direction in rows:
        groups[account, when.date(), when.hour].append((amount, direction))
    found: list[dict[str, object]] = []
    for (account, date, hour), group in groups.items():
        figures = _figures(group)
        if len(group) <= 10:
            continue
        for other, when, _, _ in rows:
            if when.date() == date and when.hour == hour and other == account:
                found.append({"time": when, "severity": "high", **figures})
    return len(found)


def _figures(group: list[tuple[int, int]]) -> dict[str, object]:
    total = sum(amount for amount, _ in group)
    return {
        "transaction_count": len(group),
        "amount_sum": total,
        "amount_avg": total / len(group),
        "in_count": sum(direction == IN for _, direction in group),
        "out_count": sum(direction == OUT for _, direction in group),
    }
