"""What everybody's trades add to scores: flows of money, wash volume, listed accounts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.app.one_sided import gains_said
from tradeglyph.app.rules import Rules
from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.lists import AccountLists
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.pipeline.evidence import Evidence, evidence_of
from tradeglyph.pipeline.verdict import rule_on, rule_on_costs
from tradeglyph.recognizers.ledger import ledger
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
from tradeglyph.recognizers.trip_cost import trip_costs
from tradeglyph.recognizers.wash.findings import WashFindings
from tradeglyph.recognizers.wash.volume import wash_volume
from tradeglyph.recognizers.wash.words import wash_sentence
from tradeglyph.sources.tape import tape_of

COLUMNS = (
    "account_id", "symbol", "time", "side", "price", "quantity", "trade_id", "counterparty_id",
    "fee",
)  # fmt: skip
"""Of a normalised trades frame: what the tape is made of."""
SIDES = ("trade_id", "counterparty_id")
"""Those that may tell who stood on the other side."""
MOST_TRADES = 8_000_000
"""A tape is held in memory whole; longer files are scored on their fills alone, and it is said."""

_DEFAULT = Rules()

Reasons = NDArray[np.object_]
Mask = NDArray[np.bool_]


def names_other_sides(trades: pl.DataFrame) -> bool:
    """Whether a normalised trades frame may tell who stood on the other side."""
    return any(trades[name].null_count() < len(trades) for name in SIDES)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """Scores with their accounts and symbols in the tape's codes, -1 for what is not on it."""

    tape: Tape
    account: NDArray[np.int64]
    symbol: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    alone: Mask
    """In their candles, as far as these know."""
    suspected: Mask
    """Up for review, by the window itself or by the account's day over all symbols."""
    lists: AccountLists
    lang: Lang
    rules: Rules

    @classmethod
    def of(
        cls,
        scores: pl.DataFrame,
        tape: Tape,
        lists: AccountLists,
        lang: Lang,
        alone: Mask,
        rules: Rules,
    ) -> "_Scene":
        return cls(
            tape=tape,
            account=_codes(scores["account_id"], tape.fills.account_names),
            symbol=_codes(scores["symbol"], tape.fills.symbol_names),
            start=scores["window_start"].to_physical().to_numpy(),
            end=scores["window_end"].to_physical().to_numpy(),
            alone=alone,
            suspected=(scores["verdict"] == Verdict.REVIEW.value).to_numpy(),
            lists=lists,
            lang=lang,
            rules=rules,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Scores after a look at everybody's trades, and what was found on the way."""

    scores: pl.DataFrame
    tape: Tape
    transfers: Transfers | None
    """None where no other side is known, as is `evidence`."""
    evidence: Evidence | None
    """Of the windows, along `scores`."""


def weigh(
    scores: pl.DataFrame,
    trades: pl.DataFrame,
    lists: AccountLists,
    lang: Lang,
    *,
    alone: Mask,
    ends: NDArray[np.int64] | None = None,
    rules: Rules = _DEFAULT,
) -> Weighed:
    """Scores, in the columns of `domain.schema.SCORES`, after a look at everybody's trades.

    `alone` says which windows have their candles to themselves (`Scores.alone`): nobody can tell
    what the market thought of these, so they are never held. `ends` are all window ends at which
    the ledger is read, ascending; those of `scores` where None. Each trade is valued at the first
    end after it, so that they are part of the answer.

    Where other sides are known the ledger decides on verdict, role and `transferred`; wash volume
    and what `lists` say of an account are added to the reasons and decide nothing. Where they are
    not, a suspected window whose trips made no more than the spread is quiet, and what another made
    against the market is added to its reasons. Probability and flag stay the model's.
    """
    tape = tape_of(trades)
    scene = _Scene.of(scores, tape, lists, lang, alone, rules)
    reason = scores["reason"].to_numpy().astype(object)
    transfers, evidence = None, None
    unknown = scene.suspected
    with ThreadPoolExecutor(1) as pool:
        wash = pool.submit(_wash, scene)  # on a core of its own: no verdict waits for it
        if (tape.match >= 0).any():
            transfers = ledger(
                tape,
                ends=np.unique(scene.end) if ends is None else ends,
                look_back_us=rules.look_back_us,
                settings=rules.ledger,
            )
            evidence = evidence_of(
                scene.account, scene.symbol, scene.end, tape, transfers, rules.flow_rule
            )
            scores, reason = _with_ledger(scores, reason, evidence, transfers, scene)
            unknown = scene.suspected & ~evidence.known & ~evidence.odd
        scores, unknown = _with_costs(scores, reason, unknown, scene)
        _add_gains(reason, unknown, scene)
        _add_wash(reason, wash.result(), scene)
    _add_marks(reason, scores, scene)
    named = scores.with_columns(pl.Series("reason", reason, dtype=pl.String))
    return Weighed(scores=named, tape=tape, transfers=transfers, evidence=evidence)


def _with_ledger(
    scores: pl.DataFrame,
    reason: Reasons,
    evidence: Evidence,
    transfers: Transfers,
    scene: _Scene,
) -> tuple[pl.DataFrame, Reasons]:
    verdict, role = (scores[name].to_numpy().astype(object) for name in ("verdict", "role"))
    ruling = rule_on(verdict, role, scene.suspected, evidence, scene.alone)
    weighed = scores.with_columns(
        pl.Series("verdict", ruling.verdict, dtype=pl.String),
        pl.Series("role", ruling.role, dtype=pl.String),
        pl.Series("transferred", evidence.transferred, nan_to_null=True),
    )
    return weighed, _with_flows(reason, ruling.cleared, evidence, transfers, scene)


def _with_flows(
    reason: Reasons, is_cleared: Mask, evidence: Evidence, transfers: Transfers, scene: _Scene
) -> Reasons:
    """The ledger's words in front where a flow stands out, behind the model's where none does."""
    lang = scene.lang
    for at in np.flatnonzero(evidence.odd):  # alerts are few
        said = flow_reason(_flow(int(at), evidence, transfers, scene.tape), lang)
        of_one = linked(lang) if _linked(int(evidence.flow[at]), transfers, scene) else ""
        reason[at] = joined([said, of_one, reason[at]], lang)
    for at in np.flatnonzero(is_cleared):
        reason[at] = joined([reason[at], cleared(lang)], lang)
    for at in np.flatnonzero(scene.suspected & evidence.abstained & ~evidence.odd):
        reason[at] = joined([reason[at], abstained(lang)], lang)
    return reason


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
    )


