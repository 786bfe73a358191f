"""Picture, features, or both: three models of the same windows, on worlds that none has seen.

The picture model is the one that is judged. The others are fitted here, on a lesson: worlds of a
seed of its own, without what fills alone can't tell, as the picture model's own training.
"""

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.truth import truth_of, windows_of
from tradeglyph.drawing.formats import number, stated
from tradeglyph.drawing.report_proofs import Table, proof_view
from tradeglyph.learning.bootstrap import Draws
from tradeglyph.learning.fused import taught_elsewhere
from tradeglyph.learning.methods import method_table
from tradeglyph.learning.metrics import jsonable
from tradeglyph.learning.readings import Readings, readings_of
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.simulate.parts import UNTELLABLE, parts
from tradeglyph.simulate.population import Population, simulate

LESSON = 15_000
"""Accounts to learn from."""
RESAMPLES = 200
Scores = Mapping[str, NDArray[np.float64]]
Figures = dict[str, Any]


def part_scores(population: Population, scorer: OnnxScorer, seed: int) -> tuple[Scores, Figures]:
    """Scores of the population's windows by part, and what the lesson of `seed` was.

    Raises ValueError where the model itself learnt from that seed: its answers there are better
    than they are anywhere else.
    """
    if scorer.artifact.card.data.seed == seed:
        raise ValueError(f"{scorer.name} was trained on seed {seed}; take another --seed")
    lesson = simulate(LESSON, seed)
    read, truth = _readings(lesson, scorer)
    taught = truth["label"].is_not_null() & ~truth["scenario"].is_in(UNTELLABLE)
    rows = np.flatnonzero(taught.to_numpy() & read.answered)
    label = (truth["label"] == "fraud").to_numpy()[rows].astype(np.int8)
    asked, _ = _readings(population, scorer)
    about = {"accounts": LESSON, "seed": seed, "windows": len(rows), "fraud": int(label.sum())}
    return taught_elsewhere(read.take(rows), label, asked), about


def _readings(population: Population, scorer: OnnxScorer) -> tuple[Readings, pl.DataFrame]:
    windows = windows_of(population)
    spec, threads = scorer.artifact.spec, os.cpu_count() or 1
    read = readings_of(windows, population.candles, scorer, spec, threads=threads)
    return read, truth_of(population, windows)


def part_figures(scores: Scores, truth: pl.DataFrame, rate: float, lesson: Figures) -> Figures:
    """Each part where it flags `rate` of the honest windows: of all fraud, and of the tellable.

    `truth` is that of `bench.truth`, in the order of the scores.
    """
    scenario = truth["scenario"].fill_null("").to_numpy().astype(object)
    names = scenario.astype(str)
    unclear = [part.name for part in parts() if part.kind == "ambiguous"]
    fraud = (truth["label"] == "fraud").fill_null(False).to_numpy()
    normal = (truth["label"] == "normal").fill_null(False).to_numpy()
    day = pl.col("window_start").dt.strftime("%Y-%m-%d")
    world = truth.select(pl.col("symbol") + "|" + day).to_series().to_numpy().astype(object)
    # The worlds of windows with a label, as `evaluate` draws them.
    known = fraud | normal
    draws = Draws.of(world[known], RESAMPLES, 0)

    def table(which: NDArray[np.bool_]) -> list[Figures]:
        return method_table(
            {name: score[known] for name, score in scores.items()},
            which[known],
            (normal & ~np.isin(names, unclear))[known],
            scenario[known],
            rate=rate,
            draws=draws,
        )

    tellable = fraud & ~np.isin(names, UNTELLABLE)
    figures: Figures = jsonable(
        {
            "lesson": lesson,
            "rate": rate,
            "fraud": int(fraud.sum()),
            "tellable": int(tellable.sum()),
            "all_fraud": table(fraud),
            "tellable_fraud": table(tellable),
        }
    )
    return figures


WORDS = {
    "en": (
        "Learnt from `simulate --accounts {accounts} --seed {seed}`, {windows} windows with "
        "{taught} fraud among them; each cut where it flags {rate} of the honest windows.",
        "All fraud, {fraud} windows",
        "Fraud that an account's fills of one day can tell, {tellable} windows",
    ),
    "zh": (
        "训练数据：`simulate --accounts {accounts} --seed {seed}`，共 {windows} 个窗口，"
        "其中欺诈 {taught} 个；阈值均取正常窗口误报 {rate} 处。",
        "全部欺诈，{fraud} 个窗口",
        "单个账户一天的成交即可辨识的欺诈，{tellable} 个窗口",
    ),
}


def part_tables(figures: Figures, lang: Lang) -> tuple[str, list[Table]]:
    """What was learnt from, and both tables."""
    about = figures["lesson"]
    shown = {
        "accounts": about["accounts"],
        "seed": about["seed"],
        "windows": number(about["windows"]),
        "taught": number(about["fraud"]),
        "rate": stated(figures["rate"]),
        "fraud": number(figures["fraud"]),
        "tellable": number(figures["tellable"]),
    }
    said, *captions = (words.format(**shown) for words in WORDS[lang])
    tables = [
        {**proof_view({"methods": figures[name]}, lang)["methods"], "caption": caption}
        for name, caption in zip(("all_fraud", "tellable_fraud"), captions, strict=True)
    ]
    return said, tables
