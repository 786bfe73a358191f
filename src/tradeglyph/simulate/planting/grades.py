"""How plain a planted transfer is: what is drawn for it, and between which ends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A band of gaps: the distance between buy and sale over the height of the candle.

    The gap is what the fraud lives on: the money moved is quantity times gap times height. All
    else (trips, size, cover) is drawn alike in every grade, so that grades differ in nothing else.
    """

    name: str
    least_gap: float
    most_gap: float


GRADES: tuple[Grade, ...] = (
    Grade(name="blatant", least_gap=0.8, most_gap=1.0),
    Grade(name="plain", least_gap=0.6, most_gap=0.8),
    Grade(name="subtle", least_gap=0.4, most_gap=0.6),
    Grade(name="faint", least_gap=0.2, most_gap=0.4),
)
"""From what the seed documents describe (buys in the lowest tenth, sales in the highest: a gap over
0.8) down to what hardly differs from honest intraday trading."""

LEAST_TICKS = 5
"""Height of a candle that takes a plant: each grade, a fifth of the height, then holds a tick."""

MOST_TRIPS = 12
FEW_TRIPS = 2
"""So many trips are normal by definition (the contract for verdicts), unless one side of them is
`LARGE_SHARE` of its candle's volume; smaller ones are never planted, because nobody should find
them."""
LARGE_SHARE = 0.2

LEAST_SHARE, MOST_SHARE = 0.005, 0.4
"""One side of a trip over the candle's volume, all fills counted, even on a log scale."""
LEAST_LARGE_SHARE = 0.22
"""Where there are few trips: a little over the definition's edge."""

LEAST_HABIT, MOST_HABIT = 0.5, 5.0
"""Where the volume is unknown: size over the median fill of the symbol."""

REAL_SIDE = 0.7
"""Chance that a side is an account that traded on that day, with its own trades around the plant;
else it is one that did not, as a mule or a dormant account that was taken over."""
