"""The copy of alerts in the sample's table."""

import ast
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.stores.answers import DAY, answer
from tests.stores.moto_server import AWS, DynamoDBServer
from tradeglyph.domain.alerts import Alert, Status
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.findings import Decision
from tradeglyph.ports.alert_store import StoreGone
from tradeglyph.stores.aws_client import table_address
from tradeglyph.stores.fraud_user_event import (
    Copied,
    FraudUserEvents,
    fits_userid,
    open_fraud_user_event,
)

OPENED = 1_700_000_000_000_000
"""2023-11-14 22:13:20 UTC."""
USER = ("userid",)
USER_AND_TIME = ("userid", "createTime")


@pytest.fixture(scope="module")
def server() -> Iterator[DynamoDBServer]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in AWS.items():
            environment.setenv(name, value)
        server = DynamoDBServer()
        yield server
        server.stop()


Table = tuple[FraudUserEvents, Callable[[], list[dict[str, Any]]], Callable[[dict[str, Any]], None]]
"""The copy, what reads all rows, and what puts one as the sample does."""


@pytest.fixture
def make(server: DynamoDBServer) -> Iterator[Callable[[tuple[str, ...]], Table]]:
    client = server.session.client("dynamodb", endpoint_url=server.endpoint)
    opened: list[FraudUserEvents] = []

    def make_one(key: tuple[str, ...]) -> Table:
        url = server.new_url()
        table = table_address(url).table
        client.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "N" if name == "userid" else "S"}
                for name in key
            ],
            KeySchema=[
                {"AttributeName": name, "KeyType": kind}
                for name, kind in zip(key, ("HASH", "RANGE"), strict=False)
            ],
        )
        opened.append(open_fraud_user_event(url, server.session))
        return (
            opened[-1],
            lambda: client.scan(TableName=table)["Items"],
            lambda item: client.put_item(TableName=table, Item=item),
        )

    yield make_one
    client.close()
    for one in opened:
        one.close()


def alert(
    alert_id: str = "a", account: str = "4711", opened_at: int = OPENED, **rest: Any
) -> Alert:
    findings = answer("e", start=OPENED - DAY, end=OPENED).findings
    known: dict[str, Any] = {
        "alert_id": alert_id,
        "account_id": account,
        "window_start": OPENED - DAY,
        "window_end": OPENED,
        "decision": Decision.REVIEW,
        "verdict": None,
        "unanswered": None,
        "status": Status.OPEN,
        "opened_at": opened_at,
        "changed_at": opened_at,
        "version": 1,
        "events": ("e",),
        "findings": (
            replace(findings[0], probability=0.25),
            replace(findings[0], probability=0.97),
            replace(findings[0], probability=None),
        ),
        "reasons": ("低买高卖", "one counterparty"),
        "replay": (),
        "exhibits": (),
    }
    return Alert(**(known | rest))


