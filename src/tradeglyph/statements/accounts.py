"""Which account the lines of a grid belong to, by the rows around them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tradeglyph.statements.facts import account_in, sub_account_in


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts by the row that names them; each holds up to the next."""

    rows: tuple[int, ...]
    names: tuple[str, ...]
    otherwise: str
    """Of lines above the first."""

    @classmethod
    def of(
        cls, spoken: Sequence[tuple[int, str]], cover: Sequence[str], otherwise: str | None
    ) -> "Accounts":
        """From texts of rows, and of sheets before. A sub-account is told from its siblings by its
        number behind the account's; the only one needs none."""
        rows, found = [], []
        for row, text in sorted(spoken):
            account, sub = account_in(text), sub_account_in(text)
            if account is None and (sub is None or not found):
                continue
            known = found[-1][0] if account is None and found else account
            if account is None and rows and found[-1][1] == "":
                # The account's first sub-account stands below its number.
                rows.pop()
                found.pop()
            rows.append(row)
            found.append((str(known), sub or ""))
        siblings = {name: {sub for one, sub in found if one == name and sub} for name, _ in found}
        names = [
            f"{name}-{sub}" if sub and len(siblings[name]) > 1 else name for name, sub in found
        ]
        covered = next((name for text in cover if (name := account_in(text))), None)
        return cls(tuple(rows), tuple(names), covered or otherwise or "")

    def at(self, rows: pl.Series) -> pl.Series:
        """The account of each row."""
        places = np.searchsorted(np.array(self.rows, dtype=np.int64), rows.to_numpy(), "right")
        names = pl.Series([self.otherwise, *self.names], dtype=pl.String)
        return names.gather(pl.Series(places, dtype=pl.UInt32))
