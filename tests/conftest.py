"""What tests of several floors share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers import mariadb, postgres

# A slow machine is no wrong result: nothing is timed in a test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

__all__ = ["mariadb", "postgres"]


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a developer set in their shell has no part in a test."""
    for name in os.environ:
        if name.startswith("TRADEGLYPH_") and not name.startswith("TRADEGLYPH_TEST"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def ink(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder whose logit is the ink in a picture: sure of more fills, no matter which."""
    # The core tests run without what these need.
    from tests.model.tiny import tiny_folder
    from tradeglyph.model.card import CalibrationCard

    calibration = CalibrationCard(a=0.05, b=-2.0, prior=0.01)
    return tiny_folder(
        tmp_path_factory.mktemp("model") / "ink", name="ink", calibration=calibration
    )
