"""Alerts of DynamoDB in their order, a page at a time."""

import base64
import binascii
import heapq
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from tradeglyph.domain.alerts import Status
from tradeglyph.stores.aws_client import told
from tradeglyph.stores.dynamodb_patience import Patience
from tradeglyph.stores.dynamodb_table import BY_ACCOUNT, BY_STATUS, key_text

_READ_AT_ONCE = 100
"""Items of one BatchGetItem: DynamoDB's limit."""
_ORDER = re.compile(r"[0-9]{20}#[a-z2-7]{26}")
_BEFORE_ALL = "~"
"""Sorts after every order."""

Item = dict[str, Any]
_Place = tuple[str, str, str]
"""Order, pk and sk of an alert."""


class Listing:
    """Reads of many alerts."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def page(
        self, *, status: Status | None, account_id: str | None, most: int, cursor: str | None
    ) -> tuple[list[Item], str | None]:
        """Items of alerts that fit, the newest first, and where the next page begins.

        The index gives the order; the alerts themselves are read consistently, so that one whose
        status has changed since is left out. Raises ValueError for a cursor of somebody else.
        """
        if most < 1:
            raise ValueError(f"most: {most} is not positive")
        before = _BEFORE_ALL if cursor is None else _order(cursor)
        places = self._places(status, account_id, before, most + 1)
        chosen: list[Item] = []
        while True:
            batch = list(islice(places, min(_READ_AT_ONCE, most + 1 - len(chosen))))
            if not batch:
                return chosen, None
            fitting = [item for item in self._in_order(batch) if _fits(item, status)]
            chosen += fitting
            if len(chosen) > most:
                chosen = chosen[:most]
                return chosen, _cursor(chosen[-1]["listed_order"]["S"])

    def items(self, keys: Sequence[Item]) -> list[Item]:
        """Items of these keys, those that are there, in no order. Raises StoreGone."""
        found: list[Item] = []
        wanted = list({(name["pk"]["S"], name["sk"]["S"]): name for name in keys}.values())
        for start in range(0, len(wanted), _READ_AT_ONCE):
            asked = {"Keys": wanted[start : start + _READ_AT_ONCE], "ConsistentRead": True}
            request = {self._table: asked}
            patience = Patience(f"table {self._table} is throttled: reads are left undone")
            while True:
                with told(self._table):
                    answer = self._client.batch_get_item(RequestItems=request)
                found += answer["Responses"].get(self._table, [])
                # What did not fit into 16 MB, or what the table had no capacity for.
                request = answer.get("UnprocessedKeys")
                if not request:
                    break
                patience.wait()
        return found

    def _in_order(self, places: Sequence[_Place]) -> list[Item]:
        keys = [{"pk": {"S": pk}, "sk": {"S": sk}} for _, pk, sk in places]
        return sorted(self.items(keys), key=lambda item: _listed(item), reverse=True)

    def _places(
        self, status: Status | None, account_id: str | None, before: str, size: int
    ) -> Iterator[_Place]:
        if account_id is not None:
            return self._index(BY_ACCOUNT, "listed_account", key_text(account_id), before, size)
        statuses = tuple(Status) if status is None else (status,)
        # Without a status: the lists of all statuses, merged. An alert that changes its status
        # meanwhile may be in two of them.
        merged = heapq.merge(
            *(self._index(BY_STATUS, "listed_status", one, before, size) for one in statuses),
            reverse=True,
        )
        return _once(merged)

    def _index(
        self, index: str, attribute: str, value: str, before: str, size: int
    ) -> Iterator[_Place]:
        start: dict[str, Any] = {}
        while True:
            with told(self._table):
                answer = self._client.query(
                    TableName=self._table,
                    IndexName=index,
                    KeyConditionExpression=f"{attribute} = :value AND listed_order < :before",
                    ExpressionAttributeValues={
                        ":value": {"S": value},
                        ":before": {"S": before},
                    },
                    ScanIndexForward=False,
                    Limit=size,
                    **start,
                )
            for item in answer["Items"]:
                yield _listed(item), item["pk"]["S"], item["sk"]["S"]
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _once(places: Iterator[_Place]) -> Iterator[_Place]:
    last = None
    for place in places:
        if place != last:
            yield place
        last = place


def _listed(item: Item) -> str:
    return str(item["listed_order"]["S"])


def _fits(item: Item, status: Status | None) -> bool:
    return status is None or item["listed_status"]["S"] == status


def _cursor(order: str) -> str:
    return base64.urlsafe_b64encode(order.encode("ascii")).decode("ascii").rstrip("=")


def _order(cursor: str) -> str:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        order = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("not a cursor of this list") from error
    if not _ORDER.fullmatch(order):
        raise ValueError("not a cursor of this list")
    return order
