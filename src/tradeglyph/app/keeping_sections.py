"""The sections `[queue]` and `[store]` of `tradeglyph.toml`: where events wait and alerts are kept.

Their addresses may hold a password, and are no part of what a record of settings shows of itself.
"""

from pydantic import BaseModel, ConfigDict, Field

_STRICT = ConfigDict(extra="forbid", frozen=True)


class QueueSection(BaseModel):
    """Where events wait."""

    model_config = _STRICT

    url: str = Field(default="sqlite:///tradeglyph-state/queue.db", repr=False)
    """As `tradeglyph.queues.address.open_queue` takes it."""


class StoreSection(BaseModel):
    """Where alerts are kept."""

    model_config = _STRICT

    url: str = Field(default="sqlite:///tradeglyph-state/alerts.db", repr=False)
    """As `tradeglyph.stores.opening.open_store` takes it."""
