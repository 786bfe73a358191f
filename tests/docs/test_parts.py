"""Picture, features, or both, on the worlds of `make evaluate`."""

import sys

import numpy as np
import polars as pl
import pytest

from tests.docs.commands import ROOT

pytest.importorskip("sklearn", reason="needs the extra `train` or `plot`")

from tradeglyph.app.scoring import score_windows
from tradeglyph.learning.fused import FEATURES_ONLY, FUSED, PICTURE_ONLY
from tradeglyph.model.shipped import open_model
from tradeglyph.simulate.parts import UNTELLABLE
from tradeglyph.simulate.population import simulate

SCENARIO = [
    "hacker",
    "hacker",
    "drip",
    "drip",
    *["investor"] * 4,
    *["grid"] * 4,
    "wick_ladder",
    None,
]
LABEL = [*["fraud"] * 4, *["normal"] * 9, None]
LESSON = {"accounts": 40, "seed": 7, "windows": 90, "fraud": 4}


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "bench", raising=False)
    from bench import parts

    return parts


def truth() -> pl.DataFrame:
    start = pl.Series([f"2024-01-0{1 + i % 3}" for i in range(14)]).str.to_datetime(time_zone="UTC")
    return pl.DataFrame(
        {"symbol": ["X"] * 14, "window_start": start, "scenario": SCENARIO, "label": LABEL}
    )


def figures(bench):  # type: ignore[no-untyped-def]
    # Of eight honest windows one may be above the cut: the grid at 6. What is ambiguous or has no
    # label is neither caught nor a false alarm, however high it scores.
    sharp = np.array([9, 5, 3, 7, 1, 1, 1, 1, 2, 2, 2, 6, 99, 99.0])
    silent = np.full(14, np.nan)
    scores = {"sharp": sharp, "silent": silent}
    return bench.part_figures(scores, truth(), 1 / 8, LESSON)


def test_parts_are_cut_where_they_flag_the_same_share_of_honest_windows(bench) -> None:  # type: ignore[no-untyped-def]
    found = figures(bench)
    assert (found["fraud"], found["tellable"]) == (4, 2)
    sharp, silent = found["all_fraud"]
    # Above 2 are both hackers and both drips.
    assert (sharp["recall"], sharp["most_flagged"]) == (1.0, 0.25)
    assert sharp["most_flagged_scenario"] == "grid"
    assert (silent["recall"], silent["most_flagged"]) == (0.0, 0.0)


def test_the_tellable_fraud_is_counted_apart_at_the_same_cut(bench) -> None:  # type: ignore[no-untyped-def]
    scores = {"sharp": np.array([9, 5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 6, 99, 99.0])}
    found = bench.part_figures(scores, truth(), 1 / 8, LESSON)
    (whole,), (tellable,) = found["all_fraud"], found["tellable_fraud"]
    assert (whole["recall"], whole["least"], whole["least_scenario"]) == (0.5, 0.0, "drip")
    assert (tellable["recall"], tellable["least_scenario"]) == (1.0, "hacker")
    assert whole["most_flagged"] == tellable["most_flagged"] == 0.25


SAID = {
    "en": (
        "`simulate --accounts 40 --seed 7`, 90 windows with 4 fraud among them; each cut where it "
        "flags 12.5%"
    ),
    "zh": (
        "`simulate --accounts 40 --seed 7`，共 90 个窗口，其中欺诈 4 个；阈值均取正常窗口误报 12.5%"
    ),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_say_what_was_learnt_from(bench, lang: str) -> None:  # type: ignore[no-untyped-def]
    words, tables = bench.part_tables(figures(bench), lang)
    assert SAID[lang] in words
    assert [len(table["rows"]) for table in tables] == [2, 2]
    whole, tellable = (table["caption"] for table in tables)
    assert "4" in whole
    assert "2" in tellable
    assert tables[0]["rows"][0][1] == "100%"


def test_the_lesson_is_of_other_worlds_and_of_what_fills_can_tell(
    bench,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counted here from the labels alone; most windows have the two fills that an answer needs."""
    monkeypatch.setattr(bench, "LESSON", 400)
    scorer = open_model("default")
    asked = simulate(120, 8)
    scores, about = bench.part_scores(asked, scorer, 9)
    labels = simulate(400, 9).labels
    tellable = ~np.isin(labels.scenario.astype(str), UNTELLABLE)
    fraud = tellable & (labels.label == "fraud")
    assert 0.9 * fraud.sum() < about["fraud"] <= fraud.sum()
    assert 0.75 * tellable.sum() < about["windows"] <= tellable.sum()
    assert (about["accounts"], about["seed"]) == (400, 9)
    windows = bench.windows_of(asked)
    probability = score_windows(windows, asked.candles, scorer, 0.5, "en").probability
    answered = ~np.isnan(probability)
    np.testing.assert_allclose(
        1 / (1 + np.exp(-scores[PICTURE_ONLY][answered])), probability[answered], rtol=1e-12
    )
    is_fraud = (bench.truth_of(asked, windows)["label"] == "fraud").to_numpy()
    for name in (FEATURES_ONLY, FUSED):
        np.testing.assert_array_equal(np.isnan(scores[name]), ~answered)
        # Fitted elsewhere, they know fraud here.
        caught = scores[name][answered & is_fraud]
        assert np.median(caught) > np.quantile(scores[name][answered & ~is_fraud], 0.95)


def test_a_lesson_of_the_model_s_own_training_is_refused(bench) -> None:  # type: ignore[no-untyped-def]
    scorer = open_model("default")
    seed = scorer.artifact.card.data.seed
    with pytest.raises(ValueError, match=f"trained on seed {seed}"):
        bench.part_scores(simulate(4, 8), scorer, seed)
