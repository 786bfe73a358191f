"""Settings from `tradeglyph.toml` and the environment; command-line options win over both.

    lang = "zh"
    model = "default"
    timezone = "Asia/Shanghai"

    [columns.trades]
    account_id = "客户号"
    symbol = "market+outcome"

    [columns.candles]
    time = "timestamps"

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

from tradeglyph.app.service_settings import ServiceSettings
from tradeglyph.domain.errors import InputError

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


class Settings(BaseSettings):
    """What holds for every command."""

    model_config = SettingsConfigDict(
        env_prefix="TRADEGLYPH_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    columns: Columns = Field(default_factory=Columns)
    lang: Literal["en", "zh"] = "en"
    model: str = "default"
    queue: Queue = Field(default_factory=Queue)
    service: ServiceSettings = Field(default_factory=ServiceSettings)
    timezone: str | None = None

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
        raise InputError(f"{_source_of(file, first['loc'])}: {where}: {first['msg']}") from None
    except SettingsError as error:
        raise InputError(f"the environment (TRADEGLYPH_...): {error}") from None
    except ValueError as error:
        raise InputError(f"{file}: is not TOML: {error}") from None


def _source_of(file: Path, where: tuple[int | str, ...]) -> str:
    """The environment wins over the file, so that a variable that is set is the one at fault."""
    for name in os.environ:
        # Nested settings are TRADEGLYPH_COLUMNS__TRADES__...
        if where and name.upper().split("__")[0] == f"TRADEGLYPH_{where[0]}".upper():
            return name
    return str(file)
