"""One number for each counterparty: by its account, or by its name where no account is named."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.recognizers.statements.books import Ints
from tradeglyph.recognizers.statements.given_accounts import OtherSides, other_sides

NAMELESS = NotApplicable(
    reason={"en": "no line names a counterparty", "zh": "没有任何一笔列出对方户名或账号"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Of each line, its counterparty."""

    party: Ints
    """-1 where the line names none."""
    sides: OtherSides
    """What the lines say of accounts; a party below `len(sides.texts)` is an account."""


def other_parties(lines: pl.DataFrame) -> Parties:
    """The counterparties. Masked accounts are those that are written alike.

    Some banks print the line's own account as the other side's; then the name tells.
    """
    sides = other_sides(lines)
    names = lines["counterparty"].unique().sort()
    names = names.filter(names != "")
    party = sides.other
    if len(names):
        codes = lines["counterparty"].cast(pl.Enum(names), strict=False).to_physical()
        by_name = codes.cast(pl.Int64).fill_null(-1).to_numpy()
        itself = (sides.given == sides.own) & (sides.own >= 0)
        by_name = np.where((party < 0) | itself, by_name, -1)
        party = np.where(by_name >= 0, len(sides.texts) + by_name, party)
    return Parties(party=party, sides=sides)
