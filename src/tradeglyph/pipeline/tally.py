"""What one tape says, worked out once for all who are asked about it.

Withdrawals of one market come seconds apart, with hardly a trade between them: most of what is
asked of everybody's trades is the same for many of them.
"""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.references import ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.pipeline.evidence import Testimony
from tradeglyph.pipeline.rules import Rules
from tradeglyph.recognizers.ledger import Reckoning
from tradeglyph.recognizers.wash.findings import WashFindings
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.volume import WashBook

Ints = NDArray[np.int64]


class Tally:
    """Answers for the tape; two that ask the same are told the same. For one thread, but that
    wash volume may be asked for in another."""

    def __init__(self, tape: Tape) -> None:
        """Nothing is worked out yet."""
        self.tape = tape
        self._books: dict[tuple[object, ...], _Book] = {}
        self._wash: dict[tuple[WashSettings, bytes], WashBook] = {}

    def told(
        self, ends: Ints, rules: Rules, references: ReferencePrices | None, about: Ints
    ) -> Testimony:
        """What the ledger's flows tell of accounts, codes of the tape. Arguments as in
        `grounds_of`."""
        if references is not None or len(ends) != 1:
            return self._book(ends, rules, references).about(about)
        end = int(ends[0])
        known = *self._rows_before(end, rules), rules.ledger, rules.flow_rule
        book = self._books.get(known)
        if book is None:
            book = self._books[known] = self._book(ends, rules, None)
        return book.about(about).ending(end)

    def wash(self, accounts: Ints, settings: WashSettings, owner: Ints) -> WashFindings:
        """As `wash_about`."""
        known = settings, owner.tobytes()
        book = self._wash.get(known)
        if book is None:
            book = self._wash[known] = WashBook(self.tape, settings=settings, owner=owner)
        return book.about(accounts)

    def _book(self, ends: Ints, rules: Rules, references: ReferencePrices | None) -> "_Book":
        return _Book(self.tape, ends, rules, references)

    def _rows_before(self, end: int, rules: Rules) -> tuple[int, ...]:
        """Of the tape, rows before each instant that the ledger of one end cuts it at: where they
        are as many, they are the same."""
        since, reach = end - rules.look_back_us, rules.ledger.half_widths[-1]
        time = self.tape.fills.time
        return tuple(int((time < instant).sum()) for instant in (since - reach, since, end))


class _Book:
    """The ledger of some ends."""

    def __init__(
        self, tape: Tape, ends: Ints, rules: Rules, references: ReferencePrices | None
    ) -> None:
        self._tape, self._rule = tape, rules.flow_rule
        self._reckoning = Reckoning(
            tape,
            ends=ends,
            look_back_us=rules.look_back_us,
            settings=rules.ledger,
            references=references,
        )
        self._told: dict[int, Testimony] = {}

    def about(self, accounts: Ints) -> Testimony:
        transfers = self._reckoning.about(accounts)
        # Flows are everybody's or nobody's.
        told = self._told.get(len(transfers))
        if told is None:
            told = Testimony.of(self._tape, transfers, self._rule)
            self._told[len(transfers)] = told
        return told
