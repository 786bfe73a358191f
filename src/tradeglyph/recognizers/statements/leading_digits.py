"""First digits of amounts, and how far they are from Benford's law."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.statements.books import Ints
from tradeglyph.recognizers.statements.chi_square import survival, upper_tail

_POWERS: Ints = 10 ** np.arange(19, dtype=np.int64)
BANDS: dict[int, tuple[float, float, float]] = {
    1: (0.006, 0.012, 0.015),
    2: (0.0012, 0.0018, 0.0022),
}
"""By how many digits: to where the mean absolute deviation is close, acceptable and marginal
conformity; from the last on there is none. SOURCE: Nigrini (2012), Benford's Law, table 7.1."""
CONFORMITY = ("close", "acceptable", "marginal", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """One statement's first digits."""

    places: int
    """1: digits 1 to 9; 2: 10 to 99."""
    counts: Sequence[int]
    """Lines by digits, from the least digits on."""

    @property
    def lines(self) -> int:
        """The sample."""
        return sum(self.counts)

    @property
    def expected(self) -> list[float]:
        """Shares by Benford's law. SOURCE: Benford (1938): log10(1 + 1 / d)."""
        first = 10 ** (self.places - 1)
        return [math.log10(1 + 1 / digit) for digit in range(first, 10 * first)]

    @property
    def chi_square(self) -> float:
        """Of all digits together."""
        n = self.lines
        return sum(
            (count - n * share) ** 2 / (n * share)
            for count, share in zip(self.counts, self.expected, strict=True)
        )

    @property
    def p_value(self) -> float:
        """The chance of a chi-square like this one or greater, if the law holds."""
        return survival(self.chi_square, len(self.counts) - 1)

    @property
    def deviation(self) -> float:
        """Nigrini's mean absolute deviation of the shares."""
        n = self.lines
        pairs = zip(self.counts, self.expected, strict=True)
        return math.fsum(abs(count / n - share) for count, share in pairs) / len(self.counts)

    @property
    def conformity(self) -> str:
        """One of `CONFORMITY`, by `BANDS`."""
        return CONFORMITY[sum(self.deviation >= bound for bound in BANDS[self.places])]

    def excesses(self) -> dict[int, float]:
        """By digits that are too many: the chance of so many or more, times how many digits are
        looked at (Bonferroni), at most 1.

        SOURCE: Nigrini (2012), 7.1: the Z-statistic with the continuity correction, here of one
        side.
        """
        n, first = self.lines, 10 ** (self.places - 1)
        told = {}
        for digit, (count, share) in enumerate(zip(self.counts, self.expected, strict=True), first):
            over = count - n * share - 0.5
            if over > 0:
                chance = upper_tail(over / math.sqrt(n * share * (1 - share)))
                told[digit] = min(1.0, chance * len(self.counts))
        return told


def leading(amounts: Ints, places: int) -> NDArray[np.int64]:
    """The first `places` digits of each amount; 0 where it has fewer."""
    length = np.searchsorted(_POWERS, amounts, side="right")
    enough = length >= places
    cut = _POWERS[np.where(enough, length - places, 0)]
    return np.where(enough, amounts // cut, 0)
