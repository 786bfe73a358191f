"""What one client may ask of the service at most."""

from dataclasses import dataclass

MOST_ROWS = 200_000
"""Trades, and candles, that one request may bring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Numbers that the configuration may change."""

    body_bytes: int = 8 << 20
    """Of a request's body; more is a 413 as soon as it is known."""
    head_s: float = 20.0
    """How long a request's head may take to arrive, and the first one of a connection to begin."""
    body_s: float = 30.0
    """How long a body may take to arrive."""
    score_s: float = 2.0
    """How long `POST /v1/score` works on an answer before the policy decides without one."""
    record_s: float = 0.25
    """How long an answer waits until it is on record; the writing goes on afterwards."""
    per_second: float = 50.0
    """Requests of one key, on the average."""
    burst: int = 100
    """Requests of one key at once."""
    target_bytes: int = 4_096
    """Of path and query together."""
    header_bytes: int = 16_384
    """Of all names and values of a request's headers."""
    threads: int = 4
    """Scores worked on at once; the others wait, and their time runs. Small bodies that bring their
    rows are answered where they arrive."""
    open_requests: int = 512
    """Requests at once; more are answered with 503."""
    stop_s: float = 10.0
    """How long requests may take to end when the service is stopped."""
