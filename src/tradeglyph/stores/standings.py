"""A standing alert as a row of `tg_alerts`, and back."""

from typing import Any

from sqlalchemy import Row

from tradeglyph.domain.alerts import Status
from tradeglyph.domain.findings import Decision, Unanswered
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.stores.digest import digest
from tradeglyph.stores.joining import Standing


def standing_of(row: Row[Any]) -> Standing:
    """What the row says."""
    return Standing(
        alert_id=row.alert_id,
        account_id=row.account_id,
        window_start=row.window_start,
        window_end=row.window_end,
        decision=Decision(row.decision),
        verdict=None if row.verdict is None else Verdict(row.verdict),
        unanswered=None if row.unanswered is None else Unanswered(row.unanswered),
        status=Status(row.status),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        version=row.version,
        shown=row.shown,
    )


def values_of(standing: Standing) -> dict[str, Any]:
    """The row."""
    return {
        "alert_id": standing.alert_id,
        "account_hash": digest(standing.account_id),
        "account_id": standing.account_id,
        "window_start": standing.window_start,
        "window_end": standing.window_end,
        "decision": standing.decision.value,
        "verdict": standing.verdict and standing.verdict.value,
        "unanswered": standing.unanswered and standing.unanswered.value,
        "status": standing.status.value,
        "opened_at": standing.opened_at,
        "changed_at": standing.changed_at,
        "version": standing.version,
        "shown": standing.shown,
    }
