import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import DAY, FillRow, candles_of, days, fills_of
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.columns import Columns, columns_of
from tradeglyph.picture.fast import draw
from tradeglyph.picture.spec import DEFAULT
from tradeglyph.pipeline.place import place
from tradeglyph.recognizers.account import (
    ALL_SYMBOLS,
    AccountDays,
    account_days,
    account_findings,
    account_sentence,
)

SYMBOLS = [f"S{at}" for at in range(5)]
# Each symbol has its own price and its own height of candles.
LOWS = {symbol: 10.0 ** (at + 1) for at, symbol in enumerate(SYMBOLS)}
CANDLES: Candles = candles_of(
    [(s, DAY + 300.0 * i, LOWS[s], 1.1 * LOWS[s]) for s in SYMBOLS for i in range(2 * 288)],
    symbols=SYMBOLS,
    volume=100.0,
)


def trip(who: str, symbol: str, slot: int, buy: float, sell: float) -> list[FillRow]:
    """Bought and sold in one candle, at places between 0 and 1."""
    low = LOWS[symbol]
    return [
        (who, symbol, DAY + 300 * slot + 1, "buy", low * (1 + 0.1 * buy), 2.0),
        (who, symbol, DAY + 300 * slot + 2, "sell", low * (1 + 0.1 * sell), 2.0),
    ]


def placed_of(rows: list[FillRow]) -> tuple[PlacedWindows, Columns]:
    placed = place(days(fills_of(rows, SYMBOLS)), CANDLES)
    return placed, columns_of(placed, CANDLES)


def pooled(rows: list[FillRow]) -> AccountDays:
    return account_days(*placed_of(rows))


SPREAD = [row for at, s in enumerate(SYMBOLS) for row in trip("ann", s, 10 - at, 0.1, 0.9)]


def test_an_account_with_one_trip_in_each_of_five_symbols_is_one_window() -> None:
    alone = trip("bob", "S0", 3, 0.1, 0.9)
    placed, columns = placed_of([*SPREAD, *alone])
    found = account_days(placed, columns)
    assert len(found) == 1
    windows = found.placed.windows
    assert windows.account.tolist() == [0]
    assert windows.symbol.tolist() == [ALL_SYMBOLS]
    assert windows.trade_count.tolist() == [10]
    assert windows.sizes.tolist() == [10]
    # Five windows of ann's are in it, bob's only one is not.
    assert found.member.tolist() == [0] * 5 + [-1]
    # Symbols stand by their first fill: the last began first.
    assert windows.fills.symbol.tolist() == [4, 4, 3, 3, 2, 2, 1, 1, 0, 0]


def test_the_picture_is_the_windows_pictures_side_by_side() -> None:
    more = trip("ann", "S3", 200, 0.4, 0.2)
    placed, columns = placed_of([*SPREAD, *more])
    found = account_days(placed, columns)
    apart = draw(placed, CANDLES, DEFAULT, columns)
    together = draw(found.placed, CANDLES, DEFAULT, found.columns)[0]
    used = np.diff(columns.offset)
    order = [4, 3, 2, 1, 0]
    side_by_side = np.concatenate([apart[at][:, :, : used[at]] for at in order], axis=2)
    assert (together[:, :, : used.sum()] == side_by_side).all()
    assert not together[:, :, used.sum() :].any()


def test_days_and_accounts_stay_apart() -> None:
    rows = [
        *trip("ann", "S0", 1, 0.1, 0.9), *trip("ann", "S1", 2, 0.1, 0.9),
        *trip("ann", "S0", 290, 0.1, 0.9), *trip("ann", "S2", 291, 0.1, 0.9),
        *trip("bob", "S0", 1, 0.1, 0.9), *trip("bob", "S1", 290, 0.1, 0.9),
    ]  # fmt: skip
    found = pooled(rows)
    assert found.placed.windows.account.tolist() == [0, 0]
    assert np.diff(found.placed.windows.start).tolist() == [86_400_000_000]


