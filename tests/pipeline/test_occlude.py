"""The model asked again, against one question a time."""

from dataclasses import replace

import numpy as np
import pytest

from tests.pipeline.test_score import CANDLES, FakeScorer
from tests.rows import DAY, FillRow, candles_of, days, fills_of, steady_candles
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.picture.fast import draw
from tradeglyph.picture.spec import DEFAULT, SEED
from tradeglyph.pipeline.occlude import MOST_GROUPS, near, occlude
from tradeglyph.pipeline.place import place
from tradeglyph.pipeline.score import score

ROWS: list[FillRow] = [
    ("ann", "X", DAY + 10, "buy", 10.0, 2.0),
    ("ann", "X", DAY + 20, "sell", 12.0, 2.0),
    ("ann", "X", DAY + 400, "buy", 10.5, 5.0),
    ("ann", "X", DAY + 410, "sell", 11.0, 1.0),
    ("ann", "X", DAY + 3_000, "buy", 11.5, 3.0),
    ("ann", "X", DAY + 50_000, "buy", 11.5, 3.0),  # without a candle
]


def probability(rows: list[FillRow], candles: Candles = CANDLES) -> float:
    windows = days(fills_of(rows, candles.symbol_names.tolist()))
    return float(score(windows, candles, FakeScorer(), DEFAULT, threshold=0.5).probability[0])


def test_without_each_fill_is_the_score_of_the_rest() -> None:
    done = occlude(days(fills_of(ROWS)), CANDLES, FakeScorer(), DEFAULT)
    assert done.probability == probability(ROWS)
    rest = [probability([row for row in ROWS if row is not out]) for out in ROWS]
    assert done.without[done.group].tolist() == rest
    assert done.asked == 7
    assert done.fall[-1] == 0
    assert (done.fall[:5] > 0).any()


def test_all_in_one_batch() -> None:
    scorer = FakeScorer()
    occlude(days(fills_of(ROWS)), CANDLES, scorer, DEFAULT)
    assert [len(raster) for raster in scorer.seen] == [7]


def test_too_little_left_is_not_zero() -> None:
    done = occlude(days(fills_of(ROWS[:2])), CANDLES, FakeScorer(), DEFAULT)
    assert np.isfinite(done.probability)
    assert np.isnan(done.without).tolist() == [True, True]


def busy(count: int, candles: int = 40) -> list[FillRow]:
    """Fills of random sides and places, evenly over candles of five minutes."""
    random = np.random.default_rng(count)
    times = np.arange(count) * (300 * candles // count)
    return [
        ("ann", "X", DAY + int(t), "buy" if random.random() < 0.5 else "sell",
         round(10 + 2 * random.random(), 3), 1.0)
        for t in times
    ]  # fmt: skip


@pytest.mark.parametrize("count", [MOST_GROUPS, MOST_GROUPS + 1, 1_500, 12_000])
def test_questions_are_bounded_and_the_finest_are_single_fills(count: int) -> None:
    market = steady_candles(40, 10.0, 12.0, volume=1e6)
    rows = busy(count)
    scorer = FakeScorer()
    done = occlude(days(fills_of(rows)), market, scorer, DEFAULT)
    asked = sum(len(raster) for raster in scorer.seen)
    assert done.asked == asked <= MOST_GROUPS + 2
    assert len(done.group) == count
    assert np.bincount(done.group).min() >= 1
    assert len(done.without) == done.group.max() + 1
    if count == MOST_GROUPS:
        assert (done.sizes == 1).all()


def test_the_candles_that_matter_most_are_asked_fill_by_fill() -> None:
    market = steady_candles(40, 10.0, 12.0, volume=1e6)
    rows = busy(200)  # five a candle
    windows = days(fills_of(rows))
    done = occlude(windows, market, FakeScorer(), DEFAULT, most_groups=60)
    # Half of sixty: 40 candles in 30 groups of one or two, the heaviest of which are then split.
    assert 4 <= (done.sizes == 1).sum() <= 30
    alone = int(np.flatnonzero(done.sizes[done.group] == 1)[0])
    rest = [row for at, row in enumerate(rows) if at != alone]
    assert done.without[done.group[alone]] == probability(rest, market)
    # A group left together is the window without all of it.
    together = int(np.flatnonzero(done.sizes > 1)[0])
    rest = [row for row, group in zip(rows, done.group, strict=True) if group != together]
    assert done.without[together] == probability(rest, market)


def test_the_same_again() -> None:
    windows, market = days(fills_of(busy(300))), steady_candles(40, 10.0, 12.0, volume=1e6)
    first, second = (occlude(windows, market, FakeScorer(), DEFAULT) for _ in range(2))
    np.testing.assert_array_equal(first.without, second.without)
    np.testing.assert_array_equal(first.group, second.group)


class TestNear:
    MARKET = candles_of(
        [
            (symbol, DAY + 300 * slot, 9.0 - 0.01 * slot, 12.0 + 0.001 * slot * slot)
            for symbol in ("X", "Y")
            for slot in range(-400, 600)
        ],
        volume=1_000.0,
    )

    @pytest.mark.parametrize("spec", [DEFAULT, SEED], ids=["places", "chart"])
    @pytest.mark.parametrize("symbol", ["X", "Y"])
    def test_pictures_are_the_same(self, spec, symbol) -> None:  # type: ignore[no-untyped-def]
        rows = [(account, symbol, *rest) for account, _, *rest in ROWS]
        window = days(fills_of(rows))
        cut = near(self.MARKET, window)
        assert len(cut) == 288
        np.testing.assert_array_equal(
            draw(place(window, cut), cut, spec),
            draw(place(window, self.MARKET), self.MARKET, spec),
        )

    def test_a_candle_that_began_before_the_window(self) -> None:
        window = days(fills_of(ROWS))
        begin = window.start + 100 * MICROSECONDS
        end = begin + 500 * MICROSECONDS
        cut = near(self.MARKET, replace(window, start=begin, end=end))
        # From 100 s to 600 s: the candles of 0 and 300 s overlap it, that of 600 s does not.
        assert ((cut.start - window.start) // MICROSECONDS).tolist() == [0, 300]

    def test_no_candle_of_the_symbol(self) -> None:
        only_x = candles_of([("X", DAY, 9.0, 12.0)], symbols=("X",))
        window = days(fills_of([("A", "Y", DAY, "buy", 10.0, 1.0)]))
        assert len(near(only_x, window)) == 0
        assert len(near(candles_of([]), window)) == 0
