"""One transaction that keeps some investigations: their events, alerts, exhibits and trails."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, update
from sqlalchemy.dialects import mysql, postgresql

from tradeglyph.domain.alerts import Action, Status
from tradeglyph.domain.findings import Investigation
from tradeglyph.ports.alert_store import Recorded
from tradeglyph.stores.digest import digest
from tradeglyph.stores.documents import document
from tradeglyph.stores.joining import Standing, joined, opened, to_join
from tradeglyph.stores.packing import packed
from tradeglyph.stores.standings import standing_of, values_of
from tradeglyph.stores.tables import ACCOUNTS, ALERT_EVENTS, ALERTS, EVENTS, EXHIBITS, TRAIL

OURSELVES = "tradeglyph"
"""Who the trail says it was, where nobody did it."""

MOST = 500
"""Investigations of one transaction: others wait for it no longer than it takes."""


def record(
    connection: Connection, investigations: Sequence[Investigation], now: int
) -> list[Recorded]:
    """Keep them, inside the transaction of `connection`. No two processes open two alerts for one
    account at the same time; one event that two of them record is an IntegrityError for one, which
    is to try again."""
    batch = [(digest(investigation.event.key), investigation) for investigation in investigations]
    raising = {digest(i.event.account_id) for _, i in batch if i.raises_alert}
    lock_accounts(connection, raising)
    known = _known(connection, {key for key, _ in batch})
    draft = _Draft(_open_alerts(connection, raising), now)
    answers = []
    for key, investigation in batch:
        if key in known:
            answers.append(known[key])
            continue
        alert_id, account_id = draft.add(key, investigation), investigation.event.account_id
        answers.append(Recorded(alert_id=alert_id, repeated=False, account_id=account_id))
        known[key] = replace(answers[-1], repeated=True)
    draft.write(connection)
    return answers


def lock_accounts(connection: Connection, accounts: Iterable[str]) -> None:
    """Wait until no other transaction raises or decides on alerts of these accounts, given as
    digests, and keep others waiting until this one ends.

    SQLite has one writer at a time anyway. The others: a row that is written is locked, and that it
    is there already does no harm. In order, so that no two wait for each other.
    """
    rows = [{"account_hash": account} for account in sorted(accounts)]
    kind = connection.dialect.name
    if not rows or kind == "sqlite":
        return
    if kind == "mysql":
        mine = mysql.insert(ACCOUNTS).values(rows)
        connection.execute(mine.on_duplicate_key_update(account_hash=mine.inserted.account_hash))
        return
    theirs = postgresql.insert(ACCOUNTS).values(rows)
    connection.execute(
        theirs.on_conflict_do_update(
            index_elements=["account_hash"], set_={"account_hash": theirs.excluded.account_hash}
        )
    )


def _known(connection: Connection, keys: set[str]) -> dict[str, Recorded]:
    """Events that were recorded before, by the digests of their keys."""
    told = EVENTS.c.key_hash, EVENTS.c.alert_id, EVENTS.c.account_id
    asked = select(*told).where(EVENTS.c.key_hash.in_(sorted(keys)))
    return {
        row.key_hash: Recorded(alert_id=row.alert_id, repeated=True, account_id=row.account_id)
        for row in connection.execute(asked)
    }


def _open_alerts(connection: Connection, accounts: set[str]) -> list[Standing]:
    if not accounts:
        return []
    asked = select(ALERTS).where(
        ALERTS.c.account_hash.in_(sorted(accounts)), ALERTS.c.status == Status.OPEN
    )
    return [standing_of(row) for row in connection.execute(asked)]


class _Draft:
    """Rows of a transaction, gathered so that each table is written to once."""

    def __init__(self, standings: Iterable[Standing], now: int) -> None:
        self._now = now
        self._standings = {standing.alert_id: standing for standing in standings}
        self._of_account: dict[str, list[str]] = {}
        for standing in self._standings.values():
            self._of_account.setdefault(standing.account_id, []).append(standing.alert_id)
        self._new: set[str] = set()
        self._changed: set[str] = set()
        self._rows: dict[Table, list[dict[str, Any]]] = {
            table: [] for table in (EVENTS, ALERT_EVENTS, EXHIBITS, TRAIL)
        }

    def add(self, key: str, investigation: Investigation) -> str | None:
        """Take a new event in; the id of its alert, None where it raises none."""
        alert_id = self._alert(key, investigation) if investigation.raises_alert else None
        event = investigation.event
        self._rows[EVENTS].append(
            {
                "key_hash": key,
                "event_key": event.key,
                "account_hash": digest(event.account_id),
                "account_id": event.account_id,
                "time": int(event.time),
                "recorded_at": self._now,
                "decision": investigation.decision.value,
                "verdict": investigation.verdict and investigation.verdict.value,
                "alert_id": alert_id,
            }
        )
        return alert_id

    def _alert(self, key: str, investigation: Investigation) -> str:
        mine = self._of_account.setdefault(investigation.event.account_id, [])
        before = to_join((self._standings[alert_id] for alert_id in mine), investigation)
        if before is None:
            standing, action = opened(investigation, self._now, key), Action.OPENED
            mine.append(standing.alert_id)
            self._new.add(standing.alert_id)
        else:
            standing, action = joined(before, investigation, self._now, key), Action.JOINED
            self._changed.add(standing.alert_id)
        self._standings[standing.alert_id] = standing
        self._add_event(key, investigation, standing, action)
        return standing.alert_id

    def _add_event(
        self, key: str, investigation: Investigation, standing: Standing, action: Action
    ) -> None:
        line = {"alert_id": standing.alert_id, "number": standing.version}
        self._rows[ALERT_EVENTS].append(
            {**line, "key_hash": key, "document": document(investigation)}
        )
        self._rows[TRAIL].append(
            {
                **line,
                "time": self._now,
                "who": OURSELVES,
                "action": action.value,
                "note": "",
                "event_key": investigation.event.key,
            }
        )
        for exhibit in investigation.exhibits:
            packing, parts = packed(exhibit.content)
            about = {
                **line,
                "name_hash": digest(exhibit.name),
                "name": exhibit.name,
                "media_type": exhibit.media_type,
                "packing": packing,
            }
            self._rows[EXHIBITS] += [
                {**about, "part": number, "content": part} for number, part in enumerate(parts)
            ]

    def write(self, connection: Connection) -> None:
        """All rows, in an order of their keys in which no two processes wait for each other."""
        self._rows[EVENTS].sort(key=lambda row: str(row["key_hash"]))
        _insert(connection, EVENTS, self._rows[EVENTS])
        _insert(connection, ALERTS, [self._row(alert_id) for alert_id in sorted(self._new)])
        if changed := sorted(self._changed - self._new):
            change = update(ALERTS).where(ALERTS.c.alert_id == bindparam("of"))
            connection.execute(
                change.values({c.name: bindparam(c.name) for c in ALERTS.c if not c.primary_key}),
                [{"of": alert_id, **self._row(alert_id)} for alert_id in changed],
            )
        for table in (ALERT_EVENTS, EXHIBITS, TRAIL):
            _insert(connection, table, self._rows[table])

    def _row(self, alert_id: str) -> dict[str, Any]:
        return values_of(self._standings[alert_id])


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
