"""Scores over HTTP: what is answered, what is refused, and what happens when it takes too long."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tests.service.conftest import Made, Service
from tests.service.parts import (
    NO_CANDLES,
    NO_ROWS,
    NOW,
    configured,
    default_model,
    gone_source,
    known,
    over,
)
from tradeglyph.domain.findings import Decision, Unanswered
from tradeglyph.pipeline.policy import Band, Policy
from tradeglyph.service import examples
from tradeglyph.service.limits import Limits
from tradeglyph.service.market_rows import candle_rows, trade_rows
from tradeglyph.service.problem import Problem
from tradeglyph.service.score import AT_ONCE

PURE = {name: value for name, value in examples.EVENT.items() if name != "event_id"}
"""The event without an id, of which nothing is kept."""


def body(**changes: Any) -> dict[str, Any]:
    return {**examples.SCORE, **changes}


def test_the_example_is_answered_with_its_evidence(service: Service) -> None:
    said = service.ask("POST", "/v1/score", "scorer", json=body()).json()
    (finding,) = said["findings"]
    # Six fills of one account, three times from the low to the high of one candle.
    assert (finding["account_id"], finding["symbol"]) == ("u-1009", "ABC")
    assert finding["trade_count"] == 6
    assert finding["window_start"] == "2026-01-01T12:00:00Z"
    assert finding["window_end"] == "2026-01-02T12:00:00Z"
    assert said["decision"] == said["verdict"] == "review"
    assert said["flagged"] is True
    assert said["probability"] == finding["probability"] > default_model().threshold
    assert said["role"] == "beneficiary"
    assert said["key"] == "event:withdrawal-77"
    assert said["model"] == default_model().name
    assert finding["reason"].startswith("bought and sold inside one candle in 3 of the 3 candles")
    assert said["reasons"] == [f"ABC: {finding['reason']}"]
    assert said["occlusion"] is None


def test_the_answer_is_that_of_the_model_on_the_same_rows(service: Service) -> None:
    rows, _ = trade_rows(examples.SCORE["trades"], account_id="u-1009", symbol="ABC")
    candles = candle_rows(examples.SCORE["candles"], symbol="ABC", interval="5m")
    event = service.ask("POST", "/v1/score", json=body()).json()
    direct = over(rows, candles)
    from tradeglyph.domain.events import Event

    noon = NOW - 60_000_000
    (own,) = direct.investigate([Event(key="k", account_id="u-1009", time=noon)])
    assert event["probability"] == own.findings[0].probability


def test_a_large_body_is_answered_as_a_small_one(service: Service) -> None:
    """The one in a thread, the other where it arrived."""
    small = json.dumps(body())
    large = small.replace(", ", "," + " " * (AT_ONCE // small.count(", ")))
    assert len(small) <= AT_ONCE < len(large)
    headers = {"Content-Type": "application/json"}
    one, other = (
        service.ask("POST", "/v1/score", content=text, headers=headers).json()
        for text in (small, large)
    )
    assert one == {**other, "key": one["key"]}


def test_reasons_come_in_the_language_that_is_asked_for(service: Service) -> None:
    said = {
        lang: service.ask("POST", "/v1/score", json=body(lang=lang)).json()["reasons"][0]
        for lang in ("en", "zh")
    }
    assert said["en"].isascii()
    assert "来回" in said["zh"] or "低" in said["zh"]


def test_explain_tells_which_fills_it_rests_on(service: Service) -> None:
    said = service.ask("POST", "/v1/score", json=body(explain=True)).json()
    occlusion = said["occlusion"]
    assert occlusion["probability"] == said["probability"]
    assert occlusion["asked"] == 7  # the window, and it without each of its six fills
    assert sorted(fill["time"] for fill in occlusion["fills"]) == [
        trade["time"] for trade in examples.SCORE["trades"]
    ]
    falls = [fill["fall"] for fill in occlusion["fills"]]
    assert falls == sorted(falls, reverse=True)
    assert occlusion["fills"][0]["matters"] is True
    # It is what is left when that fill is left out.
    heaviest = occlusion["fills"][0]["time"]
    rest = [trade for trade in examples.SCORE["trades"] if trade["time"] != heaviest]
    less = service.ask("POST", "/v1/score", json=body(trades=rest)).json()
    assert occlusion["fills"][0]["without"] == pytest.approx(less["probability"], rel=1e-6)


def test_without_trades_the_configured_sources_are_asked(service: Service) -> None:
    said = service.ask("POST", "/v1/score", json=examples.EVENT).json()
    assert said["unanswered"] == "no_trades"
    assert said["decision"] == "let_through"
    assert said["probability"] is None
    assert said["findings"] == []


@pytest.mark.parametrize("gone", [False, True])
def test_explain_asks_the_configured_sources_too(make: Made, gone: bool) -> None:
    trades, candles = known()
    shown = gone_source() if gone else trades
    service = make(investigator=configured(trades, candles), trades=shown, candles=candles)
    said = service.ask("POST", "/v1/score", json={**PURE, "explain": True}).json()
    assert said["verdict"] == "review"
    assert (said["occlusion"] is None) is gone


def test_an_account_may_be_called_userid_and_the_time_is_now_unless_said(service: Service) -> None:
    fields = {**body(), "userid": 1009}
    del fields["account_id"], fields["occurred_at"]
    said = service.ask("POST", "/v1/score", json=fields).json()
    assert said["findings"][0]["account_id"] == "1009"
    assert said["findings"][0]["window_end"] == "2026-01-02T12:01:00Z"


def test_times_may_be_counts_and_repeats_are_left_out(service: Service) -> None:
    noon = 1_767_355_200
    trades = [
        {**trade, "time": (noon - 600 + 60 * at) * 1_000, "trade_id": f"t{at}"}
        for at, trade in enumerate(examples.SCORE["trades"])
    ]
    candles = [{**candle, "time": noon - 600 + 300 * at}
               for at, candle in enumerate(examples.SCORE["candles"])]  # fmt: skip
    said = service.ask(
        "POST", "/v1/score", json=body(trades=[*trades, trades[0]], candles=candles)
    ).json()
    assert said["repeats"] == 1
    assert said["findings"][0]["trade_count"] == 6


TRADE = examples.SCORE["trades"][0]
CANDLE = examples.SCORE["candles"][0]
NINE = datetime(2026, 1, 2, 9, tzinfo=UTC)
FIVE_MINUTES = [
    {**CANDLE, "time": (NINE + timedelta(minutes=5 * n)).isoformat()} for n in range(20)
]
ONE_MINUTE = [
    {**CANDLE, "symbol": "B", "time": (NINE + timedelta(minutes=n)).isoformat()} for n in range(10)
]
ROWS: list[tuple[str, str, Any, str]] = [
    ("trades", "time", "2026-01-02T09:01:10", "says no offset"),
    ("trades", "time", "yesterday", "not a time"),
    ("trades", "time", 12, "no count of s, ms, us or ns"),
    ("trades", "time", "1800-01-01T00:00:00Z", "not between 1990 and 2262"),
    ("trades", "time", 10**400, "no count"),
    ("trades", "side", "borrow", "neither buy nor sell"),
    ("trades", "price", 0, "above 0"),
    ("trades", "price", "1e999", "finite"),
    ("trades", "quantity", "0.000", "above 0"),
    ("candles", "time", "2026-01-02 09:00", "says no offset"),
    ("candles", "high", 1.0, "below low"),
    ("candles", "volume", "1e999", "finite"),
]


@pytest.mark.parametrize(("part", "column", "value", "why"), ROWS)
def test_a_row_that_cannot_be_is_named(
    service: Service, part: str, column: str, value: Any, why: str
) -> None:
    rows = list(examples.SCORE[part])
    rows[2] = {**rows[2], column: value}
    said = service.ask("POST", "/v1/score", json=body(**{part: rows}))
    assert said.status_code == 422
    (error,) = said.json()["errors"]
    assert error["where"] == f"{part}.2.{column}"
    assert why in error["what"]


def test_candles_of_another_length_than_interval_are_said_to_be() -> None:
    said = "comes 5m after the symbol's candle before it, and interval is 7m; leave interval out"
    with pytest.raises(Problem, match=said):
        candle_rows(FIVE_MINUTES, symbol="S", interval="7m")
    said = "comes 1m after the symbol's candle before it, and most candles 5m; send candles of one"
    with pytest.raises(Problem, match=said):
        candle_rows([*FIVE_MINUTES, *ONE_MINUTE], symbol="S", interval=None)
    # Candles that are left out, as of minutes without a trade, prove nothing.
    assert candle_rows(FIVE_MINUTES[::2], symbol="S", interval="5m").interval == 300_000_000
    assert candle_rows(FIVE_MINUTES[:3], symbol="S", interval="1m").interval == 60_000_000


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"trades": [{**TRADE, "price": "ten"}]}, "trades.0.price"),
        ({"trades": [{**TRADE, "price": True}]}, "trades.0.price"),
        ({"trades": [{"time": 1}]}, "trades.0.side"),
        ({"trades": {}}, "trades"),
        ({"candles": [CANDLE, CANDLE]}, "candles.1.time"),
        ({"candles": [{**CANDLE, "accounts": -1}]}, "candles.0.accounts"),
        ({"candles": None}, "candles"),
        ({"trades": None}, "trades"),
        ({"interval": "soon"}, "interval"),
        ({"interval": "9d"}, "interval"),
        ({"interval": "7m"}, "candles.1.time"),
        ({"interval": "7m", "candles": FIVE_MINUTES[::-1]}, "candles.18.time"),
        ({"interval": "1m", "candles": FIVE_MINUTES}, "candles.1.time"),
        ({"interval": None, "candles": [*FIVE_MINUTES, *ONE_MINUTE]}, "candles.21.time"),
        ({"symbol": ""}, "trades.0.symbol"),
        ({"lang": "fr"}, "lang"),
        ({"explain": "yes"}, "explain"),
        ({"account_id": None}, "the event"),
        ({"userid": "another"}, "the event"),
        ({"amount": -1}, "amount"),
        ({"amount": "lots"}, "amount"),
        ({"occurred_at": "2026-01-02"}, "occurred_at"),
        ({"occurred_at": "2026-01-03T00:00:00Z"}, "occurred_at"),
        ({"signals": {"new_device": "yes"}}, "signals.new_device"),
    ],
)
def test_what_does_not_fit_is_refused(service: Service, change: dict[str, Any], where: str) -> None:
    said = service.ask("POST", "/v1/score", json=body(**change))
    assert said.status_code == 422, said.text
    assert said.headers["content-type"] == "application/problem+json"
    assert said.json()["errors"][0]["where"] == where


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"\xff{}", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b'{"account_id":"\\ud800"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
    ],
)
def test_a_body_that_is_no_request(
    service: Service, content: bytes, media_type: str, status: int
) -> None:
    said = service.ask("POST", "/v1/score", content=content, headers={"Content-Type": media_type})
    assert (said.status_code, said.json()["status"]) == (status, status)


def test_too_many_rows_are_refused(service: Service) -> None:
    content = '{"trades":[' + ",".join(['{"a":0}'] * 200_001) + "]}"
    said = service.ask(
        "POST", "/v1/score", content=content, headers={"Content-Type": "application/json"}
    )
    assert said.status_code == 422


class Stuck:
    """An investigator that takes its time."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def investigate(self, events: Any) -> Any:
        self.go_on.wait(20)
        return []


