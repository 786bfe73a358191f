"""What decides a training run. Free of torch, so that a command line can be read without it."""

import math
from dataclasses import dataclass

from tradeglyph.domain.errors import InputError

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions:
    """What decides a run, besides the data. Raises InputError for values that can't be meant."""

    arch: str = "compact"
    epochs: int = 12
    lr: float = 2e-3
    """Highest learning rate of AdamW."""
    batch_size: int = 64
    seed: int = 0
    device: str = "auto"
    """`auto` takes CUDA, else MPS, else the CPU."""
    weight_decay: float = 1e-3
    precision: str = "float32"
    """`bfloat16` does the products of training in it (weights and validation stay float32): faster
    for `resnet18` on processors with AMX, and on recent GPUs."""
    mirror: bool = False
    """Half of the training pictures, drawn anew in each epoch, run backwards in time. What fraud
    does inside a candle looks the same then, and a few thousand pictures count for more."""
    threads: int = 0
    """Threads on a CPU, which also decide the last bits of the weights. 0 leaves it to torch: one
    for each core, or what `OMP_NUM_THREADS` says."""

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise InputError(f"--{name.replace('_', '-')} must be at least 1")
        if not 0 < self.lr < math.inf:
            raise InputError("--lr must be above 0")
        if min(self.seed, self.threads) < 0 or not 0 <= self.weight_decay < math.inf:
            raise InputError("--seed, --threads and --weight-decay must not be negative")
        if self.device not in DEVICES:
            raise InputError(f"unknown --device {self.device!r}; there are: {', '.join(DEVICES)}")
        if self.precision not in PRECISIONS:
            known = ", ".join(PRECISIONS)
            raise InputError(f"unknown --precision {self.precision!r}; there are: {known}")
