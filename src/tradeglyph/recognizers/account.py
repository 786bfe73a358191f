"""Account-level findings: all symbols of an account and a day as one, so that small windows add up.

A beneficiary that takes one trip in each of five symbols has five windows of which none is
remarkable. Their probabilities must not be multiplied together: noisy-or (Pearl 1988) takes the
windows for independent, but they are one person's, so that a passive market maker in forty
symbols would be forty times as guilty of its habit. Nor does averaging help: the mean of Bayes
factors is safe under any dependence (Vovk & Wang 2021, "E-values: calibration, combination and
applications"), yet never above the largest, so that nothing adds up. So the fills are pooled
before they are judged, not the judgements afterwards, as one-stage meta-analysis pools patients
and not studies: the account's traded candles of all symbols stand side by side in one picture,
which is possible because a place inside a candle has neither price nor symbol, and are judged
once, by the same model against the same threshold. That is one answer per account and day and no
product of any. Honest windows beside them dilute; a window that is flagged by itself stays so,
whatever its account's day says.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.windows import PlacedWindows, Windows
from tradeglyph.picture.columns import Columns
from tradeglyph.recognizers.figures import percent
from tradeglyph.recognizers.reasons import Lang

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ALL_SYMBOLS = -1
"""The symbol code of a window over all symbols."""
LEAST_TRIPS = 3
"""One or two round trips are normal, in one symbol or in all."""
LEAST_SYMBOLS = 2
"""Symbols with a trip: in one symbol alone its own window has the say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDays:
    """d accounts' days with windows in two symbols or more, sorted by account, then start."""

    placed: PlacedWindows
    """One window each, of symbol `ALL_SYMBOLS`; inside, symbol after symbol by its first fill."""
    columns: Columns
    """Those of the windows they are made of: `columns_of` would look for candles between symbols.
    Pictures of layout `places` can be drawn of both; layout `chart` has one price axis."""
    member: Ints
    """Along the windows that were given: the account's day of each; -1 where it is in none."""

    def __len__(self) -> int:
        return len(self.placed.windows)


