"""What people do with an alert, inside a transaction."""

from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from tradeglyph.domain.alerts import Action, Alert, Status
from tradeglyph.ports.alert_store import AlertChanged
from tradeglyph.stores import reading
from tradeglyph.stores.digest import digest
from tradeglyph.stores.joining import Standing
from tradeglyph.stores.recording import lock_accounts
from tradeglyph.stores.standings import standing_of, values_of
from tradeglyph.stores.tables import ALERTS, TRAIL

OUTCOMES: dict[Action, Status | None] = {
    Action.CONFIRMED: Status.CONFIRMED,
    Action.DISMISSED: Status.DISMISSED,
    Action.REOPENED: Status.OPEN,
    Action.NOTED: None,
}
"""Status after what people may do; None leaves it as it is."""


def check_decision(action: Action, who: str) -> None:
    """Raises ValueError for an action that people don't take, or where nobody takes it."""
    if action not in OUTCOMES:
        raise ValueError(f"{action}: not an action that people take: {', '.join(OUTCOMES)}")
    if not who.strip():
        raise ValueError("who decides must be said")


def decide(
    connection: Connection,
    alert_id: str,
    action: Action,
    *,
    who: str,
    now: int,
    note: str,
    version: int | None,
) -> Alert:
    """Do it, with a line in the trail. Raises NoSuchAlert, AlertChanged, ValueError."""
    lock_accounts(connection, [digest(reading.standing(connection, alert_id).account_id)])
    # Once more: it may have changed while this one waited.
    before = reading.standing(connection, alert_id)
    if version is not None and version != before.version:
        raise AlertChanged(f"{alert_id}: is at version {before.version}, not {version}")
    if action is Action.REOPENED:
        _check_alone(connection, before)
    after = replace(
        before,
        status=OUTCOMES[action] or before.status,
        changed_at=now,
        version=before.version + 1,
    )
    connection.execute(update(ALERTS).where(ALERTS.c.alert_id == alert_id).values(values_of(after)))
    connection.execute(
        insert(TRAIL).values(
            alert_id=alert_id,
            number=after.version,
            time=now,
            who=who,
            action=action.value,
            note=note,
            event_key="",
        )
    )
    return reading.alert(connection, alert_id)


def _check_alone(connection: Connection, standing: Standing) -> None:
    """One account and window has one open alert."""
    asked = select(ALERTS).where(
        ALERTS.c.account_hash == digest(standing.account_id),
        ALERTS.c.status == Status.OPEN.value,
        ALERTS.c.alert_id != standing.alert_id,
        ALERTS.c.window_start <= standing.window_end,
        ALERTS.c.window_end >= standing.window_start,
    )
    other = connection.execute(asked.limit(1)).first()
    if other is not None:
        raise ValueError(
            f"{standing.alert_id}: the alert {standing_of(other).alert_id} is open for the same "
            "account and window; go on there"
        )
