"""Trains a network on the pictures of a dataset folder.

The weights of the last epoch are taken: the learning rate falls to nearly nothing by then, and
choosing the best epoch on the validation windows would flatter the figures reported on them.

On a CPU a run is repeatable to the bit with the same versions and number of threads, whether it
was interrupted or not.
"""

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from tradeglyph.domain.errors import InputError
from tradeglyph.learning.checkpoint import load_checkpoint, save_checkpoint
from tradeglyph.learning.folder import Samples
from tradeglyph.learning.net import build_net
from tradeglyph.learning.options import TrainOptions

WARM_UP = 0.1
"""Share of all steps in which the learning rate rises."""
FLOOR = 0.01
"""The learning rate at the end, as a share of the highest."""
PREDICT_BATCH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands, said after each step and at the end of each epoch."""

    epoch: int
    """1 for the first."""
    epochs: int
    step: int
    """Steps done, over all epochs."""
    steps: int
    loss: float
    """Mean training loss of this epoch so far."""
    val_loss: float | None = None
    """Known at the end of an epoch, where there are validation windows."""
    val_accuracy: float | None = None
    """Share of validation windows on the right side of logit 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A finished run."""

    net: nn.Module
    """In evaluation mode, on the CPU."""
    epochs: list[dict[str, Any]]
    """For each epoch: `epoch, loss, val_loss, val_accuracy`."""
    resumed_from: int
    """Epochs that a checkpoint had done before; 0 for none."""
    class_weights: tuple[float, float]
    """Weight of a normal and of a fraud window in the loss; the logit is one at equal shares."""
    data_hash: str
    device: str
    threads: int
    seconds: float


def train(
    samples: Samples,
    options: TrainOptions,
    *,
    checkpoint: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Trained:
    """Train on the training windows of `samples`.

    Args:
        samples: needs both classes among its training windows.
        options: `TrainOptions`.
        checkpoint: folder in which each finished epoch is kept; a run that finds one there of the
            same options (device and threads apart) and data goes on from it.
        progress: is told of each step.

    Raises InputError for one class only, `mirror` and a layout without a time scale, a device that
    is not there, or another run's checkpoint.
    """
    started = time.monotonic()
    if options.mirror and samples.spec.layout != "chart":
        raise InputError(
            f"--mirror is for pictures of spec seed: those of spec {samples.spec.name} have no "
            "time scale to run backwards"
        )
    device = pick_device(options.device)
    run = _Run(samples, options, device, progress or (lambda _: None))
    digest = data_hash(samples)
    key = {n: v for n, v in asdict(options).items() if n not in ("device", "threads")}
    key |= {"data": digest, "picture": samples.spec.hash}
    with _own_settings(device, options.threads):
        threads = torch.get_num_threads()
        run.initialise()
        if checkpoint is not None:
            run.epochs = load_checkpoint(checkpoint, run.net, run.optimizer, key=key)
        resumed_from = len(run.epochs)
        for epoch in range(resumed_from, options.epochs):
            run.epochs.append(run.one_epoch(epoch))
            if checkpoint is not None:
                save_checkpoint(checkpoint, run.net, run.optimizer, key=key, epochs=run.epochs)
    return Trained(
        net=run.net.cpu().eval(),
        epochs=run.epochs,
        resumed_from=resumed_from,
        class_weights=run.class_weights,
        data_hash=digest,
        device=device.type,
        threads=threads,
        seconds=time.monotonic() - started,
    )


def data_hash(samples: Samples) -> str:
    """SHA-256 of picture spec, rasters, labels and split, in hex."""
    digest = hashlib.sha256(f"{samples.spec.hash} {samples.rasters.shape}".encode())
    train = np.isin(np.arange(len(samples)), samples.train_rows).astype(np.int8)
    for column in (samples.rasters, samples.label.astype(np.int8), train):
        digest.update(np.ascontiguousarray(column).data)
    return digest.hexdigest()


def pick_device(name: str) -> torch.device:
    """The device of that name; raises InputError where torch can't use it here."""
    usable = {"cpu": True, "cuda": torch.cuda.is_available()}
    usable["mps"] = torch.backends.mps.is_available()
    if name == "auto":
        name = next(n for n in ("cuda", "mps", "cpu") if usable[n])
    if not usable.get(name, False):
        raise InputError(f"--device {name}: torch can't use it here; take --device auto")
    return (
        torch.device("cuda", torch.cuda.current_device()) if name == "cuda" else torch.device(name)
    )


def learning_rate(step: int, steps: int, highest: float) -> float:
    """A straight rise, then half a cosine down to `FLOOR` (Loshchilov & Hutter 2017)."""
    rise = max(1, round(WARM_UP * steps))
    if step < rise:
        return highest * (step + 1) / rise
    done = (step - rise) / max(1, steps - rise)
    return highest * (FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * done)))


def predict(
    net: nn.Module, rasters: NDArray[np.uint8], device: torch.device | str = "cpu"
) -> NDArray[np.float32]:
    """Logits of fraud in evaluation mode, shape (n,)."""
    net.eval()
    logits = np.empty(len(rasters), dtype=np.float32)
    with torch.inference_mode():
        for first in range(0, len(rasters), PREDICT_BATCH):
            part = torch.from_numpy(rasters[first : first + PREDICT_BATCH]).to(device)
            logits[first : first + PREDICT_BATCH] = net(part).cpu().numpy()
    return logits


