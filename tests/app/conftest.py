"""A model reckoned by hand: sure of more ink in a picture."""

from pathlib import Path

import pytest

from tradeglyph.model.artifact import load_artifact
from tradeglyph.model.onnx import OnnxScorer


@pytest.fixture
def scorer(ink: Path) -> OnnxScorer:
    return OnnxScorer(load_artifact(ink))
