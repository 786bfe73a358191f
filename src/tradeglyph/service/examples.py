"""Examples of the OpenAPI document: requests that work as they stand, answers as they look."""

from typing import Any

from tradeglyph.service.problem import TITLES

_CANDLES = [
    {"time": "2026-01-02T09:00:00Z", "high": 10.4, "low": 9.8, "volume": 5000, "accounts": 40},
    {"time": "2026-01-02T09:05:00Z", "high": 10.5, "low": 9.7, "volume": 4000, "accounts": 31},
    {"time": "2026-01-02T09:10:00Z", "high": 10.6, "low": 9.9, "volume": 6000, "accounts": 44},
]
_TRADES = [
    {"time": "2026-01-02T09:01:10Z", "side": "buy", "price": 9.81, "quantity": 900},
    {"time": "2026-01-02T09:03:30Z", "side": "sell", "price": 10.39, "quantity": 900},
    {"time": "2026-01-02T09:06:20Z", "side": "buy", "price": 9.72, "quantity": 900},
    {"time": "2026-01-02T09:08:40Z", "side": "sell", "price": 10.49, "quantity": 900},
    {"time": "2026-01-02T09:11:05Z", "side": "buy", "price": 9.91, "quantity": 900},
    {"time": "2026-01-02T09:13:50Z", "side": "sell", "price": 10.58, "quantity": 900},
]

EVENT: dict[str, Any] = {
    "account_id": "u-1009",
    "event_id": "withdrawal-77",
    "occurred_at": "2026-01-02T12:00:00Z",
    "amount": 2500,
    "symbol": "ABC",
    "businessType": "withdraw",
    "signals": {"new_device": True, "address_age_hours": 2},
}
SCORE: dict[str, Any] = {
    **EVENT,
    "trades": _TRADES,
    "candles": _CANDLES,
    "interval": "5m",
    "explain": False,
}
DECISION: dict[str, Any] = {
    "status": "confirmed",
    "note": "bought from one and the same account at every low",
    "version": 1,
}

_REASON = (
    "bought and sold inside one candle in 3 of the 3 candles it traded in; bought at 2% and sold "
    "at 98% of the candle on average (0% is its low, 100% its high); one side was up to 22% of a "
    "candle's volume; its trips end flat"
)
_FINDING: dict[str, Any] = {
    "account_id": "u-1009",
    "symbol": "ABC",
    "window_start": "2026-01-01T12:00:00Z",
    "window_end": "2026-01-02T12:00:00Z",
    "trade_count": 6,
    "probability": 0.9977,
    "flagged": True,
    "verdict": "review",
    "role": "beneficiary",
    "transferred": None,
    "reason": _REASON,
    "model": "default@4c0e21a7ec7d",
}
_REPLAY = {
    "model": "default@4c0e21a7ec7d",
    "weights_sha256": "4c0e21a7ec7d758448a517d1041939c63351286ad7260f6fcb49b045a96740e8",
    "picture": "default 4dc533464a881c11",
    "look_back_us": "604800000000",
}
SCORED: dict[str, Any] = {
    "decision": "review",
    "verdict": "review",
    "probability": 0.9977,
    "flagged": True,
    "role": "beneficiary",
    "transferred": None,
    "reasons": [f"ABC: {_REASON}"],
    "unanswered": None,
    "findings": [_FINDING],
    "replay": _REPLAY,
    "model": "default@4c0e21a7ec7d",
    "key": "event:withdrawal-77",
    "repeats": 0,
    "record": None,
    "alert_id": None,
    "occlusion": None,
}
SENT: dict[str, Any] = {"key": "event:withdrawal-77", "message_id": "9f0c1b7e5d3a4c6f"}
ALERT: dict[str, Any] = {
    "alert_id": "q7b2kd4m6x3ahn5jf2c7t5r4we",
    "account_id": "u-1009",
    "window_start": "2026-01-01T12:00:00Z",
    "window_end": "2026-01-02T12:00:00Z",
    "decision": "review",
    "verdict": "review",
    "unanswered": None,
    "status": "open",
    "opened_at": "2026-01-02T12:00:01Z",
    "changed_at": "2026-01-02T12:00:01Z",
    "version": 1,
    "events": ["event:withdrawal-77"],
    "findings": [_FINDING],
    "reasons": [f"ABC: {_REASON}"],
    "replay": _REPLAY,
    "exhibits": ["candles.csv", "picture.png", "trades.csv"],
}
DECIDED: dict[str, Any] = {
    **ALERT,
    "status": DECISION["status"],
    "changed_at": "2026-01-02T12:07:30Z",
    "version": 2,
}
ALERTS: dict[str, Any] = {"alerts": [ALERT], "cursor": None}
TRAIL: dict[str, Any] = {
    "alert_id": ALERT["alert_id"],
    "trail": [
        {
            "number": 1,
            "time": "2026-01-02T12:00:01Z",
            "who": "tradeglyph",
            "action": "opened",
            "note": "",
            "event_key": "event:withdrawal-77",
        }
    ],
}
HEALTHY: dict[str, Any] = {"status": "ok"}
READY: dict[str, Any] = {
    "status": "ready",
    "trades_until": "2026-01-02T11:59:58Z",
    "candles_until": "2026-01-02T11:55:00Z",
}

_DETAILS = {
    400: "the body is not JSON: see line 1, column 1",
    401: "send the header Authorization: Bearer KEY",
    403: "it takes a key with the scope review",
    404: "there is no such alert",
    408: "a body takes 30 s at most",
    409: "the alert was changed since it was read: read it again",
    412: "the alert was changed since it was read: read it again",
    413: "a body has 8,388,608 bytes at most",
    414: "path and query have 4,096 bytes at most",
    415: "send the body as application/json",
    422: "trades.3.time: says no offset: add Z, or one such as +08:00",
    429: "ask again in 1 s",
    431: "headers have 16,384 bytes at most",
    500: "this is not your fault; tell us the request_id",
    503: "the store can't be reached now; ask again later",
}


TAKEN = "event_id: was used for another account; give this withdrawal its own"
"""What 409 says to a score."""


def problem(status: int, detail: str | None = None) -> dict[str, Any]:
    """An error as it looks; with a detail of its own where the operation has one."""
    return {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": detail or _DETAILS[status],
        "request_id": "5f2c9a1e7b3d4f60",
    }
