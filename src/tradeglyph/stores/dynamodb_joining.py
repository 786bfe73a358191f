"""What an answer makes of an alert: a new one, or an open one that it joins."""

from collections.abc import Iterable
from dataclasses import replace

from tradeglyph.domain.alerts import Alert, Status
from tradeglyph.domain.findings import Decision, Investigation
from tradeglyph.domain.verdicts import Verdict

_DECISIONS = (Decision.LET_THROUGH, Decision.DELAY, Decision.REVIEW, Decision.HOLD)
_VERDICTS = (None, Verdict.QUIET, Verdict.REVIEW, Verdict.HOLD)

Span = tuple[int, int]
"""Start and end, microseconds UTC."""


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share an instant or touch."""
    return one[0] <= other[1] and other[0] <= one[1]


def opened(
    investigation: Investigation, *, alert_id: str, now: int, exhibits: Iterable[str]
) -> Alert:
    """The alert that an answer opens, which keeps `exhibits`."""
    start, end = investigation.window
    return Alert(
        alert_id=alert_id,
        account_id=investigation.event.account_id,
        window_start=start,
        window_end=end,
        decision=investigation.decision,
        verdict=investigation.verdict,
        unanswered=investigation.unanswered,
        status=Status.OPEN,
        opened_at=now,
        changed_at=now,
        version=1,
        events=(investigation.event.key,),
        findings=investigation.findings,
        reasons=investigation.reasons,
        replay=investigation.replay,
        exhibits=tuple(exhibits),
    )


def joined(
    alert: Alert, investigation: Investigation, *, now: int, exhibits: Iterable[str]
) -> Alert:
    """The alert as it is after the answer joined it: both windows, the graver decision and
    verdict, and the evidence of the last answer of the gravest decision."""
    start, end = investigation.window
    alert = replace(
        alert,
        window_start=min(alert.window_start, start),
        window_end=max(alert.window_end, end),
        verdict=max(alert.verdict, investigation.verdict, key=_VERDICTS.index),
        changed_at=now,
        version=alert.version + 1,
        events=(*alert.events, investigation.event.key),
    )
    if not tells_more(alert, investigation):
        return alert
    return replace(
        alert,
        decision=investigation.decision,
        findings=investigation.findings,
        reasons=investigation.reasons,
        replay=investigation.replay,
        exhibits=tuple(exhibits),
    )


def tells_more(alert: Alert, investigation: Investigation) -> bool:
    """Whether the answer's evidence takes the place of the alert's."""
    return _DECISIONS.index(investigation.decision) >= _DECISIONS.index(alert.decision)
