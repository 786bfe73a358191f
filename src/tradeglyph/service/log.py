"""The service's log: one JSON object a line, on stderr unless told otherwise.

What goes in is chosen, not filtered: request id, operation, status, time taken, the key's name.
Never a body, a query, a header, a path's parameters, an account, or the text of an exception.
"""

import sys
from typing import Any, Protocol, TextIO


class Log(Protocol):
    """Takes what happened and figures of it."""

    def info(self, event: str, **figures: Any) -> None:
        """What is usual."""

    def warning(self, event: str, **figures: Any) -> None:
        """What somebody should know."""

    def error(self, event: str, **figures: Any) -> None:
        """What somebody has to mend."""


def json_log(stream: TextIO | None = None) -> Log:
    """A log of JSON lines. Raises MissingExtra where structlog is not installed."""
    import structlog

    log: Log = structlog.wrap_logger(
        structlog.PrintLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        cache_logger_on_first_use=True,
    )
    return log
