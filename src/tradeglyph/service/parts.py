"""What a service is put together from; who wires it decides."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from tradeglyph.domain.api_keys import ApiKeys
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.pipeline.policy import Policy
from tradeglyph.ports.alert_store import AlertStore
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.investigator import Investigator
from tradeglyph.ports.queue import Queue
from tradeglyph.ports.sources import CandleSource, TradeSource
from tradeglyph.recognizers.reasons import Lang


class Configured(Protocol):
    """An investigator over the configured sources."""

    def __call__(self, lang: Lang, *, exhibits: bool) -> Investigator:
        """With reasons in the language; `exhibits`: with what an alert is kept with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything is asked from several threads at once."""

    investigator: Configured | None
    """For events without trades; None where no sources are configured."""
    inline: Callable[[TradeRows, Candles, Lang], Investigator]
    """Over what a request brings."""
    store: AlertStore
    queue: Queue
    clock: Clock
    model: Callable[[], OnnxScorer | None]
    """None while it can't be opened: the service is not ready, and the policy decides."""
    keys: ApiKeys
    policy: Policy = field(default_factory=Policy)
    """Decides where a score takes too long."""
    lang: Lang = "en"
    """Of reasons, where a request doesn't say."""
    trades: TradeSource | None = None
    """The configured ones, for explanations and readiness."""
    candles: CandleSource | None = None
    seed: OnnxScorer | None = None
    """Reads the pictures of the SageMaker contract; None: that is off."""
