"""A model reckoned by hand: sure of more ink in a picture."""

import os
from pathlib import Path

import pytest

from tests.model.tiny import tiny_folder
from tradeglyph.model.artifact import load_artifact
from tradeglyph.model.card import CalibrationCard
from tradeglyph.model.onnx import OnnxScorer


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a developer set in their shell has no part in a test."""
    for name in os.environ:
        if name.startswith("TRADEGLYPH_") and not name.startswith("TRADEGLYPH_TEST"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def ink(tmp_path_factory: pytest.TempPathFactory) -> Path:
    calibration = CalibrationCard(a=0.05, b=-2.0, prior=0.01)
    return tiny_folder(
        tmp_path_factory.mktemp("model") / "ink", name="ink", calibration=calibration
    )


@pytest.fixture
def scorer(ink: Path) -> OnnxScorer:
    return OnnxScorer(load_artifact(ink))
