"""The whole job, small, on this machine, now: simulate, draw, train, evaluate, score."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tradeglyph.app.counterparties import weigh
from tradeglyph.app.drawing import draw_into
from tradeglyph.app.evaluation import EvaluationRequest, evaluate_windows
from tradeglyph.app.market import Loaded, WindowRule, load
from tradeglyph.app.scoring import score_accounts, score_frame
from tradeglyph.app.simulation import simulate_into
from tradeglyph.domain.errors import MissingExtra
from tradeglyph.domain.lists import AccountLists
from tradeglyph.learning.dataset import write_dataset
from tradeglyph.learning.fit import Origin, fit_artifact, need_train_extra
from tradeglyph.learning.folder import read_folder
from tradeglyph.learning.options import TrainOptions
from tradeglyph.model.artifact import load_artifact, write_artifact
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.picture.spec import DEFAULT
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.results.atomic import whole_folder
from tradeglyph.results.scores import write_scores
from tradeglyph.simulate.parts import UNTELLABLE
from tradeglyph.sources.labels import read_labels
from tradeglyph.sources.options import ReadOptions

Say = Callable[[str], None]
Advance = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSize:
    """How much is done; the default takes a minute or two on two cores."""

    training_accounts: int = 25_000
    honest_share: float = 0.2
    """Of the honest windows of training, so many are learnt from, drawn at random: fraud is what
    there is too little of, and accounts are simulated faster than pictures are drawn and learnt."""
    scored_accounts: int = 1_500
    epochs: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo left in its folder."""

    folder: Path
    scores: pl.DataFrame
    metrics: dict[str, Any]


def run_demo(
    folder: Path,
    seed: int,
    lang: Lang,
    say: Say,
    advance: Advance,
    size: DemoSize = DemoSize(),
) -> Demo:
    """Fill `folder` with `training/`, `dataset/`, `model/`, `accounts/`, `pictures/`,
    `scores.csv` and `report/`. The accounts that are scored live in worlds of their own.

    Raises MissingExtra without the extras train and plot.
    """
    need_train_extra()
    if find_spec("jinja2") is None:
        raise MissingExtra("jinja2", "plot")
    say("1/5 simulate: accounts to learn from, and other accounts in other worlds to judge")
    simulate_into(folder / "training", size.training_accounts, seed)
    simulate_into(folder / "accounts", size.scored_accounts, seed + 1)
    say("2/5 draw: a picture for each account and day to learn from")
    _dataset(folder, seed, size)
    say("3/5 train: a small network on those pictures")
    scorer = _model(folder, seed, size, say, advance)
    say("4/5 score: the other accounts")
    market = _load(folder / "accounts")
    windows, candles = market.windows, market.candles
    scores = score_accounts(windows, candles, scorer, scorer.threshold, lang)
    frame = score_frame(windows, scores, scorer.name)
    frame = weigh(frame, market.trades, AccountLists(), lang, alone=scores.alone).scores
    write_scores(frame, folder / "scores.csv")
    draw_into(folder / "pictures", windows, candles, DEFAULT, "fast")
    say("5/5 evaluate: against the truth, and against what counts dots")
    labels = read_labels(folder / "accounts" / "labels.csv")
    data = {
        "description": f"tradeglyph simulate --accounts {size.scored_accounts} --seed {seed + 1}",
        "seed": seed + 1,
        "simulated": True,
    }
    request = EvaluationRequest(scorer=scorer, lang=lang, data=data, trades=market.trades)
    metrics = evaluate_windows(windows, candles, labels, request, folder / "report")
    return Demo(folder=folder, scores=frame, metrics=metrics)


def _load(folder: Path) -> Loaded:
    quiet: Say = lambda line: None  # noqa: E731  our own files need no remark
    return load(
        folder / "trades.parquet",
        folder / "candles.parquet",
        ReadOptions(),
        ReadOptions(),
        WindowRule(),
        quiet,
    )


def _dataset(folder: Path, seed: int, size: DemoSize) -> None:
    market = _load(folder / "training")
    labels = read_labels(folder / "training" / "labels.csv")
    labels = labels.filter(~pl.col("scenario").is_in(UNTELLABLE))
    drawn = np.random.default_rng(seed).random(len(labels)) < size.honest_share
    labels = labels.filter((pl.col("label") == "fraud") | pl.Series(drawn))
    write_dataset(market.windows, market.candles, labels, folder / "dataset", spec=DEFAULT)


def _model(folder: Path, seed: int, size: DemoSize, say: Say, advance: Advance) -> OnnxScorer:
    options = TrainOptions(epochs=size.epochs, lr=3e-3, batch_size=64, seed=seed)
    origin = Origin(
        description=f"tradeglyph simulate --accounts {size.training_accounts} --seed {seed}; "
        f"all fraud that fills can tell, {size.honest_share:.0%} of the honest windows",
        seed=seed,
        reproduce=f"tradeglyph demo --seed {seed}",
    )
    fitted = fit_artifact(
        read_folder(folder / "dataset"),
        options,
        name="demo",
        origin=origin,
        progress=lambda p: advance(p.step / p.steps, f"epoch {p.epoch} loss {p.loss:.4f}"),
    )
    if not fitted.gate.passed:
        # A day's demo is small: what `train` would not write is shown here, and said.
        say(f"note: `tradeglyph train` would refuse this model: {fitted.gate.reasons[0]}")
    with whole_folder(folder / "model") as staging:
        write_artifact(staging, fitted.onnx, fitted.card)
    return OnnxScorer(load_artifact(folder / "model"))
