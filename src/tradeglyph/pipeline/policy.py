"""What becomes of a withdrawal: of an answer, of the want of one, of what else the sender knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Decision, Unanswered
from tradeglyph.domain.verdicts import Verdict

ADDRESS_AGE = "address_age_hours"
"""The signal that is a number: how long the sender has known the address the money goes to."""

_OF_VERDICT = {
    Verdict.QUIET: Decision.LET_THROUGH,
    Verdict.REVIEW: Decision.REVIEW,
    Verdict.HOLD: Decision.HOLD,
}
_USUAL = {
    Unanswered.SOURCE_GONE: Decision.DELAY,
    Unanswered.STALE_FEED: Decision.DELAY,
    Unanswered.TIMED_OUT: Decision.DELAY,
    Unanswered.NO_MODEL: Decision.DELAY,
    # Nothing was traded, or not enough to be a transfer: there is nothing to look at.
    Unanswered.NO_TRADES: Decision.LET_THROUGH,
    Unanswered.TOO_FEW_FILLS: Decision.LET_THROUGH,
    Unanswered.NO_CANDLES: Decision.REVIEW,
    Unanswered.OUTSIDE_CANDLES: Decision.REVIEW,
    Unanswered.TOO_MANY_TRADES: Decision.REVIEW,
    Unanswered.UNREADABLE: Decision.REVIEW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What to do without an answer, for withdrawals below an amount."""

    below: Decimal | None = None
    """In the currency of the events; None for every amount, and for one that was not said."""
    unanswered: Mapping[Unanswered, Decision] = field(default_factory=dict)
    """Where a reason is missing, the usual decision holds."""

    def decision(self, why: Unanswered) -> Decision:
        """For a withdrawal of this band."""
        return self.unanswered.get(why, _USUAL[why])


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The team's rules. `bands` ascend, and the last one holds for every amount."""

    bands: tuple[Band, ...] = (Band(),)
    hold_signals: frozenset[str] = field(default_factory=frozenset)
    """Signals that turn `review` into `hold` where they are true, or not 0: a second, independent
    evidence. None unless configured."""
    young_address_hours: float | None = None
    """`address_age_hours` below this does so, too; None: it does not count."""

    def __post_init__(self) -> None:
        """Raises InputError where the bands don't ascend, or leave an amount without a decision."""
        edges = [band.below for band in self.bands]
        if not edges or edges[-1] is not None:
            raise InputError("policy: the last band must hold for every amount: leave out `below`")
        inner = [edge for edge in edges[:-1] if edge is not None]
        if (
            len(inner) != len(edges) - 1
            or inner != sorted(set(inner))
            or min(inner, default=1) <= 0
        ):
            raise InputError("policy: `below` must be positive and grow from band to band")

    def of_verdict(self, verdict: Verdict) -> Decision:
        """What to do with an answer."""
        return _OF_VERDICT[verdict]

    def without_answer(self, event: Event, why: Unanswered) -> Decision:
        """What to do where there is none."""
        return self._band(event.amount).decision(why)

    def holding(self, event: Event) -> tuple[str, ...]:
        """Names of the event's signals that turn `review` into `hold`, in order."""
        # Databases send 1 for true.
        told = [name for name in sorted(self.hold_signals) if event.signals.get(name)]
        age = event.signals.get(ADDRESS_AGE)
        young = (
            self.young_address_hours is not None
            and age is not None
            and not isinstance(age, bool)
            and age < self.young_address_hours
        )
        return tuple([*told, ADDRESS_AGE] if young else told)

    def _band(self, amount: Decimal | None) -> Band:
        if amount is not None:
            for band in self.bands:
                if band.below is not None and amount < band.below:
                    return band
        return self.bands[-1]
