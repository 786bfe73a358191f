"""From a dataset to a model artifact: train, export, calibrate, judge, and fill in the card."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph import __version__
from tradeglyph.domain.errors import MissingExtra
from tradeglyph.learning.baselines import baseline_scores
from tradeglyph.learning.calibrate import choose_threshold, fit_platt
from tradeglyph.learning.folder import Samples
from tradeglyph.learning.gate import GateReport
from tradeglyph.learning.held_out import HeldOut
from tradeglyph.learning.options import TrainOptions
from tradeglyph.model.artifact import weights_sha256
from tradeglyph.model.calibration import Calibration
from tradeglyph.model.card import CalibrationCard, DataCard, ModelCard, PictureCard
from tradeglyph.model.onnx import LogitModel

if TYPE_CHECKING:
    from tradeglyph.learning.train import Progress, Trained

PRIOR = 0.01
"""Share of fraud that probabilities are stated for."""
ALERT_BUDGET = 0.001
"""Share of honest windows that may be flagged: 1 in 1,000."""
NO_HONEST_THRESHOLD = 0.5
"""Taken where validation has no honest window to choose by; the leak gate refuses such a run."""
PARITY_ROWS = 32
BLOCK = 512
EXTRA = {"torch": "torch", "onnx": "onnx", "onnxscript": "onnxscript", "sklearn": "scikit-learn"}
"""Modules and packages of the extra `train`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the data came from, in the card's words."""

    description: str = ""
    seed: int | None = None
    """Seed of the simulation."""
    reproduce: str = ""
    """The one command that makes the model again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A trained model, ready for `write_artifact`. Whoever writes it heeds the gate."""

    card: ModelCard
    onnx: bytes
    gate: GateReport
    metrics: dict[str, Any]
    """The card's metrics."""
    trained: "Trained"


def fit_artifact(
    samples: Samples,
    options: TrainOptions,
    *,
    name: str,
    origin: Origin | None = None,
    prior: float = PRIOR,
    alert_budget: float = ALERT_BUDGET,
    checkpoint: Path | None = None,
    progress: "Callable[[Progress], None] | None" = None,
) -> Fitted:
    """Train on the training windows; calibrate, choose the threshold and judge on the others.

    Logits are those of the exported network, as it will be asked. Raises InputError where a class
    is missing in training, MissingExtra without the extra `train`, TradeglyphError where the
    exported network is not at parity with the trained one.
    """
    need_train_extra()
    from tradeglyph.learning.export import export_onnx
    from tradeglyph.learning.train import train

    trained = train(samples, options, checkpoint=checkpoint, progress=progress)
    sample = samples.rasters[samples.val_rows[:PARITY_ROWS]]
    onnx = export_onnx(trained.net, samples.spec, sample)
    held_out = _held_out(onnx, samples, options.seed, trained.threads)
    calibration = fit_platt(held_out.logits, held_out.label, prior=prior)
    threshold = _threshold(held_out, calibration, alert_budget)
    gate = held_out.gate()
    metrics = held_out.metrics(calibration, threshold, alert_budget, gate)
    origin = origin or Origin()
    card = ModelCard(
        name=name,
        picture=PictureCard.of(samples.spec),
        threshold=threshold,
        prior=prior,
        alert_budget=alert_budget,
        calibration=CalibrationCard(a=calibration.a, b=calibration.b, prior=prior),
        data=_data_card(samples, trained.data_hash, origin),
        metrics=metrics,
        training=_training(options, trained),
        versions=_versions(),
        reproduce=origin.reproduce,
        weights_sha256=weights_sha256(onnx),
    )
    return Fitted(card=card, onnx=onnx, gate=gate, metrics=metrics, trained=trained)


def need_train_extra() -> None:
    """Raise MissingExtra, with the line that installs it, where the extra `train` is missing."""
    for module, package in EXTRA.items():
        if find_spec(module) is None:
            raise MissingExtra(package, "train")


def _held_out(onnx: bytes, samples: Samples, seed: int, threads: int) -> HeldOut:
    rows = samples.val_rows
    return HeldOut(
        label=samples.label[rows],
        scenario=samples.scenario[rows],
        logits=_logits(onnx, samples, threads),
        baselines=baseline_scores(samples, seed=seed),
        split=samples.split,
    )


def _logits(onnx: bytes, samples: Samples, threads: int) -> NDArray[np.float64]:
    model = LogitModel(onnx, samples.spec.shape, source="the exported network", threads=threads)
    rows = samples.val_rows
    logits = np.empty(len(rows))
    # In blocks: all validation pictures at once would be a second copy of them.
    for first in range(0, len(rows), BLOCK):
        part = rows[first : first + BLOCK]
        logits[first : first + len(part)] = model.logit(samples.rasters[part])
    return logits


def _threshold(held_out: HeldOut, calibration: Calibration, budget: float) -> float:
    honest = calibration.apply(held_out.honest(held_out.logits))
    if not len(honest):
        return NO_HONEST_THRESHOLD
    return choose_threshold(honest, budget=budget, floor=calibration.prior)


def _data_card(samples: Samples, digest: str, origin: Origin) -> DataCard:
    frame = samples.frame
    counts = frame["scenario"].value_counts().sort("scenario").rows()
    return DataCard(
        description=origin.description,
        seed=origin.seed,
        hash=digest,
        windows=len(samples),
        fraud=int((samples.label == 1).sum()),
        train=len(samples.train_rows),
        val=len(samples.val_rows),
        symbol_days=frame.select("symbol", "day").n_unique(),
        split=samples.split,
        scenarios={str(name): int(count) for name, count in counts},
    )


def _training(options: TrainOptions, trained: "Trained") -> dict[str, Any]:
    normal, fraud = trained.class_weights
    return {
        **asdict(options),
        "device": trained.device,
        "threads": trained.threads,
        "class_weights": {"normal": normal, "fraud": fraud},
        "history": trained.epochs,
    }


def _versions() -> dict[str, str]:
    packages = ("numpy", "torch", "onnx", "onnxscript", "onnxruntime", "scikit-learn")
    return {"tradeglyph": __version__, **{name: version(name) for name in packages}}
