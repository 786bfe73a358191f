"""Records as items of DynamoDB, and back.

An alert's item has `head` (JSON, readable in a console), `body` (findings, reasons and replay,
JSON compressed with zlib) or `body_at` where that is too large for the item, `version` for
conditions, and the keys of the indexes. Keys of events are kept in the head up to EVENTS_MOST
characters; those after that are read from the trail, so that no number of events makes an alert
too large.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tradeglyph.domain.alerts import Action, Alert, Status, TrailEntry
from tradeglyph.domain.findings import Decision, Finding, Investigation, Unanswered
from tradeglyph.domain.verdicts import Role, Verdict
from tradeglyph.ports.alert_store import Handled
from tradeglyph.stores.dynamodb_blobs import Blob
from tradeglyph.stores.dynamodb_table import (
    alert_key,
    event_key,
    key_text,
    open_key,
    time_text,
    trail_key,
)
from tradeglyph.stores.joining import Span

EVENTS_MOST = 10_000
"""Characters of event keys that are kept in an alert's own item: at twelve bytes each, the most
that JSON makes of one, they leave room for the body."""
BODY_MOST = 200_000
"""Bytes of a compressed body that is kept in an alert's own item."""

Item = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptExhibit:
    """An exhibit of an alert, and where it is."""

    name: str
    media_type: str
    blob: Blob


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What an alert's item says without its body."""

    version: int
    exhibits: tuple[KeptExhibit, ...]
    fields: Mapping[str, Any]
    """Columns of `Alert` that are neither in the body nor above, as JSON holds them."""
    body: bytes | Blob
    all_events: bool
    """Whether `events` has all keys, and not only the first ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlerts:
    """An account's open alerts and their windows, as of a version (0: there is no item yet)."""

    version: int
    spans: Mapping[str, Span]
    """By alert, the one first opened first."""

    def with_span(self, alert: Alert) -> "OpenAlerts":
        """With the alert's window, where the alert is open, else without it."""
        spans = dict(self.spans)
        if alert.status is Status.OPEN:
            spans[alert.alert_id] = (alert.window_start, alert.window_end)
        else:
            spans.pop(alert.alert_id, None)
        return OpenAlerts(version=self.version + 1, spans=spans)


def event_item(investigation: Investigation, now: int, alert_id: str | None) -> Item:
    """What is known of an event."""
    event = investigation.event
    facts = {
        "key": event.key,
        "account_id": event.account_id,
        "time": event.time,
        "recorded_at": now,
        "decision": investigation.decision,
        "alert_id": alert_id,
    }
    return event_key(event.key) | {"facts": {"S": _json(facts)}}


def handled(item: Item) -> Handled:
    """What `event_item` wrote."""
    facts = json.loads(item["facts"]["S"])
    return Handled(**(facts | {"decision": Decision(facts["decision"])}))


def open_item(account_id: str, alerts: OpenAlerts) -> Item:
    """An account's open alerts."""
    return open_key(account_id) | {
        "version": {"N": str(alerts.version)},
        "spans": {"S": _json([[name, *span] for name, span in alerts.spans.items()])},
    }


def open_alerts(item: Item | None) -> OpenAlerts:
    """What `open_item` wrote; None for no item."""
    if item is None:
        return OpenAlerts(version=0, spans={})
    return OpenAlerts(
        version=int(item["version"]["N"]),
        spans={name: (start, end) for name, start, end in json.loads(item["spans"]["S"])},
    )


def trail_item(entry: TrailEntry) -> Item:
    """A line of the trail."""
    return trail_key(entry.alert_id, entry.number) | {"line": {"S": _json(asdict(entry))}}


def trail_entry(item: Item) -> TrailEntry:
    """What `trail_item` wrote."""
    line = json.loads(item["line"]["S"])
    return TrailEntry(**(line | {"action": Action(line["action"])}))


