"""`tradeglyph train` from outside: artifact, gate, and a run that is killed and goes on."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from tests.cli.command import done, refused, tradeglyph
from tests.cli.files import table
from tests.model.tiny import tiny_card, tiny_onnx
from tradeglyph.app.market import WindowRule, load_windows
from tradeglyph.app.simulation import simulate_into
from tradeglyph.learning import fit
from tradeglyph.learning import train as train_module
from tradeglyph.learning.dataset import write_dataset
from tradeglyph.learning.fit import ALERT_BUDGET, PRIOR, Fitted
from tradeglyph.learning.folder import Samples, read_folder
from tradeglyph.learning.gate import GateReport
from tradeglyph.learning.options import TrainOptions
from tradeglyph.learning.train import data_hash
from tradeglyph.model.artifact import load_artifact, weights_sha256
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.picture.spec import DEFAULT
from tradeglyph.sources.labels import read_labels
from tradeglyph.sources.options import ReadOptions


def dataset_of(world: Path, out: Path, labels: pl.DataFrame) -> Path:
    windows, candles = load_windows(
        world / "trades.parquet", world / "candles.parquet", ReadOptions(), ReadOptions(),
        WindowRule(), lambda line: None,
    )  # fmt: skip
    write_dataset(windows, candles, labels, out, spec=DEFAULT)
    return out


@pytest.fixture(scope="module")
def data(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("train") / "data"
    return dataset_of(world, out, read_labels(world / "labels.csv"))


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds' two behaviours alone, where the number of trades tells everything."""
    folder = tmp_path_factory.mktemp("seeds")
    simulate_into(folder, 320, seed=0, scenarios=("hacker", "seed_normal"))
    labels = read_labels(folder / "labels.csv")
    two = labels.filter(pl.col("scenario").is_in(["hacker", "seed_normal"]))
    return dataset_of(folder, folder / "data", two)


class StandIn:
    """In the place of a training, for what the command itself does before and after it."""

    def __init__(self) -> None:
        self.passed = True
        self.asked: dict[str, Any] = {}

    def __call__(self, samples: Samples, options: TrainOptions, *, name: str, **more: Any) -> Any:
        self.asked = {"samples": samples, "options": options, **more}
        onnx = tiny_onnx()
        row = {"against": "all normal", "windows": 9, "model": 0.5, "dot_counter": 1.0}
        reasons = () if self.passed else ("a count does it",)
        return Fitted(
            card=tiny_card(onnx, name=name),
            onnx=onnx,
            gate=GateReport(passed=self.passed, reasons=reasons, notes=(), table=(row,)),
            metrics={},
            trained=None,  # type: ignore[arg-type]
        )


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    made = StandIn()
    monkeypatch.setattr(fit, "fit_artifact", made)
    return made


