"""`tradeglyph enqueue` and `tradeglyph queue dead`."""

import io
import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import done, refused, tradeglyph
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.ports.queue import Message, Queue
from tradeglyph.queues.address import open_queue

DEFAULT = "tradeglyph-state/queue.db"
EVENT = '{"userid": "7", "amount": 1.10, "symbol": "交易😀"}'


def at(folder: Path, name: str = DEFAULT) -> Queue:
    return open_queue(f"sqlite:///{folder}/{name}", clock=SystemClock())


def waiting(folder: Path, name: str = DEFAULT) -> list[Message]:
    queue = at(folder, name)
    messages = queue.receive(1_000, wait_s=0, lease_s=600)
    queue.close()
    return messages


def buried(folder: Path, bodies: list[str]) -> list[str]:
    """Ids of dead letters in the default queue."""
    queue = at(folder)
    queue.send(bodies)
    messages = queue.receive(1_000, wait_s=0, lease_s=600)
    for message in messages:
        queue.bury(message, f"no good: {message.body[:20]}")
    queue.close()
    return [message.message_id for message in messages]


def test_an_event_is_sent_as_it_is_written(tmp_path: Path) -> None:
    # Over several lines, with a mark of the byte order, as editors leave it.
    pretty = EVENT.replace(", ", ",\n  ")
    (tmp_path / "e.json").write_text("\ufeff" + pretty + "\n", encoding="utf-8")
    said = done("enqueue", "e.json", cwd=tmp_path).stdout
    (message,) = waiting(tmp_path)
    assert message.body == pretty
    assert said == f"message:{message.message_id}\n"