def packed_body(alert: Alert) -> bytes:
    """Findings, reasons and replay, compressed."""
    body = {
        "findings": [asdict(finding) for finding in alert.findings],
        "reasons": alert.reasons,
        "replay": alert.replay,
    }
    return zlib.compress(_json(body).encode("ascii"))


def alert_item(
    alert: Alert, body: bytes | Blob, exhibits: Iterable[KeptExhibit], *, all_events: bool
) -> Item:
    """An alert; `all_events` says whether the item before it (if any) had all events."""
    events = list(alert.events)
    if not all_events or sum(map(len, events)) > EVENTS_MOST:
        all_events = False
        events = _first(events)
    fields = {
        "alert_id": alert.alert_id,
        "account_id": alert.account_id,
        "window_start": alert.window_start,
        "window_end": alert.window_end,
        "decision": alert.decision,
        "verdict": alert.verdict,
        "unanswered": alert.unanswered,
        "status": alert.status,
        "opened_at": alert.opened_at,
        "changed_at": alert.changed_at,
        "events": events,
    }
    head = {
        "fields": fields,
        "exhibits": [asdict(exhibit) for exhibit in exhibits],
        "all_events": all_events,
    }
    return alert_key(alert.alert_id) | {
        "version": {"N": str(alert.version)},
        "head": {"S": _json(head)},
        "listed_status": {"S": alert.status},
        "listed_account": {"S": key_text(alert.account_id)},
        "listed_order": {"S": listed_order(alert.opened_at, alert.alert_id)},
        **_body(body),
    }


def head(item: Item) -> Head:
    """What `alert_item` wrote, its body unread."""
    said = json.loads(item["head"]["S"])
    return Head(
        version=int(item["version"]["N"]),
        exhibits=tuple(
            KeptExhibit(**(exhibit | {"blob": Blob(**exhibit["blob"])}))
            for exhibit in said["exhibits"]
        ),
        fields=said["fields"],
        body=Blob(**json.loads(item["body_at"]["S"])) if "body_at" in item else item["body"]["B"],
        all_events=said["all_events"],
    )


def alert(read: Head, body: bytes, events: Iterable[str] | None = None) -> Alert:
    """The alert of a head and its body, decompressed; `events` where the head has not all."""
    fields = dict(read.fields)
    rest = json.loads(body)
    return Alert(
        **fields
        | {
            "decision": Decision(fields["decision"]),
            "verdict": None if fields["verdict"] is None else Verdict(fields["verdict"]),
            "unanswered": None
            if fields["unanswered"] is None
            else Unanswered(fields["unanswered"]),
            "status": Status(fields["status"]),
            "events": tuple(fields["events"] if events is None else events),
        },
        version=read.version,
        findings=tuple(_finding(finding) for finding in rest["findings"]),
        reasons=tuple(rest["reasons"]),
        replay=tuple((name, value) for name, value in rest["replay"]),
        exhibits=tuple(exhibit.name for exhibit in read.exhibits),
    )


def listed_order(opened_at: int, alert_id: str) -> str:
    """Sort key of the indexes: by time, then by id."""
    return f"{time_text(opened_at)}#{alert_id}"


def size_of(text: str) -> int:
    """Bytes of a text as it is kept in an item."""
    return len(_json(text))


def _json(value: Any) -> str:
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    """A number of numpy, which JSON does not know, as Python's own."""
    return value.item()


def _body(body: bytes | Blob) -> Item:
    if isinstance(body, Blob):
        return {"body_at": {"S": _json(asdict(body))}}
    return {"body": {"B": body}}


def _finding(said: dict[str, Any]) -> Finding:
    verdict = None if said["verdict"] is None else Verdict(said["verdict"])
    return Finding(**(said | {"verdict": verdict, "role": Role(said["role"])}))


def _first(events: list[str]) -> list[str]:
    size, kept = 0, []
    for event in events:
        size += len(event)
        if size > EVENTS_MOST:
            break
        kept.append(event)
    return kept
