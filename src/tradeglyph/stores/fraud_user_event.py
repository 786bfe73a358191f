"""A copy of alerts in the table `fraud_user_event` of the published AWS sample.

For those whose screens and jobs read that table already. Its rows have six attributes: `userid`
(N), `fraudType`, `businessType`, `data`, `note` and `createTime` (S, `YYYY-MM-DD HH:MM:SS`, UTC
here). The sample does not say what the table's key is, so the table is asked; a key must be made of
these six. Only account ids that are whole numbers of at most 38 digits, written without leading
zeros, fit `userid`; the others are counted, not written. Our own store has all of them: this is a
copy, and never the place to look whether an event was handled.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tradeglyph.domain.alerts import Alert
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.instants import moment_of, rfc3339
from tradeglyph.ports.alert_store import StoreGone
from tradeglyph.stores.aws_client import ConditionFailed, dynamodb_client, table_address, told

FRAUD_TYPE = "suspiciousTransaction"
"""The sample's word for what its picture model finds."""
DIGITS = 38
"""Of a number in DynamoDB."""
NOTE_MOST = 2000
"""Characters of a note."""

_TYPES = {
    "userid": "N",
    "fraudType": "S",
    "businessType": "S",
    "data": "S",
    "note": "S",
    "createTime": "S",
}
_SECONDS_TRIED = 100
"""Alerts of one user that may have been opened in one second, where the key has the time in it."""
_TRIES = 20
"""How often a row that somebody else is writing is read again."""

Item = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What became of some alerts."""

    written: int
    unchanged: int
    """Those that the table has already, or has in a later version."""
    refused: tuple[str, ...]
    """Ids of the alerts whose account id does not fit `userid`."""

    def said(self, language: str = "en") -> str:
        """One line about those that were refused, without an account id; empty where none was."""
        if not self.refused:
            return ""
        count = len(self.refused)
        if language == "zh":
            return (
                f"{count} 条告警未写入 fraud_user_event：账户号不是 {DIGITS} 位以内、"
                "无前导零的整数；这些告警在自有的告警库中"
            )
        return (
            f"{count} alert(s) not copied to fraud_user_event: the account id is no whole number "
            f"of at most {DIGITS} digits without leading zeros; they are in the alert store"
        )


def fits_userid(account_id: str) -> bool:
    """Whether an account id can be a `userid` that no other account id becomes, too."""
    digits = account_id.removeprefix("-")
    plain = digits.isascii() and digits.isdigit() and len(digits) <= DIGITS
    return plain and str(int(account_id)) == account_id


class FraudUserEvents:
    """The table; threads may share it. Close it when done."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table
        self._key: tuple[str, ...] | None = None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def copy(self, alerts: Iterable[tuple[Alert, str]]) -> Copied:
        """Write rows of alerts, each with its `businessType` (the event's `kind`).

        Doing it twice is doing it once, and an older version never takes the place of a newer one.
        Where the key is the user alone, a row tells of the user's last alert, as in the sample.
        Raises StoreGone; InputError where the table's key is not made of the six attributes.
        """
        written, unchanged, refused = 0, 0, []
        for alert, business_type in alerts:
            if not fits_userid(alert.account_id):
                refused.append(alert.alert_id)
            elif self._write(alert, business_type):
                written += 1
            else:
                unchanged += 1
        return Copied(written=written, unchanged=unchanged, refused=tuple(refused))

    def _write(self, alert: Alert, business_type: str) -> bool:
        key = self._key_attributes()
        # Where the time is in the key, alerts of the same second take seconds that are free.
        seconds = _SECONDS_TRIED if "createTime" in key else 1
        for later in range(seconds):
            item = row(alert, business_type, later_s=later)
            done = self._place(item, {name: item[name] for name in key}, only_ours=seconds > 1)
            if done is not None:
                return done
        raise InputError(
            f"table {self._table} has other rows of this user at {seconds} seconds in a row; "
            "look whether it is the right table"
        )

    def _place(self, item: Item, key: Item, *, only_ours: bool) -> bool | None:
        """Whether the row was written; None where the place is another alert's."""
        for _ in range(_TRIES):
            there = self._row(key)
            if there is not None:
                same = _told(there) == _told(item)
                if only_ours and not same:
                    return None
                if not (_newer if same else _later)(item, there):
                    return False
            try:
                self._put(item, there)
            except ConditionFailed:
                continue
            return True
        raise StoreGone(f"DynamoDB: too many writers of one row of table {self._table} at once")

    def _row(self, key: Item) -> Item | None:
        with told(self._table):
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        found: Item | None = answer.get("Item")
        return found

    def _put(self, item: Item, there: Item | None) -> None:
        condition: dict[str, Any] = {
            "ConditionExpression": "attribute_not_exists(userid)",
        }
        if there is not None and "data" in there:
            condition = {
                "ConditionExpression": "#data = :data",
                "ExpressionAttributeNames": {"#data": "data"},
                "ExpressionAttributeValues": {":data": there["data"]},
            }
        elif there is not None:
            condition = {}
        with told(self._table):
            self._client.put_item(TableName=self._table, Item=item, **condition)

    def _key_attributes(self) -> tuple[str, ...]:
        if self._key is None:
            with told(self._table):
                table = self._client.describe_table(TableName=self._table)["Table"]
            types = {
                said["AttributeName"]: said["AttributeType"]
                for said in table["AttributeDefinitions"]
            }
            key = tuple(part["AttributeName"] for part in table["KeySchema"])
            strange = sorted(name for name in key if _TYPES.get(name) != types[name])
            if strange:
                raise InputError(
                    f"table {self._table} has {', '.join(strange)} in its key, which is not one of "
                    f"{', '.join(f'{name} ({kind})' for name, kind in _TYPES.items())}; "
                    "give the table of the sample"
                )
            self._key = key
        return self._key


