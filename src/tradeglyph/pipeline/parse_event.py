"""Reads an event out of the text that a queue or a client hands over."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from tradeglyph.domain.events import Event
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.instants import instant_of, instant_of_count, unit_of

LONGEST_TEXT = 512
"""Characters of an account, a symbol, a kind or an id: nobody's are longer, and stores must index
them."""
LONGEST_BODY = 262_144
"""Characters of a body, no more than a message of SQS may have bytes."""
MOST_SIGNALS = 64
AHEAD_US = 300 * MICROSECONDS
"""How far an event's time may lie ahead of ours: clocks differ, and five minutes is what Kerberos
allows them (RFC 4120, 1.6)."""

_NAMES = frozenset(
    ("account_id", "userid", "symbol", "amount", "businessType", "business_type", "event_id")
) | {"occurred_at", "signals"}


class BadEvent(Exception):  # noqa: N818  says what it is
    """No event can be made of the text, now or ever; the message is the reason, in one line."""


def parse_event(body: str, *, message_id: str | None, sent_at: int | None, now: int) -> Event:
    """The event in `body`, a JSON object.

    Args:
        message_id: the transport's id, which makes the key where the sender gives no `event_id`.
        sent_at: when the transport took it, microseconds UTC; the event's time where the sender
            gives no `occurred_at`.
        now: microseconds UTC.

    Raises BadEvent where it is none: not JSON, a member given twice, not an object, no account, a
    key that cannot be made, a time that is in the future or says no offset, an amount that is no
    amount.
    """
    return event_of(_fields(body), body=body, message_id=message_id, sent_at=sent_at, now=now)


def event_of(
    fields: Mapping[str, Any],
    *,
    message_id: str | None,
    sent_at: int | None,
    now: int,
    body: str = "",
) -> Event:
    """The event of members that were read already, numbers with a point as `Decimal`.

    Args: as of `parse_event`, whose `body` makes the key where nothing else does. Raises BadEvent
    as it does.
    """
    time = _time(fields, sent_at, now)
    return Event(
        key=_key(fields, body, message_id),
        account_id=_account(fields),
        time=time,
        symbol=_text(fields, "symbol"),
        amount=_amount(fields),
        kind=_text(fields, "businessType", "business_type"),
        signals=_signals(fields),
    )


def _fields(body: str) -> dict[str, Any]:
    if len(body) > LONGEST_BODY:
        raise BadEvent(f"{len(body):,} characters: an event has {LONGEST_BODY:,} at most")
    try:
        fields = json.loads(
            body,
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=each_once,
        )
    except RecursionError:
        raise BadEvent("not an event: its JSON is nested too deeply") from None
    except (ValueError, ArithmeticError) as error:
        # A number with an exponent that no decimal holds is none, either.
        raise BadEvent(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise BadEvent(f"a JSON {_kind(fields)}, not an object")
    return fields


def each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON (`object_pairs_hook`). Raises BadEvent where a member is given twice: which
    of them is meant nobody knows, and readers differ in which they take."""
    fields = dict(members)
    if len(fields) == len(members):
        return fields
    counts = Counter(name for name, _ in members)
    twice = next(name for name, times in counts.items() if times > 1)
    # Reasons are logged: what is no name of ours may be anything.
    raise BadEvent(f"gives {twice if twice in _NAMES else 'a member'} twice: give it once")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _account(fields: Mapping[str, Any]) -> str:
    names = [_text(fields, name) for name in ("account_id", "userid")]
    given = {name for name in names if name}
    if not given:
        raise BadEvent("names no account: give userid or account_id")
    if len(given) > 1:
        raise BadEvent("userid and account_id name two accounts: give one")
    return given.pop()


def _text(fields: Mapping[str, Any], *names: str) -> str:
    """The first of the fields that is given, as text; empty where none is."""
    for name in names:
        value = fields.get(name)
        if value is None:
            continue
        if isinstance(value, Decimal) and _is_whole(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise BadEvent(f"{name} is a JSON {_kind(value)}, not text or a whole number")
        text = str(value).strip()
        if len(text) > LONGEST_TEXT:
            raise BadEvent(f"{name} has {len(text):,} characters, {LONGEST_TEXT} at most")
        if not _can_be_kept(text):
            raise BadEvent(f"{name} holds characters that no store can keep")
        return text
    return ""


def _is_whole(value: Decimal) -> bool:
    """Whether it is a whole number of a length that an id may have."""
    return abs(value.adjusted()) < LONGEST_TEXT and value == value.to_integral_value()


def _can_be_kept(text: str) -> bool:
    """NUL is refused by databases, and half a surrogate pair by UTF-8."""
    return "\0" not in text and not any("\ud800" <= mark <= "\udfff" for mark in text)


def _amount(fields: Mapping[str, Any]) -> Decimal | None:
    value = fields.get("amount")
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise BadEvent(f"amount is a JSON {_kind(value)}, not a number")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise BadEvent("amount is not a number") from None
    if not amount.is_finite() or amount < 0 or amount.adjusted() > 30:
        raise BadEvent("amount must be a number of 0 or more, and less than 1e31")
    return amount


def _signals(fields: Mapping[str, Any]) -> dict[str, bool | float]:
    value = fields.get("signals")
    if value is None:
        return {}
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        value = dict.fromkeys(value, True)
    if not isinstance(value, dict):
        raise BadEvent(f"signals is a JSON {_kind(value)}, not an object or a list of names")
    if len(value) > MOST_SIGNALS:
        raise BadEvent(f"{len(value)} signals, {MOST_SIGNALS} at most")
    return {name: _signal(name, said) for name, said in value.items() if said is not None}


def _signal(name: str, said: Any) -> bool | float:
    if len(name) > LONGEST_TEXT or not _can_be_kept(name):
        raise BadEvent("a signal's name is too long, or holds characters that no store can keep")
    if isinstance(said, bool):
        return said
    if not isinstance(said, int | Decimal) or Decimal(said).copy_abs() > 10**15:
        raise BadEvent("a signal is true, false, or a number of 1e15 at most")
    return float(said)


def _key(fields: Mapping[str, Any], body: str, message_id: str | None) -> str:
    """Each kind of key in a space of its own: a sender's id can't be a transport's by accident."""
    said = _text(fields, "event_id")
    if said:
        return f"event:{said}"
    if message_id:
        return f"message:{message_id}"
    if fields.get("occurred_at") is not None:
        return f"body:{hashlib.sha256(body.encode()).hexdigest()}"
    raise BadEvent(
        "two equal withdrawals could not be told apart: give event_id, or occurred_at at least"
    )


def _time(fields: Mapping[str, Any], sent_at: int | None, now: int) -> int:
    said = fields.get("occurred_at")
    if said is None:
        if sent_at is None:
            raise BadEvent("says not when it happened: give occurred_at")
        return sent_at
    time = _instant(said)
    if time > now + AHEAD_US:
        ahead = timedelta(microseconds=time - now)
        raise BadEvent(f"occurred_at lies {ahead} ahead: check the sender's clock")
    return time


def _instant(said: Any) -> int:
    if isinstance(said, bool) or not isinstance(said, str | int | Decimal):
        raise BadEvent(f"occurred_at is a JSON {_kind(said)}, not a time")
    if isinstance(said, str):
        try:
            return instant_of(said.strip())
        except ValueError as error:
            raise BadEvent(f"occurred_at {error}") from None
    per = unit_of([said])
    if not per:
        raise BadEvent("occurred_at is no count of s, ms, us or ns since 1970 that lies after 1990")
    return instant_of_count(said, per)


def _kind(value: Any) -> str:
    names = {dict: "object", list: "list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "number")
