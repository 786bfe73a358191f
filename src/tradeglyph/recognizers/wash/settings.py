"""Numbers of the wash-volume recognizer, each with the text it comes from."""

from dataclasses import dataclass

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US, MICROSECONDS

HOUR_US = 3_600 * MICROSECONDS
WEEK_US = 7 * DAY_US


@dataclass(frozen=True, slots=True, kw_only=True)
class WashSettings:
    """All thresholds. Quantities in base units, times in microseconds.

    Raises InputError where a number is out of its range.
    """

    self_trades: int = 5
    """Self-trades of one owner in one symbol and UTC day that are named. Five is the count of the
    Chinese futures exchanges (SHFE, DCE, ZCE, CFFEX: rules on abnormal trading behaviours, five or
    more self-trades in one contract on one trading day; accounts under one actual control count
    as one). 1 or more."""
    windows_us: tuple[int, ...] = (HOUR_US, DAY_US, WEEK_US)
    """Windows of volume matching, each pass on what the shorter ones left: 1 hour, 1 day, 1 week
    (Victor & Weintraud 2021, as their repository says how it was run). Above 0 and ascending."""
    margin: float = 0.01
    """Net position over mean trade size up to which a position counts as closed (Victor &
    Weintraud 2021: 1 %). 0 to 0.5."""
    occurrences: int = 3
    """How often each direction between the accounts of a set must occur on the tape. The code of
    Victor & Weintraud keeps sets that occur 100 times in years of trades; on the days or weeks
    that a team looks at, three is what is no longer one or two round trips. 1 or more."""
    largest_set: int = 10
    """Accounts in a set at most; larger strongly connected sets are markets, not arrangements.
    (Self-trades and two-account structures predominate in Victor & Weintraud 2021.) 2 to 100."""
    trades: int = 6
    """Matched trades at least in a set's window: three there and three back, since one or two
    round trips are normal. 2 or more."""
    set_share: float = 0.5
    """Of all that the set's accounts trade in the symbol and window, what must be the matched
    trades: `unusual repetition of a transaction among a small number of parties` (Delegated
    Regulation (EU) 2016/522, annex II, section 1, point 3(a)(i)). Above 0, up to 1."""
    gain: float = 0.5
    """What each account may gain or lose over the closed trades, in half-spreads per unit. A
    client of one market maker pays one whole half-spread per unit: above 0 and below 1."""
    chance: float = 1.7
    """How steadily an account may gain or lose over the closed trades: round trips, first in first
    out, that gained, less those that lost, over the root of both. Money that moves always in one
    direction is a transfer, however small beside a thin market's steps: three gains without a
    loss, 1.73, are one too many. If a gain is as likely as a loss, more than x is as rare as
    2 exp(-x^2 / 2) (Hoeffding 1963). Above 0."""
    trip_span_us: int = 300 * MICROSECONDS
    """From the first fill of a round trip to its last. Positions reversed in a short period are an
    indicator of Regulation (EU) 596/2014, annex I, section A; how short it does not say. Above 0,
    up to a day."""
    trip_loss: float = 3.0
    """What a round trip without gain may lose, in half-spreads per unit bought and sold again;
    crossing the spread costs two. Above that it is a loss to somebody, the ledger's matter.
    0 or more."""
    trips: int = 5
    """Round trips at least of one account, symbol and UTC day: one in two of an honest day
    trader's quick trips gains nothing, so that fewer come about by chance. 1 or more."""
    trip_share: float = 0.95
    """Of all that the account trades in the symbol and day, what must be such round trips: day
    traders and market makers also gain. Above 0, up to 1."""
    crowd_accounts: int = 10
    """So many accounts at least that do hardly anything else than such round trips, in one symbol
    and UTC day, are one finding: one owner of many accounts needs no repetition in each. 2 or
    more."""
    crowd_share: float = 0.1
    """Of the symbol's traded quantity in the day, what these must be. Above 0, up to 1."""

    def __post_init__(self) -> None:
        """Checks the ranges."""
        rising = all(a < b for a, b in zip((0, *self.windows_us), self.windows_us, strict=False))
        bounds = (
            ("self_trades", self.self_trades >= 1, "1 or more"),
            ("windows_us", bool(self.windows_us) and rising, "above 0 and ascending"),
            ("margin", 0 <= self.margin <= 0.5, "between 0 and 0.5"),
            ("occurrences", self.occurrences >= 1, "1 or more"),
            ("largest_set", 2 <= self.largest_set <= 100, "between 2 and 100"),
            ("trades", self.trades >= 2, "2 or more"),
            ("set_share", 0 < self.set_share <= 1, "above 0, up to 1"),
            ("gain", 0 < self.gain < 1, "above 0 and below 1"),
            ("chance", 0 < self.chance < float("inf"), "above 0"),
            ("trip_span_us", 0 < self.trip_span_us <= DAY_US, "above 0, up to a day"),
            ("trip_loss", 0 <= self.trip_loss < float("inf"), "0 or more"),
            ("trips", self.trips >= 1, "1 or more"),
            ("trip_share", 0 < self.trip_share <= 1, "above 0, up to 1"),
            ("crowd_accounts", self.crowd_accounts >= 2, "2 or more"),
            ("crowd_share", 0 < self.crowd_share <= 1, "above 0, up to 1"),
        )
        for name, inside, text in bounds:
            if not inside:
                raise InputError(f"wash.{name} = {getattr(self, name)!r}: must be {text}")
