"""The wash-volume recognizer: all criteria over one tape."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.wash.candidates import may_match
from tradeglyph.recognizers.wash.findings import Named, WashFindings, WashVolume, joined, nothing
from tradeglyph.recognizers.wash.matches import matches_of
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
    owner = _owners(tape, owner)
    matches, half_spread = matches_of(tape), half_spreads(tape.fills, settings)
    return joined(
        [
            self_trades(tape, matches, owner, settings),
            *volume_matches(tape, matches, half_spread, settings),
            *round_trips(tape, half_spread, settings),
        ]
    )


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
    owner = _owners(tape, owner)
    itself = _trades_with_itself(tape, accounts, owner)
    often = may_match(matches_of(_taken(tape, accounts, known=True)), accounts, settings)
    mine = _taken(tape, accounts, known=False)
    trips = may_trip(mine, settings)
    parts: list[Named] = []
    if itself or often:
        matches = matches_of(tape)
    if often or trips:
        half_spread = half_spreads(tape.fills, settings)
    if itself:
        parts.append(self_trades(tape, matches, owner, settings))
    if often:
        parts += volume_matches(tape, matches, half_spread, settings, accounts)
    if trips and trips_alone(mine, half_spread, settings):
        parts += round_trips(tape, half_spread, settings)
    found = joined(parts).findings if parts else nothing()
    of = np.repeat(np.arange(len(found)), found.accounts)[np.isin(found.members, accounts)]
    return found.take(np.unique(of))


def _owners(tape: Tape, owner: NDArray[np.int64] | None) -> NDArray[np.int64]:
    if owner is None:
        return np.arange(len(tape.fills.account_names), dtype=np.int64)
    return owner


def _trades_with_itself(tape: Tape, accounts: NDArray[np.int64], owner: NDArray[np.int64]) -> bool:
    """Whether an owner of one of the accounts does."""
    mine = owner[tape.fills.account]
    return bool((_one_of(mine, owner[accounts]) & (mine == np.append(owner, -1)[tape.other])).any())


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
