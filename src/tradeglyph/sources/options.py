"""How a file is to be read, as the user says it on the command line or in the configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import CANDLES, TRADES


class OtherOptions(InputError):  # noqa: N818  says what is needed
    """Input that other options would read. The message names those of the command line."""

    def __init__(self, message: str, configured: str) -> None:
        self.configured = configured
        """The same, where the options stand in the configuration."""
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What a file does not say of itself. The default reads files that follow the contract.

    Raises InputError where `epoch_base` is naive or `interval` is not positive.
    """

    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Canonical column to source columns; several are joined with "/" (with a blank for `time`)."""
    symbol: str | None = None
    """The symbol where the file has none; default: the file's stem."""
    time_format: str | None = None
    """strptime format of the time column."""
    timezone: str | None = None
    """IANA name of the zone in which naive times are read; it never moves a time that has one."""
    epoch_base: datetime | None = None
    """Instant from which the time column counts seconds (fractions allowed)."""
    on_error: Literal["stop", "skip"] = "stop"
    """Whether a bad row ends the reading or is set aside."""
    drop_duplicates: bool = False
    """Whether identical rows are dropped. By default trades without a `trade_id` are kept, and
    equal candles are an error."""
    candle_label: Literal["start", "end"] = "start"
    """Which end of the candle its time names."""
    interval: timedelta | None = None
    """Length of a candle where the label is its end; default: the commonest distance."""

    def __post_init__(self) -> None:
        if self.epoch_base is not None and self.epoch_base.tzinfo is None:
            raise InputError("--epoch-base needs an offset, for instance 2021-06-14T00:00:00Z")
        if self.interval is not None and self.interval <= timedelta(0):
            raise InputError("--interval must be above 0")


def parse_mapping(texts: Sequence[str], option: str = "--map") -> dict[str, tuple[str, ...]]:
    """The mapping that `--map` texts such as `account_id=User,symbol=market+outcome` state.

    Raises InputError, naming the option, for a text without "=", an unknown or repeated canonical
    column, and an empty source column.
    """
    mapping: dict[str, tuple[str, ...]] = {}
    for text in texts:
        for part in text.split(","):
            name, sources = _pair(part, option)
            if name in mapping:
                raise InputError(f"{option} {part.strip()}: {name} is mapped twice")
            mapping[name] = sources
    return mapping


def _pair(part: str, option: str) -> tuple[str, tuple[str, ...]]:
    name, equals, source = (piece.strip() for piece in part.partition("="))
    if not equals or not name:
        raise InputError(f"{option} {part!r}: write it as column=source, such as account_id=User")
    known = tuple(dict.fromkeys(column.name for column in (*TRADES, *CANDLES)))
    if name not in known:
        raise InputError(
            f"{option} {part.strip()}: {name} is no column; these are: {', '.join(known)}"
        )
    sources = tuple(piece.strip() for piece in source.split("+"))
    if not all(sources):
        raise InputError(f"{option} {part.strip()}: a source column is empty")
    return name, sources
