"""Records of ours as answers."""

from tradeglyph.domain.alerts import Alert, TrailEntry
from tradeglyph.domain.findings import Finding, Investigation
from tradeglyph.domain.instants import exact_rfc3339
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.service.answer_record import Kept, graver
from tradeglyph.service.schemas import (
    AlertAnswer,
    FindingAnswer,
    OcclusionAnswer,
    ScoreAnswer,
    TrailLine,
)

_GRAVITY = {None: 0, Verdict.QUIET: 1, Verdict.REVIEW: 2, Verdict.HOLD: 3}


def gravest(findings: tuple[Finding, ...]) -> Finding | None:
    """By verdict, then by probability; None where there is none."""

    def gravity(finding: Finding) -> tuple[int, float]:
        probability = -1.0 if finding.probability is None else finding.probability
        return _GRAVITY[finding.verdict], probability

    return max(findings, key=gravity, default=None)


def finding_answer(finding: Finding) -> FindingAnswer:
    """With its times as text."""
    return FindingAnswer(
        account_id=finding.account_id,
        symbol=finding.symbol,
        window_start=exact_rfc3339(finding.window_start),
        window_end=exact_rfc3339(finding.window_end),
        trade_count=finding.trade_count,
        probability=finding.probability,
        flagged=finding.flagged,
        verdict=finding.verdict,
        role=finding.role,
        transferred=finding.transferred,
        reason=finding.reason,
        model=finding.model,
    )


def score_answer(
    answer: Investigation,
    kept: Kept,
    *,
    model: str,
    repeats: int,
    occlusion: OcclusionAnswer | None,
) -> ScoreAnswer:
    """The whole of it, with the gravest finding's figures on top."""
    worst = gravest(answer.findings)
    return ScoreAnswer(
        decision=graver(answer.decision, kept.decision),
        verdict=answer.verdict,
        probability=worst.probability if worst else None,
        flagged=worst.flagged if worst else False,
        role=worst.role if worst else "",
        transferred=worst.transferred if worst else None,
        reasons=list(answer.reasons),
        unanswered=answer.unanswered,
        findings=[finding_answer(finding) for finding in answer.findings],
        replay=dict(answer.replay),
        model=worst.model if worst else model,
        key=answer.event.key,
        repeats=repeats,
        record=kept.record,
        alert_id=kept.alert_id,
        occlusion=occlusion,
    )


def alert_answer(alert: Alert) -> AlertAnswer:
    """With its times as text."""
    return AlertAnswer(
        alert_id=alert.alert_id,
        account_id=alert.account_id,
        window_start=exact_rfc3339(alert.window_start),
        window_end=exact_rfc3339(alert.window_end),
        decision=alert.decision,
        verdict=alert.verdict,
        unanswered=alert.unanswered,
        status=alert.status,
        opened_at=exact_rfc3339(alert.opened_at),
        changed_at=exact_rfc3339(alert.changed_at),
        version=alert.version,
        events=list(alert.events),
        findings=[finding_answer(finding) for finding in alert.findings],
        reasons=list(alert.reasons),
        replay=dict(alert.replay),
        exhibits=list(alert.exhibits),
    )


def trail_line(entry: TrailEntry) -> TrailLine:
    """With its time as text."""
    return TrailLine(
        number=entry.number,
        time=exact_rfc3339(entry.time),
        who=entry.who,
        action=entry.action,
        note=entry.note,
        event_key=entry.event_key,
    )
