"""The log of services: one JSON object a line, on stderr unless told otherwise.

A line has `event`, `level`, `timestamp`, the part of the program, its process, and figures. What
goes in is chosen, not filtered: never a body, a query, a header, an account, a secret, or the text
of an exception.
"""

import json
import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TextIO

from tradeglyph.domain.errors import MissingExtra
from tradeglyph.pipeline.telling import Tell

_WARNINGS = frozenset({"not ready", "failed", "leases not renewed", "worker died"})


class Log(Protocol):
    """Takes what happened and figures of it."""

    def info(self, event: str, **figures: Any) -> None:
        """What is usual."""

    def warning(self, event: str, **figures: Any) -> None:
        """What somebody should know."""

    def error(self, event: str, **figures: Any) -> None:
        """What somebody has to mend."""


def json_log(part: str, stream: TextIO | None = None) -> Log:
    """The log of a part of the program. Raises MissingExtra without structlog."""
    try:
        import structlog
    except ModuleNotFoundError:
        raise MissingExtra("structlog", "serve") from None
    log: Log = structlog.wrap_logger(
        # A line is one write: those of processes don't mix.
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(_line),
        ],
    ).bind(part=part, pid=os.getpid())
    return log


def log_warnings(part: str) -> None:
    """From now on, what Python would print as a warning (numpy, of prices that overflow) is a line
    of the log; its text stays out, as that of an exception. Raises MissingExtra without structlog.
    """
    log = json_log(part)

    def tell(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        log.warning("warned", kind=category.__name__, where=f"{Path(filename).name}:{lineno}")

    warnings.showwarning = tell


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=repr)
"""Made once: `json.dumps` makes one at every line."""


def _line(figures: Mapping[str, Any], **_: Any) -> str:
    return _ENCODER.encode(figures)


def open_log(part: str) -> Tell:
    """Writes what a part of the program says. Raises MissingExtra without structlog."""
    log = json_log(part)

    def tell(what: str, figures: dict[str, object]) -> None:
        (log.warning if what in _WARNINGS else log.info)(what, **figures)

    return tell
