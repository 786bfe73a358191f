"""What everybody's trades add to scores: flows of money, wash volume, listed accounts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.lists import AccountLists
from tradeglyph.domain.references import Reference, ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.pipeline.evidence import Evidence
from tradeglyph.pipeline.grounds import grounds_of
from tradeglyph.pipeline.one_sided import gains_said
from tradeglyph.pipeline.rules import Rules
from tradeglyph.pipeline.tally import Tally
from tradeglyph.pipeline.threads import beside
from tradeglyph.recognizers.marks import linked, mark_words
from tradeglyph.recognizers.reasons import (
    Flow,
    Lang,
    abstained,
    cleared,
    flow_reason,
    joined,
    within_spread,
)
from tradeglyph.recognizers.wash.findings import WashFindings
from tradeglyph.recognizers.wash.volume import wash_volume
from tradeglyph.recognizers.wash.words import wash_sentence

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Texts = NDArray[np.object_]
Mask = NDArray[np.bool_]

LARGE = 20_000
"""Rows of a tape whose wash volume is looked for in a thread of its own: some 20 ms."""

FEW = 16
"""Where one account in so many is asked about, as with a withdrawal, wash volume is looked for
about it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the model's scores say of n windows, whose accounts and symbols are codes of a tape,
    -1 for what is not on it."""

    account: Ints
    symbol: Ints
    start: Ints
    """Microseconds UTC, as is `end`, which is exclusive."""
    end: Ints
    verdict: Texts
    role: Texts
    reason: Texts
    alone: Mask
    """Whether a window has its candles to itself (`Scores.alone`): nobody can tell what the market
    thought of it, so that it is never held."""

    @property
    def suspected(self) -> Mask:
        """Up for review, by the window itself or by the account's day over all symbols."""
        return np.asarray(self.verdict == Verdict.REVIEW.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The same windows after a look at everybody's trades, and what was found on the way."""

    verdict: Texts
    role: Texts
    reason: Texts
    transferred: Floats
    """NaN where it is not known."""
    transfers: Transfers | None
    """None where no other side is known, as is `evidence`."""
    evidence: Evidence | None
    """Of the windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What every part of the weighing reads."""

    told: Told
    tape: Tape
    rules: Rules
    lists: AccountLists
    lang: Lang
    references: ReferencePrices | None
    tally: Tally

    def add(self, reason: Texts, at: int, *said: str) -> None:
        """Words behind those that window `at` has."""
        reason[at] = joined([reason[at], *said], self.lang)


def weigh(
    told: Told,
    tape: Tape,
    *,
    rules: Rules,
    lists: AccountLists,
    lang: Lang,
    ends: Ints | None = None,
    references: ReferencePrices | None = None,
    tally: Tally | None = None,
) -> Weighed:
    """What is to be said of the windows with everybody's trades on the table.

    `ends` are all window ends at which the ledger is read, ascending; those of the windows where
    None. Each trade is valued at the first end after it, so that they are part of the answer.
    `references` are quoted prices by the tape's codes: money is measured against them where the
    ledger prefers them. `tally` is that of the tape, where it is asked for others, too.

    Where other sides are known the ledger decides on verdict, role and `transferred`; wash volume
    and what `lists` say of an account are added to the reasons and decide nothing. Where they are
    not, a suspected window whose trips made no more than the spread is quiet, and what another made
    against the market is added to its reasons.
    """
    if not len(tape):
        return _unchanged(told)
    scene = _Scene(
        told=told,
        tape=tape,
        rules=rules,
        lists=lists,
        lang=lang,
        references=references,
        tally=Tally(tape) if tally is None else tally,
    )
    reason = told.reason.astype(object)
    # On a core of its own: no verdict waits for it.
    with beside(lambda: _wash(scene), worth=len(tape.fills) >= LARGE) as wash:
        grounds = grounds_of(
            told.account,
            told.symbol,
            told.start,
            told.end,
            tape,
            asked=told.suspected,
            ends=np.unique(told.end) if ends is None else ends,
            rules=rules,
            references=references,
            tally=scene.tally,
        )
        ruled = grounds.rule(told.verdict, told.role, told.suspected, told.alone)
        transfers, evidence = grounds.transfers, grounds.evidence
        transferred = np.full(len(reason), np.nan)
        if transfers is not None and evidence is not None:
            transferred = evidence.transferred
            _add_flows(reason, ruled.by_ledger.cleared, evidence, transfers, scene)
        within = ruled.by_costs.cleared
        for at in np.flatnonzero(within):
            scene.add(reason, int(at), within_spread(float(grounds.costs[at]), lang))
        _add_gains(reason, grounds.unknown & ~within, scene)
        _add_wash(reason, wash(), scene)
    _add_marks(reason, scene)
    return Weighed(
        verdict=ruled.by_costs.verdict,
        role=ruled.by_costs.role,
        reason=reason,
        transferred=transferred,
        transfers=transfers,
        evidence=evidence,
    )


def _unchanged(told: Told) -> Weighed:
    """Nobody's trades are known: nothing can be added."""
    return Weighed(
        verdict=told.verdict,
        role=told.role,
        reason=told.reason.astype(object),
        transferred=np.full(len(told.reason), np.nan),
        transfers=None,
        evidence=None,
    )


def _add_flows(
    reason: Texts, is_cleared: Mask, evidence: Evidence, transfers: Transfers, scene: _Scene
) -> None:
    """The ledger's words in front where a flow stands out, behind the model's where none does."""
    lang = scene.lang
    for at in np.flatnonzero(evidence.odd):  # alerts are few
        said = flow_reason(_flow(int(at), evidence, transfers, scene.tape), lang)
        of_one = linked(lang) if _linked(int(evidence.flow[at]), transfers, scene) else ""
        reason[at] = joined([said, of_one, reason[at]], lang)
    for at in np.flatnonzero(is_cleared):
        scene.add(reason, int(at), cleared(lang))
    for at in np.flatnonzero(scene.told.suspected & evidence.abstained & ~evidence.odd):
        scene.add(reason, int(at), abstained(lang))


def _flow(window: int, evidence: Evidence, transfers: Transfers, tape: Tape) -> Flow:
    at, gains = int(evidence.flow[window]), bool(evidence.gains[window])
    other = transfers.loser[at] if gains else transfers.gainer[at]
    return Flow(
        gains=gains,
        other=str(tape.fills.account_names[other]),
        low=float(transfers.low[at]),
        trades=int(transfers.trades[at]),
        volume_share=float(transfers.volume_share[at]),
        ahead=bool(evidence.ahead[window]),
        reference=Reference(int(transfers.reference[at])),
    )


def _linked(at: int, transfers: Transfers, scene: _Scene) -> bool:
    one, other = transfers.loser[at : at + 1], transfers.gainer[at : at + 1]
    names, when = scene.tape.fills.account_names, transfers.window_end[at : at + 1] - 1
    return bool(scene.lists.linked(names, one, other, when)[0])


def _add_gains(reason: Texts, unknown: Mask, scene: _Scene) -> None:
    told, at = scene.told, np.flatnonzero(unknown)
    account, symbol, start, end = (
        values[at] for values in (told.account, told.symbol, told.start, told.end)
    )
    said = gains_said(
        scene.tape,
        account,
        symbol,
        start,
        end,
        scene.lang,
        scene.rules.ledger,
        scene.references,
    )
    for number, words in said:
        scene.add(reason, int(at[number]), words)  # alerts are few


def _wash(scene: _Scene) -> WashFindings:
    names, now = scene.tape.fills.account_names, int(scene.told.end.max(initial=0)) - 1
    owner = scene.lists.owners(names, now)
    told = np.unique(scene.told.account)
    told = told[told >= 0]
    if FEW * len(told) <= len(names):
        return scene.tally.wash(told, scene.rules.wash, owner)
    return wash_volume(scene.tape, settings=scene.rules.wash, owner=owner).findings


def _add_wash(reason: Texts, found: WashFindings, scene: _Scene) -> None:
    told = scene.told
    for at in range(len(found)):
        begin = found.window_start[at]
        of = (told.symbol == found.symbol[at]) & (told.end > begin)
        of &= (told.start < begin + found.window_us[at]) & np.isin(told.account, found.of(at))
        said = wash_sentence(
            found,
            at,
            account_names=scene.tape.fills.account_names,
            symbol_names=scene.tape.fills.symbol_names,
            settings=scene.rules.wash,
            lang=scene.lang,
        )
        for window in np.flatnonzero(of):
            scene.add(reason, int(window), said)


def _add_marks(reason: Texts, scene: _Scene) -> None:
    names, told = scene.tape.fills.account_names, scene.told
    listed = {mark.account_id for mark in scene.lists.entries}
    codes = [code for code, name in enumerate(names.tolist()) if name in listed] if listed else []
    for at in np.flatnonzero(np.isin(told.account, codes)):
        account = names[told.account[at] : told.account[at] + 1]
        (marks,) = scene.lists.marks(account, int(told.end[at]) - 1)
        scene.add(reason, int(at), *(mark_words(mark, scene.lang) for mark in marks))
