"""What tests of several floors share."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers import mariadb, postgres

# A slow machine is no wrong result: nothing is timed in a test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

__all__ = ["mariadb", "postgres"]

# Of thousands of modules, in every process of a run; the folders are ignored by git.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

LONG = (
    "tests/soak/test_worker.py",
    "tests/docs/test_commands.py",
    "tests/soak/",
    "tests/worker/",
    "tests/app/test_demo.py",
    "tests/service/test_serve.py",
    "tests/aws/test_sagemaker_train.py",
    "tests/learning/test_export.py",
    "tests/learning/test_fit.py",
    "tests/learning/test_checkpoint.py",
    "tests/drawing/test_faithful.py",
    "tests/cli/test_train.py",
)
"""Files with tests of many seconds, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, so that none is left for one process alone at the end."""
    items.sort(key=lambda item: _turn(item.nodeid))


def _turn(test: str) -> int:
    return next((turn for turn, start in enumerate(LONG) if test.startswith(start)), len(LONG))


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
