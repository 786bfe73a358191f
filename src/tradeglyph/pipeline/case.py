"""An event under investigation: what its account did, and what the model says of that."""

from dataclasses import dataclass

import numpy as np

from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Unanswered
from tradeglyph.domain.trade_rows import AccountRows, TradeRows
from tradeglyph.domain.windows import Windows
from tradeglyph.pipeline.cut import cut
from tradeglyph.pipeline.gaps import Gaps
from tradeglyph.pipeline.score import Scores
from tradeglyph.pipeline.tape import fills_of_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An event and what its account did in the window before it."""

    event: Event
    rows: AccountRows
    days: TradeRows | None
    """Since the midnight before; None where they are too many."""
    since: int
    """Of the window, microseconds UTC."""

    @property
    def symbols(self) -> list[str]:
        """Those that the account traded in the window, ascending."""
        return sorted(set(self.rows.symbol.tolist()))

    def windows(self, symbols: list[str]) -> Windows:
        """One for each symbol, coded by `symbols`."""
        edges = np.array([self.since, self.event.time], dtype=np.int64)
        return cut(fills_of_rows(self.rows, symbols), edges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The windows of one case, and what the model says of them."""

    windows: Windows
    scores: Scores
    gaps: Gaps

    def left_open(self) -> Unanswered | None:
        """Why the windows, of which none is grave, have no answer, all of them or one that matters;
        None where those that have one speak for all."""
        why = self.gaps.why()
        if why is None and (self.scores.verdict == "").all():
            return Unanswered.TOO_FEW_FILLS
        return why

    @property
    def says_nothing(self) -> bool:
        """Whether no window has an answer that can be meant."""
        return bool(((self.scores.verdict == "") | self.gaps.outside).all())
