"""A store that is opened when it is first asked, so that a service can start before it."""

import threading
from collections.abc import Sequence

from tradeglyph.domain.alerts import Action, Alert, Status, TrailEntry
from tradeglyph.domain.findings import Exhibit, Investigation
from tradeglyph.ports.alert_store import AlertStore, Handled, Page, Recorded
from tradeglyph.stores.opening import open_store


class LateStore:
    """An AlertStore (see there) at an address; threads may share it.

    While it can't be opened every question raises StoreGone, and the next one tries again. Where
    the address or the schema is wrong it raises InputError, and MissingExtra as `open_store` does.
    """

    def __init__(self, address: str) -> None:
        """Asks nothing yet."""
        self._address = address
        self._lock = threading.Lock()
        self._store: AlertStore | None = None

    def record(self, investigations: Sequence[Investigation], now: int) -> list[Recorded]:
        return self._opened().record(investigations, now)

    def handled(self, keys: Sequence[str]) -> dict[str, Handled]:
        return self._opened().handled(keys)

    def last_clean(self, account_id: str, before: int) -> int | None:
        return self._opened().last_clean(account_id, before)

    def last_cleans(self, asked: Sequence[tuple[str, int]]) -> list[int | None]:
        return self._opened().last_cleans(asked)

    def alert(self, alert_id: str) -> Alert:
        return self._opened().alert(alert_id)

    def alerts(
        self,
        *,
        status: Status | None = None,
        account_id: str | None = None,
        most: int = 50,
        cursor: str | None = None,
    ) -> Page:
        return self._opened().alerts(status=status, account_id=account_id, most=most, cursor=cursor)

    def exhibit(self, alert_id: str, name: str) -> Exhibit:
        return self._opened().exhibit(alert_id, name)

    def decide(
        self,
        alert_id: str,
        action: Action,
        *,
        who: str,
        now: int,
        note: str = "",
        version: int | None = None,
    ) -> Alert:
        return self._opened().decide(alert_id, action, who=who, now=now, note=note, version=version)

    def trail(self, alert_id: str) -> list[TrailEntry]:
        return self._opened().trail(alert_id)

    def ping(self) -> None:
        self._opened().ping()

    def close(self) -> None:
        """Let go of it, where it was opened; asked again, it opens anew."""
        with self._lock:
            if self._store is not None:
                self._store.close()

    def _opened(self) -> AlertStore:
        with self._lock:
            if self._store is None:
                self._store = open_store(self._address)
            return self._store