QUICK = ("--epochs", "2", "--batch-size", "32", "--device", "cpu", "--seed", "3")


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The folder that holds the model, and the summary."""
    out = tmp_path_factory.mktemp("trained")
    result = done(
        "train", "--data", data, "--out", "model", *QUICK, "--allow-leak", "--json",
        "--description", "two hundred and fifty", "--data-seed", 5, "--reproduce", "make it",
        "--prior", 0.02, "--alert-budget", 0.01, cwd=out,
    )  # fmt: skip
    return out, json.loads(result.stdout)


def test_an_artifact_and_no_checkpoint(trained: tuple[Path, Any]) -> None:
    out, _ = trained
    assert [p.name for p in out.iterdir()] == ["model"]
    assert sorted(p.name for p in (out / "model").iterdir()) == ["card.json", "model.onnx"]


def test_the_card_says_what_the_contract_asks(trained: tuple[Path, Any], data: Path) -> None:
    folder = trained[0] / "model"
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    samples = read_folder(data)
    assert card["classes"] == ["hacker", "normal"]
    assert (card["picture"]["name"], card["picture"]["hash"]) == ("default", DEFAULT.hash)
    assert 0 < card["threshold"] < 1
    assert (card["prior"], card["alert_budget"]) == (0.02, 0.01)
    assert card["calibration"]["method"] == "platt"
    assert card["calibration"]["a"] > 0
    assert card["calibration"]["prior"] == 0.02
    said = card["data"]
    assert (said["description"], said["seed"]) == ("two hundred and fifty", 5)
    assert said["hash"] == data_hash(samples)
    assert (said["windows"], said["fraud"]) == (len(samples), int(samples.label.sum()))
    assert (said["train"], said["val"]) == (len(samples.train_rows), len(samples.val_rows))
    assert sum(said["scenarios"].values()) == len(samples)
    assert (card["training"]["seed"], card["training"]["epochs"]) == (3, 2)
    assert len(card["training"]["history"]) == 2
    assert {"tradeglyph", "torch", "onnxruntime", "numpy"} <= set(card["versions"])
    assert card["reproduce"] == "make it"
    assert card["weights_sha256"] == weights_sha256((folder / "model.onnx").read_bytes())
    assert card["name"] == "model"


def test_metrics_are_by_scenario_and_against_baselines(trained: tuple[Path, Any]) -> None:
    card = json.loads((trained[0] / "model" / "card.json").read_text(encoding="utf-8"))
    text = json.dumps(card["metrics"])
    for word in ("dot_counter", "tree", "all normal", "crowd"):
        assert word in text
    assert trained[1]["metrics"] == card["metrics"]


def test_the_artifact_answers_pictures(trained: tuple[Path, Any], data: Path) -> None:
    scorer = OnnxScorer(load_artifact(trained[0] / "model"))
    probability = scorer.probability(read_folder(data).rasters[:8])
    assert ((probability > 0) & (probability < 1)).all()


class TestGate:
    def test_what_a_count_explains_is_refused(self, leaking: Path, tmp_path: Path) -> None:
        (tmp_path / "m").mkdir()
        (tmp_path / "m" / "card.json").write_text("an earlier one")
        result = tradeglyph("train", "--data", leaking, "--out", "m", *QUICK, "--json",
                            cwd=tmp_path)  # fmt: skip
        assert result.status == 1
        summary = json.loads(result.stdout)
        assert (summary["out"], summary["gate"]) == (None, False)
        assert any("dot counter" in reason for reason in summary["reasons"])
        assert "the leak gate refuses" in result.stderr
        assert "dot counter's 1.0000" in result.stderr
        assert "--allow-leak" in result.stderr
        assert "Traceback" not in result.stderr
        # Nothing new, nothing lost, nothing in the way of the next attempt.
        assert [p.name for p in tmp_path.iterdir()] == ["m"]
        assert (tmp_path / "m" / "card.json").read_text() == "an earlier one"

    def test_allow_leak_writes_it_and_says_so(
        self, data: Path, tmp_path: Path, stand_in: StandIn
    ) -> None:
        stand_in.passed = False
        arguments = ("train", "--data", data, "--out", "m")
        assert tradeglyph(*arguments, cwd=tmp_path).status == 1
        assert list(tmp_path.iterdir()) == []
        result = done(*arguments, "--allow-leak", "--json", cwd=tmp_path)
        assert json.loads(result.stdout)["gate"] is False
        assert load_artifact(tmp_path / "m").card.name == "m"


class TestKilled:
    def test_started_again_it_goes_on(
        self, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        arguments = ("train", "--data", str(data), "--out", "m", "--epochs", "40",
                     "--batch-size", "32", "--device", "cpu", "--allow-leak")  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "tradeglyph", *arguments], cwd=tmp_path, stderr=subprocess.PIPE
        )
        checkpoint = tmp_path / ".m.checkpoint" / "checkpoint.npz"
        deadline = time.monotonic() + 60
        while not checkpoint.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        assert [p.name for p in tmp_path.iterdir()] == [".m.checkpoint"]
        with np.load(checkpoint) as arrays:
            epochs = len(json.loads(arrays["meta"].tobytes())["epochs"])
        assert 1 <= epochs < 40

        # Other options are another run: it is told, and the checkpoint stays.
        said = refused(*arguments, "--seed", "9", cwd=tmp_path)
        assert "belongs to another run: seed was 0, is 9" in said
        assert ".m.checkpoint" in said
        assert checkpoint.exists()

        ran: list[int] = []

        def counted(run: Any, epoch: int) -> dict[str, Any]:
            ran.append(epoch)
            return {"epoch": epoch + 1, "loss": 0.5, "val_loss": 0.5, "val_accuracy": 0.5}

        monkeypatch.setattr(train_module._Run, "one_epoch", counted)
        done(*arguments, cwd=tmp_path)
        assert ran == list(range(epochs, 40))
        assert [p.name for p in tmp_path.iterdir()] == ["m"]
        card = json.loads((tmp_path / "m" / "card.json").read_text())
        assert len(card["training"]["history"]) == 40


class TestLabels:
    def test_they_replace_those_of_the_folder(
        self, world: Path, data: Path, tmp_path: Path, stand_in: StandIn
    ) -> None:
        rows = [r for r in table(world / "labels.csv") if r["scenario"] in ("hacker", "crowd")]
        for row in rows:
            row["scenario"] = {"hacker": "wolf", "crowd": "sheep"}[row["scenario"]]
        pl.DataFrame(rows).write_csv(tmp_path / "l.csv")
        done("train", "--data", data, "--out", "m", "--labels", "l.csv", cwd=tmp_path)
        asked = stand_in.asked["samples"]
        assert dict(asked.frame["scenario"].value_counts().rows()) == dict(
            pl.DataFrame(rows)["scenario"].value_counts().rows()
        )
        assert asked.label.tolist() == [s == "wolf" for s in asked.frame["scenario"]]
        assert len(asked.rasters) == len(rows)

    def test_a_time_without_its_zone_is_mended_in_the_file(
        self, data: Path, tmp_path: Path, stand_in: StandIn
    ) -> None:
        """`train` has no --timezone to add."""
        (tmp_path / "l.csv").write_text(
            "account_id,symbol,scenario,label,window_start\nA,X,wolf,fraud,2026-01-02 00:00:00\n"
        )
        said = refused("train", "--data", data, "--out", "m", "--labels", "l.csv", cwd=tmp_path)
        assert "l.csv: line 2, column window_start: '2026-01-02 00:00:00' has no time zone" in said
        assert "with their offset" in said
        assert "--timezone" not in said

    def test_dispositions_mend_the_windows_they_name(
        self, world: Path, data: Path, tmp_path: Path, stand_in: StandIn
    ) -> None:
        """From scores to labels, as a team does it: one column more, filled in for some."""
        done("score", "--trades", world / "trades.parquet", "--candles", world / "candles.parquet",
             "--out", "scores.csv", cwd=tmp_path)  # fmt: skip
        rows = table(tmp_path / "scores.csv")
        before = read_folder(data).frame
        key = ("account_id", "symbol")
        fraud = before.filter(pl.col("label") == "fraud").row(0, named=True)
        honest = before.filter(pl.col("label") == "normal").row(0, named=True)
        found = {
            tuple(fraud[name] for name in key): "Dismissed",
            tuple(honest[name] for name in key): "confirmed",
        }
        day = {tuple(w[name] for name in key): w["day"] for w in (fraud, honest)}
        for row in rows:
            who = tuple(row[name] for name in key)
            same = row["window_start"].startswith(day.get(who, "never"))
            row["disposition"] = found[who] if same else ""
        pl.DataFrame(rows).write_csv(tmp_path / "reviewed.csv")
        result = done("train", "--data", data, "--out", "m", "--labels", "reviewed.csv",
                      cwd=tmp_path)  # fmt: skip
        asked = stand_in.asked["samples"]
        assert len(asked) == len(before)
        changed = asked.frame.join(before, on="index", suffix="_before").filter(
            pl.col("scenario") != pl.col("scenario_before")
        )
        assert set(changed.select(*key, "label", "label_before", "scenario").rows()) == {
            (fraud["account_id"], fraud["symbol"], "normal", "fraud", "dismissed"),
            (honest["account_id"], honest["symbol"], "fraud", "normal", "confirmed"),
        }
        assert (
            f"2 labels; {len(before)} of {len(before)} windows are learnt from, 2 with another"
            in (result.stderr)
        )

    def test_that_speak_of_nobody(self, data: Path, tmp_path: Path) -> None:
        (tmp_path / "l.csv").write_text("account_id,symbol,scenario,label\nZ,Z,s,fraud\n")
        said = refused("train", "--data", data, "--out", "m", "--labels", "l.csv", cwd=tmp_path)
        assert "speaks of no window" in said


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("--lr", "0"), "--lr"),
        (("--lr", "nan"), "--lr"),
        (("--prior", "0"), "--prior 0"),
        (("--prior", "1"), "--prior 1"),
        (("--prior", "nan"), "--prior nan"),
        (("--alert-budget", "0"), "--alert-budget 0"),
        (("--batch-size", "0"), "--batch-size"),
        (("--arch", "vgg"), "'resnet18'"),
    ],
)
def test_wrong_options_are_said_before_the_training(
    data: Path, tmp_path: Path, arguments: tuple[str, ...], wanted: str
) -> None:
    assert wanted in refused("train", "--data", data, "--out", "m", *arguments, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_is_not_there(data: Path, tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("CUDA is there")
    said = refused("train", "--data", data, "--out", "m", "--device", "cuda", cwd=tmp_path)
    assert "--device cuda: torch can't use it here" in said
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_a_file_is_said_before_the_training(data: Path, tmp_path: Path) -> None:
    (tmp_path / "m").write_text("mine")
    assert "is a file" in refused("train", "--data", data, "--out", "m", cwd=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_a_folder_that_is_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    said = refused("train", "--data", "d", "--out", "m", cwd=tmp_path)
    assert "tradeglyph dataset" in said


def test_into_the_folder_one_stands_in(data: Path, tmp_path: Path, stand_in: StandIn) -> None:
    """`--out .` has no name of its own, but the folder has."""
    (tmp_path / "here").mkdir()
    done("train", "--data", data, "--out", ".", cwd=tmp_path / "here")
    assert load_artifact(tmp_path / "here").card.name == "here"
    assert stand_in.asked["checkpoint"] == tmp_path / ".here.checkpoint"
    assert [p.name for p in tmp_path.iterdir()] == ["here"]


def test_options_arrive(data: Path, tmp_path: Path, stand_in: StandIn) -> None:
    done(
        *("train", "--data", data, "--out", "m", "--arch", "resnet18", "--epochs", 3, "--lr", 0.1),
        *("--batch-size", 5, "--seed", 6, "--device", "cpu", "--name", "mine"),
        cwd=tmp_path,
    )
    wanted = TrainOptions(arch="resnet18", epochs=3, lr=0.1, batch_size=5, seed=6, device="cpu")
    assert stand_in.asked["options"] == wanted
    assert (stand_in.asked["prior"], stand_in.asked["alert_budget"]) == (PRIOR, ALERT_BUDGET)
    assert load_artifact(tmp_path / "m").card.name == "mine"


def test_a_model_replaces_an_earlier_one(data: Path, tmp_path: Path, stand_in: StandIn) -> None:
    for name in ("first", "second"):
        done("train", "--data", data, "--out", "m", "--name", name, cwd=tmp_path)
    assert load_artifact(tmp_path / "m").card.name == "second"
    assert [p.name for p in tmp_path.iterdir()] == ["m"]
