from dataclasses import replace

import numpy as np

from tests.simulate.markets import hand_market
from tradeglyph.domain.fills import BUY
from tradeglyph.simulate.draft import Draft, draft
from tradeglyph.simulate.market import Market, Quotes
from tradeglyph.simulate.printing import with_prints

# Slot 2 prints 50 at 75 s and 40 at 175 s; slot 5 prints 60 at 0 s; nothing else prints.
MARKET = hand_market({2: {3: 50, 7: 40}, 5: {0: 60}})
MARKET = replace(MARKET, close=np.where(MARKET.low == 40, 40, MARKET.close))


def fills(*rows: tuple[int, int, int]) -> Draft:
    """(slot, second, ticks) each."""
    slot, second, ticks = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    owner = np.zeros(len(rows), dtype=np.int64)
    return draft(np.array([True]), owner, owner, slot, second, BUY, ticks, owner + 1)


def shape(market: Market, slot: int) -> tuple[int, ...]:
    return tuple(int(getattr(market, n)[0, slot]) for n in ("open", "high", "low", "close"))


def test_fills_inside_change_nothing() -> None:
    assert with_prints(MARKET, fills((2, 0, 50), (2, 299, 40), (5, 10, 60))) is MARKET


def test_a_fill_above_raises_the_high() -> None:
    market = with_prints(MARKET, fills((2, 100, 70)))
    assert shape(market, 2) == (50, 70, 40, 40)
    assert shape(market, 5) == shape(MARKET, 5)


def test_who_is_first_opens_and_who_is_last_closes() -> None:
    market = with_prints(MARKET, fills((2, 20, 70), (2, 10, 45), (2, 200, 30), (2, 290, 33)))
    assert shape(market, 2) == (45, 70, 30, 33)


def test_a_slot_without_a_candle_gets_one() -> None:
    market = with_prints(MARKET, fills((7, 100, 30), (7, 20, 90)))
    assert shape(market, 7) == (90, 90, 30, 30)
    assert market.shown[0, 7]
    assert market.shown.sum() == MARKET.shown.sum() + 1


def test_nobody_else_is_drawn_into_a_printed_candle() -> None:
    market = with_prints(MARKET, fills((2, 100, 70), (7, 100, 30)))
    assert np.flatnonzero(market.exists[0]).tolist() == [5]
    assert np.flatnonzero(market.printed[0]).tolist() == [2, 7]
    assert (market.prints[0, [2, 7]] == -1).all()
    # The market it was made from is as it was.
    assert np.flatnonzero(MARKET.exists[0]).tolist() == [2, 5]


def test_prices_of_a_file_are_kept_where_nothing_was_printed_over() -> None:
    """Ticks are 0.05; the file has prices between them."""
    shown = MARKET.shown
    said = Quotes(
        open=np.where(shown, 2.501, np.nan),
        high=np.where(shown, 2.502, np.nan),
        low=np.where(shown, 1.999, np.nan),
        close=np.where(shown, 2.001, np.nan),
        volume=np.where(shown, 9.0, np.nan),
    )
    market = with_prints(replace(MARKET, quotes=said), fills((2, 100, 70), (7, 3, 8)))
    quotes = market.quotes
    assert quotes is not None
    assert [getattr(quotes, n)[0, 2] for n in ("open", "high", "low", "close")] == [
        2.501, 3.5, 1.999, 2.001,
    ]  # fmt: skip
    assert [getattr(quotes, n)[0, 7] for n in ("open", "high", "low", "close")] == [0.4] * 4
    assert quotes.high[0, 5] == 2.502
    assert np.isnan(said.high[0, 7])
