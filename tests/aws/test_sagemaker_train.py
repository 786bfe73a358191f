"""Training as SageMaker starts it, as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.model.artifact import load_artifact


def train(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tradeglyph.aws.sagemaker_train"],
        env={**os.environ, "TRADEGLYPH_SAGEMAKER_ROOT": str(root), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """What SageMaker makes before it starts a container."""
    root = tmp_path / "ml"
    for folder in ("input/config", "input/data", "model", "output"):
        (root / folder).mkdir(parents=True)
    return root


def say(root: Path, **hyperparameters: object) -> None:
    (root / "input" / "config" / "hyperparameters.json").write_text(json.dumps(hyperparameters))


def failure(root: Path) -> str:
    return (root / "output" / "failure").read_text()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small dataset folder."""
    pytest.importorskip("torch", reason="needs the extra `train`")
    from tradeglyph.app.market import WindowRule, load_windows
    from tradeglyph.app.simulation import simulate_into
    from tradeglyph.learning.dataset import write_dataset
    from tradeglyph.picture.spec import DEFAULT
    from tradeglyph.sources.labels import read_labels
    from tradeglyph.sources.options import ReadOptions

    world = tmp_path_factory.mktemp("world")
    simulate_into(world, 250, seed=5)
    windows, candles = load_windows(
        world / "trades.parquet", world / "candles.parquet", ReadOptions(), ReadOptions(),
        WindowRule(), lambda line: None,
    )  # fmt: skip
    out = tmp_path_factory.mktemp("channel") / "data"
    write_dataset(windows, candles, read_labels(world / "labels.csv"), out, spec=DEFAULT)
    return out


def test_a_training_job_writes_a_model(root: Path, data: Path) -> None:
    (root / "input" / "data" / "train").symlink_to(data)
    say(root, epochs="1", lr="0.002", batch_size='"32"', name="mine", **{"allow-leak": "True"})
    done = train(root)
    assert done.returncode == 0, done.stderr
    artifact = load_artifact(root / "model")
    assert artifact.card.name == "mine"
    assert not (root / "output" / "failure").exists()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"num_layers": "18"}, "hyperparameter 'num_layers' is not known; there are: arch, epochs"),
        ({"epochs": "many"}, "hyperparameter epochs: 'many' is not a whole number"),
        ({"lr": "fast"}, "hyperparameter lr: 'fast' is not a number"),
        ({"mirror": "maybe"}, "hyperparameter mirror: 'maybe' is not true or false"),
    ],
)
def test_a_hyperparameter_that_is_not_known_is_a_failure(
    root: Path, said: dict[str, str], reason: str
) -> None:
    (root / "input" / "data" / "train").mkdir()
    say(root, **said)
    done = train(root)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert failure(root).startswith(reason)


def test_a_job_without_its_channel_is_a_failure(root: Path) -> None:
    assert train(root).returncode == 1
    assert "no channel called train" in failure(root)


def test_a_folder_that_is_no_dataset_is_a_failure(root: Path) -> None:
    pytest.importorskip("torch", reason="needs the extra `train`")
    (root / "input" / "data" / "train").mkdir()
    assert train(root).returncode == 1
    assert "tradeglyph dataset" in failure(root)


def test_hyperparameters_are_the_options_of_the_command() -> None:
    """All but those that the folder gives."""
    import inspect

    from tradeglyph.aws.sagemaker_train import HYPERPARAMETERS
    from tradeglyph.cli.train import train as command

    given = {"data", "out", "labels", "as_json"}
    assert set(inspect.signature(command).parameters) - given == set(HYPERPARAMETERS)


def test_two_files_of_labels_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tradeglyph.aws import sagemaker_train

    (root / "input" / "data" / "train").mkdir()
    labels = root / "input" / "data" / "labels"
    labels.mkdir()
    (labels / "a.csv").touch()
    assert sagemaker_train._arguments(root)[-2:] == ["--labels", str(labels / "a.csv")]
    (labels / "b.csv").touch()
    with pytest.raises(InputError, match="has 2 files"):
        sagemaker_train._arguments(root)
