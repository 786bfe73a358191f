"""Simulated accounts, made once for all tests of the command line."""

from pathlib import Path

import pytest

from tradeglyph.app.simulation import simulate_into


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `trades.parquet`, `candles.parquet` and `labels.csv` of 250 accounts."""
    folder = tmp_path_factory.mktemp("world")
    simulate_into(folder, 250, seed=5)
    return folder


@pytest.fixture
def shipped_ink(ink: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same as the shipped model `default`."""
    from tradeglyph.model import shipped

    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "default").symlink_to(ink)
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path / "shipped")
    return tmp_path / "shipped" / "default"