def test_what_takes_too_long_is_decided_by_policy(make: Made) -> None:
    stuck = Stuck()
    policy = Policy(
        bands=(
            Band(below=Decimal(1000), unanswered={Unanswered.TIMED_OUT: Decision.LET_THROUGH}),
            Band(),
        )
    )
    service = make(
        Limits(score_s=0.1, threads=1), investigator=lambda lang, *, exhibits: stuck, policy=policy
    )
    began = time.perf_counter()
    large = service.ask("POST", "/v1/score", json={**examples.EVENT, "amount": 5000})
    assert time.perf_counter() - began < 5
    assert large.json()["unanswered"] == "timed_out"
    assert large.json()["decision"] == "delay"
    assert large.json()["reasons"] == ["no answer within the time allowed"]
    assert large.headers["Retry-After"] == "5"
    stuck.go_on.set()


@pytest.mark.parametrize("amount", [999, "999.99"])
def test_small_amounts_may_have_a_policy_of_their_own(make: Made, amount: Any) -> None:
    stuck = Stuck()
    low = Band(below=Decimal(1000), unanswered={Unanswered.TIMED_OUT: Decision.LET_THROUGH})
    policy = Policy(bands=(low, Band()))
    service = make(Limits(score_s=0.1), investigator=lambda lang, *, exhibits: stuck, policy=policy)
    said = service.ask("POST", "/v1/score", json={**examples.EVENT, "amount": amount})
    assert said.json()["decision"] == "let_through"
    assert "Retry-After" not in said.headers
    stuck.go_on.set()


