"""What only an account's day over all symbols shows, by a model that counts trips."""

from dataclasses import dataclass, field, fields

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.recognizers.test_account import CANDLES, SPREAD, SYMBOLS, trip
from tests.rows import DAY, FillRow, candles_of, days, fills_of
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import ArtifactError
from tradeglyph.domain.windows import Windows
from tradeglyph.picture.spec import DEFAULT, SEED, PictureSpec
from tradeglyph.pipeline import account as module
from tradeglyph.pipeline.account import MOST_LEFT_OUT, day_spans, judge_accounts
from tradeglyph.pipeline.score import Scores, score

ROUND_TRIP = DEFAULT.channels.index("round_trip")
THRESHOLD = 0.35
"""Passed by four trips: a tenth each."""


@dataclass
class TripCounter:
    """So much for every column that is a round trip; remembers how many pictures it was shown."""

    spec: PictureSpec = DEFAULT
    threshold: float = THRESHOLD
    name: str = "trips@0000"
    shown: list[int] = field(default_factory=list)
    answer: float | None = None
    each: float = 0.1

    @property
    def spec_hash(self) -> str:
        return self.spec.hash

    def probability(self, raster: NDArray[np.uint8]) -> NDArray[np.float64]:
        self.shown.append(len(raster))
        if self.answer is not None:
            return np.full(len(raster), self.answer)
        return np.minimum(self.each * (raster[:, ROUND_TRIP, 0] > 0).sum(axis=1), 0.99)


def judged(
    rows: list[FillRow],
    *,
    scorer: TripCounter | None = None,
    each: float = 0.1,
    candles: Candles = CANDLES,
    threads: int = 1,
    lang: str = "en",
) -> tuple[Windows, Scores, Scores]:
    """Windows, their scores one by one, and those with their accounts' days."""
    windows = days(fills_of(rows, candles.symbol_names.tolist()))
    counter = TripCounter(each=each)
    alone = score(windows, candles, counter, counter.spec, threshold=THRESHOLD, lang=lang)  # type: ignore[arg-type]
    asked = scorer or counter
    both = judge_accounts(
        alone,
        windows,
        candles,
        asked,
        asked.spec,
        threshold=THRESHOLD,
        lang=lang,  # type: ignore[arg-type]
        threads=threads,
    )
    return windows, alone, both


def test_small_windows_add_up() -> None:
    """Five trips are 0.5; without any one of them four are 0.4, still above."""
    windows, alone, both = judged(SPREAD)
    assert alone.verdict.tolist() == ["quiet"] * 5
    assert both.verdict.tolist() == ["review"] * 5
    assert both.role.tolist() == ["beneficiary"] * 5
    # Probability and flag answer for one symbol.
    np.testing.assert_array_equal(both.probability, [0.1] * 5)
    assert both.flagged.tolist() == [False] * 5
    for reason in both.reason:
        assert "5 trips inside one candle in 5 of 5 symbols" in reason
        assert "80% of the candle above" in reason
        assert "probability 50% together" in reason
    assert len(windows) == 5


def test_the_other_side_of_them_is_the_victim() -> None:
    rows = [row for at, s in enumerate(SYMBOLS) for row in trip("ann", s, at, 0.9, 0.1)]
    assert set(judged(rows)[2].role) == {"victim"}


def test_windows_without_a_trip_stay_as_they_were() -> None:
    rows = [row for s in SYMBOLS[:4] for row in trip("ann", s, 1, 0.1, 0.9)]
    rows += [row for s in SYMBOLS[:2] for row in trip("ann", s, 9, 0.1, 0.9)]
    rows += [
        ("ann", "S4", DAY + 1, "buy", 1.01e5, 1.0),
        ("ann", "S4", DAY + 4_000, "buy", 1.02e5, 1.0),
    ]
    windows, _, both = judged(rows)
    said = dict(zip(windows.symbol.tolist(), both.verdict.tolist(), strict=True))
    assert said == {0: "review", 1: "review", 2: "review", 3: "review", 4: "quiet"}
    assert both.reason[windows.symbol == 4].tolist() == [""]


@pytest.mark.parametrize(
    "trips",
    [
        {"S0": 3, "S1": 1, "S2": 1},  # 0.5 together, 0.2 without S0
        {"S0": 1, "S1": 1, "S2": 1, "S3": 1},  # 0.4 together, 0.3 without any
        {"S0": 3, "S1": 3},  # one symbol is left without the other: its own window has the say
    ],
    ids=["one symbol carries it", "each is needed", "two symbols"],
)
def test_a_day_that_rests_on_one_symbol_adds_nothing(trips: dict[str, int]) -> None:
    rows = [
        row for s, count in trips.items() for at in range(count) for row in trip("ann", s, at, 0, 1)
    ]
    _, alone, both = judged(rows)
    assert not alone.flagged.any()
    assert set(both.verdict) == {"quiet"}


def test_a_window_flagged_by_itself_says_enough() -> None:
    rows = [row for at in range(4) for row in trip("ann", "S0", at, 0.1, 0.9)]
    rows += [row for s in SYMBOLS[1:] for row in trip("ann", s, 1, 0.1, 0.9)]
    _, alone, both = judged(rows)
    assert alone.verdict.tolist() == ["review", "quiet", "quiet", "quiet", "quiet"]
    for part in fields(Scores):
        np.testing.assert_array_equal(getattr(both, part.name), getattr(alone, part.name))


