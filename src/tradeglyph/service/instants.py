"""Instants as the service says them, to the last microsecond."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(instant: int) -> str:
    """Microseconds UTC as RFC 3339 with `Z`, with a fraction where there is one."""
    text = (_EPOCH + timedelta(microseconds=instant)).isoformat()
    return text.replace("+00:00", "Z")
