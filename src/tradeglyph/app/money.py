"""What the loudest flow of a window came to, in the ledger's four columns."""

import math

import numpy as np

from tradeglyph.domain.ledger import Balances, Transfers
from tradeglyph.domain.tape import Tape
from tradeglyph.drawing.money import FourColumns, MoneyMoved, Range
from tradeglyph.pipeline.evidence import Evidence
from tradeglyph.recognizers.ledger import balances

_NOISE = 1e-9
"""Less than this share of what was lost or gained is what is left of floating-point sums."""
_UNKNOWN = Range(low=None, middle=None, high=None)


def money_moved(tape: Tape, transfers: Transfers, evidence: Evidence) -> MoneyMoved | None:
    """The loudest flow of the first window of the `evidence`; None where there is none, or its
    other sides are unknown."""
    at = int(evidence.flow[0])
    if at < 0 or not (evidence.known[0] or evidence.alert[0]):
        return None
    chosen = np.arange(len(transfers)) == at
    gains = bool(evidence.gains[0])
    ends = transfers.gainer[at], transfers.loser[at]
    account, other = ends if gains else ends[::-1]
    names = tape.fills.account_names
    return MoneyMoved(
        account=str(names[account]),
        other=str(names[other]),
        gains=gains,
        trades=int(transfers.trades[at]),
        volume_share=float(transfers.volume_share[at]),
        pair=_pair(tape, transfers.take(chosen)),
        cluster=_cluster(tape, transfers.take(transfers.cluster == transfers.cluster[at])),
    )


def _pair(tape: Tape, flow: Transfers) -> FourColumns:
    found = _four_columns(balances(tape, flow))
    if not math.isnan(flow.low[0]):
        return found
    # Their other trades may have a reference, but what they did to each other has none.
    return FourColumns(
        accounts=found.accounts, lost=_UNKNOWN, gained=_UNKNOWN, third=_UNKNOWN, fees=found.fees
    )


def _cluster(tape: Tape, flows: Transfers) -> FourColumns | None:
    members = np.union1d(flows.loser, flows.gainer)
    return _four_columns(balances(tape, flows, by="cluster")) if len(members) > 2 else None


def _four_columns(table: Balances) -> FourColumns:
    """The first row of `table`."""
    least = _NOISE * max(abs(float(table.lost[0])), abs(float(table.gained[0])))

    def part(name: str) -> Range:
        ends = (getattr(table, name + end)[0].item() for end in ("_low", "", "_high"))
        low, middle, high = (_settled(value, least) for value in ends)
        return Range(low=low, middle=middle, high=high)

    return FourColumns(
        accounts=int(table.accounts[0]),
        lost=part("lost"),
        gained=part("gained"),
        third=part("third"),
        fees=float(table.fees[0]),
    )


def _settled(value: float, least: float) -> float | None:
    if math.isnan(value):
        return None
    return 0.0 if abs(value) <= least else value
