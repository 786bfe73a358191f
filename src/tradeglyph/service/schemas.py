"""What goes in and comes out, as the OpenAPI document shows it."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)
from typing_extensions import TypedDict  # pydantic asks for it before Python 3.12

from tradeglyph.domain.alerts import Action, Status
from tradeglyph.domain.findings import Decision, Unanswered
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.pipeline.parse_event import LONGEST_TEXT, MOST_SIGNALS
from tradeglyph.service.limits import MOST_ROWS

_Number = (
    StrictFloat
    | Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$", max_length=64)]
)
_Signed = (
    StrictFloat
    | Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$", max_length=64)]
)
_Name = Annotated[StrictStr, Field(max_length=LONGEST_TEXT)]
_Id = Annotated[
    Annotated[StrictStr, Field(max_length=LONGEST_TEXT)] | StrictInt,
    Field(description="Text, or a whole number"),
]
_Time = Annotated[
    StrictInt | StrictFloat | Annotated[StrictStr, Field(max_length=64)],
    Field(description="ISO 8601 with offset, or a count of s, ms, us or ns since 1970"),
]


class TradeRow(TypedDict):
    """One fill of one account: the columns of a file of trades. Others are ignored, unless one is
    nearly called like a column that the row lacks."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    account_id: NotRequired[_Id | None]
    symbol: NotRequired[_Id | None]
    time: _Time
    side: Annotated[StrictStr, Field(max_length=16, description="buy, sell, B, S, 买入, 卖出")]
    price: _Number
    quantity: _Number
    trade_id: NotRequired[_Id | None]
    counterparty_id: NotRequired[_Id | None]
    order_id: NotRequired[_Id | None]
    fee: NotRequired[_Signed | None]
    currency: NotRequired[_Name | None]


class CandleRow(TypedDict):
    """What the market did in one interval; `time` is its start. Others are ignored, as in a
    trade."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    symbol: NotRequired[_Id | None]
    time: _Time
    high: _Number
    low: _Number
    open: NotRequired[_Number | None]
    close: NotRequired[_Number | None]
    volume: NotRequired[_Number | None]
    accounts: NotRequired[Annotated[StrictInt, Field(ge=0)] | None]


_Rows = Annotated[list[TradeRow], Field(max_length=MOST_ROWS, fail_fast=True)]
_CandleRows = Annotated[list[CandleRow], Field(max_length=MOST_ROWS, fail_fast=True)]
_Signals = (
    Annotated[dict[str, StrictBool | StrictFloat | None], Field(max_length=MOST_SIGNALS)]
    | Annotated[list[StrictStr], Field(max_length=MOST_SIGNALS)]
)


class _Said(BaseModel):
    """Members that an event has."""

    model_config = ConfigDict(frozen=True)

    account_id: _Id | None = None
    userid: Annotated[_Id | None, Field(description="The same as account_id; give one")] = None
    symbol: _Id | None = None
    amount: Annotated[
        StrictInt | StrictFloat | _Name | None, Field(description="To be withdrawn; 0 or more")
    ] = None
    kind: Annotated[
        _Id | None,
        Field(alias="businessType", validation_alias=AliasChoices("businessType", "business_type")),
    ] = None
    event_id: Annotated[_Id | None, Field(description="Makes the idempotency key")] = None
    occurred_at: Annotated[_Time | None, Field(description="Default: now")] = None
    signals: Annotated[
        _Signals | None,
        Field(description="new_device, password_changed, two_factor_changed, address_age_hours"),
    ] = None


class EventBody(_Said):
    """An event; other members are ignored. It needs an account, and an id or a time."""


class ScoreBody(_Said):
    """An event to be answered at once, with the trades and candles that it is about, or without:
    then the configured sources are asked, and the answer to an event with an `event_id` is kept.
    Other members are refused: a slip in a name would leave something out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trades: Annotated[_Rows | None, Field(description="Everybody's fills that are known")] = None
    candles: Annotated[_CandleRows | None, Field(description="Goes with trades")] = None
    interval: Annotated[
        Annotated[StrictStr, Field(max_length=16)] | None,
        Field(description="Length of the candles: 30s, 5m, 1h, 1d; default: their distance"),
    ] = None
    lang: Annotated[
        Literal["en", "zh"] | None, Field(description="Of the reasons, those of the alert included")
    ] = None
    explain: Annotated[
        StrictBool, Field(description="Also tell which fills the gravest window's answer rests on")
    ] = False