def row(alert: Alert, business_type: str, *, later_s: int = 0) -> Item:
    """The row of an alert whose account id fits, `later_s` seconds after it was opened.

    `data` is JSON with the sample's `class` and `probability` (the highest of the findings, left
    out where there is none) and what leads to the alert. It has texts and numbers alone, so that
    what reads the sample's rows as Python literals reads it, too.
    """
    known = [one.probability for one in alert.findings if one.probability is not None]
    data: dict[str, str | int | float] = {"class": "hacker"}
    if known:
        data["probability"] = max(known)
    data |= {
        "alert_id": alert.alert_id,
        "version": alert.version,
        "decision": alert.decision,
        "status": alert.status,
        "window_start": rfc3339(alert.window_start),
        "window_end": rfc3339(alert.window_end),
    }
    opened = moment_of(alert.opened_at) + timedelta(seconds=later_s)
    reasons = "; ".join(("create by tradeglyph", *alert.reasons))
    texts = {
        "fraudType": FRAUD_TYPE,
        "businessType": business_type,
        "data": json.dumps(data),
        "note": reasons if len(reasons) <= NOTE_MOST else reasons[: NOTE_MOST - 3] + "...",
        "createTime": opened.strftime("%Y-%m-%d %H:%M:%S"),
    }
    return {"userid": {"N": alert.account_id}} | {name: {"S": text} for name, text in texts.items()}


def open_fraud_user_event(url: str, session: Any = None) -> FraudUserEvents:
    """The table of `dynamodb://TABLE?region=REGION&endpoint=URL`, through a boto3 session, else a
    new one. Nothing is sent yet.

    Raises InputError for any other URL, MissingExtra without boto3.
    """
    address = table_address(url)
    return FraudUserEvents(dynamodb_client(address, session), address.table)


def _said(item: Item) -> dict[str, Any]:
    """What the row's data says; nothing where it is not ours."""
    try:
        data = json.loads(item.get("data", {}).get("S", ""))
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _newer(item: Item, there: Item) -> bool:
    """Of one alert: whether this is a newer version of it."""
    return _version(item) > _version(there)


def _later(item: Item, there: Item) -> bool:
    """Of two alerts at one place: whether this was opened later, which then stays. Of two of the
    same second it is the one with the greater id, whatever their order."""
    return (_time(item), _told(item)) > (_time(there), _told(there))


def _told(item: Item) -> str:
    return str(_said(item).get("alert_id", ""))


def _version(item: Item) -> int:
    version = _said(item).get("version", 0)
    return version if isinstance(version, int) else 0


def _time(item: Item) -> str:
    return str(item.get("createTime", {}).get("S", ""))
