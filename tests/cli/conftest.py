"""Simulated accounts and a model reckoned by hand, made once for all tests of the command line."""

import os
from pathlib import Path

import pytest

from tests.model.tiny import tiny_folder
from tradeglyph.app.simulation import simulate_into
from tradeglyph.model.card import CalibrationCard


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a developer set in their shell has no part in a test."""
    for name in os.environ:
        if name.startswith("TRADEGLYPH_") and not name.startswith("TRADEGLYPH_TEST"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `trades.parquet`, `candles.parquet` and `labels.csv` of 250 accounts."""
    folder = tmp_path_factory.mktemp("world")
    simulate_into(folder, 250, seed=5)
    return folder


@pytest.fixture(scope="session")
def ink(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder whose logit is the ink in a picture: sure of more fills, no matter which."""
    calibration = CalibrationCard(a=0.05, b=-2.0, prior=0.01)
    return tiny_folder(
        tmp_path_factory.mktemp("model") / "ink", name="ink", calibration=calibration
    )


@pytest.fixture
def shipped_ink(ink: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same as the shipped model `default`."""
    from tradeglyph.model import shipped

    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "default").symlink_to(ink)
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path / "shipped")
    return tmp_path / "shipped" / "default"
