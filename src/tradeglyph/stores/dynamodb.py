"""The alert store on DynamoDB.

Every write is one transaction whose conditions name what was read: the event's item must not be
there yet, the account's item (its open alerts) and the alert must still have their version. Who
loses a race reads again and tries again, so that an event has one effect and an account and window
one open alert, however many write. Reads are strongly consistent, but for the lists of alerts:
their order comes from an index which may lag behind by about a second.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tradeglyph.domain.alerts import Action, Alert, Status, TrailEntry
from tradeglyph.domain.errors import TradeglyphError
from tradeglyph.domain.findings import Exhibit, Investigation
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.ports.alert_store import (
    AlertChanged,
    Handled,
    NoSuchAlert,
    Page,
    Recorded,
)
from tradeglyph.stores import dynamodb_items as items
from tradeglyph.stores.aws_client import (
    TransactionCancelled,
    dynamodb_client,
    table_address,
    told,
)
from tradeglyph.stores.dynamodb_blobs import Blob, compressed, get_blob, put_blob
from tradeglyph.stores.dynamodb_items import Head, Item, KeptExhibit, OpenAlerts
from tradeglyph.stores.dynamodb_joining import joined, opened
from tradeglyph.stores.dynamodb_listing import Listing
from tradeglyph.stores.dynamodb_patience import Patience
from tradeglyph.stores.dynamodb_table import (
    alert_key,
    clean_partition,
    event_key,
    key,
    key_text,
    open_key,
    time_text,
)
from tradeglyph.stores.joining import overlap

EXHIBITS_MOST = 4_000_000
"""Bytes, compressed, of all exhibits of one answer. What goes beyond is left out, and said."""
NOTE_MOST = 360_000
"""Bytes of a note as JSON, which makes one of a letter and up to twelve of others: an item may have
400 kB."""
WHO = "tradeglyph"

_BODY_PARTS_MOST = 40_000_000
_MANY_WRITERS = "too many writers of one account at once"
_STATUS_AFTER = {
    Action.CONFIRMED: Status.CONFIRMED,
    Action.DISMISSED: Status.DISMISSED,
    Action.REOPENED: Status.OPEN,
    Action.NOTED: None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Exhibits of an answer that were written, and names of those that were too large."""

    exhibits: tuple[KeptExhibit, ...] = ()
    left_out: tuple[str, ...] = ()


