"""Features with meaning, for a whole batch of windows at once.

They feed the baselines (a tree, the hand rule), the role and the reasons; the probability is the
picture model's alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.windows import PlacedWindows, Windows
from tradeglyph.picture.columns import Columns
from tradeglyph.recognizers.round_trips import round_trips

WIDE_TRIP = 0.65
"""A trip is wide if its gap is over this share of the candle's height."""
HAND_RULE_TRIPS = 3
"""The hand rule, a baseline of the evaluation: at least this many wide trips, and over half of all
trips wide."""

MINUTE_US = 60 * MICROSECONDS
BURST_US = 30 * MINUTE_US
MOST_GAIN = 5.0
"""Heights of a candle: a trip over hours may gain many, and one must not outweigh the rest."""

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
    fifo_gain: Floats
    """Gain of a unit bought and sold again, first in first out, over the height of the candle in
    which that was closed; mean by quantity, each trip within -5 and 5."""
    holding: Floats
    """log2 of 1 + minutes between the two fills of a trip, mean by quantity."""
    burst: Floats
    """Largest share of the fills within half an hour."""
    habit_ratio: Floats
    """log2 of the money of a usual fill over that of the account's earlier windows."""
    hand_rule: Floats
    """1 where the hand rule speaks, else 0."""

    def named(self) -> Iterator[tuple[str, Floats]]:
        """Pairs of name and array, in the order above."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)


def features_of(placed: PlacedWindows, columns: Columns) -> Features:
    """Features of n windows from their traded candles."""
    n, owner = len(placed.windows), placed.windows.owner
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
            fills=fills_of(placed),
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
            max_volume_share=max_volume_share_of(columns, n),
            ticks=pool.mean(np.log2(np.maximum(columns.ticks, 1.0)), trip),
            relative_range=pool.mean(np.log2(np.maximum(columns.relative_range, 1e-3)), trip),
            one_sided=np.abs(bought - sold) / (bought + sold),
            **_of_time(placed, columns, pool, owner),
            hand_rule=_hand_rule(wide_trips, wide_share),
        )


def fills_of(placed: PlacedWindows) -> Floats:
    """`Features.fills` alone."""
    windows = placed.windows
    return np.bincount(windows.owner, placed.candle >= 0, minlength=len(windows)).astype(float)


def trips_of(columns: Columns, windows: int) -> Floats:
    """`Features.trips` alone."""
    return _Pool(owner=columns.owner, windows=windows).total(columns.balance > 0)


def max_volume_share_of(columns: Columns, windows: int) -> Floats:
    """`Features.max_volume_share` alone."""
    share = np.fmax(columns.buy_share, columns.sell_share)
    return _Pool(owner=columns.owner, windows=windows).peak(share)


def _of_time(
    placed: PlacedWindows, columns: Columns, pool: "_Pool", owner: NDArray[np.int64]
) -> dict[str, Floats]:
    """What the order of the fills tells, and their size against what was usual before."""
    windows, fills = placed.windows, placed.windows.fills
    trips = round_trips(windows)
    of_trip = replace(pool, owner=trips.owner)
    closing = columns.of_fill[np.maximum(trips.buy, trips.sell)]
    height = np.append(columns.height, np.nan)[closing]  # -1, no candle, is the last
    bought, sold = fills.price[trips.buy], fills.price[trips.sell]
    minutes = np.abs(fills.time[trips.sell] - fills.time[trips.buy]) / MINUTE_US
    money = replace(pool, owner=owner).mean(np.log2(fills.price * fills.quantity))
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.clip((sold - bought) / height, -MOST_GAIN, MOST_GAIN)
        return {
            "fifo_gain": of_trip.mean(gain, weight=trips.quantity),
            "holding": of_trip.mean(np.log2(1 + minutes), weight=trips.quantity),
            "burst": _burst(windows, owner),
            "habit_ratio": money - np.log2(windows.habit),
        }


def _burst(windows: Windows, owner: NDArray[np.int64]) -> Floats:
    """Per window: the largest share of its fills that lie within `BURST_US`."""
    if not len(windows.fills):
        return np.full(len(windows), np.nan)
    since = windows.fills.time - windows.start[owner]
    # Every window in a stretch of its own, so that one search serves all of them.
    stretch = int(since.max()) + BURST_US + 1
    at = owner * stretch + since
    within = np.searchsorted(at, at + BURST_US) - np.arange(len(at))
    return np.asarray(np.maximum.reduceat(within, windows.offset[:-1]) / windows.sizes)


def _hand_rule(wide_trips: Floats, wide_share: Floats) -> Floats:
    return ((wide_trips >= HAND_RULE_TRIPS) & (wide_share > 0.5)).astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """Values per column made into one value per window."""

    owner: NDArray[np.int64]
    windows: int

    def total(self, values: Floats | NDArray[np.bool_]) -> Floats:
        # bincount of nothing counts in integers
        total = np.bincount(self.owner, values, minlength=self.windows)
        return total.astype(np.float64, copy=False)

    def mean(
        self,
        values: Floats,
        where: NDArray[np.bool_] | bool = True,
        weight: Floats | float = 1.0,
    ) -> Floats:
        """Over the values `where`, by weight; NaN among them are passed over, and are the answer
        for a window without any."""
        weight = np.where(where & ~np.isnan(values), weight, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.total(np.nan_to_num(values) * weight) / self.total(weight))

    def peak(self, values: Floats) -> Floats:
        """The highest; NaN for a window without any."""
        top = np.full(self.windows, -np.inf)
        np.maximum.at(top, self.owner, np.where(np.isnan(values), -np.inf, values))
        return np.where(np.isinf(top), np.nan, top)
