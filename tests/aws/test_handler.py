"""The function against SQS, DynamoDB and Secrets Manager, and a database of trades."""

import json
import logging
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.aws.batches import SENT, batch, record, withdrawal
from tests.aws.conftest import Account
from tests.aws.exchange import CASUAL, IDLE, LOSER, TAKER
from tests.shared import shared
from tradeglyph.domain.errors import InputError, TradeglyphError
from tradeglyph.domain.findings import Decision
from tradeglyph.ports.alert_store import AlertStore

pytest.importorskip("boto3", reason="needs the extra `aws`")
pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")

POLARS_AND_OTHERS = ("polars", "torch", "matplotlib", "fastapi", "typer", "alembic", "sklearn")


@pytest.fixture
def handle(account: Account) -> Iterator[Any]:
    from tradeglyph.aws.handler import Handler

    with closing(Handler()) as handler:
        yield handler


def failures(answer: dict[str, Any]) -> list[str]:
    assert set(answer) == {"batchItemFailures"}
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def raised(alerts: AlertStore) -> dict[str, Decision]:
    page = alerts.alerts()
    assert page.cursor is None
    return {alert.account_id: alert.decision for alert in page.alerts}


def test_messages_of_the_sample_are_answered(handle: Any, alerts: AlertStore) -> None:
    users = (TAKER, LOSER, CASUAL, IDLE)
    assert failures(handle(batch(*(withdrawal(user) for user in users)), None)) == []
    assert raised(alerts) == {str(TAKER): Decision.HOLD, str(LOSER): Decision.HOLD}
    known = alerts.handled([f"message:m-{number}" for number in range(4)])
    assert [one.account_id for _, one in sorted(known.items())] == [str(user) for user in users]
    assert {one.time for one in known.values()} == {SENT * 1_000_000}
    [alert] = alerts.alerts(account_id=str(TAKER)).alerts
    assert "took at least 2,070.00 from 1002" in alert.reasons[0]


def test_a_message_that_comes_again_changes_nothing(handle: Any, alerts: AlertStore) -> None:
    event = batch(withdrawal(TAKER), withdrawal(CASUAL))
    many = {"Records": event["Records"] * 25}
    for one in (many, event):
        assert failures(handle(one, None)) == []
    [alert] = alerts.alerts().alerts
    assert (alert.version, len(alerts.trail(alert.alert_id))) == (1, 1)


def test_what_is_no_event_is_buried_with_its_reason(
    account: Account, handle: Any, alerts: AlertStore
) -> None:
    bad = ("Message Body", "[1]", '{"symbol": "COIN"}', '{"userid": 1, "amount": "🐳"}')
    answer = handle(batch(bad[0], withdrawal(TAKER), *bad[1:]), None)
    assert failures(answer) == []
    assert raised(alerts) == {str(TAKER): Decision.HOLD}
    letters = dict(account.dead())
    assert set(letters) == set(bad)
    assert "not JSON" in letters["Message Body"]
    assert "list" in letters["[1]"]
    assert "account" in letters['{"symbol": "COIN"}']


def test_the_event_that_aws_shows(account: Account, handle: Any, alerts: AlertStore) -> None:
    """Its body is no JSON; the rest of its batch is done, and it does not come again."""
    shown = json.loads(shared("data/aws_events/sqs-event.json").read_text())
    assert failures(handle(shown, None)) == []
    ((body, reason),) = account.dead()
    assert (body, reason.partition(":")[0]) == ("Message Body", "not JSON")
    both = {"Records": [*shown["Records"], record(7, withdrawal(TAKER))]}
    assert failures(handle(both, None)) == []
    assert raised(alerts) == {str(TAKER): Decision.HOLD}
    assert len(account.dead()) == 1


