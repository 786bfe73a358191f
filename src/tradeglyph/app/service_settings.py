"""Settings of the service: `[service]` in `tradeglyph.toml`.

    [service]
    host = "127.0.0.1"
    port = 8000
    keys = [
      { name = "withdrawals", scopes = ["score"], sha256 = "..." },
      { name = "li.wei", scopes = ["review"], sha256 = "...", expires = 2027-01-01T00:00:00Z },
    ]

`tradeglyph key new` prints a key and its line. The key itself is kept nowhere.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tradeglyph.domain.api_keys import ApiKey, ApiKeys, Scope

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeySettings(_Part):
    """One API key."""

    name: str
    sha256: Annotated[str, Field(repr=False)]
    """In hex, of the key."""
    scopes: Annotated[frozenset[Literal["score", "read", "review", "admin"]], Field(min_length=1)]
    expires: AwareDatetime | None = None


class ServiceSettings(_Part):
    """Where the service listens, who may ask it, and how much."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    keys: tuple[KeySettings, ...] = ()
    score_s: Positive = 2.0
    """How long a score may take before the policy decides without one."""
    body_bytes: Annotated[int, Field(ge=1_024, le=1 << 30)] = 8 << 20
    per_second: Positive = 50.0
    """Requests of one key, on the average."""
    burst: Annotated[int, Field(ge=1)] = 100
    threads: Annotated[int, Field(ge=1, le=256)] = 4
    """Scores worked on at once."""

    def api_keys(self) -> ApiKeys:
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
            for key in self.keys
        )
