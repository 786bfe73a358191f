"""The section `[statements]` of `tradeglyph.toml`.

    [statements]
    profile = "audit"
    rules = ["high_frequency", "balance_continuity"]
    profiles = "layouts"

    [statements.balance_continuity]
    tolerance = 0.10

What stands under a recognizer's name is checked against its card when statements are read: which
recognizers there are depends on what is installed, and reading their cards here would need polars.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from tradeglyph.domain.recognizers import Profile


class StatementsSection(BaseModel):
    """How statements are read, and what is asked of them."""

    model_config = ConfigDict(extra="allow", frozen=True)

    profile: Profile = Profile.SEED
    """Which defaults parameters have."""
    rules: tuple[str, ...] = ()
    """The recognizers that are asked; empty for those of the profile."""
    profiles: Path | None = None
    """A folder with layouts of banks, one TOML file each."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The tables of recognizers, as they were written."""
        return self.model_extra or {}
