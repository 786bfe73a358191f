"""Candles of two lengths in one file, and what only looks like it."""

from pathlib import Path

import numpy as np
import pytest

from tests.rows import DAY, candles_of
from tradeglyph.domain.errors import InputError
from tradeglyph.sources.candle_lengths import check_one_length

FILE = Path("k.csv")
FIVE, HOUR, DAY_S = 300, 3_600, 86_400


def check(interval: int, **starts: list[int]) -> None:
    """Candles at seconds from a midnight, by symbol."""
    rows = [(name, DAY + at, 9.0, 11.0) for name, all_ in starts.items() for at in all_]
    check_one_length(candles_of(rows, symbols=sorted(starts), interval=interval), FILE)


def every(length: int, count: int) -> list[int]:
    return [length * at for at in range(count)]


@pytest.mark.parametrize(
    ("interval", "starts", "said"),
    [
        (FIVE, {"X": every(FIVE, 288), "Y": every(HOUR, 24)}, "Y are 1h long and those of most "),
        (HOUR, {"X": every(FIVE, 20), "Y": every(HOUR, 99)}, "X are 5m long and those of most "),
        (60, {"X": every(60, 288), "Y": every(150, 60)}, "Y are 150s long and those of most "),
    ],
    ids=["longer", "shorter", "no multiple"],
)
def test_two_lengths_are_refused(interval: int, starts: dict[str, list[int]], said: str) -> None:
    with pytest.raises(InputError) as caught:
        check(interval, **starts)
    assert str(caught.value).startswith("k.csv: the candles of ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_symbol_that_hardly_trades_is_no_other_length() -> None:
    gaps = np.random.default_rng(1).integers(1, 40, size=60).cumsum() * FIVE
    check(FIVE, X=every(FIVE, 288), Y=gaps.tolist())
    # Twelve times as coarse in eight distances: 29 bits.
    check(FIVE, X=every(FIVE, 288), Y=every(HOUR, 9))
    # One auction a day, for three months.
    check(FIVE, X=every(FIVE, 288), Y=every(DAY_S, 90))


def test_auctions_five_times_a_day() -> None:
    """09:30, 10:30, 11:30, 14:00 and 15:00, as the third board's call auctions in China."""
    day = [34_200, 37_800, 41_400, 50_400, 54_000]
    auctions = [DAY_S * number + at for number in range(8) for at in day]
    check(FIVE, X=every(FIVE, 288), Y=auctions)


def test_sessions_that_begin_off_the_hour() -> None:
    """09:30, 10:00, 11:00 ... 15:00, on twenty days."""
    day = [34_200, *(HOUR * hour for hour in range(10, 16))]
    check(HOUR, X=[DAY_S * number + at for number in range(20) for at in day])


def test_nothing_to_compare() -> None:
    check(FIVE, X=[0], Y=[0])
    check(FIVE, X=[])
