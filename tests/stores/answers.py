"""Answers to events, for stores to keep."""

from typing import Any

from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Decision, Exhibit, Finding, Investigation, Unanswered
from tradeglyph.domain.verdicts import Role, Verdict

DAY = 86_400_000_000
NOON = 1_700_000_000_000_000
"""Microseconds UTC."""


def answer(
    key: str,
    *,
    account: str = "7",
    start: int = NOON,
    end: int = NOON + DAY,
    decision: Decision = Decision.REVIEW,
    verdict: Verdict | None = Verdict.REVIEW,
    exhibits: tuple[Exhibit, ...] = (),
    symbol: str = "ABC",
    **rest: Any,
) -> Investigation:
    """The answer to the event `key` at `end`, with one finding over [start, end)."""
    finding = Finding(
        account_id=account,
        symbol=symbol,
        window_start=start,
        window_end=end,
        trade_count=12,
        probability=0.1 + 0.2,
        flagged=True,
        verdict=verdict,
        role=Role.VICTIM,
        transferred=None,
        reason="",
        model="default",
    )
    return Investigation(
        event=Event(key=key, account_id=account, time=end),
        decision=decision,
        verdict=verdict,
        findings=(finding,),
        reasons=(f"因为 {symbol}",),
        replay=(("model", "default"), ("data_sha256", "00ff")),
        exhibits=exhibits,
        **rest,
    )


def quiet(key: str, *, account: str = "7", time: int = NOON) -> Investigation:
    """The answer to an event at `time` that nothing was found for."""
    event = Event(key=key, account_id=account, time=time)
    return Investigation(event=event, decision=Decision.LET_THROUGH, verdict=Verdict.QUIET)


def unanswered(
    key: str, decision: Decision, *, account: str = "7", time: int = NOON
) -> Investigation:
    """No answer to an event at `time`."""
    event = Event(key=key, account_id=account, time=time)
    return Investigation(
        event=event, decision=decision, verdict=None, unanswered=Unanswered.STALE_FEED
    )
