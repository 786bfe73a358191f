"""What else the rows around lines say of them: whose the account is, and of which days they are."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl

from tradeglyph.statements.facts import holder_in, period_in

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearings:
    """Owners and periods by the row that names them; each holds up to the next of its kind."""

    owner_rows: tuple[int, ...]
    owners: tuple[str | None, ...]
    """One more than rows: the first is of lines above them all."""
    period_rows: tuple[int, ...]
    periods: tuple[tuple[dt.date, dt.date] | None, ...]

    @classmethod
    def of(cls, spoken: Sequence[tuple[int, str]], cover: Sequence[str]) -> "Bearings":
        """From texts of rows, and of sheets before."""
        owner_rows, owners = _found(spoken, cover, holder_in)
        period_rows, periods = _found(spoken, cover, period_in)
        return cls(owner_rows=owner_rows, owners=owners, period_rows=period_rows, periods=periods)

    def at(self, rows: pl.Series) -> pl.DataFrame:
        """`owner` (empty where none is named), `since` and `until` of each row."""
        named = pl.DataFrame({"owner": pl.Series(self.owners, dtype=pl.String).fill_null("")})
        days = [(None, None) if one is None else one for one in self.periods]
        dated = pl.DataFrame(days, schema={"since": pl.Date, "until": pl.Date}, orient="row")
        parts = [_along(named, self.owner_rows, rows), _along(dated, self.period_rows, rows)]
        return pl.concat(parts, how="horizontal")


def _found(
    spoken: Sequence[tuple[int, str]], cover: Sequence[str], said: Callable[[str], T | None]
) -> tuple[tuple[int, ...], tuple[T | None, ...]]:
    at = [(row, one) for row, text in sorted(spoken) if (one := said(text)) is not None]
    first = next((one for text in cover if (one := said(text)) is not None), None)
    return tuple(row for row, _ in at), (first, *(one for _, one in at))


def _along(table: pl.DataFrame, of: Sequence[int], rows: pl.Series) -> pl.DataFrame:
    places = np.searchsorted(np.array(of, dtype=np.int64), rows.to_numpy(), "right")
    return table[places]
