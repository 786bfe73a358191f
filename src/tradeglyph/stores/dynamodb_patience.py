"""How long DynamoDB is asked again for what it did not do."""

import random
import time

from tradeglyph.ports.alert_store import StoreGone

PATIENCE_S = 20.0
"""A race lost is one that another has won, so this is for hundreds of writers of one account at
once; and for a table that is throttled for a while."""


class Patience:
    """For something that is tried again, each time after a longer wait, until it runs out."""

    def __init__(self, why: str) -> None:
        """`why` it was not done, for a person."""
        self._why = why
        self._until = time.monotonic() + PATIENCE_S
        self._wait_s = 0.02

    def wait(self) -> None:
        """Wait; raises StoreGone where patience has run out."""
        if time.monotonic() > self._until:
            raise StoreGone(f"DynamoDB: {self._why}")
        time.sleep(self._wait_s * random.random())  # noqa: S311  spreads writers, keeps no secret
        self._wait_s = min(2 * self._wait_s, 0.5)
