"""Answers to events, as the pipeline would give them."""

import random
from decimal import Decimal

from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Decision, Exhibit, Finding, Investigation, Unanswered
from tradeglyph.domain.verdicts import Role, Verdict

HOUR = 3_600_000_000
NOW = 1_700_000_000_000_000

_VERDICTS = {
    Decision.LET_THROUGH: Verdict.QUIET,
    Decision.REVIEW: Verdict.REVIEW,
    Decision.HOLD: Verdict.HOLD,
}


def investigation(
    key: str,
    *,
    account: str = "A",
    window: tuple[int, int] = (0, 24),
    decision: Decision = Decision.REVIEW,
    time: int = NOW,
    exhibits: tuple[Exhibit, ...] = (),
    reason: str = "three round trips",
) -> Investigation:
    """Its window in hours; the verdict is that of the decision."""
    verdict = _VERDICTS.get(decision)
    finding = Finding(
        account_id=account,
        symbol="COIN",
        window_start=window[0] * HOUR,
        window_end=window[1] * HOUR,
        trade_count=12,
        probability=0.1 + 0.2,
        flagged=decision is not Decision.LET_THROUGH,
        verdict=verdict,
        role=Role.BENEFICIARY,
        transferred=1234.5678901234567,
        reason=reason,
        model="default@0123abcd",
    )
    return Investigation(
        event=Event(
            key=key,
            account_id=account,
            time=time,
            symbol="COIN",
            amount=Decimal("10.50"),
            kind="withdraw",
            signals={"new_device": True, "address_age_hours": 0.5},
        ),
        decision=decision,
        verdict=verdict,
        findings=(finding,),
        reasons=(reason, "原因"),
        replay=(("model", "default@0123abcd"), ("version", "0.1.0")),
        exhibits=exhibits,
    )


def unanswered(key: str, decision: Decision, **changes: object) -> Investigation:
    """One without an answer, decided by policy."""
    event = Event(key=key, account_id=str(changes.get("account", "A")), time=NOW)
    return Investigation(
        event=event, decision=decision, verdict=None, unanswered=Unanswered.STALE_FEED
    )


def noise(size: int, seed: int) -> bytes:
    """Bytes that don't compress, the same for the same seed."""
    return random.Random(seed).randbytes(size)
