from dataclasses import dataclass, field, fields

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.rows import DAY, FillRow, candles_of, days, fills_of, steady_candles
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import ArtifactError
from tradeglyph.picture.fast import draw
from tradeglyph.picture.spec import DEFAULT, SEED, PictureSpec
from tradeglyph.pipeline.place import place
from tradeglyph.pipeline.score import Scores, score
from tradeglyph.ports.scorer import Scorer
from tradeglyph.simulate.population import simulate

CANDLES = steady_candles(20, 10.0, 12.0, volume=100.0)


@dataclass
class FakeScorer:
    """Knows only the sum of a picture; remembers what it was shown."""

    spec: PictureSpec = DEFAULT
    answer: float | None = None
    threshold: float = 0.5
    name: str = "fake@0000"
    seen: list[NDArray[np.uint8]] = field(default_factory=list)

    @property
    def spec_hash(self) -> str:
        return self.spec.hash

    def probability(self, raster: NDArray[np.uint8]) -> NDArray[np.float64]:
        self.seen.append(raster)
        if self.answer is not None:
            return np.full(len(raster), self.answer)
        return raster.reshape(len(raster), -1).mean(axis=1) / 256


def _score(rows: list[FillRow], scorer: Scorer, candles: Candles = CANDLES, **more) -> Scores:  # type: ignore[no-untyped-def]
    windows = days(fills_of(rows, candles.symbol_names.tolist()))
    return score(windows, candles, scorer, DEFAULT, **{"threshold": 0.5, **more})


def _trips(account: str, count: int, *, buy: float = 10.0, sell: float = 12.0) -> list[FillRow]:
    return [
        row
        for slot in range(count)
        for row in (
            (account, "X", DAY + 300 * slot + 10, "buy", buy, 2.0),
            (account, "X", DAY + 300 * slot + 20, "sell", sell, 2.0),
        )
    ]


def test_flagged_is_above_the_threshold_and_asks_for_review() -> None:
    rows = _trips("ann", 3)
    for threshold, flagged in ((0.29, True), (0.3, False)):
        scores = _score(rows, FakeScorer(answer=0.3), threshold=threshold)
        assert scores.probability.tolist() == [0.3]
        assert scores.flagged.tolist() == [flagged]
        assert scores.verdict.tolist() == ["review" if flagged else "quiet"]
        assert scores.role.tolist() == ["beneficiary" if flagged else ""]
        assert bool(scores.reason[0]) is flagged


@pytest.mark.parametrize(("lang", "words"), [("en", "are normal"), ("zh", "属正常交易")])
def test_one_or_two_small_trips_are_quiet_whatever_the_model_says(lang: str, words: str) -> None:
    scores = _score(_trips("ann", 2), FakeScorer(answer=0.9), lang=lang)
    assert (scores.probability.tolist(), scores.flagged.tolist()) == ([0.9], [True])
    assert (scores.verdict.tolist(), scores.role.tolist()) == (["quiet"], [""])
    assert words in scores.reason[0]


def test_fills_alone_never_hold() -> None:
    assert _score(_trips("ann", 9), FakeScorer(answer=1.0)).verdict.tolist() == ["review"]


def test_the_other_side_is_the_victim() -> None:
    scores = _score(_trips("ann", 3, buy=12.0, sell=10.0), FakeScorer(answer=0.9))
    assert scores.role.tolist() == ["victim"]


@pytest.mark.parametrize(
    ("rows", "why_en", "why_zh"),
    [
        ([("ann", "X", DAY, "buy", 11.0, 1.0)], "fewer than two fills after merging", "合并后"),
        ([("ann", "X", DAY, "buy", 11.0, 1.0)] * 5, "fewer than two fills after", "合并后"),
        ([_trips("ann", 1)[0], ("ann", "X", DAY + 50_000, "sell", 11.0, 1.0)],
         "fewer than two of its fills have a candle", "能对上"),
        ([(*row[:2], row[2] + 50_000, *row[3:]) for row in _trips("ann", 2)],
         "fewer than two of its fills have a candle", "能对上"),
    ],
    ids=["one", "five that merge", "one with a candle", "none with a candle"],
)  # fmt: skip
def test_what_cannot_be_known_is_empty_with_a_reason(
    rows: list[FillRow], why_en: str, why_zh: str
) -> None:
    for lang, why in (("en", why_en), ("zh", why_zh)):
        scorer = FakeScorer(answer=0.99)
        scores = _score(rows, scorer, lang=lang, threshold=0.0)
        assert np.isnan(scores.probability).tolist() == [True]
        assert scores.flagged.tolist() == [False]
        assert scores.verdict.tolist() == [""]
        assert scores.role.tolist() == [""]
        assert why in scores.reason[0]
        assert scorer.seen == []


def test_answered_and_unanswered_windows_keep_their_places() -> None:
    rows = [
        ("ann", "X", DAY, "buy", 11.0, 1.0),
        *_trips("bob", 2),
        ("cat", "Y", DAY, "buy", 11.0, 1.0),
        ("cat", "Y", DAY + 1, "sell", 11.0, 1.0),
        *_trips("dan", 5),
    ]
    scorer = FakeScorer()
    scores = _score(rows, scorer)
    assert np.isnan(scores.probability).tolist() == [True, False, True, False]
    placed = place(days(fills_of(rows)), CANDLES)
    expected = FakeScorer().probability(draw(placed, CANDLES, DEFAULT)[[1, 3]])
    np.testing.assert_array_equal(scores.probability[[1, 3]], expected)
    assert scorer.seen[0].dtype == np.uint8
    assert scorer.seen[0].shape == (2, *DEFAULT.shape)