def _linked(at: int, transfers: Transfers, scene: _Scene) -> bool:
    one, other = transfers.loser[at : at + 1], transfers.gainer[at : at + 1]
    names, when = scene.tape.fills.account_names, transfers.window_end[at : at + 1] - 1
    return bool(scene.lists.linked(names, one, other, when)[0])


def _with_costs(
    scores: pl.DataFrame, reason: Reasons, unknown: Mask, scene: _Scene
) -> tuple[pl.DataFrame, Mask]:
    """Windows whose other sides are `unknown` and whose trips are within the spread become quiet;
    which are left."""
    at = np.flatnonzero(unknown)
    windows = (values[at] for values in (scene.account, scene.symbol, scene.start, scene.end))
    costs = np.full(len(unknown), np.nan)
    costs[at] = trip_costs(scene.tape, *windows)
    verdict, role = (scores[name].to_numpy().astype(object) for name in ("verdict", "role"))
    ruling = rule_on_costs(verdict, role, costs, scene.rules.ledger.spreads)
    for window in np.flatnonzero(ruling.cleared):
        said = within_spread(float(costs[window]), scene.lang)
        reason[window] = joined([reason[window], said], scene.lang)
    ruled = scores.with_columns(
        pl.Series("verdict", ruling.verdict, dtype=pl.String),
        pl.Series("role", ruling.role, dtype=pl.String),
    )
    return ruled, unknown & ~ruling.cleared


def _add_gains(reason: Reasons, unknown: Mask, scene: _Scene) -> None:
    at = np.flatnonzero(unknown)
    account, symbol, start, end = (
        values[at] for values in (scene.account, scene.symbol, scene.start, scene.end)
    )
    said = gains_said(scene.tape, account, symbol, start, end, scene.lang, scene.rules.ledger)
    for number, words in said:  # alerts are few
        reason[at[number]] = joined([reason[at[number]], words], scene.lang)


def _wash(scene: _Scene) -> WashFindings:
    names, now = scene.tape.fills.account_names, int(scene.end.max(initial=0)) - 1
    owner = scene.lists.owners(names, now)
    return wash_volume(scene.tape, settings=scene.rules.wash, owner=owner).findings


def _add_wash(reason: Reasons, found: WashFindings, scene: _Scene) -> None:
    for at in range(len(found)):
        begin = found.window_start[at]
        of = (scene.symbol == found.symbol[at]) & (scene.end > begin)
        of &= (scene.start < begin + found.window_us[at]) & np.isin(scene.account, found.of(at))
        said = wash_sentence(
            found,
            at,
            account_names=scene.tape.fills.account_names,
            symbol_names=scene.tape.fills.symbol_names,
            settings=scene.rules.wash,
            lang=scene.lang,
        )
        for window in np.flatnonzero(of):
            reason[window] = joined([reason[window], said], scene.lang)


def _add_marks(reason: Reasons, scores: pl.DataFrame, scene: _Scene) -> None:
    if not scene.lists.entries:
        return
    listed = {mark.account_id for mark in scene.lists.entries}
    accounts = scores["account_id"].to_numpy().astype(object)
    for at in np.flatnonzero(scores["account_id"].is_in(sorted(listed)).to_numpy()):
        (marks,) = scene.lists.marks(accounts[at : at + 1], int(scene.end[at]) - 1)
        said = [mark_words(mark, scene.lang) for mark in marks]
        reason[at] = joined([reason[at], *said], scene.lang)


def _codes(values: pl.Series, names: NDArray[np.object_]) -> NDArray[np.int64]:
    """Positions among `names`, -1 for a value that is not there."""
    known = pl.DataFrame({"name": pl.Series(names, dtype=pl.String)}).with_row_index("code")
    found = values.to_frame("name").join(known, on="name", how="left", maintain_order="left")
    return found["code"].cast(pl.Int64).fill_null(-1).to_numpy()
