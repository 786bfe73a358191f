"""What the loudest flow of a window came to, in the ledger's four columns."""

import math
from typing import Literal

import numpy as np

from tradeglyph.domain.ledger import Balances, Transfers
from tradeglyph.domain.references import Reference, ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.drawing.money import FourColumns, MoneyMoved, Range
from tradeglyph.pipeline.evidence import Evidence
from tradeglyph.pipeline.rules import Rules
from tradeglyph.recognizers.ledger import balances

_NOISE = 1e-9
"""Less than this share of what was lost or gained is what is left of floating-point sums."""
_UNKNOWN = Range(low=None, middle=None, high=None)
_DEFAULT = Rules()


def money_moved(
    tape: Tape,
    transfers: Transfers,
    evidence: Evidence,
    rules: Rules = _DEFAULT,
    references: ReferencePrices | None = None,
) -> MoneyMoved | None:
    """The loudest flow of the first window of the `evidence`; None where there is none, or its
    other sides are unknown. `rules` are those that the `transfers` were found with, `references`
    quoted prices by the tape's codes, None for none."""
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
        reference=Reference(int(transfers.reference[at])),
        pair=_pair(tape, transfers.take(chosen), transfers, rules, references),
        cluster=_cluster(
            tape, transfers.take(transfers.cluster == transfers.cluster[at]), rules, references
        ),
        look_back_us=rules.look_back_us,
    )


def _pair(
    tape: Tape,
    flow: Transfers,
    transfers: Transfers,
    rules: Rules,
    references: ReferencePrices | None,
) -> FourColumns:
    found = _four_columns(_balances(tape, flow, "pair", rules, references, transfers))
    if not math.isnan(flow.low[0]):
        return found
    # Their other trades may have a reference, but what they did to each other has none.
    return FourColumns(
        accounts=found.accounts, lost=_UNKNOWN, gained=_UNKNOWN, third=_UNKNOWN, fees=found.fees
    )


def _cluster(
    tape: Tape, flows: Transfers, rules: Rules, references: ReferencePrices | None
) -> FourColumns | None:
    if len(np.union1d(flows.loser, flows.gainer)) <= 2:
        return None
    return _four_columns(_balances(tape, flows, "cluster", rules, references))


def _balances(
    tape: Tape,
    flows: Transfers,
    by: Literal["pair", "cluster"],
    rules: Rules,
    references: ReferencePrices | None,
    among: Transfers | None = None,
) -> Balances:
    return balances(
        tape,
        flows,
        by=by,
        look_back_us=rules.look_back_us,
        settings=rules.ledger,
        references=references,
        among=among,
    )


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
