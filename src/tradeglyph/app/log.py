"""The log of services: JSON lines on stderr.

A line has `event`, `level`, `timestamp` and figures. At INFO and above there is no account, no body
and no secret in it.
"""

import os
import sys
from collections.abc import Callable

from tradeglyph.domain.errors import MissingExtra

Tell = Callable[[str, dict[str, object]], None]

_WARNINGS = frozenset({"not ready", "failed", "leases not renewed", "worker died"})


def open_log(part: str) -> Tell:
    """Writes what a part of the program says. Raises MissingExtra without structlog."""
    try:
        import structlog
    except ModuleNotFoundError:
        raise MissingExtra("structlog", "serve") from None
    log = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),  # a line is one write: those of processes don't mix
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    ).bind(part=part, pid=os.getpid())

    def tell(what: str, figures: dict[str, object]) -> None:
        (log.warning if what in _WARNINGS else log.info)(what, **figures)

    return tell
