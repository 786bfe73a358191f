"""The alert store over a SQL database."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, delete

from tradeglyph.domain.alerts import Action, Alert, Status, TrailEntry
from tradeglyph.domain.findings import Exhibit, Investigation
from tradeglyph.ports.alert_store import Handled, Page, Recorded
from tradeglyph.stores import deciding, reading, recording
from tradeglyph.stores.engines import WRITES
from tradeglyph.stores.faults import again, gone
from tradeglyph.stores.tables import ACCOUNTS

T = TypeVar("T")


class SqlAlertStore:
    """An AlertStore (see there) over an engine whose schema is of the present version.

    Threads may share it; a process that forks opens its own. Up to 500 investigations are one
    transaction: where a later one fails, those before it are kept, each as a whole.
    """

    def __init__(self, engine: Engine, url: URL) -> None:
        self._reader = engine
        self._writer = engine.execution_options(**WRITES)
        self._url = url

    def record(self, investigations: Sequence[Investigation], now: int) -> list[Recorded]:
        answers: list[Recorded] = []
        for start in range(0, len(investigations), recording.MOST):
            some = investigations[start : start + recording.MOST]
            answers += self._write(partial(recording.record, investigations=some, now=now))
        return answers

    def handled(self, keys: Sequence[str]) -> dict[str, Handled]:
        known: dict[str, Handled] = {}
        for start in range(0, len(keys), recording.MOST):
            some = keys[start : start + recording.MOST]
            known |= self._read(partial(reading.handled, keys=some))
        return known

    def last_clean(self, account_id: str, before: int) -> int | None:
        return self._read(lambda c: reading.last_clean(c, account_id, before))

    def last_cleans(self, asked: Sequence[tuple[str, int]]) -> list[int | None]:
        return self._read(lambda c: [reading.last_clean(c, *one) for one in asked])

    def alert(self, alert_id: str) -> Alert:
        return self._read(lambda c: reading.alert(c, alert_id))

    def alerts(
        self,
        *,
        status: Status | None = None,
        account_id: str | None = None,
        most: int = 50,
        cursor: str | None = None,
    ) -> Page:
        return self._read(lambda c: reading.page(c, status, account_id, most, cursor))

    def exhibit(self, alert_id: str, name: str) -> Exhibit:
        return self._read(lambda c: reading.exhibit(c, alert_id, name))

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
        deciding.check_decision(action, who)
        return self._write(
            lambda c: deciding.decide(
                c, alert_id, action, who=who, now=now, note=note, version=version
            )
        )

    def trail(self, alert_id: str) -> list[TrailEntry]:
        return self._read(lambda c: reading.trail(c, alert_id))

    def ping(self) -> None:
        # Refused by a database that is read-only now, though no row is of this name.
        nobody = delete(ACCOUNTS).where(ACCOUNTS.c.account_hash == "")
        self._write(lambda c: c.execute(nobody))

    def close(self) -> None:
        """Let go of all connections; whatever is asked afterwards opens new ones."""
        with gone(self._url):
            self._reader.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        with gone(self._url), self._reader.begin() as connection:
            return work(connection)

    def _write(self, work: Callable[[Connection], T]) -> T:
        def once() -> T:
            with self._writer.begin() as connection:
                return work(connection)

        with gone(self._url):
            return again(once)