def test_lines_are_events(tmp_path: Path) -> None:
    lines = [EVENT, "", '{"account_id": 8, "note": "a\u2028b"}', '{"userid":"9"}']
    (tmp_path / "e.jsonl").write_text("\r\n".join(lines), encoding="utf-8", newline="")
    summary = json.loads(done("enqueue", "e.jsonl", "--json", cwd=tmp_path).stdout)
    messages = {m.message_id: m.body for m in waiting(tmp_path)}
    assert summary["sent"] == 3
    assert [messages[i] for i in summary["ids"]] == [line for line in lines if line]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("not JSON", "e.json: not JSON: Expecting value"),
        ('{"userid": "7",', "line 1 column 16"),
        ('{"userid": "7",\n "amount"}', "not JSON: Expecting ':' delimiter at line 2, column 10"),
        ('[{"userid": "7"}]', "jq -c '.[]'"),
        ('"7"', "a JSON text, not an object"),
        ('{"symbol": "X"}', "names no account"),
        ('{"userid": ""}', "names no account"),
        ('{"userid": true}', "userid is a JSON true or false"),
        ('{"userid": "7", "userid": "8"}', "gives userid twice"),
        ('{"userid": "7", "amount": NaN}', "NaN is no number"),
        ('{"userid": "7", "amount": -1}', "amount must be a number of 0 or more"),
        ('{"userid": "7", "occurred_at": "2026-01-01T00:00"}', "says no offset: add Z"),
        ('{"userid": "7", "occurred_at": "2199-01-01T00:00Z"}', "check the sender's clock"),
        (EVENT + "\n{}\n", "line 2: names no account"),
        (EVENT + "\n\n[1]\n", "line 3: a JSON list, not an object"),
        (EVENT + '\n{"userid"\n', "line 2: not JSON"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_event_is_refused_and_nothing_is_sent(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "e.json").write_text(text, encoding="utf-8")
    assert said in refused("enqueue", "e.json", cwd=tmp_path)
    assert not (tmp_path / "tradeglyph-state").exists()


def test_every_wrong_line_is_said_up_to_twenty_of_them(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_text("\n".join([EVENT, *["{}"] * 23, "[]"]), encoding="utf-8")
    lines = refused("enqueue", "e.jsonl", cwd=tmp_path).splitlines()
    assert len(lines) == 22
    assert lines[0] == "error: e.jsonl: line 2: names no account: give userid or account_id"
    assert lines[19].startswith("error: e.jsonl: line 21: ")
    assert lines[20:] == [
        "error: ... and 4 more",
        "error: 24 of 25 events are wrong; nothing was sent",
    ]


def test_one_event_id_for_two_accounts_is_refused(tmp_path: Path) -> None:
    lines = [f'{{"userid": "{name}", "event_id": "w"}}' for name in ("a", "a", "b")]
    (tmp_path / "e.jsonl").write_text("\n".join(lines), encoding="utf-8")
    told = refused("enqueue", "e.jsonl", cwd=tmp_path)
    assert "line 3: its event_id names another account in e.jsonl: line 1" in told


def test_standard_input_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Given:
        buffer = io.BytesIO(f"{EVENT}\n{{}}\n".encode())

    monkeypatch.setattr("sys.stdin", Given)
    assert "standard input: line 2: names no account" in refused("enqueue", "-", cwd=tmp_path)
    Given.buffer = io.BytesIO(EVENT.encode())
    done("enqueue", "-", cwd=tmp_path)
    assert [message.body for message in waiting(tmp_path)] == [EVENT]


def test_what_was_answered_before_is_counted(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
    from tests.stores.investigations import NOW, investigation
    from tradeglyph.stores.opening import open_store

    lines = [f'{{"userid": "a", "event_id": "{name}"}}' for name in ("w1", "w2", "w2")]
    (tmp_path / "e.jsonl").write_text("\n".join(lines), encoding="utf-8")
    first = done("enqueue", "e.jsonl", cwd=tmp_path)
    assert first.stdout.splitlines() == ["event:w1", "event:w2", "event:w2"]
    again = "repeated keys: 1, which are answered once"
    assert first.stderr == f"3 events sent: 2 new, 0 answered before; {again}\n"
    # Asking makes no store.
    assert not (tmp_path / "tradeglyph-state" / "alerts.db").exists()
    with closing(open_store(f"sqlite:///{tmp_path}/tradeglyph-state/alerts.db")) as store:
        store.record([investigation("event:w1")], NOW)
    second = json.loads(done("enqueue", "e.jsonl", "--json", cwd=tmp_path).stdout)
    assert (second["sent"], second["new"], second["answered_before"]) == (3, 1, 1)
    # Who sends need not reach the store.
    gone = ("--store", "postgresql://me:hunter2@127.0.0.1:1/alerts")
    third = done("enqueue", "e.jsonl", *gone, cwd=tmp_path)
    assert third.stderr == f"3 events sent; {again}\n"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refused("enqueue", "e.json", cwd=tmp_path)
    (tmp_path / "e.json").write_bytes(b'{"userid": "\xff"}')
    assert "not UTF-8 at byte 12" in refused("enqueue", "e.json", cwd=tmp_path)


def test_the_queue_is_configured_and_the_option_wins(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text(EVENT, encoding="utf-8")
    (tmp_path / "tradeglyph.toml").write_text('[queue]\nurl = "sqlite:///mine.db"\n')
    done("enqueue", "e.json", cwd=tmp_path)
    done("enqueue", "e.json", "--queue", "sqlite:///other.db", cwd=tmp_path)
    assert len(waiting(tmp_path, "mine.db")) == len(waiting(tmp_path, "other.db")) == 1
    assert "queue's address" in refused("enqueue", "e.json", "--queue", "x.db", cwd=tmp_path)


def test_the_environment_names_the_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEGLYPH_QUEUE__URL", "sqlite:///named.db")
    (tmp_path / "e.json").write_text(EVENT, encoding="utf-8")
    done("enqueue", "e.json", cwd=tmp_path)
    assert len(waiting(tmp_path, "named.db")) == 1


def test_a_queue_that_cannot_be_reached_is_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("boto3", reason="needs the extra `aws`")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    (tmp_path / "e.json").write_text(EVENT, encoding="utf-8")
    nowhere = "sqs://withdrawals?endpoint=http://127.0.0.1:1"
    result = tradeglyph("enqueue", "e.json", "--queue", nowhere, cwd=tmp_path)
    assert (result.status, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert "try again later" in result.stderr
    assert "fault of ours" not in result.stderr


def test_dead_letters_are_listed_with_their_reasons(tmp_path: Path) -> None:
    first, second = buried(tmp_path, ["not\nJSON", "x" * 5_000])
    result = done("queue", "dead", "list", cwd=tmp_path)
    one, body, two, cut = result.stdout.splitlines()
    assert one.startswith(f"{first}  2")
    assert one.endswith("Z  no good: not JSON")
    assert body == "    not JSON"
    assert two.startswith(second)
    assert cut == "    " + "x" * 197 + "..."
    assert "2 of 2 dead letters" in result.stderr
    summary = json.loads(done("queue", "dead", "list", "--json", "--most", 1, cwd=tmp_path).stdout)
    (letter,) = summary["dead"]
    assert summary["total"] == 2
    assert letter["id"] == first
    assert letter["body"] == "not\nJSON"
    assert letter["reason"] == "no good: not\nJSON"
    assert letter["attempts"] == 1
    assert letter["died_at"].endswith("Z")
    assert letter["sent_at"] <= letter["died_at"]


def test_dead_letters_are_retried_by_id(tmp_path: Path) -> None:
    first, second = buried(tmp_path, ["a", "b"])
    result = done("queue", "dead", "retry", second, second, "--json", cwd=tmp_path)
    assert json.loads(result.stdout) == {"retried": 1}
    assert [m.message_id for m in waiting(tmp_path)] == [second]
    assert "1 of 2 ids" in refused("queue", "dead", "retry", first, "no-such", cwd=tmp_path)
    assert [m.message_id for m in waiting(tmp_path)] == [first]


def test_all_dead_letters_are_retried(tmp_path: Path) -> None:
    ids = buried(tmp_path, [str(number) for number in range(700)])
    result = done("queue", "dead", "retry", "--all", "--json", cwd=tmp_path)
    assert json.loads(result.stdout) == {"retried": 700}
    assert {m.message_id for m in waiting(tmp_path)} == set(ids)


def test_retry_says_what_it_needs(tmp_path: Path) -> None:
    assert "or --all" in refused("queue", "dead", "retry", cwd=tmp_path)
    assert "not both" in refused("queue", "dead", "retry", "x", "--all", cwd=tmp_path)


def test_looking_makes_no_queue(tmp_path: Path) -> None:
    assert "there is no queue" in refused("queue", "dead", "list", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
