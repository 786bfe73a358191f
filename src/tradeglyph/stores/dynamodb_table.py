"""Our table in DynamoDB: its keys, its indexes, and how to create it.

One table with string keys `pk` and `sk`:

    pk            sk            what
    E#KEY         E             an event that was recorded, and its alert
    A#ALERT       A             an alert
    A#ALERT       T#NUMBER      a line of its trail
    O#ACCOUNT     O             the account's open alerts and their windows, with a version
    Q#ACCOUNT     TIME          an event of the account that was answered with quiet
    X#KEY#HASH    PART          a part of an exhibit (or of large findings) of an event
    PING          PING          written to see whether writing works

Two indexes hold the keys of alerts alone (sparse, keys only): `by_status` and `by_account`, both
sorted by `listed_order`. `deploy/aws/template.yaml` declares the same table.
"""

import hashlib
from contextlib import suppress
from typing import Any

from tradeglyph.stores.aws_client import dynamodb_client, table_address, told

BY_STATUS = "by_status"
BY_ACCOUNT = "by_account"

KEY_MOST = 1000
"""Longest text, bytes, that is used in a key as it is; DynamoDB allows 2,048 and 1,024."""


def definition(name: str) -> dict[str, Any]:
    """What `CreateTable` is told; `AWS::DynamoDB::Table` takes the same names."""

    def index(index_name: str, key: str) -> dict[str, Any]:
        return {
            "IndexName": index_name,
            "KeySchema": [
                {"AttributeName": key, "KeyType": "HASH"},
                {"AttributeName": "listed_order", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }

    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in ("pk", "sk", "listed_status", "listed_account", "listed_order")
        ],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "GlobalSecondaryIndexes": [
            index(BY_STATUS, "listed_status"),
            index(BY_ACCOUNT, "listed_account"),
        ],
    }


def create_table(url: str, session: Any = None) -> None:
    """Create the table of `dynamodb://TABLE...` and wait until it can be used; do nothing where it
    exists. Raises InputError for the URL, StoreGone."""
    address = table_address(url)
    client = dynamodb_client(address, session)
    try:
        with told(address.table):
            with suppress(client.exceptions.ResourceInUseException):
                client.create_table(**definition(address.table))
            client.get_waiter("table_exists").wait(TableName=address.table)
    finally:
        client.close()


def key_text(text: str) -> str:
    """`text` as part of a key: `#` and itself, or `:` and its SHA-256 where it is too long for
    DynamoDB or not Unicode (a lone surrogate)."""
    raw = text.encode("utf-8", "surrogatepass")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return ":" + hashlib.sha256(raw).hexdigest()
    return "#" + text if len(raw) <= KEY_MOST else ":" + hashlib.sha256(raw).hexdigest()


def time_text(time: int) -> str:
    """Microseconds UTC as text that sorts as the times do, those before 1970 included."""
    return f"{int(time) + (1 << 63):020d}"


def key(pk: str, sk: str) -> dict[str, Any]:
    """Key attributes of an item."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def event_key(event: str) -> dict[str, Any]:
    """Of what is known of an event."""
    return key("E" + key_text(event), "E")


def alert_key(alert_id: str) -> dict[str, Any]:
    """Of an alert."""
    return key("A" + key_text(alert_id), "A")


def trail_key(alert_id: str, number: int) -> dict[str, Any]:
    """Of a line of an alert's trail."""
    return key("A" + key_text(alert_id), f"T#{number:010d}")


def open_key(account_id: str) -> dict[str, Any]:
    """Of an account's open alerts."""
    return key("O" + key_text(account_id), "O")


def clean_partition(account_id: str) -> str:
    """Where an account's quiet events are."""
    return "Q" + key_text(account_id)