def test_a_scorer_of_another_spec_is_refused() -> None:
    with pytest.raises(ArtifactError, match=f"{SEED.hash}, not of {DEFAULT.hash}"):
        _score(_trips("ann", 3), FakeScorer(spec=SEED))


def test_a_model_that_answers_nan_does_not_pass_as_quiet() -> None:
    with pytest.raises(ArtifactError, match="fake@0000"):
        _score(_trips("ann", 3), FakeScorer(answer=float("nan")))


def test_no_windows() -> None:
    for candles in (CANDLES, candles_of([])):
        scores = _score([], FakeScorer(), candles)
        assert [len(getattr(scores, f.name)) for f in fields(scores)[:5]] == [0] * 5
        assert scores.flagged.dtype == bool
        assert (scores.no_candle, scores.clipped, scores.over_volume) == (0, 0, 0)


def test_no_candles() -> None:
    scores = _score(_trips("ann", 3), FakeScorer(), candles_of([]))
    assert np.isnan(scores.probability).all()
    assert scores.no_candle == 6


def test_what_is_counted() -> None:
    rows = [
        *_trips("ann", 2),
        ("ann", "X", DAY + 50_000, "buy", 11.0, 1.0),  # no candle
        ("bob", "X", DAY, "buy", 9.0, 1.0),  # below the low
        ("bob", "X", DAY, "sell", 13.0, 1.0),  # above the high
        ("cat", "X", DAY, "sell", 11.0, 101.0),  # more than the candle
    ]
    scores = _score(rows, FakeScorer())
    assert (scores.no_candle, scores.clipped, scores.over_volume) == (1, 2, 1)
    assert scores.zero_range == 0
    flat = candles_of([("X", DAY, 11.0, 11.0), ("X", DAY + 300, 10.0, 12.0)])
    assert _score(_trips("ann", 2, buy=11.0, sell=11.0), FakeScorer(), flat).zero_range == 2


def test_a_lonely_account_is_told_so() -> None:
    for accounts, said in ((1, True), (2, False), (-1, False)):
        candles = steady_candles(20, 10.0, 12.0, volume=100.0, accounts=accounts)
        scores = _score(_trips("ann", 3), FakeScorer(answer=0.9), candles)
        assert ("weak evidence" in scores.reason[0]) is said
        assert scores.verdict.tolist() == ["review"]


def test_reasons_are_joined_in_the_language_asked_for() -> None:
    english = _score(_trips("ann", 3), FakeScorer(answer=0.9)).reason[0]
    chinese = _score(_trips("ann", 3), FakeScorer(answer=0.9), lang="zh").reason[0]
    assert "; " in english
    assert english.isascii()
    assert "；" in chinese
    assert "bought" not in chinese


def test_threads_and_chunks_change_nothing() -> None:
    """Enough windows for several chunks of 16 MiB of pictures."""
    population = simulate(1500, 3)
    windows = days(population.fills)
    assert len(windows) > 2 * (16 << 20) // int(np.prod(DEFAULT.shape))
    results = [
        score(windows, population.candles, FakeScorer(), DEFAULT, threshold=0.03, threads=threads)
        for threads in (1, 4)
    ]
    whole = FakeScorer().probability(
        draw(place(windows, population.candles), population.candles, DEFAULT)
    )
    answered = ~np.isnan(results[0].probability)
    np.testing.assert_array_equal(results[0].probability[answered], whole[answered])
    assert 0 < results[0].flagged.sum() < len(windows)
    for part in fields(Scores):
        one, four = (getattr(result, part.name) for result in results)
        np.testing.assert_array_equal(one, four, part.name)


def test_an_account_alone_is_the_same_bit_for_bit() -> None:
    """What is left out for one window changes no figure of it: cut, placed, drawn and scored with
    everybody else, or cut from the account's own fills."""
    population = simulate(60, seed=4)
    fills, candles, scorer = population.fills, population.candles, FakeScorer()
    windows = days(fills)
    together = score(windows, candles, scorer, DEFAULT, threshold=0.02)
    rasters = draw(place(windows, candles), candles, DEFAULT)
    of_one = 0
    for account in np.unique(windows.account):
        own = days(fills.take(fills.account == account))
        at = np.flatnonzero(windows.account == account)
        assert len(own) == len(at)
        of_one += len(own) == 1
        alone = score(own, candles, scorer, DEFAULT, threshold=0.02)
        for name in ("probability", "flagged", "casual", "verdict", "role", "reason", "trips"):
            np.testing.assert_array_equal(getattr(alone, name), getattr(together, name)[at], name)
        np.testing.assert_array_equal(alone.alone, together.alone[at])
        np.testing.assert_array_equal(draw(place(own, candles), candles, DEFAULT), rasters[at])
        for name in ("start", "end", "trade_count"):
            np.testing.assert_array_equal(getattr(own, name), getattr(windows, name)[at], name)
        # A difference of running sums, which are other accounts' as well.
        np.testing.assert_allclose(own.habit, windows.habit[at], rtol=1e-9)
    assert of_one > 10
    assert together.flagged.any()
    assert not together.flagged.all()
