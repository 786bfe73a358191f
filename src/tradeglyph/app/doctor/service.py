"""May the service listen where it is told to, and do its keys still open it?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tradeglyph.app.doctor.check import Check, fault, warning
from tradeglyph.app.settings import Settings
from tradeglyph.domain.hosts import is_loopback
from tradeglyph.ports.clock import Clock

PART = "service"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def look(settings: Settings, clock: Clock) -> Iterator[Check]:
    """Nothing is said where only this machine reaches it and no key has expired. Raises InputError
    for a key that the service would refuse."""
    settings.service.api_keys()
    keys, host = settings.service.keys, settings.service.host
    if not keys and is_loopback(host):
        return
    now = _EPOCH + timedelta(microseconds=clock.now())
    expired = [key.name for key in keys if key.expires is not None and key.expires <= now]
    if expired:
        yield warning(PART, "key_expired", names=", ".join(expired))
    if len(expired) == len(keys) and not is_loopback(host):
        yield fault(PART, "service_open", host=host)