def test_without_a_dead_letter_queue_what_is_no_event_becomes_an_alert(
    handle: Any,
    alerts: AlertStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.delenv("TRADEGLYPH_DEAD_LETTERS")
    caplog.set_level(logging.INFO)
    bodies = ("hush, 4711", "{hush", withdrawal(TAKER))
    for _ in range(2):  # once more changes nothing
        assert failures(handle(batch(*bodies), None)) == []
    assert raised(alerts) == {
        str(TAKER): Decision.HOLD,
        "message m-0": Decision.REVIEW,
        "message m-1": Decision.REVIEW,
    }
    for alert in alerts.alerts().alerts:
        if alert.account_id == str(TAKER):
            continue
        body = bodies[int(alert.account_id[-1])]
        kept = alerts.exhibit(alert.alert_id, "body.txt")
        assert (kept.content, kept.media_type) == (body.encode(), "text/plain")
        assert alert.reasons[0].startswith("not JSON")
        assert len(alert.events) == 1
    assert "m-0: not JSON" in caplog.text
    assert "hush" not in caplog.text
    assert "4711" not in caplog.text


def test_a_dead_letter_queue_that_is_gone_harms_nobody_else(
    account: Account, handle: Any, alerts: AlertStore, caplog: pytest.LogCaptureFixture
) -> None:
    url = account.url(account.dead_letters)
    account.sqs.delete_queue(QueueUrl=url)
    assert failures(handle(batch("no JSON", withdrawal(TAKER)), None)) == ["m-0"]
    assert f"not given up, it comes again: m-0: SQS refuses {account.dead_letters}" in caplog.text
    assert raised(alerts) == {str(TAKER): Decision.HOLD}
    account.sqs.create_queue(QueueName=account.dead_letters)
    assert failures(handle(batch("no JSON", withdrawal(TAKER)), None)) == []
    assert [body for body, _ in account.dead()] == ["no JSON"]


def test_dead_letters_of_a_fifo_queue_are_refused(
    account: Account, handle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take none of ours, and each would come again."""
    url = account.url(account.dead_letters)
    monkeypatch.setenv("TRADEGLYPH_DEAD_LETTERS", f"{url}.fifo")
    with pytest.raises(InputError, match="TRADEGLYPH_DEAD_LETTERS is a FIFO queue"):
        handle(batch("no JSON"), None)


def test_dead_letters_that_hang_are_waited_for_once(
    account: Account,
    handle: Any,
    alerts: AlertStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Else a batch outlives the function, which then has returned nothing of what is done."""
    from tradeglyph.aws.dead_letters import DeadLetters
    from tradeglyph.ports.queue import Message, QueueGone

    asked: list[str] = []

    def hang(_: DeadLetters, message: Message, reason: str) -> None:
        asked.append(message.message_id)
        raise QueueGone

    caplog.set_level(logging.INFO)
    with monkeypatch.context() as hanging:
        hanging.setattr(DeadLetters, "bury", hang)
        event = batch("no JSON", withdrawal(TAKER), "neither", "nor this")
        assert failures(handle(event, None)) == ["m-0", "m-2", "m-3"]
    assert asked == ["m-0"]
    assert "failed=3 buried=0 failures=3" in caplog.text
    assert raised(alerts) == {str(TAKER): Decision.HOLD}
    assert failures(handle(event, None)) == []
    assert "failed=0 buried=3 failures=0" in caplog.text
    assert {body for body, _ in account.dead()} == {"no JSON", "neither", "nor this"}


def test_a_letter_that_was_sent_again_keeps_its_id_and_time(
    handle: Any, alerts: AlertStore
) -> None:
    again = record(3, withdrawal(IDLE))
    again["messageAttributes"] = {
        "tradeglyph-id": {"stringValue": "first", "dataType": "String"},
        "tradeglyph-sent-at": {"stringValue": f"{SENT - 9}000000", "dataType": "String"},
        "Attribute2": {"binaryValue": "MTEwMA==", "dataType": "Binary"},
    }
    assert failures(handle({"Records": [again]}, None)) == []
    known = alerts.handled(["message:first", "message:m-3"])
    assert {key: one.time for key, one in known.items()} == {
        "message:first": (SENT - 9) * 1_000_000
    }


def test_its_failure_is_named_as_sqs_names_it(
    account: Account, handle: Any, tmp_path: Path
) -> None:
    (tmp_path / "exchange.db").unlink()
    now = _now_ms()
    again = record(3, withdrawal(IDLE), SentTimestamp=now)
    again["messageAttributes"] = {"tradeglyph-id": {"stringValue": "a:first"}}
    assert failures(handle({"Records": [again]}, None)) == ["m-3"]


def _now_ms() -> str:
    import time

    return str(time.time_ns() // 1_000_000)


def test_a_source_that_is_gone_delays_until_the_limit(
    handle: Any, alerts: AlertStore, tmp_path: Path
) -> None:
    """Then a person has to look. When it is back before, the answer is the usual one."""
    database = tmp_path / "exchange.db"
    database.rename(tmp_path / "away")
    fresh = record(0, withdrawal(TAKER), SentTimestamp=_now_ms())
    old = record(1, withdrawal(LOSER))
    assert failures(handle({"Records": [fresh, old]}, None)) == ["m-0"]
    assert raised(alerts) == {str(LOSER): Decision.REVIEW}
    assert alerts.handled(["message:m-0"]) == {}
    (tmp_path / "away").rename(database)
    assert failures(handle(batch(withdrawal(TAKER)), None)) == []
    assert raised(alerts)[str(TAKER)] is Decision.HOLD


def test_a_store_that_is_gone_fails_all_and_comes_back(
    account: Account, handle: Any, alerts: AlertStore
) -> None:
    event = batch(withdrawal(TAKER), withdrawal(CASUAL))
    assert failures(handle(batch(withdrawal(IDLE, event_id="warm")), None)) == []
    account.server.stop()
    try:
        # The open connections, then none.
        assert failures(handle(event, None)) == ["m-0", "m-1"]
        with pytest.raises(TradeglyphError, match="Secrets Manager can't be reached"):
            handle(event, None)
    finally:
        account.server.start()
    assert failures(handle(event, None)) == []
    assert raised(alerts) == {str(TAKER): Decision.HOLD}


def test_a_table_that_is_not_there_fails_all(
    account: Account, handle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEGLYPH_STORE__URL", account.server.new_url())
    assert failures(handle(batch(withdrawal(TAKER), "no JSON"), None)) == ["m-0", "m-1"]


def test_alerts_are_copied_to_the_table_of_the_sample(
    account: Account, handle: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Also where the first copy failed after the event was recorded."""
    table = f"fraud_user_event-{account.queue}"
    region = f"?region=eu-west-1&endpoint={account.server.endpoint}"
    monkeypatch.setenv("TRADEGLYPH_FRAUD_USER_EVENT", f"dynamodb://{table}{region}")
    event = batch(withdrawal(TAKER), withdrawal(CASUAL))
    assert failures(handle(event, None)) == ["m-0", "m-1"]
    with closing(
        account.server.session.client("dynamodb", endpoint_url=account.server.endpoint)
    ) as client:
        client.create_table(
            TableName=table,
            AttributeDefinitions=[{"AttributeName": "userid", "AttributeType": "N"}],
            KeySchema=[{"AttributeName": "userid", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        assert failures(handle(event, None)) == []
        assert failures(handle(event, None)) == []
        [row] = client.scan(TableName=table)["Items"]
    assert row["userid"] == {"N": str(TAKER)}
    assert row["businessType"] == {"S": "withdraw"}
    assert json.loads(row["data"]["S"])["decision"] == "hold"


def test_an_event_id_of_another_account_lets_nobody_through_where_alerts_are_copied(
    account: Account, handle: Any, alerts: AlertStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = f"fraud_user_event-{account.queue}"
    region = f"?region=eu-west-1&endpoint={account.server.endpoint}"
    monkeypatch.setenv("TRADEGLYPH_FRAUD_USER_EVENT", f"dynamodb://{table}{region}")
    with closing(
        account.server.session.client("dynamodb", endpoint_url=account.server.endpoint)
    ) as client:
        client.create_table(
            TableName=table,
            AttributeDefinitions=[{"AttributeName": "userid", "AttributeType": "N"}],
            KeySchema=[{"AttributeName": "userid", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        other = withdrawal(LOSER, event_id="w-1", businessType="transfer")
        assert failures(handle(batch(withdrawal(TAKER, event_id="w-1")), None)) == []
        assert failures(handle(batch(other), None)) == []
        [row] = client.scan(TableName=table)["Items"]
    assert [reason for _, reason in account.dead()] == ["its event_id was used for another account"]
    assert raised(alerts) == {str(TAKER): Decision.HOLD}
    assert row["userid"] == {"N": str(TAKER)}
    assert row["businessType"] == {"S": "withdraw"}


def test_a_fault_of_ours_takes_no_other_along_and_ends_among_the_dead(
    account: Account, handle: Any, alerts: AlertStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table of the sample with a key that nothing of ours fits."""
    table = f"strange-{account.queue}"
    region = f"?region=eu-west-1&endpoint={account.server.endpoint}"
    monkeypatch.setenv("TRADEGLYPH_FRAUD_USER_EVENT", f"dynamodb://{table}{region}")
    with closing(
        account.server.session.client("dynamodb", endpoint_url=account.server.endpoint)
    ) as client:
        client.create_table(
            TableName=table,
            AttributeDefinitions=[{"AttributeName": "uid", "AttributeType": "N"}],
            KeySchema=[{"AttributeName": "uid", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
    event = batch(withdrawal(CASUAL), withdrawal(TAKER))
    assert failures(handle(event, None)) == ["m-1"]
    event["Records"][1]["attributes"]["ApproximateReceiveCount"] = "5"
    assert failures(handle(event, None)) == []
    ((_, reason),) = account.dead()
    assert "InputError 5 times" in reason
    assert raised(alerts) == {str(TAKER): Decision.HOLD}


def test_a_password_that_was_changed_is_asked_for_again(
    account: Account, handle: Any, tmp_path: Path
) -> None:
    """After a failure the secret is read once more; between, it is not."""
    with closing(
        account.server.session.client("secretsmanager", endpoint_url=account.server.endpoint)
    ) as secrets:
        right = secrets.get_secret_value(SecretId=account.secret)["SecretString"]
        wrong = right.replace("exchange.db", "elsewhere.db")
        fresh = {"Records": [record(0, withdrawal(TAKER), SentTimestamp=_now_ms())]}
        secrets.put_secret_value(SecretId=account.secret, SecretString=wrong)
        assert failures(handle(fresh, None)) == ["m-0"]
        secrets.put_secret_value(SecretId=account.secret, SecretString=right)
        assert failures(handle(batch(withdrawal(TAKER)), None)) == []
        secrets.put_secret_value(SecretId=account.secret, SecretString="no TOML")
        assert failures(handle(batch(withdrawal(CASUAL, event_id="later")), None)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hush = [", "is not TOML"),
        ("hush = 1", "hush: is unknown"),
        ('[queue]\nurl = "sqlite:///q.db"', "no source of trades"),
    ],
)
def test_a_wrong_configuration_is_said(account: Account, handle: Any, text: str, said: str) -> None:
    with closing(
        account.server.session.client("secretsmanager", endpoint_url=account.server.endpoint)
    ) as secrets:
        secrets.put_secret_value(SecretId=account.secret, SecretString=text)
    with pytest.raises(InputError, match=said):
        handle(batch(withdrawal(TAKER)), None)


def test_a_secret_that_is_not_there_is_said(handle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEGLYPH_CONFIGURATION_SECRET", "nobody")
    with pytest.raises(TradeglyphError, match="ResourceNotFoundException"):
        handle(batch(withdrawal(TAKER)), None)


def test_a_secret_that_is_waited_for_in_vain_is_said(
    handle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from a network without a way to Secrets Manager; long before the function's time is up."""
    from tradeglyph.aws import configuration

    asked = configuration.ATTEMPTS * (configuration.CONNECT_S + configuration.ANSWER_S)
    assert asked <= 24
    monkeypatch.setattr(configuration, "ANSWER_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", address)
        with pytest.raises(TradeglyphError, match="can't be reached: ReadTimeoutError"):
            handle(batch(withdrawal(TAKER)), None)


@pytest.mark.parametrize("event", [{}, {"Records": [{"s3": {}}]}, [], {"Records": {}}, "hush"])
def test_an_event_of_another_service_is_refused(handle: Any, event: object) -> None:
    with pytest.raises(InputError, match="not a batch of SQS") as refused:
        handle(event, None)
    assert "hush" not in str(refused.value)


def test_an_empty_batch_is_done(handle: Any) -> None:
    assert failures(handle({"Records": []}, None)) == []


def test_the_log_tells_figures_and_no_account(
    handle: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    handle(batch(withdrawal(TAKER), withdrawal(CASUAL), "hush"), None)
    assert "received=3 answered=2 repeated=0 alerts=1" in caplog.text
    for secret in (str(TAKER), str(CASUAL), "hush", "exchange.db", "withdraw", "testing"):
        assert secret not in caplog.text


def test_events_of_hostile_senders(handle: Any, account: Account, alerts: AlertStore) -> None:
    """Each is answered or among the dead letters; nothing comes again."""
    hostile = [
        withdrawal(TAKER, occurred_at="2999-01-01T00:00:00Z"),
        {"userid": "1001'; DROP TABLE t_trade; --"},
        {"userid": "🐳" * 100},
        {"userid": "x" * 5000},
        {"userid": [1]},
        {"userid": 1, "amount": -1},
        "[" * 100_000,
        "null",
        {"userid": "nobody", "event_id": "e" * 512},
    ]
    assert failures(handle(batch(*hostile), None)) == []
    assert len(account.dead()) == 6
    assert len(alerts.handled([f"message:m-{n}" for n in (1, 2)] + ["event:" + "e" * 512])) == 3
    assert failures(handle(batch(withdrawal(TAKER)), None)) == []
    assert raised(alerts) == {str(TAKER): Decision.HOLD}


def test_it_needs_neither_polars_nor_what_else_is_left_out(
    account: Account, alerts: AlertStore
) -> None:
    """From a fresh process, with real sources: a database of trades."""
    program = (
        f"import sys, json\nfor name in {POLARS_AND_OTHERS}: sys.modules[name] = None\n"
        "from tradeglyph.aws.handler import handle\n"
        "print(json.dumps(handle(json.load(sys.stdin), None)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        input=json.dumps(batch(withdrawal(TAKER))),
        env={**os.environ, "AWS_ENDPOINT_URL": account.server.endpoint},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"batchItemFailures": []}
    assert raised(alerts) == {str(TAKER): Decision.HOLD}


def test_importing_it_connects_to_nothing(tmp_path: Path) -> None:
    program = (
        "import socket, sys\n"
        "def no(*_): raise AssertionError('connects')\n"
        "socket.socket.connect = no\n"
        "import tradeglyph.aws.handler\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TRADEGLYPH_CONFIGURATION_SECRET": "x"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_the_database_of_the_exchange_is_not_written(handle: Any, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "exchange.db")) as database:
        before = list(database.iterdump())
        handle(batch(withdrawal(TAKER)), None)
        assert list(database.iterdump()) == before
