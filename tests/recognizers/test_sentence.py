"""One window in a sentence, its figures reckoned by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import DAY, FillRow, placed_of, steady_candles
from tradeglyph.picture.columns import columns_of
from tradeglyph.recognizers.features import features_of
from tradeglyph.recognizers.occlusion import Occlusion
from tradeglyph.recognizers.reasons import Lang, reasons_for
from tradeglyph.recognizers.sentence import Pattern, pattern_of, sentence, without_sentence

NAN = float("nan")


def fill(second: float, side: str, price: float, quantity: float = 1.0) -> FillRow:
    return ("A", "X", DAY + second, side, price, quantity)


def trip(slot: int, buy: float, sell: float, bought: float = 2.0, sold: float = 2.0):  # type: ignore[no-untyped-def]
    return [fill(300 * slot, "buy", buy, bought), fill(300 * slot + 9, "sell", sell, sold)]


# Candles from 10 to 20 with a volume of 10 each.
TRIPS = [
    *trip(0, 10.2, 19.9),
    *trip(1, 10.55, 19.25, sold=1.5),
    *trip(2, 14, 16),
    fill(900, "buy", 15),
]


def pattern(rows: list[FillRow], volume: float = 10.0) -> Pattern:
    candles = steady_candles(6, 10.0, 20.0, volume=volume)
    return pattern_of(columns_of(placed_of(rows, candles), candles), candles)


def test_figures_by_hand() -> None:
    done = pattern(TRIPS)
    assert (done.candles, done.trips, done.telling) == (4, 3, 2)
    # Bought at 0.02 and 0.055 of the candle, sold at 0.99 and 0.925.
    assert (done.bought_at, done.sold_at) == (pytest.approx(0.0375), pytest.approx(0.9575))
    # 2 of 2 and 1.5 of 2, smaller sides 2 + 1.5 of a volume of 20.
    assert (done.flat, done.volume_share) == (1, pytest.approx(0.175))


def test_in_words() -> None:
    assert sentence(pattern(TRIPS), "en") == (
        "2 of 3 trips bought at 4% and sold at 96% of their candle on average (0% is its low), "
        "flat in 1 of them, 18% of the volume of those candles."
    )
    assert sentence(pattern(TRIPS), "zh") == (
        "3 个来回中有 2 个，平均买在所在 K 线高度的 4%、卖在 96%（0% 为最低价），其中 1 个平仓，"
        "占这些 K 线成交量的 18%。"
    )


def test_the_victim_is_the_mirror_image() -> None:
    rows = [(*row[:3], {"buy": "sell", "sell": "buy"}[row[3]], *row[4:]) for row in TRIPS]
    done = pattern(rows)
    assert sentence(done, "en").startswith(
        "2 of 3 trips bought at 96% and sold at 4% of their candle on average"
    )
    assert "买在所在 K 线高度的 96%、卖在 4%" in sentence(done, "zh")


@pytest.mark.parametrize(
    ("sold", "said"), [((2, 2), "always flat"), ((1, 1), "never flat"), ((2, 1), "flat in 1")]
)
def test_flat(sold: tuple[float, float], said: str) -> None:
    rows = [*trip(0, 10, 20, sold=sold[0]), *trip(1, 10, 20, sold=sold[1])]
    assert said in sentence(pattern(rows), "en")


def test_at_the_very_ends() -> None:
    assert "bought at 0% and sold at 100%" in sentence(pattern(trip(0, 10, 20)), "en")


def test_one_fill_out_of_the_way_does_not_stand_for_all() -> None:
    # Ten sold at the high and one at the low: the trip's mean place is 10 / 11.
    rows = [*trip(0, 10, 20, bought=11, sold=10), fill(20, "sell", 10)]
    said = sentence(pattern(rows), "en")
    assert said.startswith("1 of 1 trips bought at 0% and sold at 91% of their candle on average")


def test_the_places_are_those_that_a_score_tells() -> None:
    rows = [*trip(0, 10.2, 19.9), *trip(1, 10.55, 19.25, sold=1.5)]
    candles = steady_candles(6, 10.0, 20.0, volume=10.0)
    placed = placed_of(rows, candles)
    told = reasons_for(features_of(placed, columns_of(placed, candles)), 0, alone=False, lang="en")
    assert any(reason.startswith("bought at 4% and sold at 96% of the candle") for reason in told)
    assert "bought at 4% and sold at 96% of their candle" in sentence(pattern(rows), "en")


def test_an_unknown_volume_is_not_named() -> None:
    said = sentence(pattern(TRIPS, volume=NAN), "en")
    assert "volume" not in said
    assert said.endswith("flat in 1 of them.")
    # More than the candle's volume is all of it.
    assert "100% of the volume" in sentence(pattern(trip(0, 10, 20), volume=1.0), "en")


def test_nothing_telling() -> None:
    said = sentence(pattern(trip(2, 14, 16)), "en")
    assert said.startswith("1 trips inside one candle, of 1 candles")
    assert "in none of them alike" in sentence(pattern([fill(0, "buy", 11)]), "en")
    for rows in (trip(2, 14, 16), [fill(0, "buy", 11)]):
        assert not sentence(pattern(rows), "zh").isascii()


@given(
    st.lists(
        st.tuples(
            st.integers(0, 1_799),
            st.sampled_from(["buy", "sell"]),
            st.integers(100, 200),
            st.integers(1, 9),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_the_mean_places_of_telling_trips(cells: list[tuple[int, str, int, int]]) -> None:
    """Against the rows, trip by trip."""
    rows = [fill(second, side, price / 10, float(q)) for second, side, price, q in cells]
    done = pattern(rows)
    slots: dict[int, list[FillRow]] = {}
    for row in rows:
        slots.setdefault(int(row[2] - DAY) // 300, []).append(row)
    gaps, places = {}, {}
    for slot, mine in slots.items():
        sides = {side: [(r[4], r[5]) for r in mine if r[3] == side] for side in ("buy", "sell")}
        if all(sides.values()):
            mean = {s: sum(p * q for p, q in v) / sum(q for _, q in v) for s, v in sides.items()}
            gaps[slot] = (mean["sell"] - mean["buy"]) / 10
            places[slot] = [(mean[side] - 10) / 10 for side in ("buy", "sell")]
    sign = -1 if gaps and np.mean(list(gaps.values())) < 0 else 1
    telling = [slot for slot, gap in gaps.items() if sign * gap > 0.5 + 1e-9]
    near = [slot for slot, gap in gaps.items() if abs(sign * gap - 0.5) <= 1e-9]
    assert done.trips == len(gaps)
    if near or (gaps and abs(np.mean(list(gaps.values()))) < 1e-9):
        return
    assert done.telling == len(telling)
    if telling:
        bought, sold = np.mean([places[slot] for slot in telling], axis=0)
        assert (done.bought_at, done.sold_at) == (pytest.approx(bought), pytest.approx(sold))


class TestWithout:
    PLACED = placed_of(TRIPS, steady_candles(6, 10.0, 20.0))

    def said(
        self, without: list[float], whole: float = 0.982, lang: Lang = "en", groups: int = 7
    ) -> str:
        group = np.arange(7) * groups // 7
        done = Occlusion(
            group=group, probability=whole, without=np.array(without), asked=groups + 1
        )
        return without_sentence(done, self.PLACED, lang)

    def test_the_heaviest_is_named(self) -> None:
        falls = [0.98, 0.98, 0.9, 0.613, 0.97, 0.98, NAN]
        assert self.said(falls) == (
            "Without the sell of 1.5 at 19.25 (00:05:09 UTC) the probability falls from 98.2% to "
            "61.3%."
        )
        assert self.said(falls, lang="zh") == (
            "若去掉 00:05:09（UTC）的一笔卖出（数量 1.5，价格 19.25），概率由 98.2% 降到 61.3%。"
        )

    def test_some_fills_together(self) -> None:
        said = self.said([0.98, 0.4], groups=2)
        assert said.startswith("Without its 3 fills from 00:10:00 UTC on the probability falls")
        assert "3 笔成交" in self.said([0.98, 0.4], lang="zh", groups=2)

    def test_no_single_trade_decides(self) -> None:
        said = self.said([0.982, 0.981, 0.983, NAN, 0.982, 0.982, 0.982])
        assert said.startswith("No single trade decides")
        assert said.endswith("of 98.2% stays at 98.1% or more.")
        assert "98.1%" in self.said([0.981] * 7, lang="zh")

    def test_silence(self) -> None:
        assert self.said([NAN] * 7) == ""
        assert self.said([0.0001] * 7, whole=0.009) == ""
        assert self.said([0.5] * 7, whole=NAN) == ""