def ids(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Alert and version of rows."""
    said = [json.loads(row["data"]["S"]) for row in rows]
    return sorted((one["alert_id"], one["version"]) for one in said)


@pytest.mark.parametrize("key", [USER, USER_AND_TIME, ("userid", "fraudType")])
def test_a_row_as_the_sample_writes_it(
    make: Callable[[tuple[str, ...]], Table], key: tuple[str, ...]
) -> None:
    copy, rows, _ = make(key)
    assert copy.copy([(alert(), "withdraw")]) == Copied(written=1, unchanged=0, refused=())
    [row] = rows()
    data = row.pop("data")["S"]
    assert row == {
        "userid": {"N": "4711"},
        "fraudType": {"S": "suspiciousTransaction"},
        "businessType": {"S": "withdraw"},
        "note": {"S": "create by tradeglyph; 低买高卖; one counterparty"},
        "createTime": {"S": "2023-11-14 22:13:20"},
    }
    # The sample writes a Python literal; ours is JSON and a Python literal.
    assert json.loads(data) == ast.literal_eval(data)
    assert json.loads(data) == {
        "class": "hacker",
        "probability": 0.97,
        "alert_id": "a",
        "version": 1,
        "decision": "review",
        "status": "open",
        "window_start": "2023-11-13T22:13:20Z",
        "window_end": "2023-11-14T22:13:20Z",
    }


@pytest.mark.parametrize("key", [USER, USER_AND_TIME])
def test_twice_is_once_and_older_is_not_newer(
    make: Callable[[tuple[str, ...]], Table], key: tuple[str, ...]
) -> None:
    copy, rows, _ = make(key)
    second = alert(version=2, changed_at=OPENED + 10_000_000, decision=Decision.HOLD)
    assert copy.copy([(alert(), ""), (alert(), "")]) == Copied(written=1, unchanged=1, refused=())
    assert copy.copy([(second, ""), (alert(), ""), (second, "")]).written == 1
    assert ids(rows()) == [("a", 2)]


def test_alerts_of_one_second_have_rows_of_their_own(
    make: Callable[[tuple[str, ...]], Table],
) -> None:
    copy, rows, _ = make(USER_AND_TIME)
    both = [(alert("a"), ""), (alert("b", opened_at=OPENED + 1), "")]
    assert copy.copy(both).written == 2
    assert copy.copy(both[::-1]) == Copied(written=0, unchanged=2, refused=())
    assert ids(rows()) == [("a", 1), ("b", 1)]


def test_a_row_of_the_sample_is_left_where_there_is_room(
    make: Callable[[tuple[str, ...]], Table],
) -> None:
    copy, rows, put = make(USER_AND_TIME)
    theirs = {
        "userid": {"N": "4711"},
        "createTime": {"S": "2023-11-14 22:13:20"},
        "data": {"S": "{'class': 'hacker', 'probability': 0.99}"},
    }
    put(theirs)
    put({"userid": {"N": "4711"}, "createTime": {"S": "2023-11-14 22:13:21"}})
    assert copy.copy([(alert(), "")]).written == 1
    assert theirs in rows()
    assert sorted(row["createTime"]["S"][-2:] for row in rows()) == ["20", "21", "22"]


@pytest.mark.parametrize(
    ("there", "stays"),
    [
        ({"createTime": {"S": "2023-11-14 22:13:19"}, "data": {"S": "{'class': 'hacker'}"}}, False),
        ({"createTime": {"S": "2023-11-14 22:13:19"}}, False),
        ({"createTime": {"S": "2023-11-14 22:13:21"}, "data": {"S": "[]"}}, True),
    ],
)
def test_one_row_a_user_tells_of_the_last(
    make: Callable[[tuple[str, ...]], Table], there: dict[str, Any], stays: bool
) -> None:
    copy, rows, put = make(USER)
    theirs = {"userid": {"N": "4711"}, **there}
    put(theirs)
    assert copy.copy([(alert(), "")]).written == (0 if stays else 1)
    [row] = rows()
    assert (row == theirs) is stays


def test_one_row_a_user_whatever_the_order(make: Callable[[tuple[str, ...]], Table]) -> None:
    later = alert("b", opened_at=OPENED + 60_000_000)
    for order in ([alert(), later], [later, alert()]):
        copy, rows, _ = make(USER)
        copy.copy([(one, "") for one in order])
        assert ids(rows()) == [("b", 1)]


@pytest.mark.parametrize("key", [USER, USER_AND_TIME])
def test_many_at_once(make: Callable[[tuple[str, ...]], Table], key: tuple[str, ...]) -> None:
    copy, rows, _ = make(key)
    start = threading.Barrier(6)

    def work(number: int) -> None:
        start.wait()
        for version in (1, 2):
            copy.copy([(alert("ab"[number % 2], version=version), "")])

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))
    assert ids(rows()) == ([("b", 2)] if key == USER else [("a", 2), ("b", 2)])


def test_the_others_are_counted_and_said(make: Callable[[tuple[str, ...]], Table]) -> None:
    copy, rows, _ = make(USER)
    copied = copy.copy([(alert("x", "user-12"), ""), (alert(), ""), (alert("y", "0042"), "")])
    assert copied == Copied(written=1, unchanged=0, refused=("x", "y"))
    assert len(rows()) == 1
    assert copied.said().startswith("2 alert(s) not copied to fraud_user_event")
    assert copied.said("zh").startswith("2 条告警未写入 fraud_user_event")
    assert "user-12" not in copied.said() + copied.said("zh")
    assert Copied(written=1, unchanged=0, refused=()).said() == ""


@pytest.mark.parametrize(
    ("account", "fits"),
    [
        ("0", True),
        ("4711", True),
        ("-5", True),
        ("9" * 38, True),
        ("9" * 39, False),
        ("1" + "0" * 38, False),
        # Each of these would be another account's number.
        ("007", False),
        ("+7", False),
        ("-0", False),
        ("7.0", False),
        ("7e0", False),
        (" 7", False),
        ("７", False),
        ("²", False),
        ("1_0", False),
        ("", False),
        ("-", False),
        ("--5", False),
        ("9" * 10_000, False),
    ],
)
def test_which_accounts_fit(account: str, fits: bool) -> None:
    assert fits_userid(account) is fits


def test_an_account_that_just_fits(make: Callable[[tuple[str, ...]], Table]) -> None:
    copy, rows, _ = make(USER)
    assert copy.copy([(alert(account="9" * 38), "")]).written == 1
    assert rows()[0]["userid"] == {"N": "9" * 38}


def test_a_long_note_is_cut(make: Callable[[tuple[str, ...]], Table]) -> None:
    copy, rows, _ = make(USER)
    copy.copy([(alert(reasons=("x" * 5000,), findings=()), "")])
    [row] = rows()
    assert len(row["note"]["S"]) == 2000
    assert row["note"]["S"].endswith("x...")
    assert "probability" not in json.loads(row["data"]["S"])


def test_another_table_is_refused(make: Callable[[tuple[str, ...]], Table]) -> None:
    copy, rows, _ = make(("pk", "sk"))
    with pytest.raises(InputError, match="has pk, sk in its key"):
        copy.copy([(alert(), "")])
    assert rows() == []


def test_gone(server: DynamoDBServer) -> None:
    copy = open_fraud_user_event(server.new_url(), server.session)
    try:
        with pytest.raises(StoreGone, match="no table"):
            copy.copy([(alert(), "")])
        assert copy.copy([(alert(account="x"), "")]).refused == ("a",)
    finally:
        copy.close()
