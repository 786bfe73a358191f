"""The section `[columns]` of `tradeglyph.toml`."""

from pydantic import BaseModel, ConfigDict, Field


class ColumnsSection(BaseModel):
    """Which columns of the user's files are which; `+` joins, as in `--map`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trades: dict[str, str] = Field(default_factory=dict)
    candles: dict[str, str] = Field(default_factory=dict)
