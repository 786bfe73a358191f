"""What can be asked of a SQL store, inside a transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select

from tradeglyph.domain.alerts import Action, Alert, Status, TrailEntry
from tradeglyph.domain.findings import Decision, Exhibit
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.ports.alert_store import Handled, NoSuchAlert, Page
from tradeglyph.stores.cursor import cursor_of, place_of
from tradeglyph.stores.digest import digest, is_alert_id
from tradeglyph.stores.documents import told
from tradeglyph.stores.joining import Standing
from tradeglyph.stores.packing import unpacked
from tradeglyph.stores.standings import standing_of
from tradeglyph.stores.tables import ALERT_EVENTS, ALERTS, EVENTS, EXHIBITS, TRAIL

_LAST_CLEAN = select(func.max(EVENTS.c.time)).where(
    EVENTS.c.account_hash == bindparam("account"),
    EVENTS.c.verdict == Verdict.QUIET.value,
    EVENTS.c.time < bindparam("before"),
)
"""Built once: every event asks it."""


def handled(connection: Connection, keys: Iterable[str]) -> dict[str, Handled]:
    """Events that are known, by key."""
    asked = select(EVENTS).where(EVENTS.c.key_hash.in_(sorted({digest(key) for key in keys})))
    return {
        row.event_key: Handled(
            key=row.event_key,
            account_id=row.account_id,
            time=row.time,
            recorded_at=row.recorded_at,
            decision=Decision(row.decision),
            alert_id=row.alert_id,
        )
        for row in connection.execute(asked)
    }


def last_clean(connection: Connection, account_id: str, before: int) -> int | None:
    """The last quiet event of the account, microseconds UTC."""
    asked = {"account": digest(account_id), "before": before}
    time: int | None = connection.execute(_LAST_CLEAN, asked).scalar()
    return time


def standing(connection: Connection, alert_id: str) -> Standing:
    """The alert as it stands. Raises NoSuchAlert."""
    row = None
    if is_alert_id(alert_id):
        row = connection.execute(select(ALERTS).where(ALERTS.c.alert_id == alert_id)).first()
    if row is None:
        raise NoSuchAlert(alert_id)
    return standing_of(row)


def alert(connection: Connection, alert_id: str) -> Alert:
    """The alert with everything that is known of it. Raises NoSuchAlert."""
    return _whole(connection, [standing(connection, alert_id)])[0]


def page(
    connection: Connection,
    status: Status | None,
    account_id: str | None,
    most: int,
    cursor: str | None,
) -> Page:
    """Alerts that fit, the newest first. Raises ValueError for a cursor that is none, or where
    `most` is under 1."""
    if most < 1:
        raise ValueError("a page has at least one alert")
    asked: Select[Any] = select(ALERTS)
    if status is not None:
        asked = asked.where(ALERTS.c.status == status.value)
    if account_id is not None:
        asked = asked.where(ALERTS.c.account_hash == digest(account_id))
    if cursor is not None:
        opened_at, alert_id = place_of(cursor)
        same = and_(ALERTS.c.opened_at == opened_at, ALERTS.c.alert_id < alert_id)
        asked = asked.where(or_(ALERTS.c.opened_at < opened_at, same))
    asked = asked.order_by(ALERTS.c.opened_at.desc(), ALERTS.c.alert_id.desc())
    found = [standing_of(row) for row in connection.execute(asked.limit(most + 1))]
    shown = found[:most]
    more = len(found) > most
    return Page(
        alerts=tuple(_whole(connection, shown)),
        cursor=cursor_of(shown[-1].opened_at, shown[-1].alert_id) if more else None,
    )


def exhibit(connection: Connection, alert_id: str, name: str) -> Exhibit:
    """That of the event whose findings are shown, or else of the last event that had one of this
    name. Raises NoSuchAlert."""
    shown = standing(connection, alert_id).shown
    asked = select(EXHIBITS).where(
        EXHIBITS.c.alert_id == alert_id, EXHIBITS.c.name_hash == digest(name)
    )
    mine = select(ALERT_EVENTS.c.number).where(ALERT_EVENTS.c.key_hash == shown).scalar_subquery()
    last = select(func.max(EXHIBITS.c.number)).where(
        EXHIBITS.c.alert_id == alert_id, EXHIBITS.c.name_hash == digest(name)
    )
    parts = (
        connection.execute(asked.where(EXHIBITS.c.number == number).order_by(EXHIBITS.c.part)).all()
        for number in (mine, last.scalar_subquery())
    )
    rows: Sequence[Row[Any]] = next(filter(None, parts), ())
    if not rows:
        raise NoSuchAlert(f"{alert_id}: has no exhibit of this name")
    return Exhibit(
        name=rows[0].name,
        media_type=rows[0].media_type,
        content=unpacked(rows[0].packing, [row.content for row in rows]),
    )


def trail(connection: Connection, alert_id: str) -> list[TrailEntry]:
    """All lines, the first one first. Raises NoSuchAlert."""
    standing(connection, alert_id)
    asked = select(TRAIL).where(TRAIL.c.alert_id == alert_id).order_by(TRAIL.c.number)
    return [
        TrailEntry(
            alert_id=row.alert_id,
            number=row.number,
            time=row.time,
            who=row.who,
            action=Action(row.action),
            note=row.note,
            event_key=row.event_key,
        )
        for row in connection.execute(asked)
    ]


def _whole(connection: Connection, standings: Sequence[Standing]) -> list[Alert]:
    """Alerts with their events, findings and exhibits: three statements, however many alerts."""
    ids = [standing.alert_id for standing in standings]
    if not ids:
        return []
    documents = select(ALERT_EVENTS.c.alert_id, ALERT_EVENTS.c.document).where(
        ALERT_EVENTS.c.key_hash.in_([standing.shown for standing in standings])
    )
    shown = {alert_id: told(text) for alert_id, text in connection.execute(documents)}
    events = _listed(
        connection,
        select(ALERT_EVENTS.c.alert_id, EVENTS.c.event_key)
        .join(EVENTS, EVENTS.c.key_hash == ALERT_EVENTS.c.key_hash)
        .where(ALERT_EVENTS.c.alert_id.in_(ids))
        .order_by(ALERT_EVENTS.c.alert_id, ALERT_EVENTS.c.number),
    )
    exhibits = _listed(
        connection,
        select(EXHIBITS.c.alert_id, EXHIBITS.c.name)
        .where(EXHIBITS.c.alert_id.in_(ids), EXHIBITS.c.part == 0)
        .order_by(EXHIBITS.c.alert_id, EXHIBITS.c.number),
    )
    return [
        Alert(
            alert_id=standing.alert_id,
            account_id=standing.account_id,
            window_start=standing.window_start,
            window_end=standing.window_end,
            decision=standing.decision,
            verdict=standing.verdict,
            unanswered=standing.unanswered,
            status=standing.status,
            opened_at=standing.opened_at,
            changed_at=standing.changed_at,
            version=standing.version,
            events=tuple(events.get(standing.alert_id, ())),
            findings=shown[standing.alert_id].findings,
            reasons=shown[standing.alert_id].reasons,
            replay=shown[standing.alert_id].replay,
            # Of several by one name, one can be fetched.
            exhibits=tuple(sorted(set(exhibits.get(standing.alert_id, ())))),
        )
        for standing in standings
    ]


def _listed(connection: Connection, asked: Select[Any]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for alert_id, name in connection.execute(asked):
        lists.setdefault(alert_id, []).append(name)
    return lists
