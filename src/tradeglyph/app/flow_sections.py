"""The sections `[investigate]`, `[policy]` and `[worker]` of `tradeglyph.toml`."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tradeglyph.app.rule_sections import Length
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.findings import Decision, Unanswered
from tradeglyph.pipeline.drain import DrainSettings
from tradeglyph.pipeline.inquiry import Inquiry
from tradeglyph.pipeline.policy import Band, Policy

_INQUIRY, _DRAIN = Inquiry(), DrainSettings()
_STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class InvestigateSection(BaseModel):
    """What is looked at when an event comes."""

    model_config = _STRICT

    window: Length = _INQUIRY.window_us
    """How much of the account's trades before the event is drawn and judged."""
    longest_look_back: Length = _INQUIRY.longest_look_back_us
    """Flows of money are summed over `ledger.look_back`, and back to the last clean check where
    that is longer ago, over no more than this."""
    stale_after: Length = _INQUIRY.stale_after_us
    """How old the newest known trade and candle may be when an event comes."""
    feeds_rest: bool = False
    """The market closes for hours, and an old feed is no stale one: `stale_after` is ignored.
    A feed without any row before the event is stale all the same."""


class BandSection(BaseModel):
    """What to do without an answer, for withdrawals below an amount."""

    model_config = _STRICT

    below: Decimal | None = None
    unanswered: dict[Unanswered, Decision] = Field(default_factory=dict)


class PolicySection(BaseModel):
    """What becomes of a withdrawal without an answer, and which signals hold one."""

    model_config = _STRICT

    bands: tuple[BandSection, ...] = (BandSection(),)
    hold_signals: frozenset[str] = frozenset()
    young_address_hours: float | None = Field(default=None, gt=0)

    @field_validator("bands")
    @classmethod
    def _every_amount(cls, bands: tuple[BandSection, ...]) -> tuple[BandSection, ...]:
        try:
            Policy(bands=_bands(bands))
        except InputError as error:
            raise ValueError(str(error).removeprefix("policy: ")) from None
        return bands

    def policy(self) -> Policy:
        """As an investigation takes it."""
        return Policy(
            bands=_bands(self.bands),
            hold_signals=self.hold_signals,
            young_address_hours=self.young_address_hours,
        )


class WorkerSection(BaseModel):
    """How `tradeglyph worker` goes about its queue."""

    model_config = _STRICT

    processes: int = Field(default=1, ge=1, le=256)
    batch: int = Field(default=_DRAIN.batch, ge=1, le=1000)
    wait_s: float = Field(default=_DRAIN.wait_s, ge=0, le=20)
    lease_s: float = Field(default=_DRAIN.lease_s, ge=1, le=43_200)
    delay_limit_s: float = Field(default=_DRAIN.delay_limit_s, ge=0)
    most_delays: int = Field(default=_DRAIN.most_delays, ge=1, le=1000)
    most_faults: int = Field(default=_DRAIN.most_faults, ge=1, le=1000)

    def settings(self) -> DrainSettings:
        """As the worker's loop takes them."""
        return DrainSettings(**self.model_dump(exclude={"processes"}))


def _bands(bands: tuple[BandSection, ...]) -> tuple[Band, ...]:
    return tuple(Band(below=band.below, unanswered=band.unanswered) for band in bands)
