import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.drawing.html import Page
from tradeglyph.app import demo as module
from tradeglyph.app.demo import Demo, DemoSize, run_demo
from tradeglyph.domain.errors import MissingExtra
from tradeglyph.domain.schema import SCORES
from tradeglyph.learning.folder import read_folder
from tradeglyph.learning.train import data_hash
from tradeglyph.model.artifact import load_artifact
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.simulate.parts import UNTELLABLE
from tradeglyph.sources.labels import read_labels

REFUSAL = "a count does it"
SMALL = DemoSize(training_accounts=240, honest_share=0.5, scored_accounts=60, epochs=1)


def silent(*_: object) -> None:
    pass


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Demo, list[str], list[float]]:
    """A run whose gate refuses; what it said; its progress."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    said: list[str] = []
    shares: list[float] = []

    def refused(*arguments: Any, **more: Any) -> Any:
        fitted = fit(*arguments, **more)
        return replace(fitted, gate=replace(fitted.gate, passed=False, reasons=(REFUSAL,)))

    fit = module.fit_artifact
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "fit_artifact", refused)
        made = run_demo(
            folder, 7, "en", said.append, lambda share, text: shares.append(share), SMALL
        )
    return made, said, shares


def test_what_it_leaves(small: tuple[Demo, list[str], list[float]]) -> None:
    folder = small[0].folder
    assert sorted(p.name for p in folder.iterdir()) == [
        "accounts", "dataset", "model", "pictures", "report", "scores.csv", "training",
    ]  # fmt: skip
    assert small[1][0].startswith("1/5")
    steps = [line.split(" ")[0] for line in small[1] if not line.startswith("note")]
    assert steps == [f"{n}/5" for n in range(1, 6)]
    assert small[2] == sorted(small[2])
    assert small[2][-1] == 1.0


def test_the_model_is_its_own(small: tuple[Demo, list[str], list[float]]) -> None:
    folder = small[0].folder
    card = load_artifact(folder / "model").card
    assert card.name == "demo"
    assert card.data.seed == 7
    assert card.data.hash == data_hash(read_folder(folder / "dataset"))
    assert card.training["seed"] == 7
    assert card.reproduce == "tradeglyph demo --seed 7"


def test_it_learns_from_all_fraud_that_fills_can_tell_and_from_a_part_of_the_rest(
    small: tuple[Demo, list[str], list[float]],
) -> None:
    folder = small[0].folder
    labels = read_labels(folder / "training" / "labels.csv").filter(
        ~pl.col("scenario").is_in(UNTELLABLE)
    )
    given = labels["label"].value_counts().sort("label")["count"].to_list()
    learnt = read_folder(folder / "dataset").frame
    fraud, honest = ((learnt["label"] == label).sum() for label in ("fraud", "normal"))
    # A window with fewer than two fills in candles is no picture: few honest ones, and no fraud.
    assert fraud == given[0]
    assert 0.35 * given[1] < honest < 0.6 * given[1]
    assert not set(learnt["scenario"]) & set(UNTELLABLE)


def test_scores_are_that_models_of_accounts_it_never_saw(
    small: tuple[Demo, list[str], list[float]],
) -> None:
    folder = small[0].folder
    scorer = OnnxScorer(load_artifact(folder / "model"))
    scores = pl.read_csv(folder / "scores.csv")
    assert scores.columns == list(SCORES)
    assert set(scores["model"]) == {scorer.name}
    trades = {n: pl.read_parquet(folder / n / "trades.parquet") for n in ("training", "accounts")}
    assert scores["trade_count"].sum() == len(trades["accounts"])
    # The worlds differ: not one trade of the scored accounts is a trade learned from.
    columns = ["time", "price", "quantity"]
    both = trades["accounts"].join(trades["training"], on=columns, how="semi")
    assert len(both) < len(trades["accounts"]) / 100


def test_pictures_and_report(small: tuple[Demo, list[str], list[float]]) -> None:
    folder = small[0].folder
    pictures = list((folder / "pictures").glob("*.png"))
    assert len(pictures) == len(pl.read_csv(folder / "scores.csv"))
    metrics = json.loads((folder / "report" / "metrics.json").read_text())
    assert metrics == small[0].metrics
    page = Page((folder / "report" / "report.html").read_text(encoding="utf-8"))
    assert page.named("script") == []
    assert "tradeglyph simulate --accounts 60 --seed 8" in page.words


def test_a_model_that_the_gate_refuses_is_shown_and_said(
    small: tuple[Demo, list[str], list[float]],
) -> None:
    (note,) = [line for line in small[1] if line.startswith("note")]
    assert REFUSAL in note


@pytest.mark.parametrize("missing", ["torch", "jinja2"])
def test_a_missing_extra_is_said_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtra, match=missing):
        run_demo(tmp_path / "d", 1, "en", silent, silent, SMALL)
    assert list(tmp_path.iterdir()) == []
