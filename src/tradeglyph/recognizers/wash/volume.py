"""The wash-volume recognizer: all criteria over one tape."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.wash.candidates import Candidates, candidates, may_match
from tradeglyph.recognizers.wash.findings import Named, WashFindings, WashVolume, joined, nothing
from tradeglyph.recognizers.wash.matches import Matches, matches_of
from tradeglyph.recognizers.wash.round_trips import may_trip, round_trips, trips_alone
from tradeglyph.recognizers.wash.self_trades import self_trades
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.spread import half_spreads
from tradeglyph.recognizers.wash.volume_match import volume_matches

_DEFAULT = WashSettings()


def wash_volume(
    tape: Tape, *, settings: WashSettings = _DEFAULT, owner: NDArray[np.int64] | None = None
) -> WashVolume:
    """What of a tape's volume changed nobody's position and gained nothing.

    Self-trades and volume matches are read from the trades whose two sides are known, round trips
    from the fills whose other side is not. Wash volume says nothing of an asset transfer: no
    verdict depends on it.

    Args:
        owner: one number per account code; accounts with one number have one owner, as
            `AccountLists.owners` says. Default: every account its own.

    Does not depend on the order of rows with equal times, on prices' scale or quantities' scale.
    """
    book = WashBook(tape, settings=settings, owner=owner)
    return joined([book.self_trades, *book.volume_matches, *book.round_trips])


def wash_about(
    tape: Tape,
    accounts: NDArray[np.int64],
    *,
    settings: WashSettings = _DEFAULT,
    owner: NDArray[np.int64] | None = None,
) -> WashFindings:
    """Those of the findings of `wash_volume` that name one of a few `accounts`, codes of the tape.

    What an account did itself mostly shows that nothing can name it: then the rest of the tape is
    not looked at.
    """
    return WashBook(tape, settings=settings, owner=owner).about(accounts)


class WashBook:
    """The wash volume of one tape, for several who ask: what it takes to answer one of them is
    worked out once."""

    def __init__(
        self, tape: Tape, *, settings: WashSettings, owner: NDArray[np.int64] | None = None
    ) -> None:
        """As `wash_volume`. Nothing is worked out yet."""
        self._tape, self._settings = tape, settings
        self._owner = _owners(tape, owner)
        self._found: dict[tuple[bool, bool, bool], WashFindings] = {}

    def about(self, accounts: NDArray[np.int64]) -> WashFindings:
        """As `wash_about`."""
        asked = self._with_itself(accounts), self._in_a_set(accounts), self._tripping(accounts)
        found = self._found.get(asked)
        if found is None:
            found = self._found[asked] = self._of(*asked)
        of = np.repeat(np.arange(len(found)), found.accounts)[np.isin(found.members, accounts)]
        return found.take(np.unique(of))

    @cached_property
    def self_trades(self) -> Named:
        """By this criterion, everybody's; so are the next two."""
        return self_trades(self._tape, self._matches, self._owner, self._settings)

    @cached_property
    def volume_matches(self) -> list[Named]:
        """A part for each window length and layer."""
        parts = volume_matches(
            self._tape, self._matches, self._half_spread, self._settings, self._layers
        )
        return list(parts)

    @cached_property
    def round_trips(self) -> list[Named]:
        """A part for accounts and one for crowds."""
        return list(round_trips(self._tape, self._half_spread, self._settings))

    def _of(self, itself: bool, in_a_set: bool, tripping: bool) -> WashFindings:
        parts = [self.self_trades] if itself else []
        parts += self.volume_matches if in_a_set else []
        parts += self.round_trips if tripping else []
        return joined(parts).findings if parts else nothing()

    def _with_itself(self, accounts: NDArray[np.int64]) -> bool:
        """Whether an owner of one of them trades with itself."""
        return bool(self._selves[self._owner[accounts]].any())

    def _in_a_set(self, accounts: NDArray[np.int64]) -> bool:
        """Whether one of them is in a candidate set."""
        if "_members" not in vars(self):
            mine = matches_of(_taken(self._tape, accounts, known=True))
            if not may_match(mine, accounts, self._settings):
                return False
        return bool(self._members[accounts].any())

    def _tripping(self, accounts: NDArray[np.int64]) -> bool:
        if not self._any_unknown:
            return False
        mine = _taken(self._tape, accounts, known=False)
        return may_trip(mine, self._settings) and trips_alone(
            mine, self._half_spread, self._settings
        )

    @cached_property
    def _selves(self) -> NDArray[np.bool_]:
        """Per owner: whether one of its accounts trades with one of its accounts."""
        mine = self._owner[self._tape.fills.account]
        found = np.zeros(int(self._owner.max(initial=-1)) + 1, dtype=bool)
        found[mine[mine == np.append(self._owner, -1)[self._tape.other]]] = True
        return found

    @cached_property
    def _members(self) -> NDArray[np.bool_]:
        """Per account: whether it takes part in a trade inside a candidate set."""
        found = np.zeros(len(self._owner), dtype=bool)
        for layer in self._layers:
            inside = layer.of_trade >= 0
            found[self._matches.buyer[inside]] = True
            found[self._matches.seller[inside]] = True
        return found

    @cached_property
    def _any_unknown(self) -> bool:
        """Whether the other side of a trade is not known."""
        return bool((self._tape.other < 0).any())

    @cached_property
    def _matches(self) -> Matches:
        return matches_of(self._tape)

    @cached_property
    def _half_spread(self) -> NDArray[np.float64]:
        return half_spreads(self._tape.fills, self._settings)

    @cached_property
    def _layers(self) -> list[Candidates]:
        return list(candidates(self._matches, self._settings))


def _owners(tape: Tape, owner: NDArray[np.int64] | None) -> NDArray[np.int64]:
    if owner is None:
        return np.arange(len(tape.fills.account_names), dtype=np.int64)
    return owner


def _taken(tape: Tape, accounts: NDArray[np.int64], *, known: bool) -> Tape:
    """What the accounts took part in, with a known other side or without one."""
    part = _one_of(tape.fills.account, accounts)
    if known:
        part = (part | _one_of(tape.other, accounts)) & (tape.match >= 0)
    else:
        part &= tape.other < 0
    return tape.take(np.flatnonzero(part))


def _one_of(codes: NDArray[np.integer], few: NDArray[np.int64]) -> NDArray[np.bool_]:
    found = np.zeros(len(codes), dtype=bool)
    for code in few:
        found |= codes == code
    return found
