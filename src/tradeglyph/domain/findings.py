"""Findings: what was found out about one window, and all of it about one event."""

from dataclasses import dataclass
from enum import StrEnum

from tradeglyph.domain.events import Event
from tradeglyph.domain.verdicts import Role, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One account, symbol and span of time, with the columns of a score."""

    account_id: str
    symbol: str
    window_start: int
    """Inclusive, microseconds UTC."""
    window_end: int
    """Exclusive."""
    trade_count: int
    probability: float | None
    """None where it can't be known."""
    flagged: bool
    verdict: Verdict | None
    """None where there is no answer."""
    role: Role
    transferred: float | None
    """The ledger's low estimate, quote currency; None where it is not known."""
    reason: str
    model: str


class Unanswered(StrEnum):
    """Why an event has no answer."""

    SOURCE_GONE = "source_gone"
    """The trades or candles can't be reached now."""
    STALE_FEED = "stale_feed"
    """The trades or candles known end too long before the event."""
    TIMED_OUT = "timed_out"
    NO_MODEL = "no_model"
    NO_TRADES = "no_trades"
    """The account made none in the window, or is not known at all."""
    TOO_FEW_FILLS = "too_few_fills"
    """It made less than two in every symbol: nothing can have gone there and back."""
    NO_CANDLES = "no_candles"
    """The market's candles for what it traded are missing."""
    OUTSIDE_CANDLES = "outside_candles"
    """They are not those of what it traded: its prices lie far outside of them."""
    TOO_MANY_TRADES = "too_many_trades"
    """More than one question may fetch; a person or the nightly batch has to look."""
    UNREADABLE = "unreadable"
    """Trades of the account are there that can't be read (time, symbol, side, price, quantity), or
    what was sent is no event: what is in them nobody knows."""


class Decision(StrEnum):
    """What to do with the withdrawal."""

    LET_THROUGH = "let_through"
    DELAY = "delay"
    """Ask again later: the answer was not to be had in time."""
    REVIEW = "review"
    """A person should look before the money leaves."""
    HOLD = "hold"
    """Stop the money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One file that an answer can be replayed from, or looked at."""

    name: str
    """A plain file name: `picture.png`, `trades.csv`, ..."""
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigation:
    """The answer to one event."""

    event: Event
    decision: Decision
    verdict: Verdict | None
    """The gravest of the findings, signals taken into account; None where unanswered."""
    unanswered: Unanswered | None = None
    findings: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()
    """For people, in the language of the configuration, the gravest first."""
    replay: tuple[tuple[str, str], ...] = ()
    """What it was made of: names and values (model, weights_sha256, picture, data_sha256,
    version, ...)."""
    exhibits: tuple[Exhibit, ...] = ()
    """Empty where nothing is to be looked at."""

    @property
    def raises_alert(self) -> bool:
        """Whether a person has to look."""
        return self.decision in (Decision.REVIEW, Decision.HOLD)

    @property
    def window(self) -> tuple[int, int]:
        """From the first start to the last end of its findings; the event's instant without."""
        if not self.findings:
            return self.event.time, self.event.time
        return (
            min(finding.window_start for finding in self.findings),
            max(finding.window_end for finding in self.findings),
        )
