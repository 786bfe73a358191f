"""Checkpoints of a training run: arrays and JSON in one npz file, without pickle.

The learning rate is a function of the step and the order of an epoch one of seed and epoch
(`train`), so that weights, the optimizer's moments and the number of epochs are the whole state.
"""

import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tradeglyph.domain.errors import InputError

FILE = "checkpoint.npz"

Epochs = list[dict[str, Any]]
"""One JSON object for each finished epoch."""


def save_checkpoint(
    folder: Path,
    net: nn.Module,
    optimizer: torch.optim.Optimizer,
    *,
    key: Mapping[str, Any],
    epochs: Epochs,
) -> None:
    """Replace the folder's checkpoint by the present state, in one step.

    Args:
        folder: is made where it is missing.
        key: what decides the run (options, data); JSON values.
        epochs: the finished epochs.

    Raises InputError where the folder can't be written to.
    """
    meta = json.dumps({"key": dict(key), "epochs": epochs})
    arrays = {"meta": np.frombuffer(meta.encode(), dtype=np.uint8)}
    arrays |= {f"model/{name}": _array(value) for name, value in net.state_dict().items()}
    for number, moments in optimizer.state_dict()["state"].items():
        arrays |= {f"optimizer/{number}/{name}": _array(m) for name, m in moments.items()}
    # One name for all attempts: what a killed run left half-written is written over.
    partial = folder / f"{FILE}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        os.replace(partial, folder / FILE)
    except OSError as error:
        raise InputError(f"{folder}: can't be written: {error.strerror}") from error


def load_checkpoint(
    folder: Path, net: nn.Module, optimizer: torch.optim.Optimizer, *, key: Mapping[str, Any]
) -> Epochs:
    """Put the folder's state into `net` and `optimizer` and return the finished epochs.

    Returns no epochs, and changes nothing, where there is no checkpoint. Raises InputError where
    it can't be read or where `key` is not the key that it was saved with.
    """
    file = folder / FILE
    if not file.exists():
        return []
    remedy = f"delete {folder} to begin anew"
    try:
        # Opened here: numpy leaves a file open that turns out to be no archive.
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as archive:
            arrays = dict(archive)
        meta = json.loads(arrays.pop("meta").tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{file}: can't be read: {error}; {remedy}") from error
    _check_key(file, saved=meta["key"], key=dict(key), remedy=remedy)
    _restore(arrays, net, optimizer)
    return list(meta["epochs"])


def discard_checkpoint(folder: Path) -> None:
    """Remove the checkpoint of a run that is done; other files in the folder stay."""
    for name in (FILE, f"{FILE}.partial"):
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        shutil.rmtree(folder, ignore_errors=True)


def _array(value: torch.Tensor) -> NDArray[Any]:
    return value.detach().cpu().numpy()


def _check_key(file: Path, *, saved: dict[str, Any], key: dict[str, Any], remedy: str) -> None:
    # Through JSON, as the saved one went.
    now = json.loads(json.dumps(key))
    names = sorted(n for n in saved.keys() | now.keys() if saved.get(n) != now.get(n))
    if names:
        differences = ", ".join(f"{n} was {saved.get(n)}, is {now.get(n)}" for n in names)
        raise InputError(
            f"{file}: belongs to another run: {differences}; go on with the same options and "
            f"data, or {remedy}"
        )


def _restore(
    arrays: dict[str, NDArray[Any]], net: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    weights: dict[str, torch.Tensor] = {}
    moments: dict[int, dict[str, torch.Tensor]] = {}
    for name, array in arrays.items():
        if name.startswith("model/"):
            weights[name.removeprefix("model/")] = torch.from_numpy(array)
        else:
            _, number, moment = name.split("/")
            moments.setdefault(int(number), {})[moment] = torch.from_numpy(array)
    net.load_state_dict(weights)
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": moments, "param_groups": groups})