def test_windows_that_are_quiet_for_one_or_two_small_trips_add_up() -> None:
    """Two trips are 0.4 and flagged, but too little for a transfer: nothing is up for review. The
    three trips of the others are 0.6 without them, and no other three are less."""
    trips = {"S0": 2, "S1": 1, "S2": 1, "S3": 1}
    rows = [
        row
        for s, count in trips.items()
        for at in range(count)
        for row in trip("ann", s, at, 0.1, 0.9)
    ]
    _, alone, both = judged(rows, each=0.2)
    assert alone.flagged.tolist() == [True, False, False, False]
    assert alone.verdict.tolist() == ["quiet"] * 4
    assert both.verdict.tolist() == ["review"] * 4
    assert both.flagged.tolist() == [True, False, False, False]
    assert both.role.tolist() == ["beneficiary"] * 4


def test_days_and_accounts_do_not_add_up() -> None:
    rows = [row for s in SYMBOLS[:3] for row in trip("ann", s, 1, 0.1, 0.9)]
    rows += [row for s in SYMBOLS[:3] for row in trip("ann", s, 289, 0.1, 0.9)]
    rows += [row for s in SYMBOLS[2:] for row in trip("bob", s, 1, 0.1, 0.9)]
    assert set(judged(rows)[2].verdict) == {"quiet"}


def test_fills_that_name_no_account_are_not_one_persons() -> None:
    assert set(judged([("", *row[1:]) for row in SPREAD])[2].verdict) == {"quiet"}


def test_a_picture_with_an_axis_of_prices_cannot_be_pooled() -> None:
    counter = TripCounter(spec=SEED)
    _, alone, both = judged(SPREAD, scorer=counter)
    assert both is alone
    assert counter.shown == []


def test_who_trades_in_one_symbol_costs_nothing() -> None:
    counter = TripCounter()
    judged([row for at in range(3) for row in trip("ann", "S0", at, 0.1, 0.9)], scorer=counter)
    assert counter.shown == []


def test_very_many_symbols() -> None:
    symbols = [f"T{at:02}" for at in range(2 * MOST_LEFT_OUT)]
    candles = candles_of([(s, DAY + 300, 10.0, 11.0) for s in symbols], symbols=symbols)
    rows: list[FillRow] = [
        ("ann", s, DAY + 301 + at, side, price, 1.0)
        for s in symbols
        for at, (side, price) in enumerate((("buy", 10.1), ("sell", 10.9)))
    ]
    counter = TripCounter()
    _, _, both = judged(rows, candles=candles, scorer=counter)
    assert set(both.verdict) == {"review"}
    assert counter.shown == [1, MOST_LEFT_OUT]


def test_threads_and_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"{who}", *row[1:]) for who in "abcdefgh" for row in SPREAD]
    rows += [row for s in SYMBOLS[:3] for row in trip("c", s, 300, 0.1, 0.9)]
    whole = judged(rows)[2]
    assert (whole.verdict == "review").sum() == 40
    assert (whole.verdict == "quiet").sum() == 3
    monkeypatch.setattr(module, "CHUNK_BYTES", 3 * int(np.prod(DEFAULT.shape)))
    for threads in (1, 4):
        parts = judged(rows, threads=threads)[2]
        for part in fields(Scores):
            np.testing.assert_array_equal(getattr(parts, part.name), getattr(whole, part.name))


def test_in_chinese() -> None:
    for reason in judged(SPREAD, lang="zh")[2].reason:
        assert "5 个标的共有 5 次" in reason
        assert "合并概率 50%" in reason


def test_no_windows() -> None:
    assert len(judged([])[2].verdict) == 0


def test_a_model_that_answers_nan_does_not_pass_as_quiet() -> None:
    with pytest.raises(ArtifactError, match="trips@0000"):
        judged(SPREAD, scorer=TripCounter(answer=float("nan")))


@pytest.mark.parametrize("first", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_spans_are_what_judging_at_every_threshold_gives(seed: int, first: float) -> None:
    """Random days over all symbols, from scores at any threshold: half of the accounts have a
    window that is up for review by itself, the others one or two trips in a symbol."""
    rng = np.random.default_rng(seed)
    most = {"ann": 4, "bob": 4, "cid": 4, "dan": 2, "eve": 2, "fay": 2, "": 4}
    rows = [
        row
        for account, trips in most.items()
        for symbol in SYMBOLS
        for at in rng.choice(9, int(rng.integers(0, trips + 1)), replace=False)
        for row in trip(account, symbol, int(at), 0.1, 0.9)
    ]
    windows = days(fills_of(rows, CANDLES.symbol_names.tolist()))
    counter = TripCounter(each=0.2)
    scores = score(windows, CANDLES, counter, counter.spec, threshold=first)
    spans = day_spans(scores, windows, CANDLES, counter, counter.spec, threads=2)
    added, flagged = np.zeros((2, len(windows)), dtype=bool)
    for threshold in np.unique(np.concatenate([np.arange(0.05, 1, 0.1), scores.probability])):
        alone = score(windows, CANDLES, counter, counter.spec, threshold=threshold)
        both = judge_accounts(alone, windows, CANDLES, counter, counter.spec, threshold=threshold)
        wanted = (both.verdict == "review") & (alone.verdict != "review")
        here = (spans.least <= threshold) & (threshold < spans.below)
        np.testing.assert_array_equal(here, wanted)
        np.testing.assert_array_equal(spans.role[here], both.role[here])
        added |= wanted
        flagged |= wanted & alone.flagged
    assert added.any()
    assert flagged.any()
    assert (added & ~scores.casual).any()
    assert ((spans.role != "") == added).all()


def test_spans_of_pictures_that_can_not_be_pooled() -> None:
    counter = TripCounter(spec=SEED)
    windows, alone, _ = judged(SPREAD)
    assert np.isnan(day_spans(alone, windows, CANDLES, counter, SEED).below).all()
