"""Wires an investigation from the configuration: model, rules, policy, sources."""

import threading
from collections.abc import Callable, Sequence

from tradeglyph.app.settings import Settings
from tradeglyph.domain.errors import TradeglyphError
from tradeglyph.domain.lists import AccountLists
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.inquiry import RESTS_US, Inquiry, Model, NoModel
from tradeglyph.pipeline.investigate import SourceInvestigator
from tradeglyph.ports.sources import CandleSource, TradeSource


class ModelLoader:
    """Loads a model at the first question and keeps it; a missing one is looked for again at every
    question, so that putting it back is all that it takes. May be used from several threads."""

    def __init__(self, name: str, threshold: float | None = None) -> None:
        """
        Args:
            name: of a shipped model, or a folder's path.
            threshold: instead of the card's.
        """
        self._name = name
        self._threshold = threshold
        self._lock = threading.Lock()
        self._loaded: tuple[OnnxScorer, Model] | None = None

    def scorer(self) -> OnnxScorer:
        """The loaded model with its card. Raises NoModel."""
        return self._both()[0]

    def __call__(self) -> Model:
        """As an investigation takes it. Raises NoModel."""
        return self._both()[1]

    def _both(self) -> tuple[OnnxScorer, Model]:
        with self._lock:
            if self._loaded is None:
                try:
                    scorer = open_model(self._name)
                except TradeglyphError as error:
                    raise NoModel(str(error)) from error
                self._loaded = scorer, model_of(scorer, self._threshold)
            return self._loaded


def model_of(scorer: OnnxScorer, threshold: float | None = None) -> Model:
    """A loaded model and what a record says of it; the card's threshold where None is given."""
    card = scorer.artifact.card
    return Model(
        scorer=scorer,
        spec=scorer.artifact.spec,
        threshold=scorer.threshold if threshold is None else threshold,
        replay=(
            ("model", scorer.name),
            ("weights_sha256", card.weights_sha256),
            ("picture", f"{card.picture.name} {card.picture.hash}"),
        ),
    )


def inquiry_of(settings: Settings, lists: AccountLists | None = None) -> Inquiry:
    """What is looked at, and how it is ruled on. Raises InputError for a policy that leaves an
    amount without a decision."""
    investigate = settings.investigate
    return Inquiry(
        window_us=investigate.window,
        longest_look_back_us=investigate.longest_look_back,
        stale_after_us=RESTS_US if investigate.feeds_rest else investigate.stale_after,
        rules=settings.rules,
        policy=settings.policy.policy(),
        lists=lists or AccountLists(),
        lang=settings.lang,
    )


def investigator_of(
    settings: Settings,
    trades: TradeSource,
    candles: CandleSource,
    model: Callable[[], Model],
    last_clean: Callable[[str, int], int | None],
    last_cleans: Callable[[Sequence[tuple[str, int]]], list[int | None]] | None = None,
) -> SourceInvestigator:
    """An investigator over these sources."""
    return SourceInvestigator(
        trades=trades,
        candles=candles,
        model=model,
        inquiry=inquiry_of(settings),
        last_clean=last_clean,
        last_cleans=last_cleans,
    )
