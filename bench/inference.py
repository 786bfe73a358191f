"""The shipped network against the seeds' ResNet-18 at 250 x 150, one thread each."""

import time
from collections.abc import Callable

import numpy as np
import torch

from tradeglyph.learning.export import export_onnx
from tradeglyph.learning.net import build_net
from tradeglyph.model.onnx import LogitModel
from tradeglyph.model.shipped import open_model
from tradeglyph.picture.spec import SEED

RUNS = 3


def measure() -> dict[str, object]:
    """Windows per second and core: `infer`."""
    rng = np.random.default_rng(0)
    ours = open_model("default")
    raster = rng.integers(0, 256, (4096, *ours.artifact.spec.shape), dtype=np.uint8)
    pictures = rng.integers(0, 256, (32, *SEED.shape), dtype=np.uint8)
    theirs = seeds_network()
    fast = len(raster) / best(lambda: ours.logit(raster))
    slow = len(pictures) / best(lambda: theirs.logit(pictures))
    return {"name": "infer", "unit": "windows/s", "ours": fast, "other": slow, "ratio": fast / slow}


def seeds_network() -> LogitModel:
    """A ResNet-18 that reads the seeds' pictures, with weights that nobody has trained."""
    torch.manual_seed(0)
    net = build_net("resnet18", SEED).eval()
    pictures = np.random.default_rng(0).integers(0, 256, (2, *SEED.shape), dtype=np.uint8)
    return LogitModel(export_onnx(net, SEED, pictures), SEED.shape, source="resnet18")


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of `RUNS` runs, after one to warm up."""
    work()
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)