class DecideBody(BaseModel):
    """What a person says of an alert: a new status, or an action, or just a note."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status | None = None
    action: Literal[Action.CONFIRMED, Action.DISMISSED, Action.REOPENED, Action.NOTED] | None = None
    note: Annotated[StrictStr, Field(max_length=10_000)] = ""
    version: Annotated[
        StrictInt | None,
        Field(ge=0, le=2**31 - 1, description="Of the alert as it was read: 409 if it has changed"),
    ] = None


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class FindingAnswer(_Answer):
    """One symbol's window, with the columns of a score."""

    account_id: str
    symbol: str
    window_start: str
    window_end: str
    trade_count: int
    probability: float | None
    flagged: bool
    verdict: Verdict | None
    role: str
    transferred: float | None
    reason: str
    model: str


class FillAnswer(_Answer):
    """One fill, and what the probability would be without it (and those of its group)."""

    time: str
    side: Literal["buy", "sell"]
    price: float
    quantity: float
    group: int
    without: float | None
    fall: float | None
    matters: bool


class OcclusionAnswer(_Answer):
    """Which fills the answer to the gravest window rests on, the one that matters most first."""

    symbol: str
    window_start: str
    probability: float
    asked: int
    sentence: str
    fills: list[FillAnswer]


class ScoreAnswer(_Answer):
    """What to do with a withdrawal, and why."""

    decision: Decision
    verdict: Verdict | None
    probability: float | None
    flagged: bool
    role: str
    transferred: float | None
    reasons: list[str]
    unanswered: Unanswered | None
    findings: list[FindingAnswer]
    replay: dict[str, str]
    model: str
    key: str
    repeats: int
    record: Literal["kept", "repeated", "pending", "queued", "failed"] | None = None
    """What became of the answer: it is on record, or the event's first one was already; it is still
    being written; the store is away and the event is in the queue; it is nowhere. Null where
    nothing is to be kept."""
    alert_id: str | None = None
    """The alert that the event is part of, where it is known already."""
    occlusion: OcclusionAnswer | None = None


class EventAnswer(_Answer):
    """An event that waits in the queue."""

    key: str
    """The idempotency key."""
    message_id: str


class AlertAnswer(_Answer):
    """One alert."""

    alert_id: str
    account_id: str
    window_start: str
    window_end: str
    decision: Decision
    verdict: Verdict | None
    unanswered: Unanswered | None
    status: Status
    opened_at: str
    changed_at: str
    version: int
    events: list[str]
    findings: list[FindingAnswer]
    reasons: list[str]
    replay: dict[str, str]
    exhibits: list[str]


class AlertsAnswer(_Answer):
    """A page of alerts, the newest first."""

    alerts: list[AlertAnswer]
    cursor: str | None


class TrailLine(_Answer):
    """One line of an alert's audit trail."""

    number: int
    time: str
    who: str
    action: Action
    note: str
    event_key: str


class TrailAnswer(_Answer):
    """All lines, the first one first."""

    alert_id: str
    trail: list[TrailLine]


class HealthAnswer(_Answer):
    """The process answers."""

    status: Literal["ok"] = "ok"


class ReadyAnswer(_Answer):
    """Every part can be used."""

    status: Literal["ready"] = "ready"
    trades_until: str | None = None
    """Watermark of the configured trades, where there are any."""
    candles_until: str | None = None


class ProblemAnswer(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: list[dict[str, Any]] | None = None
