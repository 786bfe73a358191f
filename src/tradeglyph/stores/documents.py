"""An investigation as JSON: what an alert keeps of each of its events."""

import json
from dataclasses import dataclass
from typing import Any

from tradeglyph.domain.findings import Finding, Investigation
from tradeglyph.domain.verdicts import Role, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an alert shows of an event."""

    findings: tuple[Finding, ...]
    reasons: tuple[str, ...]
    replay: tuple[tuple[str, str], ...]


def document(investigation: Investigation) -> str:
    """JSON in ASCII, which every database and character set takes as it is."""
    event = investigation.event
    return json.dumps(
        {
            "event": {
                "time": int(event.time),
                "symbol": event.symbol,
                "amount": None if event.amount is None else str(event.amount),
                "kind": event.kind,
                "signals": event.signals,
            },
            "decision": investigation.decision,
            "verdict": investigation.verdict,
            "unanswered": investigation.unanswered,
            "findings": [_finding(finding) for finding in investigation.findings],
            "reasons": list(investigation.reasons),
            "replay": [list(pair) for pair in investigation.replay],
        },
        separators=(",", ":"),
    )


def told(text: str) -> Told:
    """The part of a document that an alert shows."""
    known = json.loads(text)
    return Told(
        findings=tuple(_read(finding) for finding in known["findings"]),
        reasons=tuple(known["reasons"]),
        replay=tuple((name, value) for name, value in known["replay"]),
    )


def _finding(finding: Finding) -> dict[str, Any]:
    # Numbers of numpy are not JSON.
    return {
        "account_id": finding.account_id,
        "symbol": finding.symbol,
        "window_start": int(finding.window_start),
        "window_end": int(finding.window_end),
        "trade_count": int(finding.trade_count),
        "probability": None if finding.probability is None else float(finding.probability),
        "flagged": bool(finding.flagged),
        "verdict": finding.verdict,
        "role": finding.role,
        "transferred": None if finding.transferred is None else float(finding.transferred),
        "reason": finding.reason,
        "model": finding.model,
    }


def _read(known: dict[str, Any]) -> Finding:
    verdict = known["verdict"]
    return Finding(
        **{
            **known,
            "verdict": None if verdict is None else Verdict(verdict),
            "role": Role(known["role"]),
        }
    )
