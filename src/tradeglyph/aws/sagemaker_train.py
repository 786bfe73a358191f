"""Training as SageMaker starts it: `python -m tradeglyph.aws.sagemaker_train`.

What SageMaker lays out under `/opt/ml` (or the folder that TRADEGLYPH_SAGEMAKER_ROOT names):

    input/config/hyperparameters.json    names and texts: the options of `tradeglyph train`
    input/data/train/                    the channel `train`: the folder that `dataset` wrote
    input/data/labels/                   the channel `labels`, if there is one: its one file
    model/                               where the model goes
    output/failure                       one line of text, where the training fails

Status 0 with a model, else 1 (SageMaker's word for failed), with the reason in `failure`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tradeglyph.domain.errors import InputError, TradeglyphError

ROOT = "TRADEGLYPH_SAGEMAKER_ROOT"
FAILED = 1
FAILURE_MOST = 1024
"""Characters of a reason that SageMaker shows."""

_TRUE_OR_FALSE = {"true": True, "false": False, "1": True, "0": False}


def _truth(text: str) -> bool:
    return _TRUE_OR_FALSE[text.strip().lower()]


HYPERPARAMETERS: dict[str, Callable[[str], Any]] = {
    "arch": str,
    "epochs": int,
    "lr": float,
    "batch_size": int,
    "seed": int,
    "device": str,
    "precision": str,
    "mirror": _truth,
    "name": str,
    "prior": float,
    "alert_budget": float,
    "allow_leak": _truth,
    "description": str,
    "data_seed": int,
    "reproduce": str,
}
"""The options of `tradeglyph train`, with `_` or `-`, and what makes a value of a text."""


def main() -> int:
    """Train as the folder says; the exit status."""
    root = Path(os.environ.get(ROOT) or "/opt/ml")
    try:
        _train(_arguments(root))
    except TradeglyphError as error:
        return _failed(root, str(error))
    return 0


def _arguments(root: Path) -> list[str]:
    """Of `tradeglyph train`. Raises InputError."""
    data = root / "input" / "data" / "train"
    if not data.is_dir():
        raise InputError(
            "there is no channel called train: give one whose S3 prefix is the folder that "
            "`tradeglyph dataset` wrote"
        )
    arguments = ["train", "--data", str(data), "--out", str(root / "model")]
    for name, value in hyperparameters(root).items():
        option = "--" + name.replace("_", "-")
        if isinstance(value, bool):
            arguments += [option] * value
        else:
            # One word, so that a value may begin with a dash.
            arguments.append(f"{option}={value}")
    return [*arguments, *_labels(root / "input" / "data" / "labels")]


def hyperparameters(root: Path) -> dict[str, Any]:
    """What `hyperparameters.json` says, as values; nothing where there is none.

    Raises InputError for a name that is no option of a training, and for a value that is not of
    the option's kind.
    """
    file = root / "input" / "config" / "hyperparameters.json"
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise InputError(f"hyperparameters.json is not JSON: {error}") from None
    if not isinstance(said, Mapping):
        raise InputError("hyperparameters.json is no JSON object")
    return {_option(name): _value(name, text) for name, text in said.items()}


def _option(name: str) -> str:
    option = name.replace("-", "_")
    if option not in HYPERPARAMETERS:
        known = ", ".join(HYPERPARAMETERS)
        raise InputError(f"hyperparameter {name!r} is not known; there are: {known}")
    return option


def _value(name: str, said: object) -> Any:
    # SageMaker's are all texts; its Python SDK writes them as JSON, with quotes of their own.
    text = said if isinstance(said, str) else json.dumps(said)
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    try:
        return HYPERPARAMETERS[_option(name)](text)
    except (ValueError, KeyError):
        kinds = {int: "a whole number", float: "a number", _truth: "true or false"}
        kind = kinds[HYPERPARAMETERS[_option(name)]]
        raise InputError(f"hyperparameter {name}: {text!r} is not {kind}") from None


def _labels(channel: Path) -> list[str]:
    if not channel.is_dir():
        return []
    files = sorted(path for path in channel.iterdir() if path.is_file())
    if len(files) != 1:
        raise InputError(f"the channel labels has {len(files)} files; give one")
    return ["--labels", str(files[0])]


def _train(arguments: list[str]) -> None:
    """Raises TradeglyphError with what `tradeglyph train` said was wrong."""
    # The command itself: SageMaker is one more who types it. What it says goes to the log at once.
    errors: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "tradeglyph", *arguments], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None  # noqa: S101  it is a pipe
        for line in process.stderr:
            sys.stderr.write(line)
            if line.startswith("error: "):
                errors.append(line.removeprefix("error: ").strip())
    if process.returncode:
        raise TradeglyphError("\n".join(errors) or f"training ended with {process.returncode}")


def _failed(root: Path, reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    failure = root / "output" / "failure"
    failure.parent.mkdir(parents=True, exist_ok=True)
    failure.write_text(reason[:FAILURE_MOST], encoding="utf-8")
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
