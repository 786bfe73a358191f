import dataclasses
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.learning.worlds import places_samples
from tradeglyph.domain.errors import MissingExtra
from tradeglyph.learning import export
from tradeglyph.learning import fit as module
from tradeglyph.learning.fit import Fitted, Origin, fit_artifact
from tradeglyph.learning.options import TrainOptions
from tradeglyph.learning.train import data_hash
from tradeglyph.model.artifact import load_artifact, weights_sha256, write_artifact
from tradeglyph.model.onnx import OnnxScorer

OPTIONS = TrainOptions(epochs=6, batch_size=16, device="cpu", threads=1)
SAMPLES = places_samples(256)
ORIGIN = Origin(description="a test", seed=7, reproduce="tradeglyph train ...")


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit_artifact(SAMPLES, OPTIONS, name="small", origin=ORIGIN)


@pytest.fixture
def scorer(fitted: Fitted, tmp_path: Path) -> OnnxScorer:
    write_artifact(tmp_path, fitted.onnx, fitted.card)
    return OnnxScorer(load_artifact(tmp_path))


def test_scores_what_it_learned(fitted: Fitted, scorer: OnnxScorer) -> None:
    val = SAMPLES.val_rows
    probability = scorer.probability(SAMPLES.rasters[val])
    fraud = SAMPLES.label[val] == 1
    flagged = probability > scorer.threshold
    assert flagged[fraud].mean() > 0.9
    # 32 honest windows at a budget of 1 in 1,000: none may be flagged.
    assert not flagged[~fraud].any()
    shares = fitted.metrics["flagged_by_scenario"]["model"]
    assert shares["hacker"] == flagged[fraud].mean()


def test_the_card_says_what_was_done(fitted: Fitted) -> None:
    card = fitted.card
    assert (card.name, card.reproduce, card.prior) == ("small", "tradeglyph train ...", 0.01)
    assert card.weights_sha256 == weights_sha256(fitted.onnx)
    assert card.data.hash == data_hash(SAMPLES)
    assert (card.data.description, card.data.seed) == ("a test", 7)
    assert (card.data.windows, card.data.fraud, card.data.train, card.data.val) == (
        256,
        128,
        192,
        64,
    )
    assert (card.data.symbol_days, card.data.split) == (8, "day")
    assert card.data.scenarios == {"day": 64, "grid": 64, "hacker": 128}
    assert card.training["epochs"] == len(card.training["history"]) == 6
    assert {"tradeglyph", "numpy", "torch", "onnx"} <= card.versions.keys()
    assert card.metrics == fitted.metrics
    assert card.threshold >= card.prior


def test_the_gate_compares_with_the_baselines(fitted: Fitted) -> None:
    # The world's f_hand_rule gives fraud away, so that the tree is at 1; a count is not.
    row = fitted.gate.table[0]
    assert (row["tree"], row["hand_rule"]) == (1.0, 1.0)
    assert row["dot_counter"] < 0.8 < row["model"]
    assert fitted.gate.passed


def test_the_same_again_gives_the_same_bytes(fitted: Fitted, tmp_path: Path) -> None:
    again = fit_artifact(SAMPLES, OPTIONS, name="small", origin=ORIGIN, checkpoint=tmp_path)
    assert again.onnx == fitted.onnx
    assert again.card.to_json() == fitted.card.to_json()


def test_no_fraud_in_validation_is_refused_by_the_gate(
    fitted: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the network answers has no part in it: one that is exported already will do.
    monkeypatch.setattr(export, "export_onnx", lambda *arguments: fitted.onnx)
    samples = places_samples(64)
    split = np.where(
        np.isin(np.arange(64), samples.val_rows) & (samples.label == 0), "val", "train"
    )
    changed = dataclasses.replace(samples, frame=samples.frame.with_columns(split=pl.Series(split)))
    judged = fit_artifact(changed, dataclasses.replace(OPTIONS, epochs=1), name="x")
    assert not judged.gate.passed
    assert "both classes" in judged.gate.reasons[0]
    assert judged.metrics["roc_auc"] is None
    assert judged.card.to_json()


@pytest.mark.parametrize("package", ["torch", "onnx", "onnxscript", "sklearn"])
def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setattr(module, "find_spec", lambda n: None if n == package else find_spec(n))
    with pytest.raises(MissingExtra, match=r"pip install 'tradeglyph\[train\]'"):
        fit_artifact(SAMPLES, OPTIONS, name="x")