def test_many_small_windows_add_up_where_the_model_says_so() -> None:
    found = pooled(SPREAD)
    said = account_findings(found, np.array([0.9]), np.zeros(5, dtype=bool), threshold=0.5)
    assert said.flagged.tolist() == [True]
    assert said.adds.tolist() == [True]
    assert (said.windows[0], said.symbols[0], said.trips[0]) == (5, 5, 5)
    assert said.mean_gap.tolist() == pytest.approx([0.8])
    known = np.array([False, True, False, False, False])
    assert account_findings(found, np.array([0.9]), known, threshold=0.5).adds.tolist() == [False]


@pytest.mark.parametrize(
    ("rows", "probability"),
    [
        (SPREAD, 0.5),
        (SPREAD, np.nan),
        ([*trip("ann", "S0", 1, 0.1, 0.9), *trip("ann", "S1", 1, 0.1, 0.9)], 0.99),
        (
            [
                *(row for at in range(3) for row in trip("ann", "S0", at, 0.1, 0.9)),
                ("ann", "S1", DAY + 1, "buy", 105.0, 1.0),
            ],
            0.99,
        ),
    ],
    ids=["at the threshold", "no answer", "two trips", "trips in one symbol only"],
)
def test_what_does_not_add_up(rows: list[FillRow], probability: float) -> None:
    found = pooled(rows)
    none = np.zeros(len(found.member), dtype=bool)
    said = account_findings(found, np.array([probability]), none, threshold=0.5)
    assert said.flagged.tolist() == [False]


def test_the_sentence_has_the_figures() -> None:
    found = pooled(SPREAD)
    said = account_findings(found, np.array([0.9]), np.zeros(5, dtype=bool), threshold=0.5)
    assert account_sentence(said, 0, "en") == (
        "all symbols of the account's day as one: 5 trips inside one candle in 5 of 5 symbols, "
        "sold 80% of the candle above where it bought on average, probability 90% together, no "
        "symbol alone would have said so"
    )
    zh = account_sentence(said, 0, "zh")
    assert "5 个标的" in zh
    assert "5 次" in zh
    assert "80%" in zh
    assert "合并概率 90%" in zh


def test_nothing_to_pool() -> None:
    found = pooled(trip("ann", "S0", 1, 0.1, 0.9))
    assert len(found) == 0
    assert found.member.tolist() == [-1]
    assert draw(found.placed, CANDLES, DEFAULT, found.columns).shape[0] == 0
    none = np.zeros(1, dtype=bool)
    assert len(account_findings(found, np.empty(0), none, threshold=0.5).flagged) == 0


fills = st.tuples(
    st.sampled_from(["ann", "bob"]),
    st.sampled_from(SYMBOLS),
    st.integers(0, 2 * 86_400 - 1),
    st.sampled_from(["buy", "sell"]),
    st.integers(0, 10),
    st.integers(1, 5),
)


@given(st.lists(fills, min_size=1, max_size=60))
def test_every_fill_keeps_its_candle_and_its_column(
    drawn: list[tuple[str, str, int, str, int, int]],
) -> None:
    rows: list[FillRow] = [
        (who, s, DAY + second, side, LOWS[s] * (1 + 0.01 * at), float(quantity))
        for who, s, second, side, at, quantity in drawn
    ]
    placed, columns = placed_of(rows)
    found = account_days(placed, columns)
    windows, inner = placed.windows, found.placed.windows
    assert found.columns.offset.tolist() == np.append(
        0, np.cumsum(np.bincount(found.columns.owner, minlength=len(found)))
    ).tolist()  # fmt: skip
    # The fills and columns of a day are those of its windows.
    for at in range(len(found)):
        of = np.flatnonzero(found.member == at)
        assert len(of) >= 2
        mine = np.isin(windows.owner, of)
        fill = slice(inner.offset[at], inner.offset[at + 1])
        assert sorted(inner.fills.time[fill]) == sorted(windows.fills.time[mine])
        assert inner.trade_count[at] == windows.trade_count[of].sum()
        column = slice(found.columns.offset[at], found.columns.offset[at + 1])
        assert sorted(found.columns.candle[column]) == sorted(
            columns.candle[np.isin(columns.owner, of)]
        )
    # Every fill lies in its own column, which is of its candle.
    assert (found.columns.candle[found.columns.of_fill] == found.placed.candle).all()
    assert (found.columns.owner[found.columns.of_fill] == inner.owner).all()
