"""Interest of demand deposits: its lines, the days that it is for, and what it is paid on.

SOURCE: 银发〔2005〕129号 for daily balances (积数).
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from tradeglyph.domain.statements import IN
from tradeglyph.recognizers.statements.balance_groups import balance_groups, steps
from tradeglyph.recognizers.statements.books import Ints, book_codes
from tradeglyph.recognizers.statements.card_parameters import words
from tradeglyph.recognizers.statements.deposit_rates import RATES
from tradeglyph.recognizers.statements.keywords import NOT_DEPOSIT, has_word, told

NOTICE = (
    "银发〔2005〕129号: demand deposits earn the rate of the day on which interest is settled, the "
    "daily rate is a 360th of the yearly one"
)
MILLION: Final = 1_000_000
"""Rates are whole millionths a year."""
NOT_DEPOSIT_WORDS = words(
    "not_deposit",
    NOT_DEPOSIT,
    "words of taxes on interest, of loans, and of deposits at other rates",
    "利息税、贷款利息、其他利率存款等排除词",
    "keywords.py",
)


def interest_lines(lines: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Income in CNY that a parameter's words call `interest`, less what `not_deposit` names: `row`,
    `time`, `amount`, `balance`, `summary`, `counterparty`, `day` (since 1970)."""
    named = [word for word in parameters["interest"] if word]
    if not named:
        return lines.clear()
    income = (pl.col("direction") == IN) & ~pl.col("reversal") & (pl.col("currency") == "CNY")
    likely = lines.lazy().with_row_index("row").filter(income)
    likely = likely.filter(pl.col("summary").str.contains_any(named, ascii_case_insensitive=True))
    paid = likely.select("row", "time", "amount", "balance", "summary", "counterparty").collect()
    if paid.is_empty():
        return paid.clear()
    paid = paid.filter(has_word(pl.col("summary"), named))
    paid = paid.filter(~has_word(told(), parameters["not_deposit"]))
    return paid.with_columns(day=pl.col("time").dt.epoch("d").cast(pl.Int64))


def base_rate(parameters: Mapping[str, Any]) -> pl.Expr:
    """The base rate of each line, in millionths a year."""
    if parameters["rates"] == "flat":
        return pl.lit(round(parameters["base_rate"] * MILLION), dtype=pl.Int64)
    rate = pl.lit(None, dtype=pl.Int64)
    for since, millionths in RATES:
        late = pl.col("time").dt.date() >= since
        rate = pl.when(late).then(pl.lit(millionths, dtype=pl.Int64)).otherwise(rate)
    return rate


def by_day(lines: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """The interest lines with an interest day before them, the day's `interest`, the `days` since
    and their `product` (积数): the sum of the balances at the ends of these days."""
    book = book_codes(lines)
    paid = paid.with_columns(book=pl.Series(book[paid["row"].to_numpy()], dtype=pl.Int64))
    wanted = np.zeros(int(book.max()) + 1, dtype=bool)
    wanted[paid["book"].to_numpy()] = True
    at = np.flatnonzero(wanted[book])
    if len(at) < len(lines):
        texts = pl.selectors.by_name("summary", "counterparty", "counterparty_account", "tx_id")
        lines, book = lines.drop(texts)[at], book[at]
    ends = _day_ends(lines, book)
    days = paid.group_by("book", "day").agg(interest=pl.col("amount").sum()).sort("book", "day")
    days = days.with_columns(since=pl.col("day").shift(1).over("book")).drop_nulls("since")
    books, since, day = (days[name].to_numpy() for name in ("book", "since", "day"))
    product = _sum_before(ends, books, day) - _sum_before(ends, books, since)
    days = days.with_columns(
        product=pl.Series(product, dtype=pl.Int64), days=pl.Series(day - since, dtype=pl.Int64)
    )
    return paid.join(days, on=["book", "day"])


def _day_ends(lines: pl.DataFrame, book: Ints) -> pl.DataFrame:
    """The last balance of each day of each book that has one which can be told, at least 0."""
    groups = balance_groups(lines)
    taken = steps(lines, groups, 0)
    last = np.cumsum(groups.size) - 1
    row = groups.row[last]
    alone = (groups.size == 1) & lines["balance"].is_not_null().to_numpy()[row]
    table = pl.DataFrame(
        {
            "book": book[row],
            "day": lines["time"].dt.epoch("d").to_numpy()[row].astype(np.int64),
            "balance": np.where(alone, groups.after[last], taken.end_low),
        }
    ).filter(pl.Series(alone | taken.single))
    # They stand in order of book and time: of each day the last row is its end.
    last_of_day = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift(-1)) for name in ("book", "day")
    )
    return table.filter(last_of_day).with_columns(pl.col("balance").clip(lower_bound=0))


def _sum_before(ends: pl.DataFrame, book: Ints, day: Ints) -> Ints:
    """Sum of the balances of all days before `day` since the book's first."""
    books, days, balance = (ends[name].to_numpy() for name in ("book", "day", "balance"))
    lasts = np.append(days[1:] - days[:-1], 0)
    lasts[np.append(books[1:] != books[:-1], True)] = 0
    sums = np.concatenate(([0], np.cumsum(balance * lasts)))
    key, asked = (books << 24) + days + (1 << 23), (book << 24) + day + (1 << 23)
    at = np.searchsorted(key, asked, side="right") - 1
    start = np.searchsorted(books, book)
    some = at >= start
    at = np.where(some, at, 0)
    return np.where(some, sums[at] - sums[start] + balance[at] * (day - days[at]), 0)
