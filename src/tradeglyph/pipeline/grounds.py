"""What everybody's trades tell of windows before any verdict, and how verdicts follow from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.references import ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.pipeline.evidence import Evidence, evidence_of
from tradeglyph.pipeline.rules import Rules
from tradeglyph.pipeline.tally import Tally
from tradeglyph.pipeline.verdict import Ruling, rule_on, rule_on_costs
from tradeglyph.recognizers.trip_cost import trip_costs

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Texts = NDArray[np.object_]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """Verdicts on n windows by both grounds."""

    by_ledger: Ruling
    """By the other sides; as the model said where none is known."""
    by_costs: Ruling
    """The last word: the same after what trips made; its `cleared` are those quiet for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Of n windows."""

    transfers: Transfers | None
    """None where no other side is known, as is `evidence`."""
    evidence: Evidence | None
    unknown: Mask
    """Those asked for whose other sides are not known, and of which no flow stands out."""
    costs: Floats
    """What the trips of these made, half-spreads; NaN elsewhere and where that is not known."""
    spreads: float
    """Up to so many are what the market explains."""

    def rule(self, verdict: Texts, role: Texts, suspected: Mask, alone: Mask) -> Ruled:
        """The model's verdicts and roles, mended; `suspected` are those that it would have
        reviewed, all of them among those asked for, and `alone` those with their candles to
        themselves."""
        ruling = Ruling(verdict=verdict, role=role, cleared=np.zeros(len(verdict), dtype=bool))
        if self.evidence is not None:
            ruling = rule_on(verdict, role, suspected, self.evidence, alone)
        costs = np.where(suspected, self.costs, np.nan)
        last = rule_on_costs(ruling.verdict, ruling.role, costs, self.spreads)
        return Ruled(by_ledger=ruling, by_costs=last)


def grounds_of(
    account: Ints,
    symbol: Ints,
    start: Ints,
    end: Ints,
    tape: Tape,
    *,
    asked: Mask,
    ends: Ints,
    rules: Rules,
    references: ReferencePrices | None = None,
    split: int | None = None,
    tally: Tally | None = None,
) -> Grounds:
    """Grounds to rule on n windows, given by the tape's codes (-1: not on the tape) and their span,
    microseconds UTC, the end exclusive.

    Args:
        asked: which may be suspected: costs are reckoned of no others.
        ends: all window ends at which the ledger is read, ascending. Each trade is valued at the
            first end after it, so that they are part of the answer.
        references: quoted prices by the tape's codes, for the ledger.
        split: microseconds UTC; whether the other sides of windows that end by then are known is
            counted over the trades before it, else over all.
        tally: of the tape, where it is asked for others, too.
    """
    transfers, evidence, unknown = None, None, asked
    if (tape.match >= 0).any():
        tally = Tally(tape) if tally is None else tally
        told = tally.told(ends, rules, references, np.unique(account[account >= 0]))
        transfers, evidence = told.transfers, told.about(account, symbol, end)
        if split is not None:
            # Flows are those of their own end; only what counts as known is counted over all rows.
            past = tape.take(np.flatnonzero(tape.fills.time < split))
            early = evidence_of(account, symbol, end, past, transfers, rules.flow_rule)
            evidence = _either(end <= split, early, evidence)
        unknown = asked & ~evidence.known & ~evidence.odd
    at = np.flatnonzero(unknown)
    costs = np.full(len(unknown), np.nan)
    costs[at] = trip_costs(tape, account[at], symbol[at], start[at], end[at])
    return Grounds(
        transfers=transfers,
        evidence=evidence,
        unknown=unknown,
        costs=costs,
        spreads=rules.ledger.spreads,
    )


def _either(which: Mask, one: Evidence, other: Evidence) -> Evidence:
    """`one` where `which`, else the `other`."""
    return Evidence(
        **{
            name: np.where(which, getattr(one, name), getattr(other, name))
            for name in Evidence.__slots__
        }
    )