def test_a_fault_of_ours_is_a_500_without_its_text(make: Made) -> None:
    def broken(lang: Any, *, exhibits: bool) -> Any:
        raise RuntimeError("account u-1009 has the password hunter2")

    service = make(investigator=broken)
    said = service.ask("POST", "/v1/score", json=examples.EVENT)
    assert said.status_code == 500
    assert said.headers["content-type"] == "application/problem+json"
    assert "hunter2" not in said.text + service.logged.getvalue()
    assert "u-1009" not in said.text + service.logged.getvalue()
    assert "RuntimeError" not in said.text
    assert '"error": "RuntimeError"' in service.logged.getvalue()


def test_rows_of_numbers_and_texts_are_the_same_columns() -> None:
    as_text = [{k: str(v) for k, v in row.items()} for row in examples.SCORE["trades"]]
    one, _ = trade_rows(examples.SCORE["trades"], account_id="a", symbol="S")
    two, _ = trade_rows(as_text, account_id="a", symbol="S")
    for name in type(one).__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert one.time[0] == 1_767_344_470_000_000  # 2026-01-02T09:01:10Z
    assert one.side.tolist() == [1, -1, 1, -1, 1, -1]


def test_nanoseconds_are_exact_and_odd_counts_are_refused() -> None:
    row = {**TRADE, "time": 1_767_344_470_123_456_789}
    rows, _ = trade_rows([row], account_id="a", symbol="S")
    assert rows.time.tolist() == [1_767_344_470_123_456]


def test_the_length_of_candles_is_their_commonest_distance() -> None:
    assert candle_rows(examples.SCORE["candles"], symbol="S", interval=None).interval == 300_000_000
    assert candle_rows([CANDLE], symbol="S", interval=None).interval == 300_000_000
    assert candle_rows([], symbol="S", interval="1h").interval == 3_600_000_000
    assert len(NO_ROWS) == len(NO_CANDLES) == 0
