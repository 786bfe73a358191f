"""The card of a model: what it reads, what its answer means, and where it came from.

There is no wall-clock time in it, so that the same data, options and versions give the same bytes.
"""

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tradeglyph.model.calibration import Calibration
from tradeglyph.picture.spec import PictureSpec

Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PictureCard(_Part):
    """The picture that the model reads."""

    name: str
    hash: str
    fields: dict[str, Any]
    """Every field of the spec, for people."""

    @classmethod
    def of(cls, spec: PictureSpec) -> "PictureCard":
        """The card's words for `spec`."""
        fields = json.loads(json.dumps(asdict(spec)))
        return cls(name=spec.name, hash=spec.hash, fields=fields)


class CalibrationCard(_Part):
    """How the logit becomes a probability."""

    method: Literal["platt"] = "platt"
    a: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    b: Number
    prior: Share
    """Share of fraud at which the probabilities hold."""

    @property
    def calibration(self) -> Calibration:
        """The function that these numbers stand for."""
        return Calibration(a=self.a, b=self.b, prior=self.prior)


class DataCard(_Part):
    """The windows it was trained and judged on."""

    description: str
    seed: int | None = None
    """Seed of the simulation, where the data was simulated."""
    hash: Sha256
    """SHA-256 of rasters, labels and split."""
    windows: int
    fraud: int
    train: int
    val: int
    symbol_days: int
    split: str
    """`day`: no symbol and day on both sides; `random`: figures are not held-out."""
    scenarios: dict[str, int]
    """Windows of each scenario, training and validation together."""


class ModelCard(_Part):
    """`card.json`."""

    format: Literal[1] = 1
    name: Annotated[str, Field(min_length=1)]
    classes: tuple[Literal["hacker"], Literal["normal"]] = ("hacker", "normal")
    """Order of the probabilities of an image endpoint. The network has one logit, of `hacker`."""
    picture: PictureCard
    threshold: Share
    """Windows with a probability above it are flagged."""
    prior: Share
    """The share of fraud that threshold and probabilities were chosen for."""
    alert_budget: Share
    """The share of honest windows that may be flagged, which the threshold was chosen for."""
    calibration: CalibrationCard
    data: DataCard
    metrics: dict[str, Any]
    """On the validation windows, on which calibration and threshold were also chosen."""
    training: dict[str, Any]
    versions: dict[str, str]
    reproduce: str = ""
    """The one command that makes this model again."""
    weights_sha256: Sha256
    """Of `model.onnx`."""

    def to_json(self) -> str:
        """The text of `card.json`; equal cards give equal text. Raises ValueError for a NaN."""
        fields = self.model_dump()
        return json.dumps(fields, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
