"""An alert store whose alerts are copied to the sample's table, too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tradeglyph.domain.findings import Investigation
from tradeglyph.ports.alert_store import AlertStore, Handled, Recorded
from tradeglyph.stores.fraud_user_event import FraudUserEvents


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedAlerts:
    """What a worker's loop needs of a store, with a copy of each alert that an event raises.

    A copy that fails after its event was recorded is made when the message comes again: an event
    with an alert is not among those handled, so that it is recorded, and copied, once more, which
    changes nothing where it was done.
    """

    store: AlertStore
    copies: FraudUserEvents
    tell: Callable[[str], None]
    """Gets a line about alerts that the table can't hold; without an account id."""

    def handled(self, keys: Sequence[str]) -> dict[str, Handled]:
        """Known events that raised no alert."""
        known = self.store.handled(keys)
        return {key: event for key, event in known.items() if event.alert_id is None}

    def record(self, investigations: Sequence[Investigation], now: int) -> list[Recorded]:
        """As `AlertStore.record`, then copies. Raises StoreGone for either."""
        recorded = self.store.record(investigations, now)
        kinds = {
            one.alert_id: investigation.event.kind
            for investigation, one in zip(investigations, recorded, strict=True)
            # Not where the event's key was another account's: the alert is that one's.
            if one.alert_id is not None and one.account_id == investigation.event.account_id
        }
        if kinds:
            copied = self.copies.copy((self.store.alert(name), kinds[name]) for name in kinds)
            if said := copied.said():
                self.tell(said)
        return recorded
