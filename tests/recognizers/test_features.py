import numpy as np
import pytest

from tests.rows import DAY, NAN, FillRow, candles_of, placed_of, steady_candles
from tradeglyph.domain.candles import Candles
from tradeglyph.picture.columns import columns_of
from tradeglyph.recognizers.features import Features, features_of

CANDLES = steady_candles(12, 10.0, 20.0, volume=100.0)


def features(rows: list[FillRow], candles: Candles = CANDLES) -> Features:
    placed = placed_of(rows, candles)
    return features_of(placed, columns_of(placed, candles))


def trip(slot: int, buy: float, sell: float, bought: float = 1.0, sold: float = 1.0,
         who: str = "ann") -> list[FillRow]:  # fmt: skip
    """A buy and a sell in one candle; prices 10 to 20 are places 0 to 1."""
    return [
        (who, "X", DAY + 300 * slot + 1, "buy", buy, bought),
        (who, "X", DAY + 300 * slot + 2, "sell", sell, sold),
    ]


def test_a_hand_example() -> None:
    found = features(
        [
            *trip(0, 11.0, 19.0, 4.0, 4.0),  # gap 0.8
            *trip(1, 10.0, 20.0, 2.0, 1.0),  # gap 1, half of it stays
            *trip(2, 18.0, 15.0),  # gap -0.3
            ("ann", "X", DAY + 901, "buy", 15.0, 5.0),
            ("ann", "X", DAY + 9_000, "buy", 15.0, 5.0),  # no candle
        ]
    )
    expected = {
        "fills": 7,
        "candles": 4,
        "trips": 3,
        "trip_share": 3 / 4,
        "buy_place": (0.1 + 0 + 0.8 + 0.5) / 4,
        "sell_place": (0.9 + 1 + 0.5) / 3,
        "mean_gap": (0.8 + 1 - 0.3) / 3,
        "steadiness": (0.8 + 1 - 0.3) / (0.8 + 1 + 0.3),
        "wide_trips": 2,
        "wide_share": 2 / 3,
        "balance": (1 + 0.5 + 1) / 3,
        "quantity_in_trips": 13 / 18,
        "trip_volume_share": (0.04 + 0.01 + 0.01) / 3,
        "max_volume_share": 0.05,
        "ticks": np.log2(10),  # the buy at 11 is one tick above the low
        "relative_range": 0,
        "one_sided": (12 - 6) / 18,
        # Bought 4 at 11, 2 at 10, 1 at 18, 5 at 15, 5 at 15; sold 4 at 19, 1 at 20, 1 at 15.
        # A candle is 10 high: 4 gain 0.8, 1 gains 1, 1 of the second purchase gains 0.5.
        "fifo_gain": (4 * 0.8 + 1 + 0.5) / 6,
        # Held for a second, a second, and 301 seconds.
        "holding": (5 * np.log2(1 + 1 / 60) + np.log2(1 + 301 / 60)) / 6,
        "burst": 7 / 8,
        "habit_ratio": NAN,
        "hand_rule": 0,
    }
    assert [name for name, _ in found.named()] == list(expected)
    for name, values in found.named():
        assert values.dtype == np.float64, name
        assert values.tolist() == pytest.approx([expected[name]], nan_ok=True), name


def test_heights_are_those_of_the_trips() -> None:
    candles = candles_of([("X", DAY, 10.0, 20.0), ("X", DAY + 300, 10.0, 50.0)])
    found = features([*trip(0, 12.5, 20.0), ("ann", "X", DAY + 301, "buy", 10.0, 1.0)], candles)
    assert found.ticks.tolist() == [2.0]  # 10 / 2.5 = 4 ticks
    assert found.relative_range.tolist() == pytest.approx([np.log2(10 / 25)])


@pytest.mark.parametrize(
    ("wide", "narrow", "says"),
    [(3, 0, 1), (2, 0, 0), (3, 2, 1), (3, 3, 0), (4, 3, 1), (0, 5, 0)],
)
@pytest.mark.parametrize("mirrored", [False, True], ids=["beneficiary", "victim"])
def test_the_hand_rule(wide: int, narrow: int, says: int, mirrored: bool) -> None:
    """Three or more trips over 0.65 of the candle, and over half of all trips."""
    rows = []
    for slot in range(wide + narrow):
        low, high = (11.0, 17.6) if slot < wide else (11.0, 17.4)
        rows += trip(slot, *((high, low) if mirrored else (low, high)))
    assert features(rows).hand_rule.tolist() == [says]


def test_unknown_where_there_is_nothing_to_measure_it_on() -> None:
    """Buys only; then a fill without a candle only; then a trip without a volume."""
    candles = steady_candles(2, 10.0, 20.0)
    found = features(
        [
            ("ann", "X", DAY, "buy", 15.0, 1.0),
            ("bob", "X", DAY + 9_000, "buy", 15.0, 1.0),
            *trip(0, 11.0, 19.0, who="cat"),
        ],
        candles,
    )
    known = {name: (~np.isnan(values)).tolist() for name, values in found.named()}
    always = ("fills", "candles", "trips", "wide_trips", "burst", "hand_rule")
    traded = ("trip_share", "buy_place", "quantity_in_trips", "one_sided")
    in_trips = ("sell_place", "mean_gap", "steadiness", "wide_share", "balance", "ticks",
                "relative_range", "fifo_gain", "holding")  # fmt: skip
    before = ("habit_ratio",)
    volumes = ("trip_volume_share", "max_volume_share")
    for names, expected in (
        (always, [True, True, True]),
        (traded, [True, False, True]),
        (in_trips, [False, False, True]),
        (before + volumes, [False, False, False]),
    ):
        assert {name: known.pop(name) for name in names} == dict.fromkeys(names, expected)
    assert known == {}


def test_a_trip_of_no_gap_has_no_steadiness() -> None:
    found = features(trip(0, 15.0, 15.0))
    assert found.mean_gap.tolist() == [0.0]
    assert np.isnan(found.steadiness).all()


def test_volume_known_in_some_candles_only() -> None:
    candles = steady_candles(2, 10.0, 20.0, volume=[NAN, 50.0])
    found = features([*trip(0, 11.0, 19.0), *trip(1, 11.0, 19.0)], candles)
    assert found.max_volume_share.tolist() == pytest.approx([0.02])
    assert found.trip_volume_share.tolist() == pytest.approx([0.02])


def test_no_windows() -> None:
    found = features([])
    assert all(len(values) == 0 for _, values in found.named())


def test_no_candles() -> None:
    found = features(trip(0, 11.0, 19.0), candles_of([]))
    assert found.fills.tolist() == [0.0]
    assert found.trips.tolist() == [0.0]
    assert np.isnan(found.buy_place).all()


def test_the_size_against_what_was_usual_before() -> None:
    """The day before two fills of 1 at 16 and 4 at 16: usual is the mean of the logs, 32."""
    yesterday = [
        ("ann", "X", DAY - 86_400 + 1, "buy", 16.0, 1.0),
        ("ann", "X", DAY - 86_400 + 2, "buy", 16.0, 4.0),
    ]
    found = features([*yesterday, *trip(0, 16.0, 16.0, 16.0, 16.0)])
    assert found.habit_ratio.tolist() == pytest.approx([NAN, 3.0], nan_ok=True)


def test_the_busiest_half_hour() -> None:
    rows = [("ann", "X", DAY + second, "buy", 15.0, 1.0 + second) for second in (0, 5, 1799, 1806)]
    assert features(rows).burst.tolist() == [3 / 4]
