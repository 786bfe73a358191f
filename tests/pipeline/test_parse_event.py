"""Events as senders write them, and what is none."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.events import Event
from tradeglyph.pipeline.parse_event import AHEAD_US, LONGEST_TEXT, BadEvent, parse_event

NOW = 1_767_323_045_000_000  # 2026-01-02T03:04:05Z
SENT = NOW - 1_000_000


def parsed(body: Any, message_id: str | None = "m-1", sent_at: int | None = SENT) -> Event:
    text = body if isinstance(body, str) else json.dumps(body)
    return parse_event(text, message_id=message_id, sent_at=sent_at, now=NOW)


def refused(body: Any, **transport: Any) -> str:
    with pytest.raises(BadEvent) as caught:
        parsed(body, **transport)
    reason = str(caught.value)
    assert "\n" not in reason
    return reason


def test_the_message_of_the_published_sample() -> None:
    event = parsed({"userid": 7, "symbol": "BTCUSDT", "amount": 100, "businessType": "withdraw"})
    assert event == Event(
        key="message:m-1",
        account_id="7",
        time=SENT,
        symbol="BTCUSDT",
        amount=Decimal(100),
        kind="withdraw",
        signals={},
    )


def test_everything_said() -> None:
    event = parsed(
        {
            "account_id": "客户🙂'; DROP TABLE x; --",
            "event_id": "w-9",
            "occurred_at": "2026-01-02T11:04:04.5+08:00",
            "amount": "10.10",
            "signals": {"new_device": True, "address_age_hours": 1.5, "unknown": None},
        }
    )
    assert event.key == "event:w-9"
    assert event.account_id == "客户🙂'; DROP TABLE x; --"
    assert event.time == NOW - 500_000
    assert event.amount == Decimal("10.10")
    assert event.signals == {"new_device": True, "address_age_hours": 1.5}


def test_signals_as_a_list_of_names() -> None:
    signals = parsed({"userid": 1, "signals": ["new_device"]}).signals
    assert signals == {"new_device": True}


@pytest.mark.parametrize("per", [1, 10**3, 10**6, 10**9])
def test_epochs_of_every_unit(per: int) -> None:
    said = NOW * per // 10**6
    assert parsed({"userid": 1, "occurred_at": said}).time == NOW


def test_an_amount_is_exact() -> None:
    assert parsed('{"userid": 1, "amount": 0.1}').amount == Decimal("0.1")


@pytest.mark.parametrize("said", ["1e30", "12345678901234567890123456789012345.0"])
def test_long_numbers_are_ids(said: str) -> None:
    assert parsed(f'{{"userid": {said}, "event_id": {said}}}').account_id == str(int(Decimal(said)))


def test_numbers_and_texts_name_one_account() -> None:
    names = {parsed(f'{{"userid": {said}}}').account_id for said in ("12", '"12"', "12.0", "1.2e1")}
    assert names == {"12"}


class TestKey:
    def test_the_senders_id_comes_first(self) -> None:
        assert parsed({"userid": 1, "event_id": 5}).key == "event:5"

    def test_a_senders_id_is_no_transports_id(self) -> None:
        sender = parsed({"userid": 1, "event_id": "m-1"}).key
        assert sender != parsed({"userid": 1}, message_id="m-1").key

    def test_a_body_makes_a_key_only_where_it_says_when(self) -> None:
        body = json.dumps({"userid": 1, "occurred_at": "2026-01-02T03:04:05Z"})
        key = parsed(body, message_id=None).key
        assert key == "body:" + hashlib.sha256(body.encode()).hexdigest()
        reason = refused({"userid": 1}, message_id=None)
        assert "event_id" in reason

    def test_an_empty_id_is_none(self) -> None:
        assert parsed({"userid": 1, "event_id": " "}).key == "message:m-1"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("Message Body", "not JSON"),
        ("", "not JSON"),
        ('{"userid": NaN}', "NaN"),
        ("[" * 100_000, "not"),
        ("[]", "list"),
        ('{"userid": 1, "userid": 2}', "gives userid twice"),
        ('{"userid": 1, "userid": 1}', "gives userid twice"),
        ('{"userid": 1, "4711": 1, "4711": 2}', "gives a member twice"),
        ('{"userid": 1, "signals": {"new_device": true, "new_device": false}}', "twice"),
        ("null", "null"),
        ('"x"', "text"),
        ("{}", "userid"),
        ({"userid": ""}, "userid"),
        ({"userid": None}, "userid"),
        ({"userid": True}, "userid"),
        ({"userid": 1.5}, "userid"),
        ({"userid": ["a"]}, "userid"),
        ({"userid": "a\0b"}, "userid"),
        ('{"userid": "\\ud800"}', "userid"),
        ({"userid": "x" * (LONGEST_TEXT + 1)}, "userid"),
        ('{"userid": 1e999999}', "userid"),
        ('{"userid": 1e9999999999999999999}', "not JSON"),
        ('{"userid": 1, "signals": {"x": 1e9999999}}', "signal"),
        ('{"userid": 1e-9999999}', "userid"),
        ({"userid": "a", "account_id": "b"}, "two accounts"),
        ({"userid": 1, "amount": "ten"}, "amount"),
        ({"userid": 1, "amount": -1}, "amount"),
        ({"userid": 1, "amount": True}, "amount"),
        ({"userid": 1, "amount": {}}, "amount"),
        ('{"userid": 1, "amount": 1e40}', "amount"),
        ({"userid": 1, "signals": "new"}, "signals"),
        ({"userid": 1, "signals": {"new_device": "yes"}}, "signal"),
        ({"userid": 1, "occurred_at": "2026-01-02T03:04:05"}, "offset"),
        ({"userid": 1, "occurred_at": "yesterday"}, "occurred_at"),
        ({"userid": 1, "occurred_at": 20260102}, "occurred_at"),
        ({"userid": 1, "occurred_at": []}, "occurred_at"),
        ({"userid": 1, "occurred_at": "1066-10-14T09:00:00Z"}, "1990"),
        ({"userid": 1, "occurred_at": "2026-01-02T04:04:05Z"}, "ahead"),
    ],
)
def test_what_is_no_event(body: Any, word: str) -> None:
    assert word in refused(body)


def test_a_clock_may_run_a_little_ahead() -> None:
    assert parsed({"userid": 1, "occurred_at": NOW + AHEAD_US}).time == NOW + AHEAD_US
    refused({"userid": 1, "occurred_at": NOW + AHEAD_US + 1})


def test_an_account_may_be_any_whole_number() -> None:
    # More digits than a decimal's remainder can have.
    assert parsed('{"userid": 1e30}').account_id == "1" + 30 * "0"
    assert parsed('{"userid": 7.0}').account_id == "7"
    assert "not text or a whole number" in refused('{"userid": 7.5}')


def test_an_event_without_any_time() -> None:
    assert "occurred_at" in refused({"userid": 1, "event_id": "a"}, sent_at=None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["userid", "account_id", "event_id", "occurred_at", "amount", "signals", "symbol"]
)


@given(st.text() | JSON.map(json.dumps) | st.dictionaries(NAMES, JSON).map(json.dumps))
def test_any_text_is_an_event_or_refused(body: str) -> None:
    try:
        event = parsed(body)
    except BadEvent:
        return
    assert event.key
    assert event.account_id
    event.account_id.encode()
