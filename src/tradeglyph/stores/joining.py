"""Which alert an event belongs to, and what becomes of that alert: no database in it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tradeglyph.domain.alerts import Status
from tradeglyph.domain.findings import Decision, Investigation, Unanswered
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.stores.digest import alert_id_of

_DECISIONS = tuple(Decision)
_VERDICTS: tuple[Verdict | None, ...] = (None, *Verdict)


Span = tuple[int, int]
"""Start and end, microseconds UTC."""


def overlap(one: Span, other: Span) -> bool:
    """Whether two windows share an instant or touch."""
    return one[0] <= other[1] and other[0] <= one[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An alert as it stands, without what its events told."""

    alert_id: str
    account_id: str
    window_start: int
    window_end: int
    decision: Decision
    verdict: Verdict | None
    unanswered: Unanswered | None
    status: Status
    opened_at: int
    changed_at: int
    version: int
    shown: str
    """Key of the event whose findings are shown, or its digest."""


def opened(investigation: Investigation, now: int, shown: str) -> Standing:
    """The alert that it opens; `shown` is what the store calls the event."""
    event = investigation.event
    start, end = investigation.window
    return Standing(
        alert_id=alert_id_of(event.key),
        account_id=event.account_id,
        window_start=int(start),
        window_end=int(end),
        decision=investigation.decision,
        verdict=investigation.verdict,
        unanswered=investigation.unanswered,
        status=Status.OPEN,
        opened_at=now,
        changed_at=now,
        version=1,
        shown=shown,
    )


def joined(standing: Standing, investigation: Investigation, now: int, shown: str) -> Standing:
    """The alert when the investigation has joined it: the graver decision, both windows. What was
    found is not lost for want of an answer, whatever is decided then: the graver verdict is
    shown, then findings before none, then what has the graver decision."""
    start, end = investigation.window
    graver = _DECISIONS.index(investigation.decision) > _DECISIONS.index(standing.decision)
    shows = _weight(investigation, investigation.window) >= _weight(
        standing, (standing.window_start, standing.window_end)
    )
    return replace(
        standing,
        window_start=min(standing.window_start, int(start)),
        window_end=max(standing.window_end, int(end)),
        decision=investigation.decision if graver else standing.decision,
        verdict=max(standing.verdict, investigation.verdict, key=_VERDICTS.index),
        unanswered=(investigation.unanswered if graver else None) or standing.unanswered,
        changed_at=now,
        version=standing.version + 1,
        shown=shown if shows else standing.shown,
    )


def to_join(standings: Iterable[Standing], investigation: Investigation) -> Standing | None:
    """The open alert, among those of the account, whose window overlaps or touches; the one opened
    first where it lies between two. None where it has to open another."""
    fitting = (
        standing
        for standing in standings
        if standing.status is Status.OPEN
        and overlap((standing.window_start, standing.window_end), investigation.window)
    )
    return min(fitting, key=lambda standing: (standing.opened_at, standing.alert_id), default=None)


def _weight(one: Investigation | Standing, span: Span) -> tuple[int, bool, int]:
    """Which of two has more to show. A window without length is that of no findings; of a verdict
    follows its decision, and an alert's own may come from an event that found nothing."""
    start, end = span
    decision = _DECISIONS.index(one.decision) if one.verdict is None else 0
    return _VERDICTS.index(one.verdict), start < end, decision