class DynamoDBAlertStore:
    """An `AlertStore`; threads may share it."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table
        self._listing = Listing(client, table)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def record(self, investigations: Sequence[Investigation], now: int) -> list[Recorded]:
        """As `AlertStore.record`; each event is a transaction of its own."""
        known = self.handled([investigation.event.key for investigation in investigations])
        return [
            _repeated(known[investigation.event.key])
            if investigation.event.key in known
            else self._record(investigation, now)
            for investigation in investigations
        ]

    def handled(self, keys: Sequence[str]) -> dict[str, Handled]:
        """As `AlertStore.handled`."""
        found = (items.handled(item) for item in self._items([event_key(name) for name in keys]))
        return {event.key: event for event in found}

    def last_clean(self, account_id: str, before: int) -> int | None:
        """As `AlertStore.last_clean`."""
        with told(self._table):
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND sk < :before",
                ExpressionAttributeValues={
                    ":pk": {"S": clean_partition(account_id)},
                    ":before": {"S": time_text(before)},
                },
                ScanIndexForward=False,
                Limit=1,
                ConsistentRead=True,
            )
        return int(answer["Items"][0]["time"]["N"]) if answer["Items"] else None

    def last_cleans(self, asked: Sequence[tuple[str, int]]) -> list[int | None]:
        """As `AlertStore.last_cleans`."""
        return [self.last_clean(*one) for one in asked]

    def alert(self, alert_id: str) -> Alert:
        """As `AlertStore.alert`."""
        return self._alert(self._head(alert_id))

    def alerts(
        self,
        *,
        status: Status | None = None,
        account_id: str | None = None,
        most: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """As `AlertStore.alerts`. A new alert may be missing for about a second."""
        chosen, following = self._listing.page(
            status=status, account_id=account_id, most=most, cursor=cursor
        )
        return Page(
            alerts=tuple(self._alert(items.head(item)) for item in chosen), cursor=following
        )

    def exhibit(self, alert_id: str, name: str) -> Exhibit:
        """As `AlertStore.exhibit`."""
        for exhibit in self._head(alert_id).exhibits:
            if exhibit.name == name:
                content = get_blob(self._client, self._table, exhibit.blob)
                if content is not None:
                    return Exhibit(name=name, media_type=exhibit.media_type, content=content)
        raise NoSuchAlert(f"alert {alert_id} has no exhibit of this name")

    def decide(
        self,
        alert_id: str,
        action: Action,
        *,
        who: str,
        now: int,
        note: str = "",
        version: int | None = None,
    ) -> Alert:
        """As `AlertStore.decide`; also ValueError for a note of more than NOTE_MOST bytes, and
        where an alert is to be opened again while another is open for the account and window."""
        if action not in _STATUS_AFTER:
            raise ValueError(
                f"{action}: not an action that people take: {', '.join(_STATUS_AFTER)}"
            )
        if not who.strip():
            raise ValueError("who decides must be said")
        if (size := items.size_of(note)) > NOTE_MOST:
            raise ValueError(f"the note takes {size} bytes; at most {NOTE_MOST} are kept")
        patience = Patience(_MANY_WRITERS)
        while True:
            read = self._head(alert_id)
            if version is not None and read.version != version:
                raise AlertChanged(f"alert {alert_id} is at version {read.version}, not {version}")
            before = self._alert(read)
            after = replace(
                before,
                status=_STATUS_AFTER[action] or before.status,
                changed_at=now,
                version=before.version + 1,
            )
            entry = TrailEntry(
                alert_id=alert_id,
                number=after.version,
                time=now,
                who=who,
                action=action,
                note=note,
            )
            try:
                self._transact(
                    [
                        *self._moved(before, after),
                        self._alert_put(after, read.body, read),
                        self._put(items.trail_item(entry)),
                    ]
                )
            except TransactionCancelled:
                patience.wait()
                continue
            return after

    def trail(self, alert_id: str) -> list[TrailEntry]:
        """As `AlertStore.trail`."""
        entries = self._trail(alert_id)
        if not entries:
            raise NoSuchAlert(f"there is no alert {alert_id}")
        return entries

    def ping(self) -> None:
        """As `AlertStore.ping`: writes a small item of its own."""
        with told(self._table):
            self._client.put_item(TableName=self._table, Item=key("PING", "PING"))

    def _record(self, investigation: Investigation, now: int) -> Recorded:
        if not investigation.raises_alert:
            return self._record_without_alert(investigation, now)
        kept = self._keep(investigation)
        patience = Patience(_MANY_WRITERS)
        while True:
            alert_id, puts = self._raise(investigation, now, kept)
            event = items.event_item(investigation, now, alert_id)
            try:
                self._transact([self._new(event), *puts, *self._clean(investigation)])
            except TransactionCancelled as cancelled:
                if cancelled.failed(0):
                    return self._repeated(investigation.event.key)
                patience.wait()
                continue
            account_id = investigation.event.account_id
            return Recorded(alert_id=alert_id, repeated=False, account_id=account_id)

    def _record_without_alert(self, investigation: Investigation, now: int) -> Recorded:
        event = items.event_item(investigation, now, None)
        patience = Patience(_MANY_WRITERS)
        while True:
            try:
                self._transact([self._new(event), *self._clean(investigation)])
            except TransactionCancelled as cancelled:
                if cancelled.failed(0):
                    return self._repeated(investigation.event.key)
                patience.wait()
                continue
            account_id = investigation.event.account_id
            return Recorded(alert_id=None, repeated=False, account_id=account_id)

    def _repeated(self, event: str) -> Recorded:
        return _repeated(self.handled([event])[event])

    def _raise(
        self, investigation: Investigation, now: int, kept: _Kept
    ) -> tuple[str, list[dict[str, Any]]]:
        """What to write for an alert, as things stand: which one, and the transaction's part."""
        account_id = investigation.event.account_id
        open_now = items.open_alerts(self._item(open_key(account_id)))
        names = [exhibit.name for exhibit in kept.exhibits]
        joins = next(
            (name for name, span in open_now.spans.items() if overlap(span, investigation.window)),
            None,
        )
        if joins is None:
            read, body = None, None
            alert = opened(investigation, now=now, exhibits=names)
        else:
            read = self._head(joins)
            before = self._alert(read, all_events=False)
            alert, shows = joined(before, investigation, now=now, exhibits=names)
            if not shows:
                # The alert keeps the evidence it has.
                kept = _Kept(exhibits=read.exhibits)
                body = read.body
            else:
                body = None
        if kept.left_out:
            alert = replace(alert, replay=(*alert.replay, ("left_out", _left_out(kept))))
        entry = TrailEntry(
            alert_id=alert.alert_id,
            number=alert.version,
            time=now,
            who=WHO,
            action=Action.OPENED if joins is None else Action.JOINED,
            note=_left_out(kept) if kept.left_out else "",
            event_key=investigation.event.key,
        )
        if body is None:
            body = self._keep_body(investigation.event.key, alert)
        return alert.alert_id, [
            self._open_put(account_id, open_now.with_span(alert)),
            self._alert_put(alert, body, read, kept.exhibits),
            self._put(items.trail_item(entry)),
        ]

    def _keep(self, investigation: Investigation) -> _Kept:
        """Write the exhibits, the first ones first, as far as there is room for them."""
        room = EXHIBITS_MOST
        exhibits, left_out = [], []
        for exhibit in investigation.exhibits:
            packed = compressed(exhibit.content, room)
            if packed is None:
                left_out.append(exhibit.name)
                continue
            room -= len(packed)
            blob = put_blob(self._client, self._table, investigation.event.key, packed)
            exhibits.append(
                KeptExhibit(name=exhibit.name, media_type=exhibit.media_type, blob=blob)
            )
        return _Kept(exhibits=tuple(exhibits), left_out=tuple(left_out))

    def _keep_body(self, event: str, alert: Alert) -> bytes | Blob:
        body = items.packed_body(alert)
        if len(body) <= items.BODY_MOST:
            return body
        if len(body) > _BODY_PARTS_MOST:
            raise TradeglyphError(
                f"the findings of an event are too large for DynamoDB: {len(body)} bytes, "
                f"compressed, of at most {_BODY_PARTS_MOST}; keep alerts in a SQL database"
            )
        return put_blob(self._client, self._table, event, body)

    def _clean(self, investigation: Investigation) -> list[dict[str, Any]]:
        if investigation.verdict is not Verdict.QUIET:
            return []
        event = investigation.event
        item = key(clean_partition(event.account_id), time_text(event.time))
        return [self._put(item | {"time": {"N": str(event.time)}})]

    def _moved(self, before: Alert, after: Alert) -> list[dict[str, Any]]:
        """The account's open alerts, where the alert was opened again or closed."""
        if (before.status is Status.OPEN) == (after.status is Status.OPEN):
            return []
        open_now = items.open_alerts(self._item(open_key(after.account_id)))
        if after.status is Status.OPEN:
            _check_alone(after, open_now)
        return [self._open_put(after.account_id, open_now.with_span(after))]

    def _open_put(self, account_id: str, after: OpenAlerts) -> dict[str, Any]:
        return self._versioned(items.open_item(account_id, after), after.version - 1)

    def _alert_put(
        self,
        alert: Alert,
        body: bytes | Blob,
        read: Head | None,
        exhibits: Sequence[KeptExhibit] | None = None,
    ) -> dict[str, Any]:
        """Write an alert in place of the one that was read (None: of none)."""
        item = items.alert_item(
            alert,
            body,
            read.exhibits if exhibits is None and read is not None else exhibits or (),
            all_events=read is None or read.all_events,
        )
        return self._versioned(item, 0 if read is None else read.version)

    def _versioned(self, item: Item, before: int) -> dict[str, Any]:
        if before == 0:
            return self._new(item)
        return self._put(
            item,
            ConditionExpression="version = :before",
            ExpressionAttributeValues={":before": {"N": str(before)}},
        )

    def _new(self, item: Item) -> dict[str, Any]:
        return self._put(item, ConditionExpression="attribute_not_exists(pk)")

    def _put(self, item: Item, **condition: Any) -> dict[str, Any]:
        return {"Put": {"TableName": self._table, "Item": item, **condition}}

    def _transact(self, writes: list[dict[str, Any]]) -> None:
        with told(self._table):
            self._client.transact_write_items(TransactItems=writes)

    def _item(self, item_key: Item) -> Item | None:
        with told(self._table):
            answer = self._client.get_item(TableName=self._table, Key=item_key, ConsistentRead=True)
        found: Item | None = answer.get("Item")
        return found

    def _items(self, keys: Sequence[Item]) -> list[Item]:
        return self._listing.items(keys)

    def _head(self, alert_id: str) -> Head:
        item = self._item(alert_key(alert_id))
        if item is None:
            raise NoSuchAlert(f"there is no alert {alert_id}")
        return items.head(item)

    def _alert(self, read: Head, *, all_events: bool = True) -> Alert:
        if isinstance(read.body, Blob):
            body = get_blob(self._client, self._table, read.body)
            if body is None:
                raise TradeglyphError("the findings of an alert have been deleted from DynamoDB")
        else:
            body = zlib.decompress(read.body)
        events = None
        if all_events and not read.all_events:
            lines = self._trail(read.fields["alert_id"], read.version)
            events = [line.event_key for line in lines if line.event_key]
        return items.alert(read, body, events)

    def _trail(self, alert_id: str, most: int | None = None) -> list[TrailEntry]:
        """Lines up to number `most`, so that they are those of one version of the alert."""
        entries: list[TrailEntry] = []
        start: dict[str, Any] = {}
        while True:
            with told(self._table):
                answer = self._client.query(
                    TableName=self._table,
                    KeyConditionExpression="pk = :pk AND begins_with(sk, :lines)",
                    ExpressionAttributeValues={
                        ":pk": {"S": "A" + key_text(alert_id)},
                        ":lines": {"S": "T#"},
                    },
                    ConsistentRead=True,
                    **start,
                )
            entries += [items.trail_entry(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        return entries if most is None else entries[:most]


def _check_alone(alert: Alert, open_now: OpenAlerts) -> None:
    """One account and window has one open alert."""
    window = (alert.window_start, alert.window_end)
    for other, span in open_now.spans.items():
        if other != alert.alert_id and overlap(span, window):
            raise ValueError(
                f"{alert.alert_id}: the alert {other} is open for the same account and window; "
                "go on there"
            )


def _repeated(before: Handled) -> Recorded:
    return Recorded(alert_id=before.alert_id, repeated=True, account_id=before.account_id)


def _left_out(kept: _Kept) -> str:
    names = ", ".join(kept.left_out)
    return f"{names}: more than {EXHIBITS_MOST} bytes of exhibits, compressed"


def open_dynamodb(url: str, session: Any = None) -> DynamoDBAlertStore:
    """The store in the table of `dynamodb://TABLE?region=REGION&endpoint=URL`, which must exist
    (`dynamodb_table.create_table`, or the template), through a boto3 session, else a new one.
    It is asked for once, so that a wrong address is known at once.

    Raises InputError for any other URL, MissingExtra without boto3, StoreGone.
    """
    address = table_address(url)
    store = DynamoDBAlertStore(dynamodb_client(address, session), address.table)
    try:
        store.handled([""])
    except Exception:
        store.close()
        raise
    return store
