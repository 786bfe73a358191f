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

    [statements.balance_continuity]
    tolerance = 0.10

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
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from tradeglyph.app.column_section import ColumnsSection
from tradeglyph.app.flow_sections import InvestigateSection, PolicySection, WorkerSection
from tradeglyph.app.keeping_sections import QueueSection, StoreSection
from tradeglyph.app.rule_sections import LedgerSection, WashSection
from tradeglyph.app.service_settings import ServiceSettings
from tradeglyph.app.setting_words import words_of
from tradeglyph.app.source_sections import SourcesSection
from tradeglyph.app.statement_section import StatementsSection
from tradeglyph.app.zone_setting import Zone
from tradeglyph.domain.errors import InputError
from tradeglyph.pipeline.rules import Rules

PREFIX = "TRADEGLYPH_"
CONFIG_VARIABLE = "TRADEGLYPH_CONFIG"
CONFIG_FILE = "tradeglyph.toml"
OTHER_VARIABLES = frozenset(
    {
        "CONFIG",
        "DEBUG",
        "SOAK",
        "CONFIGURATION_SECRET",
        "DEAD_LETTERS",
        "FRAUD_USER_EVENT",
        "SAGEMAKER_ROOT",
    }
)
"""Variables with our prefix that are no settings; those of tests begin with TEST_."""


class _Environment(EnvSettingsSource):
    """Variables. What should be JSON and is not is kept, so that its setting says what it must be,
    instead of the whole section."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


class Settings(BaseSettings):
    """What holds for every command."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    lang: Literal["en", "zh"] = "en"
    model: str = "default"
    timezone: Zone | None = None
    columns: ColumnsSection = Field(default_factory=ColumnsSection)
    ledger: LedgerSection = Field(default_factory=LedgerSection)
    wash: WashSection = Field(default_factory=WashSection)
    statements: StatementsSection = Field(default_factory=StatementsSection)
    sources: SourcesSection = Field(default_factory=SourcesSection)
    queue: QueueSection = Field(default_factory=QueueSection)
    store: StoreSection = Field(default_factory=StoreSection)
    investigate: InvestigateSection = Field(default_factory=InvestigateSection)
    policy: PolicySection = Field(default_factory=PolicySection)
    worker: WorkerSection = Field(default_factory=WorkerSection)
    service: ServiceSettings = Field(default_factory=ServiceSettings)

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
        return init_settings, _Environment(settings_cls), cls._file(settings_cls)

    @classmethod
    def _file(cls, settings_cls: type[BaseSettings]) -> PydanticBaseSettingsSource:
        return TomlConfigSettingsSource(settings_cls, toml_file=config_file())


def config_file() -> Path:
    """The configuration file; it need not exist unless the environment names it."""
    return Path(os.environ.get(CONFIG_VARIABLE, CONFIG_FILE))


def load_settings(text: str | None = None, *, name: str = "the configuration") -> Settings:
    """Settings of this run.

    Args:
        text: what the file would say, where it is kept elsewhere; then no file is read.
        name: of the place where the text is kept, for errors.

    Raises InputError where the file named by TRADEGLYPH_CONFIG is missing, is not TOML, or a
    setting in it or in the environment is unknown or malformed. No value is repeated: it may be
    a password.
    """
    settings, faults = read_settings(text, name=name)
    if settings is None:
        # Outside of any handler, so that no exception which saw the values hangs on this one.
        raise InputError(faults[0])
    return settings


def settings_of(config: Path) -> Settings:
    """Settings of a run whose `--config` names a file.

    Raises InputError where that can't be read, and as `load_settings` does.
    """
    try:
        text = config.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"--config {config}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"--config {config}: is not TOML: not UTF-8") from error
    return load_settings(text, name=str(config))


def read_settings(
    text: str | None = None, *, name: str = "the configuration"
) -> tuple[Settings | None, tuple[str, ...]]:
    """Settings of this run, or else everything that is wrong with them, one line each; arguments
    as those of `load_settings`."""
    file = config_file() if text is None else Path(name)
    if text is None and CONFIG_VARIABLE in os.environ and not file.is_file():
        return None, (f"{CONFIG_VARIABLE}={file}: no such file",)
    try:
        return (Settings() if text is None else _said_by(text)()), ()
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return None, tuple(dict.fromkeys(_line(file, fault) for fault in found))
    except OSError as error:
        return None, (f"{file}: can't be read: {error.strerror}",)
    except ValueError as error:
        return None, (f"{file}: is not TOML: {error}",)


def _line(file: Path, fault: Any) -> str:
    source = _source_of(file, fault["loc"])
    return f"{source}: {words_of(fault, Settings, None if source == str(file) else PREFIX)}"


def _said_by(text: str) -> type[Settings]:
    """Settings with this text in the place of the file. Raises ValueError where it is not TOML."""
    said = tomllib.loads(text)

    class Said(Settings):
        @classmethod
        def _file(cls, settings_cls: type[BaseSettings]) -> PydanticBaseSettingsSource:
            return InitSettingsSource(settings_cls, said)

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
