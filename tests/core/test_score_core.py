"""What must work with the core dependencies alone: `.ci/core` runs this folder without extras."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.files import table
from tradeglyph.simulate.parts import UNTELLABLE

MODULE = (sys.executable, "-m", "tradeglyph")


def run(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [*MODULE, *arguments],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("core")
    done = run("simulate", "--accounts", "150", "--seed", "3", "--out", "accounts", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def files(folder: str = "accounts") -> tuple[str, ...]:
    return ("--trades", f"{folder}/trades.parquet", "--candles", f"{folder}/candles.parquet")


def test_version_names_the_model_and_its_spec(tmp_path: Path) -> None:
    done = run("--version", cwd=tmp_path)
    assert done.returncode == 0
    assert "model default@" in done.stdout
    assert "picture spec" in done.stdout


@pytest.mark.parametrize("model", ["default", "seed"])
def test_score_answers_without_any_extra(accounts: Path, model: str) -> None:
    done = run("score", *files(), "--out", f"{model}.csv", "--model", model, "--json", cwd=accounts)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    rows = table(accounts / f"{model}.csv")
    assert len(rows) == summary["windows"]
    answered = [row for row in rows if row["probability"]]
    assert len(answered) == summary["answered"] > 0
    assert all(0 < float(row["probability"]) < 1 for row in answered)
    assert sum(row["flagged"] == "true" for row in rows) == summary["flagged"]
    assert {row["verdict"] for row in rows} <= {"", "quiet", "review", "hold"}


def test_score_tells_fraud_from_honest_accounts(accounts: Path) -> None:
    done = run("score", *files(), "--out", "truth.csv", cwd=accounts)
    assert done.returncode == 0, done.stderr
    fraud = {
        (row["account_id"], row["symbol"], row["window_start"]): row["label"] == "fraud"
        for row in table(accounts / "accounts" / "labels.csv")
        if row["scenario"] not in UNTELLABLE
    }
    answers = [
        (float(row["probability"]), fraud[key])
        for row in table(accounts / "truth.csv")
        if row["probability"]
        and (key := (row["account_id"], row["symbol"], row["window_start"])) in fraud
    ]
    of_fraud = [probability for probability, is_fraud in answers if is_fraud]
    honest = [probability for probability, is_fraud in answers if not is_fraud]
    above = sum(f > h for f in of_fraud for h in honest)
    assert above / (len(of_fraud) * len(honest)) > 0.98


def test_pictures_are_drawn_without_matplotlib(accounts: Path) -> None:
    for spec, ending in (("default", "png"), ("seed", "jpg")):
        done = run("draw", *files(), "--out", spec, "--spec", spec, "--json", cwd=accounts)
        assert done.returncode == 0, done.stderr
        count = json.loads(done.stdout)["pictures"]
        assert len(list((accounts / spec).glob(f"*.{ending}"))) == count > 0


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        (("draw", *files(), "--out", "f", "--renderer", "faithful"), "plot"),
        (("demo", "--out", "d"), "train"),
        (("train", "--data", "d", "--out", "m"), "train"),
    ],
)
def test_a_missing_extra_is_one_line_with_its_remedy(
    accounts: Path, command: tuple[str, ...], extra: str
) -> None:
    blocked = accounts / "blocked"
    blocked.mkdir(exist_ok=True)
    # Where the extras are installed, they are neither found nor imported.
    packages = ("matplotlib", "torch", "sklearn", "onnxscript", "onnx", "jinja2")
    (blocked / "sitecustomize.py").write_text(
        f"import sys\nsys.modules.update(dict.fromkeys({packages!r}))\n"
    )
    done = run(*command, cwd=accounts, env={"PYTHONPATH": str(blocked)})
    assert done.returncode == 2, done.stderr
    assert f"tradeglyph[{extra}]" in done.stderr
    assert "Traceback" not in done.stderr
