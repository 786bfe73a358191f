"""The sections `[sources.trades]` and `[sources.candles]` of `tradeglyph.toml`."""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from tradeglyph.app.zone_setting import Zone

_STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class TradesFrom(BaseModel):
    """Where trades come from while events are answered: a database, or files."""

    model_config = _STRICT

    url: SecretStr | None = None
    """Of a database: sqlite, postgresql, mysql or mariadb."""
    path: Path | None = None
    """A file or a folder, instead of `url`."""
    table: str | None = None
    """With `url`; may name its schema."""
    query: str | None = None
    """With `url`, instead of `table`: a select that yields the contract's column names."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Column of the contract to the user's."""
    timezone: Zone | None = None
    """Of times that have none; the default is the general `timezone`."""
    time_unit: Literal["s", "ms", "us", "ns"] | None = None
    """Of times that are counts since 1970; by default the one that their size shows."""
    connect_s: float = Field(default=5.0, gt=0, le=600)
    statement_s: float = Field(default=10.0, gt=0, le=3600)
    pool_size: int = Field(default=4, ge=1, le=1000)
    """Connections that one process opens at most."""
    max_rows: int = Field(default=2_000_000, ge=1)
    """Of one question."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.url is None) == (self.path is None):
            raise ValueError("give one of url and path")
        tables = (self.table is not None) + (self.query is not None)
        if tables != (self.url is not None):
            raise ValueError("with url give one of table and query; with path neither")
        return self


class CandlesFrom(TradesFrom):
    """Where candles come from."""

    interval: str | None = None
    """Length of a candle, such as 5m; by default the commonest distance between two."""
    label: Literal["start", "end"] = "start"
    """Which end of a candle its time names; "end" needs `interval`."""


class SourcesSection(BaseModel):
    """Where trades and candles come from while events are answered."""

    model_config = _STRICT

    trades: TradesFrom | None = None
    candles: CandlesFrom | None = None
