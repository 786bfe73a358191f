"""Instants as people and files say them."""

from datetime import UTC, datetime, tzinfo

from tradeglyph.domain.fills import MICROSECONDS


def rfc3339(instant: int, zone: tzinfo = UTC) -> str:
    """Microseconds UTC as RFC 3339 to the second, with Z in UTC and else with the offset."""
    text = datetime.fromtimestamp(instant / MICROSECONDS, tz=zone).isoformat(timespec="seconds")
    return text.replace("+00:00", "Z") if zone is UTC else text
