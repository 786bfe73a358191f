"""Does the model load, and answer?"""

from collections.abc import Iterator

from tradeglyph.app.doctor.check import Check, fault, good
from tradeglyph.app.inquiries import ModelLoader
from tradeglyph.app.settings import Settings
from tradeglyph.pipeline.inquiry import NoModel

PART = "model"


def look(settings: Settings) -> Iterator[Check]:
    """Its checksum is that of its card, else it would not load. Raises ArtifactError where the
    runtime can't use it."""
    import numpy as np

    try:
        scorer = ModelLoader(settings.model).scorer()
    except NoModel as error:
        yield fault(PART, "model_gone", what=str(error))
        return
    card = scorer.artifact.card
    (probability,) = scorer.probability(np.zeros((1, *scorer.artifact.spec.shape), np.uint8))
    if not 0 < probability < 1:
        yield fault(PART, "model_odd", model=scorer.name, answer=str(probability))
        return
    yield good(
        PART,
        "model_ready",
        model=scorer.name,
        spec=f"{card.picture.name} {card.picture.hash}",
        threshold=scorer.threshold,
        probability=float(f"{probability:.3g}"),
        made_by=card.versions.get("tradeglyph", "?"),
    )
