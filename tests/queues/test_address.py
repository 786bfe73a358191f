"""Addresses of queues: what is understood, what is refused, and that no secret is repeated."""

from pathlib import Path

import pytest

from tests.queues.clocks import WALL
from tradeglyph.domain.errors import InputError
from tradeglyph.queues.address import open_queue


def test_three_slashes_are_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    queue = open_queue("sqlite:///state/the%20queue.db", clock=WALL)
    assert not (tmp_path / "state").exists()
    queue.send(["a"])
    queue.close()
    assert (tmp_path / "state" / "the queue.db").is_file()


def test_four_slashes_are_the_root(tmp_path: Path) -> None:
    queue = open_queue(f"sqlite:///{tmp_path}/q.db?max_deliveries=1", clock=WALL)
    queue.send(["a"])
    queue.close()
    assert (tmp_path / "q.db").is_file()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "queue.db",
        "redis://h",
        "sqlite://queue.db",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///folder/",
        "sqlite:///q.db?max_deliveries=0",
        "sqlite:///q.db?max_deliveries=many",
        "sqlite:///q.db?dead=x",
        "sqs://",
        "sqs://a.fifo",
        "sqs://a/b",
        "sqs://a?dead=b.c",
        "sqs://a?endpoint=localhost",
        "sqs://a?endpoint=http://[",
        "sqs://[",
        "https://example.com/1/q",
        "https://sqs.eu-west-1.amazonaws.com/q",
        "https://sqs.eu-west-1.amazonaws.com/12/q#x",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(InputError) as refused:
        open_queue(url, clock=WALL)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqs://me:s3cret@queue",
        "sqlite://me:s3cret@host/q.db",
        "sqs://q?endpoint=http://me:s3cret@host",
        "mysql://me:s3cret@host/q",
    ],
)
def test_a_secret_is_not_repeated(url: str) -> None:
    with pytest.raises(InputError) as refused:
        open_queue(url, clock=WALL)
    assert "s3cret" not in str(refused.value)
