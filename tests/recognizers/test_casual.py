import pytest

from tests.recognizers.test_features import features, trip
from tests.rows import NAN, FillRow, steady_candles
from tradeglyph.recognizers.casual import is_casual

TWO = [*trip(0, 11.0, 19.0, 19.0, 19.0), *trip(1, 11.0, 19.0)]


@pytest.mark.parametrize(
    ("rows", "casual"),
    [
        (TWO, True),  # 19 of 100
        ([*trip(0, 11.0, 19.0, 19.0, 20.0), *trip(1, 11.0, 19.0)], False),
        ([*TWO, *trip(2, 11.0, 19.0)], False),
        ([*trip(0, 11.0, 19.0), *trip(0, 12.0, 18.0), *trip(0, 13.0, 17.0)], False),  # one candle
        (trip(0, 11.0, 19.0), True),
    ],
    ids=["two", "a fifth", "three", "three in one candle", "one"],
)
def test_one_or_two_trips_of_less_than_a_fifth(rows: list[FillRow], casual: bool) -> None:
    found = features(rows)
    assert is_casual(found.fills, found.max_volume_share).tolist() == [casual]


def test_without_volume_nothing_is_known_of_the_share() -> None:
    candles = steady_candles(12, 10.0, 20.0, volume=NAN)
    found = features(TWO, candles)
    assert is_casual(found.fills, found.max_volume_share).tolist() == [False]
