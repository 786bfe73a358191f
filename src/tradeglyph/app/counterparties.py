"""Scores in frames after a look at everybody's trades (`pipeline.weigh`)."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.lists import AccountLists
from tradeglyph.domain.references import ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.pipeline import weigh as pipeline
from tradeglyph.pipeline.evidence import Evidence
from tradeglyph.pipeline.rules import Rules
from tradeglyph.recognizers.reasons import Lang
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

Mask = NDArray[np.bool_]


def names_other_sides(trades: pl.DataFrame) -> bool:
    """Whether a normalised trades frame may tell who stood on the other side."""
    return any(trades[name].null_count() < len(trades) for name in SIDES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Scores after a look at everybody's trades, and what was found on the way."""

    scores: pl.DataFrame
    tape: Tape
    transfers: Transfers | None
    """None where no other side is known, as is `evidence`."""
    evidence: Evidence | None
    """Of the windows, along `scores`."""
    references: ReferencePrices | None
    """Those that money was measured against, by the tape's codes."""


def weigh(
    scores: pl.DataFrame,
    trades: pl.DataFrame,
    lists: AccountLists,
    lang: Lang,
    *,
    alone: Mask,
    ends: NDArray[np.int64] | None = None,
    rules: Rules = _DEFAULT,
    references: ReferencePrices | None = None,
) -> Weighed:
    """Scores, in the columns of `domain.schema.SCORES`, as `pipeline.weigh` leaves them with
    everybody's trades, a normalised frame, and quoted prices of whatever
    symbols. Probability and flag stay the model's."""
    tape = tape_of(trades)
    quoted = None if references is None else references.on(tape.fills.symbol_names)
    verdict, role, reason = (
        scores[name].to_numpy().astype(object) for name in ("verdict", "role", "reason")
    )
    told = pipeline.Told(
        account=codes_among(scores["account_id"], tape.fills.account_names),
        symbol=codes_among(scores["symbol"], tape.fills.symbol_names),
        start=scores["window_start"].to_physical().to_numpy(),
        end=scores["window_end"].to_physical().to_numpy(),
        verdict=verdict,
        role=role,
        reason=reason,
        alone=alone,
    )
    found = pipeline.weigh(
        told, tape, rules=rules, lists=lists, lang=lang, ends=ends, references=quoted
    )
    weighed = scores.with_columns(
        *(
            pl.Series(name, getattr(found, name), dtype=pl.String)
            for name in ("verdict", "role", "reason")
        ),
        pl.Series("transferred", found.transferred, nan_to_null=True),
    )
    return Weighed(
        scores=weighed,
        tape=tape,
        transfers=found.transfers,
        evidence=found.evidence,
        references=quoted,
    )


def codes_among(values: pl.Series, names: NDArray[np.object_]) -> NDArray[np.int64]:
    """Positions among `names`, -1 for a value that is not there."""
    known = pl.DataFrame({"name": pl.Series(names, dtype=pl.String)}).with_row_index("code")
    found = values.to_frame("name").join(known, on="name", how="left", maintain_order="left")
    return found["code"].cast(pl.Int64).fill_null(-1).to_numpy()
