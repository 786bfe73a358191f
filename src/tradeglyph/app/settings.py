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

    [sources.trades]
    url = "postgresql://risk@db.example/exchange"
    table = "fills"
    columns = {account_id = "uid", time = "created_at"}

    [sources.candles]
    path = "candles.parquet"

The file is `tradeglyph.toml` in the working folder, or the one that TRADEGLYPH_CONFIG names.
Environment variables are called TRADEGLYPH_LANG, TRADEGLYPH_MODEL, TRADEGLYPH_TIMEZONE;
those of a section have its name in theirs, so that a password need not stand in the file:
TRADEGLYPH_SOURCES__TRADES__URL.
"""

import os
import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from tradeglyph.app.flow_sections import InvestigateSection, PolicySection, WorkerSection
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

    model_config = ConfigDict(extra="forbid", frozen=True)

    # It may hold a password.
    url: str = Field(default="sqlite:///tradeglyph-state/alerts.db", repr=False)


class TradesFrom(BaseModel):
    """Where trades come from while events are answered: a database, or files."""

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
    timezone: str | None = None
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


class Sources(BaseModel):
    """Where trades and candles come from while events are answered."""

    trades: TradesFrom | None = None
    candles: CandlesFrom | None = None


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
    sources: Sources = Field(default_factory=Sources)
    investigate: InvestigateSection = Field(default_factory=InvestigateSection)
    policy: PolicySection = Field(default_factory=PolicySection)
    worker: WorkerSection = Field(default_factory=WorkerSection)
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


def load_settings(text: str | None = None, *, name: str = "the configuration") -> Settings:
    """Settings of this run.

    Args:
        text: what the file would say, where it is kept elsewhere; then no file is read.
        name: of the place where the text is kept, for errors.

    Raises InputError where the file named by TRADEGLYPH_CONFIG is missing, is not TOML, or a
    setting in it or in the environment is unknown or malformed.
    """
    file = config_file() if text is None else Path(name)
    if text is None and CONFIG_VARIABLE in os.environ and not file.is_file():
        raise InputError(f"{CONFIG_VARIABLE}={file}: no such file")
    try:
        return Settings() if text is None else _said_by(text)()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{_source_of(file, first['loc'])}: {where}: {said}") from None
    except SettingsError as error:
        raise InputError(f"the environment (TRADEGLYPH_...): {error}") from None
    except ValueError as error:
        raise InputError(f"{file}: is not TOML: {error}") from None


def _said_by(text: str) -> type[Settings]:
    """Settings with this text in the place of the file. Raises ValueError where it is not TOML."""
    said = tomllib.loads(text)

    class Said(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, said)

    return Said


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