def account_days(placed: PlacedWindows, columns: Columns) -> AccountDays:
    """Pools n windows of one cut, whose columns are `columns_of(placed, ...)`."""
    order, day = _order(placed.windows)
    fills, fill_head = _ranges(placed.windows.offset, order)
    own, column_head = _ranges(columns.offset, order)
    first = np.flatnonzero(np.diff(day, prepend=-1))
    member = np.full(len(placed.windows), -1, dtype=np.int64)
    member[order] = day
    pooled = _pooled_windows(placed.windows, order, first, fills, fill_head)
    return AccountDays(
        placed=PlacedWindows(
            windows=pooled,
            candle=placed.candle[fills],
            place=placed.place[fills],
            share=placed.share[fills],
            clipped=placed.clipped[fills],
            over_volume=placed.over_volume[fills],
            alone=_all(placed.alone[order], day, len(first)),
        ),
        columns=_pooled_columns(columns, own, fills, _ends(column_head, first)),
        member=member,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFindings:
    """One element per account's day of `AccountDays`, in its order."""

    probability: Floats
    """Of the day's symbols as one picture; NaN where it has none."""
    flagged: Bools
    """Probability above the threshold, from trips in several symbols."""
    adds: Bools
    """Flagged although none of its windows is: nothing but the sum says it."""
    windows: Ints
    symbols: Ints
    """Symbols in which the account both bought and sold inside one candle."""
    trips: Ints
    mean_gap: Floats
    """Mean of place sold less place bought over the trips, -1 to 1; NaN without a trip."""


def account_findings(
    days: AccountDays, probability: Floats, window_flagged: Bools, *, threshold: float
) -> AccountFindings:
    """Judges d account's days.

    Args:
        probability: the model's answer to each day's pooled picture; NaN where it has none.
        window_flagged: along the windows that were pooled: flagged by itself.
        threshold: the one of windows.
    """
    columns, inside = days.columns, days.member >= 0
    trip = columns.balance > 0
    owner, d = columns.owner[trip], len(days)
    trips = np.bincount(owner, minlength=d)
    gap = (columns.sell_place - columns.buy_place)[trip]
    symbols = _symbols(days, trip)
    flagged = (probability > threshold) & (trips >= LEAST_TRIPS) & (symbols >= LEAST_SYMBOLS)
    known = np.bincount(days.member[inside], window_flagged[inside], minlength=d) > 0
    with np.errstate(invalid="ignore"):
        mean_gap = np.bincount(owner, gap, minlength=d) / trips
    return AccountFindings(
        probability=probability,
        flagged=flagged,
        adds=flagged & ~known,
        windows=np.bincount(days.member[inside], minlength=d),
        symbols=symbols,
        trips=trips,
        mean_gap=mean_gap,
    )


def account_sentence(findings: AccountFindings, at: int, lang: Lang) -> str:
    """What day `at` shows over all symbols, in one sentence."""
    trips, symbols = int(findings.trips[at]), int(findings.symbols[at])
    windows, gap = int(findings.windows[at]), 100 * findings.mean_gap[at]
    together = percent(float(findings.probability[at]))
    if lang == "zh":
        place = "卖出比买入平均高" if gap >= 0 else "卖出比买入平均低"
        alone = "，单看任何一个标的都不够提示" if findings.adds[at] else ""
        return (
            f"账户当日合并看：成交 {windows} 个标的，其中 {symbols} 个标的共有 {trips} 次"
            "在同一根 K 线内既买又卖，"
            f"{place} K 线高度的 {abs(gap):.0f}%，合并概率 {together}{alone}"
        )
    place = "above" if gap >= 0 else "below"
    alone = ", no symbol alone would have said so" if findings.adds[at] else ""
    return (
        f"all symbols of the account's day as one: {trips} trips inside one candle in {symbols} of "
        f"{windows} symbols, sold {abs(gap):.0f}% of the candle {place} where it bought on "
        f"average, probability {together} together{alone}"
    )


def _order(windows: Windows) -> tuple[NDArray[np.intp], Ints]:
    """The windows of days with several symbols, by account, start and first fill; their days."""
    first = windows.fills.time[windows.offset[:-1]]
    order = np.lexsort((windows.symbol, first, windows.start, windows.account))
    account, start = windows.account[order], windows.start[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(account) != 0) | (np.diff(start) != 0)
    day = np.cumsum(new) - 1
    several = np.bincount(day)[day] > 1
    return order[several], np.unique(day[several], return_inverse=True)[1].astype(np.int64)


def _ranges(offset: Ints, order: NDArray[np.intp]) -> tuple[Ints, Ints]:
    """All of what the windows `order` own, in their order, and where each begins in that."""
    size = np.diff(offset)[order]
    head = np.append(0, np.cumsum(size)).astype(np.int64)
    return np.repeat(offset[order] - head[:-1], size) + np.arange(head[-1]), head


def _ends(head: Ints, first: NDArray[np.intp]) -> Ints:
    """Offsets of the days, whose first windows are `first`, from those of the windows."""
    return np.append(head[first], head[-1])


def _all(values: Bools, day: Ints, days: int) -> Bools:
    return np.asarray(np.bincount(day, ~values, minlength=days) == 0)


def _pooled_windows(
    windows: Windows, order: NDArray[np.intp], first: NDArray[np.intp], fills: Ints, head: Ints
) -> Windows:
    lead = order[first]
    ends = np.append(first, len(order))
    counted = np.append(0, np.cumsum(windows.trade_count[order]))
    return Windows(
        fills=windows.fills.take(fills),
        offset=_ends(head, first),
        account=windows.account[lead],
        symbol=np.full(len(first), ALL_SYMBOLS, dtype=np.int32),
        start=windows.start[lead],
        end=windows.end[lead],
        trade_count=np.diff(counted[ends]).astype(np.int32),
        habit=windows.habit[lead],
    )


def _pooled_columns(columns: Columns, own: Ints, fills: Ints, offset: Ints) -> Columns:
    """The columns `own` in their new order; `fills` are the fills in theirs."""
    place = np.full(len(columns.owner) + 1, -1, dtype=np.int64)
    place[own] = np.arange(len(own))
    return Columns(
        owner=np.repeat(np.arange(len(offset) - 1), np.diff(offset)),
        offset=offset,
        candle=columns.candle[own],
        of_fill=place[columns.of_fill[fills]],  # the last answers for fills without a candle
        bought=columns.bought[own],
        sold=columns.sold[own],
        buy_place=columns.buy_place[own],
        sell_place=columns.sell_place[own],
        buy_share=columns.buy_share[own],
        sell_share=columns.sell_share[own],
        height=columns.height[own],
        ticks=columns.ticks[own],
        relative_range=columns.relative_range[own],
        pause=columns.pause[own],
    )


def _symbols(days: AccountDays, trip: Bools) -> Ints:
    """Per day: symbols with at least one trip."""
    fills, of_fill = days.placed.windows.fills, days.columns.of_fill
    inside = of_fill >= 0
    symbol = np.empty(len(trip), dtype=np.int64)
    symbol[of_fill[inside]] = fills.symbol[inside]
    key = days.columns.owner[trip] * (int(symbol.max(initial=0)) + 1) + symbol[trip]
    distinct = np.unique(key)
    return np.bincount(distinct // (int(symbol.max(initial=0)) + 1), minlength=len(days))
