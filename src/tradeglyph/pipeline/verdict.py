"""The verdict on a window: what the model says, and what the other sides of its trades tell.

Fills alone never justify a hold. Where the other sides are known, a flow of money that the ledger
can show does, whatever the picture says; one that is no pattern but too odd to pass is reviewed;
and a flagged window that the ledger clears is quiet:
spread over many counterparties, nobody lost more to it than the market explains. Where they are
not known, a flagged window is quiet if its trips made no more than the spread costs anybody: the
ledger would not alert either, whoever the other side was.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.verdicts import Role, Verdict
from tradeglyph.pipeline.evidence import Evidence

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One element per window."""

    verdict: NDArray[np.object_]
    role: NDArray[np.object_]
    cleared: Mask
    """Suspected by the model, and quiet because of the other sides."""


def rule_on(
    verdict: NDArray[np.object_],
    role: NDArray[np.object_],
    suspected: Mask,
    evidence: Evidence,
    alone: Mask,
) -> Ruling:
    """The model's verdicts and roles of n windows, mended by the evidence; `suspected` are those
    that it would have reviewed, for themselves or for the account's day. Who is `alone` in its
    candles has no market to be measured against: weak evidence, never more than `review`."""
    open_ = evidence.odd | evidence.alert | evidence.abstained | evidence.doubtful
    cleared = suspected & evidence.known & ~open_
    side = np.where(evidence.gains, Role.BENEFICIARY.value, Role.VICTIM.value)
    mended = np.where(cleared, Verdict.QUIET.value, verdict)
    mended = np.where(evidence.odd, Verdict.REVIEW.value, mended)
    mended = np.where(evidence.alert & ~alone, Verdict.HOLD.value, mended)
    own = np.where(cleared, Role.NONE.value, role)
    return Ruling(
        verdict=mended.astype(object),
        role=np.where(evidence.odd, side, own).astype(object),
        cleared=cleared,
    )


def rule_on_costs(
    verdict: NDArray[np.object_],
    role: NDArray[np.object_],
    costs: NDArray[np.float64],
    spreads: float,
) -> Ruling:
    """Of n windows up for review whose other sides are not known: what is within the spread.

    `costs` are half-spreads that the trips made (`recognizers.trip_cost`), NaN where that is not
    known; up to `spreads` of them are what the market explains, as in the ledger.
    """
    cleared = costs <= spreads
    return Ruling(
        verdict=np.where(cleared, Verdict.QUIET.value, verdict).astype(object),
        role=np.where(cleared, Role.NONE.value, role).astype(object),
        cleared=cleared,
    )
