"""The service's settings as its own records."""

from datetime import UTC, datetime, timedelta

from tradeglyph.app.service_settings import ServiceSettings
from tradeglyph.service.keys import ApiKey, ApiKeys, Scope
from tradeglyph.service.limits import Limits

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def keys_of(settings: ServiceSettings) -> ApiKeys:
    """The API keys. Raises InputError for one that can't be."""
    return ApiKeys(
        ApiKey(
            name=key.name,
            sha256=key.sha256,
            scopes=frozenset(Scope(scope) for scope in key.scopes),
            expires=None
            if key.expires is None
            else (key.expires - _EPOCH) // timedelta(microseconds=1),
        )
        for key in settings.keys
    )


def limits_of(settings: ServiceSettings) -> Limits:
    """The limits that the configuration sets, and the usual others."""
    return Limits(
        score_s=settings.score_s,
        body_bytes=settings.body_bytes,
        per_second=settings.per_second,
        burst=settings.burst,
        threads=settings.threads,
    )
