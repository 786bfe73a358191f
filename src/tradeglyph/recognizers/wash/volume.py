"""The wash-volume recognizer: all criteria over one tape."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.wash.findings import WashVolume, joined
from tradeglyph.recognizers.wash.matches import matches_of
from tradeglyph.recognizers.wash.round_trips import round_trips
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
    if owner is None:
        owner = np.arange(len(tape.fills.account_names), dtype=np.int64)
    matches, half_spread = matches_of(tape), half_spreads(tape.fills, settings)
    return joined(
        [
            self_trades(tape, matches, owner, settings),
            *volume_matches(tape, matches, half_spread, settings),
            *round_trips(tape, half_spread, settings),
        ]
    )
