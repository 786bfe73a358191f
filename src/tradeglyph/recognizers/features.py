"""Features with meaning, for a whole batch of windows at once.

They feed the baselines (a tree, the hand rule), the role and the reasons; the probability is the
picture model's alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.columns import Columns

WIDE_TRIP = 0.65
"""A trip is wide if its gap is over this share of the candle's height."""
HAND_RULE_TRIPS = 3
"""The hand rule, a baseline of the evaluation: at least this many wide trips, and over half of all
trips wide."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """One array of length n each; NaN where a window has nothing to measure it on.

    A trip is a candle in which the account both bought and sold. Its gap is the mean place of its
    sells minus the mean place of its buys: +1 bought at the low and sold at the high, -1 the
    mirror image.
    """

    fills: Floats
    """Merged fills that have a candle."""
    candles: Floats
    trips: Floats
    trip_share: Floats
    """Trips over traded candles."""
    buy_place: Floats
    """Mean place of the buys, by quantity inside a candle and evenly over candles."""
    sell_place: Floats
    mean_gap: Floats
    """Mean gap of the trips, signed."""
    steadiness: Floats
    """|mean gap| over mean |gap|: 1 if every trip goes the same way."""
    wide_trips: Floats
    """Trips with |gap| > 0.65."""
    wide_share: Floats
    """Wide trips over trips."""
    balance: Floats
    """Mean balance of the trips: 1 if each returns to flat."""
    quantity_in_trips: Floats
    """Share of the traded quantity that is in trips."""
    trip_volume_share: Floats
    """Smaller side over the candle's volume, mean over trips."""
    max_volume_share: Floats
    """Larger side over the candle's volume, its maximum over all traded candles."""
    ticks: Floats
    """Mean height of the trips' candles in ticks, log2."""
    relative_range: Floats
    """Mean height of the trips' candles over that of the span's, log2."""
    one_sided: Floats
    """|bought - sold| over both."""
    hand_rule: Floats
    """1 where the hand rule speaks, else 0."""

    def named(self) -> Iterator[tuple[str, Floats]]:
        """Pairs of name and array, in the order above."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)


def features_of(placed: PlacedWindows, columns: Columns) -> Features:
    """Features of n windows from their traded candles."""
    n = len(placed.windows)
    pool = _Pool(owner=columns.owner, windows=n)
    trip = columns.balance > 0
    gap = columns.sell_place - columns.buy_place
    size = np.abs(np.nan_to_num(gap))
    trips, wide_trips = pool.total(trip), pool.total(trip & (size > WIDE_TRIP))
    candles = pool.total(np.ones(len(trip)))
    bought, sold = pool.total(columns.bought), pool.total(columns.sold)
    both, smaller = columns.bought + columns.sold, np.minimum(columns.buy_share, columns.sell_share)
    mean_gap = pool.mean(gap, trip)
    with np.errstate(divide="ignore", invalid="ignore"):
        wide_share = wide_trips / trips
        return Features(
            fills=np.bincount(placed.windows.owner, placed.candle >= 0, minlength=n).astype(float),
            candles=candles,
            trips=trips,
            trip_share=trips / candles,
            buy_place=pool.mean(columns.buy_place, columns.bought > 0),
            sell_place=pool.mean(columns.sell_place, columns.sold > 0),
            mean_gap=mean_gap,
            steadiness=np.abs(mean_gap) / pool.mean(size, trip),
            wide_trips=wide_trips,
            wide_share=wide_share,
            balance=pool.mean(columns.balance, trip),
            quantity_in_trips=pool.total(np.where(trip, both, 0.0)) / (bought + sold),
            trip_volume_share=pool.mean(smaller, trip),
            max_volume_share=pool.peak(np.fmax(columns.buy_share, columns.sell_share)),
            ticks=pool.mean(np.log2(np.maximum(columns.ticks, 1.0)), trip),
            relative_range=pool.mean(np.log2(np.maximum(columns.relative_range, 1e-3)), trip),
            one_sided=np.abs(bought - sold) / (bought + sold),
            hand_rule=_hand_rule(wide_trips, wide_share),
        )


def _hand_rule(wide_trips: Floats, wide_share: Floats) -> Floats:
    return ((wide_trips >= HAND_RULE_TRIPS) & (wide_share > 0.5)).astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """Values per column made into one value per window; NaN among them are passed over."""

    owner: NDArray[np.int64]
    windows: int

    def total(self, values: Floats | NDArray[np.bool_]) -> Floats:
        known = np.nan_to_num(values)
        return np.bincount(self.owner, known, minlength=self.windows).astype(np.float64)

    def mean(self, values: Floats, where: NDArray[np.bool_]) -> Floats:
        """Over the columns `where`; NaN for a window without any."""
        where = where & ~np.isnan(values)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.total(np.where(where, values, 0.0)) / self.total(where))

    def peak(self, values: Floats) -> Floats:
        """The highest; NaN for a window without any."""
        top = np.full(self.windows, -np.inf)
        np.maximum.at(top, self.owner, np.where(np.isnan(values), -np.inf, values))
        return np.where(np.isinf(top), np.nan, top)