@contextmanager
def _own_settings(device: torch.device, wanted: int) -> Iterator[None]:
    """Leaves torch's random generators and number of threads as they were found."""
    threads = torch.get_num_threads()
    torch.set_num_threads(wanted or threads)
    try:
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            yield
    finally:
        torch.set_num_threads(threads)


class _Run:
    """The moving parts of one training run."""

    def __init__(
        self,
        samples: Samples,
        options: TrainOptions,
        device: torch.device,
        progress: Callable[[Progress], None],
    ) -> None:
        self.samples = samples
        self.options = options
        self.device = device
        self.progress = progress
        self.rows = samples.train_rows
        self.class_weights = _class_weights(samples.label[self.rows])
        self.label = samples.label.astype(np.float32)
        self.weight = np.array(self.class_weights, dtype=np.float32)[samples.label]
        self.steps_each = math.ceil(len(self.rows) / options.batch_size)
        self.epochs: list[dict[str, Any]] = []

    @property
    def _reduced(self) -> bool:
        return self.options.precision != "float32"

    def initialise(self) -> None:
        """Fresh weights from the seed."""
        torch.manual_seed(self.options.seed)
        net = build_net(self.options.arch, self.samples.spec)
        # Pixels beside their channels, as the RGB rasters come: a fifth faster on a CPU, but not
        # in bfloat16, where it costs half as much again.
        layout = torch.preserve_format if self._reduced else torch.channels_last
        self.net = net.to(self.device, memory_format=layout)
        self.optimizer = torch.optim.AdamW(
            self.net.parameters(), lr=self.options.lr, weight_decay=self.options.weight_decay
        )

    def one_epoch(self, epoch: int) -> dict[str, Any]:
        """Train through all training windows once and look at the validation windows."""
        seeds = np.random.SeedSequence([self.options.seed, epoch])
        rng = np.random.default_rng(seeds)
        order = self.rows[rng.permutation(len(self.rows))]
        mirrored = rng.random(len(order)) < 0.5 if self.options.mirror else None
        # Dropout draws from here, so that an epoch is the same whatever ran before it.
        torch.manual_seed(int(seeds.generate_state(1)[0]))
        self.net.train()
        total = 0.0
        for number in range(self.steps_each):
            step = epoch * self.steps_each + number
            part = slice(number * self.options.batch_size, (number + 1) * self.options.batch_size)
            turned = None if mirrored is None else mirrored[part]
            total += self._step(step, order[part], turned)
            self._tell(epoch, step + 1, total / (number + 1))
        loss = total / self.steps_each
        val_loss, val_accuracy = self._validate()
        self._tell(epoch, (epoch + 1) * self.steps_each, loss, val_loss, val_accuracy)
        return {
            "epoch": epoch + 1,
            "loss": loss,
            "val_loss": val_loss,
            "val_accuracy": val_accuracy,
        }

    def _step(self, step: int, rows: NDArray[np.intp], mirrored: NDArray[np.bool_] | None) -> float:
        steps = self.options.epochs * self.steps_each
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(step, steps, self.options.lr)
        rasters = self.samples.rasters[rows]
        if mirrored is not None:
            rasters[mirrored] = rasters[mirrored][:, :, ::-1]
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._reduced):
            logits = self.net(self._to_device(rasters))
        loss = self._loss(logits.float(), rows)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.detach())

    def _loss(self, logits: Tensor, rows: NDArray[np.intp]) -> Tensor:
        label, weight = self._to_device(self.label[rows]), self._to_device(self.weight[rows])
        return binary_cross_entropy_with_logits(logits, label, weight)

    def _validate(self) -> tuple[float | None, float | None]:
        rows = self.samples.val_rows
        if not len(rows):
            return None, None
        parts = [
            predict(self.net, self.samples.rasters[rows[i : i + PREDICT_BATCH]], self.device)
            for i in range(0, len(rows), PREDICT_BATCH)
        ]
        logits = np.concatenate(parts)
        loss = float(self._loss(self._to_device(logits), rows))
        return loss, float(np.mean((logits > 0) == (self.samples.label[rows] == 1)))

    def _tell(
        self,
        epoch: int,
        step: int,
        loss: float,
        val_loss: float | None = None,
        val_accuracy: float | None = None,
    ) -> None:
        self.progress(
            Progress(
                epoch=epoch + 1,
                epochs=self.options.epochs,
                step=step,
                steps=self.options.epochs * self.steps_each,
                loss=loss,
                val_loss=val_loss,
                val_accuracy=val_accuracy,
            )
        )

    def _to_device(self, array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(array).to(self.device)


def _class_weights(label: NDArray[np.int8]) -> tuple[float, float]:
    """Weights of normal and fraud that give both classes half of the loss, 1 on average."""
    normal, fraud = int((label == 0).sum()), int((label == 1).sum())
    if not normal or not fraud:
        raise InputError(
            f"the training windows are {fraud} fraud and {normal} normal; training needs both: "
            "make a dataset with more days or another split"
        )
    return len(label) / (2 * normal), len(label) / (2 * fraud)
