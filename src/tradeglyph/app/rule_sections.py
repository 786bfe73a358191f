"""The sections `[ledger]` and `[wash]` of `tradeglyph.toml`, in the words of a risk desk.

Lengths of time are written as `90s`, `5m`, `36h`, `14d`. What is left out is the default.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US
from tradeglyph.pipeline.rules import Rules
from tradeglyph.recognizers.ledger.settings import MINUTE_US, LedgerSettings
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.sources.interval import interval_text, parse_interval

LONGEST_US = 90 * DAY_US
"""Of look-backs and windows: trades of a quarter are as much as a tape in memory holds."""
_LENGTH_WORDS = (
    f"must be a length of time, {interval_text(LONGEST_US)} at most, "
    'written as "5m", "36h" or "14d"'
)
_DEFAULT = Rules()
_LEDGER, _WASH = _DEFAULT.ledger, _DEFAULT.wash
_RECORD_NAMES = {"windows": "windows_us", "trip_span": "trip_span_us"}


def _microseconds(text: object) -> object:
    """A length of time; what is no text is left to say so itself."""
    if not isinstance(text, str):
        raise ValueError(_LENGTH_WORDS)  # noqa: TRY004  so that pydantic takes it
    try:
        return parse_interval(text, most=LONGEST_US)
    except InputError:
        raise ValueError(_LENGTH_WORDS) from None


Length = Annotated[int, BeforeValidator(_microseconds)]


class LedgerSection(BaseModel):
    """What is a reference price, and from when on money that moved beyond it counts."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    look_back: Length = _DEFAULT.look_back_us
    """How far back flows are summed from a window's end. A day to 90."""
    half_widths_minutes: tuple[float, ...] = tuple(w / MINUTE_US for w in _LEDGER.half_widths)
    """How far around a trade its reference looks: the first of these with enough accounts.
    Ascending, up to a day."""
    accounts: int = Field(default=_LEDGER.accounts, ge=3, le=1_000)
    """Accounts that a reference needs. Half of them must be known before the trade, and half after
    it, and a cluster that could print a reference by itself makes the ledger abstain."""
    spreads: float = Field(default=_LEDGER.spreads, gt=0, le=100)
    """Only what is over so many half-spreads counts."""
    priced_share: float = Field(default=_LEDGER.priced_share, gt=0, le=1)
    """The ledger abstains on a pair of whose quantity less than this has a reference."""

    @field_validator("look_back")
    @classmethod
    def _holds_a_window(cls, length: int) -> int:
        if length < DAY_US:
            raise ValueError("must be a day or more, since windows are days")
        return length

    @field_validator("half_widths_minutes")
    @classmethod
    def _ascending(cls, minutes: tuple[float, ...]) -> tuple[float, ...]:
        try:
            LedgerSettings(half_widths=_widths(minutes))
        except InputError:
            raise ValueError("must be above 0 and ascending, such as [2.5, 5, 10]") from None
        if minutes[-1] * MINUTE_US > DAY_US:
            raise ValueError("must be at most 1440, a day")
        return minutes

    def settings(self) -> LedgerSettings:
        """As the ledger takes them. What follows from another number follows it."""
        return LedgerSettings(
            half_widths=_widths(self.half_widths_minutes),
            accounts=self.accounts,
            side_accounts=(self.accounts + 1) // 2,
            largest_cluster=self.accounts - 1,
            spreads=self.spreads,
            priced_share=self.priced_share,
            # The screen must let through whatever may count.
            screen_spreads=min(_LEDGER.screen_spreads, self.spreads / 2),
        )


class WashSection(BaseModel):
    """What is named as wash volume; the fields are those of `WashSettings`, which has their
    sources and ranges."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    self_trades: int = _WASH.self_trades
    windows: tuple[Length, ...] = _WASH.windows_us
    margin: float = _WASH.margin
    occurrences: int = _WASH.occurrences
    largest_set: int = _WASH.largest_set
    trades: int = _WASH.trades
    set_share: float = _WASH.set_share
    gain: float = _WASH.gain
    chance: float = _WASH.chance
    trip_span: Length = _WASH.trip_span_us
    trip_loss: float = _WASH.trip_loss
    trips: int = _WASH.trips
    trip_share: float = _WASH.trip_share
    crowd_accounts: int = _WASH.crowd_accounts
    crowd_share: float = _WASH.crowd_share

    @field_validator("*")
    @classmethod
    def _in_range(cls, value: Any, info: ValidationInfo) -> Any:
        name = str(info.field_name)
        try:
            WashSettings(**{_RECORD_NAMES.get(name, name): value})
        except InputError as error:
            raise ValueError(str(error).split(": ", 1)[1]) from None
        return value

    def settings(self) -> WashSettings:
        """As the recognizer takes them."""
        named = {_RECORD_NAMES.get(name, name): value for name, value in self}
        return WashSettings(**named)


def _widths(minutes: tuple[float, ...]) -> tuple[int, ...]:
    return tuple(round(width * MINUTE_US) for width in minutes)
