"""What answers events, seen from those who ask: the worker, the service, the Lambda."""

from collections.abc import Sequence
from typing import Protocol

from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Investigation


class Investigator(Protocol):
    """Answers events from what is known now."""

    def investigate(self, events: Sequence[Event]) -> list[Investigation]:
        """One answer each, in their order; what can't be known is an answer, too (`unanswered`).

        Raises nothing for want of data: a source that is gone, a feed that is stale and a model
        that is missing are answers by policy.
        """
