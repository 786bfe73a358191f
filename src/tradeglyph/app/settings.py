"""Settings from `tradeglyph.toml` and the environment; command-line options win over both.

    lang = "zh"
    model = "default"
    timezone = "Asia/Shanghai"

    [columns.trades]
    account_id = "客户号"
    symbol = "market+outcome"

    [columns.candles]
    time = "timestamps"

    [ledger]
    look_back = "14d"

    [wash]
    self_trades = 3

    [queue]
    url = "sqs://withdrawals?dead=withdrawals-dead"

The file is `tradeglyph.toml` in the working folder, or the one that TRADEGLYPH_CONFIG names.
Environment variables are called TRADEGLYPH_LANG, TRADEGLYPH_MODEL, TRADEGLYPH_TIMEZONE.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from tradeglyph.app.rule_sections import LedgerSection, WashSection
from tradeglyph.domain.errors import InputError
from tradeglyph.pipeline.rules import Rules

CONFIG_VARIABLE = "TRADEGLYPH_CONFIG"
CONFIG_FILE = "tradeglyph.toml"


class Columns(BaseModel):
    """Which columns of the user's files are which; `+` joins, as in `--map`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trades: dict[str, str] = Field(default_factory=dict)
    candles: dict[str, str] = Field(default_factory=dict)


class Queue(BaseModel):
    """Where events wait."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str = "sqlite:///tradeglyph-state/queue.db"
    """As `tradeglyph.queues.address.open_queue` takes it."""
class StoreSettings(BaseModel):
    """Where alerts are kept."""
    # It may hold a password.
    url: str = Field(default="sqlite:///tradeglyph-state/alerts.db", repr=False)


class Settings(BaseSettings):
    """What holds for every command."""

    model_config = SettingsConfigDict(
        env_prefix="TRADEGLYPH_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    columns: Columns = Field(default_factory=Columns)
    lang: Literal["en", "zh"] = "en"
    model: str = "default"
    queue: Queue = Field(default_factory=Queue)
    store: StoreSettings = Field(default_factory=StoreSettings)
    timezone: str | None = None
    ledger: LedgerSection = Field(default_factory=LedgerSection)
    wash: WashSection = Field(default_factory=WashSection)

    @property
    def rules(self) -> Rules:
        """What the ledger and the wash-volume recognizer go by."""
        return Rules(
            ledger=self.ledger.settings(),
            look_back_us=self.ledger.look_back,
            wash=self.wash.settings(),
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls, toml_file=config_file())
        return init_settings, env_settings, file


def config_file() -> Path:
    """The configuration file; it need not exist unless the environment names it."""
    return Path(os.environ.get(CONFIG_VARIABLE, CONFIG_FILE))


def load_settings() -> Settings:
    """Settings of this run.

    Raises InputError where the file named by TRADEGLYPH_CONFIG is missing, is not TOML, or a
    setting in it or in the environment is unknown or malformed.
    """
    file = config_file()
    if CONFIG_VARIABLE in os.environ and not file.is_file():
        raise InputError(f"{CONFIG_VARIABLE}={file}: no such file")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{_source_of(file, first['loc'])}: {where}: {said}") from None
    except SettingsError as error:
        raise InputError(f"the environment (TRADEGLYPH_...): {error}") from None
    except ValueError as error:
        raise InputError(f"{file}: is not TOML: {error}") from None


def _source_of(file: Path, where: tuple[int | str, ...]) -> str:
    """The environment wins over the file, so that a variable that is set is the one at fault."""
    at = [str(part).upper() for part in where]
    for name in os.environ:
        # Nested settings are TRADEGLYPH_COLUMNS__TRADES__...
        prefix, _, rest = name.upper().partition("_")
        path = zip(rest.split("__"), at, strict=False)
        if at and prefix == "TRADEGLYPH" and all(one == other for one, other in path):
            return name
    return str(file)
