"""Alerts: what a person is asked to look at, and the trail of what was done about it."""

from dataclasses import dataclass
from enum import StrEnum

from tradeglyph.domain.findings import Decision, Finding, Unanswered
from tradeglyph.domain.verdicts import Verdict


class Status(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    """A person says: it is a transfer."""
    DISMISSED = "dismissed"
    """A person says: it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Everything that open findings of one account and overlapping windows come to."""

    alert_id: str
    account_id: str
    window_start: int
    """Of all its findings: the first start, microseconds UTC."""
    window_end: int
    """The last end, exclusive."""
    decision: Decision
    """The gravest of its events."""
    verdict: Verdict | None
    unanswered: Unanswered | None
    """Why an event had no answer: the one that opened the alert, or made its decision graver."""
    status: Status
    opened_at: int
    """Microseconds UTC."""
    changed_at: int
    version: int
    """Grows by one with every change: who decides on an alert says which one was seen."""
    events: tuple[str, ...]
    """Keys of the events that it was raised for, the first one first."""
    findings: tuple[Finding, ...]
    """Those of the last event of the gravest verdict; an event that found nothing hides none."""
    reasons: tuple[str, ...]
    replay: tuple[tuple[str, str], ...]
    exhibits: tuple[str, ...]
    """Names of what can be fetched (`AlertStore.exhibit`)."""


class Action(StrEnum):
    """What a line of the trail says was done."""

    OPENED = "opened"
    JOINED = "joined"
    """Another event of the same account and window."""
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    REOPENED = "reopened"
    NOTED = "noted"
    """A note, and no change of status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One line of an alert's audit trail, which is only ever added to."""

    alert_id: str
    number: int
    """From 1, without gaps."""
    time: int
    """Microseconds UTC."""
    who: str
    """A person's or key's name; `tradeglyph` for what it did by itself."""
    action: Action
    note: str = ""
    event_key: str = ""
    """Of the event, where one was the cause."""
