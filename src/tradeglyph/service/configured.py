"""The service's settings as its own records."""

from tradeglyph.app.service_settings import ServiceSettings
from tradeglyph.service.limits import Limits


def limits_of(settings: ServiceSettings) -> Limits:
    """The limits that the configuration sets, and the usual others."""
    return Limits(
        score_s=settings.score_s,
        body_bytes=settings.body_bytes,
        per_second=settings.per_second,
        burst=settings.burst,
        threads=settings.threads,
    )
