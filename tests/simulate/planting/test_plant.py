from collections import defaultdict

import numpy as np
import pytest

from tests.rows import DAY, candles_of, days, fills_of, steady_candles
from tests.simulate.planting.traffic import traffic
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY, DAY_US, MICROSECONDS
from tradeglyph.domain.windows import Windows
from tradeglyph.simulate.planting.grades import FEW_TRIPS, GRADES, LARGE_SHARE, MOST_TRIPS
from tradeglyph.simulate.planting.plant import Planted, plant

SEEDS = range(6)


def planted(seed: int, **more: bool | int) -> tuple[Windows, Candles, Planted]:
    windows, candles = traffic(seed, **more)  # type: ignore[arg-type]
    return windows, candles, plant(windows, candles, plants=30, seed=seed)


def candle_of(candles: Candles, symbol: int, time: int) -> int:
    """The only candle that holds an instant, by search of them all."""
    inside = (candles.symbol == symbol) & (candles.start <= time)
    inside &= time < candles.start + candles.interval
    (at,) = np.flatnonzero(inside)
    return int(at)


def rows_of(done: Planted, candles: Candles) -> list[tuple[int, int, int, int, float, float, int]]:
    """account, other, side, candle, price, quantity, time of every planted fill."""
    fills = done.fills
    return [
        (
            int(fills.account[i]), int(done.other[i]), int(fills.side[i]),
            candle_of(candles, int(fills.symbol[i]), int(fills.time[i])),
            float(fills.price[i]), float(fills.quantity[i]), int(fills.time[i]),
        )
        for i in range(len(fills))
    ]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_prices_are_whole_ticks_inside_their_candle(seed: int) -> None:
    _, candles, done = planted(seed)
    assert len(done.plants) > 10
    for _, _, _, at, price, quantity, _ in rows_of(done, candles):
        assert price == round(price * 100) / 100
        assert quantity == pytest.approx(round(quantity * 10) / 10, rel=1e-12)
        assert candles.low[at] <= price <= candles.high[at]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_match_has_both_rows(seed: int) -> None:
    _, candles, done = planted(seed)
    seen = defaultdict(list)
    for account, other, side, at, price, quantity, time in rows_of(done, candles):
        seen[frozenset((account, other)), at, price, quantity, time].append((account, side))
    for sides in seen.values():
        for (one, first), (two, second) in zip(sides[::2], sides[1::2], strict=True):
            assert one != two
            assert first == -second


@pytest.mark.parametrize("seed", SEEDS)
def test_the_money_goes_from_the_victim_to_the_beneficiary(seed: int) -> None:
    _, candles, done = planted(seed)
    plants = done.plants
    cash: dict[tuple[int, int], float] = defaultdict(float)
    position: dict[tuple[int, int], float] = defaultdict(float)
    for account, _, side, at, price, quantity, _ in rows_of(done, candles):
        key = account, int(candles.start[at]) // DAY_US
        cash[key] -= side * price * quantity
        position[key] += side * quantity
    for i in range(len(plants)):
        day = int(plants.window_start[i]) // DAY_US
        money = pytest.approx(plants.money[i])
        assert plants.money[i] > 0
        assert cash[int(plants.beneficiary[i]), day] == money
        assert -cash[int(plants.victim[i]), day] == money
    assert np.allclose(list(position.values()), 0)
    # An account and day in more than one plant would have overwritten another's sum.
    assert len(cash) == 2 * len(plants)


@pytest.mark.parametrize("seed", SEEDS)
def test_trips_are_what_the_grade_says(seed: int) -> None:
    _, candles, done = planted(seed)
    plants = done.plants
    trips = defaultdict(list)
    for account, _, side, at, price, _, _ in rows_of(done, candles):
        trips[account, int(candles.start[at]) // DAY_US, at].append((side, price))
    for i in range(len(plants)):
        grade = GRADES[plants.grade[i]]
        gaps = []
        for (account, day, at), legs in trips.items():
            if (account, day) == (plants.beneficiary[i], plants.window_start[i] // DAY_US):
                ((_, sold), (_, bought)) = sorted(legs)  # one of each: no candle is used twice
                gaps.append((sold - bought) / (candles.high[at] - candles.low[at]))
        assert 1 <= len(gaps) == plants.trips[i] <= MOST_TRIPS
        assert min(gaps) > grade.least_gap - 1e-6
        assert max(gaps) < grade.most_gap + 1e-6
        assert np.mean(gaps) == pytest.approx(plants.gap[i])
    counts = np.bincount(plants.grade, minlength=len(GRADES))
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_volume_is_raised_by_what_is_matched_and_covers_it(seed: int) -> None:
    _, candles, done = planted(seed)
    bought = np.zeros(len(candles))
    for _, _, side, at, _, quantity, _ in rows_of(done, candles):
        bought[at] += quantity if side == BUY else 0
    assert np.allclose(done.candles.volume, candles.volume + bought)
    for column in ("high", "low", "start", "symbol"):
        assert (getattr(done.candles, column) == getattr(candles, column)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_one_or_two_trips_are_large(seed: int) -> None:
    _, candles, done = planted(seed)
    plants = done.plants
    few = {
        (int(a), int(t) // DAY_US)
        for a, t, n in zip(plants.beneficiary, plants.window_start, plants.trips, strict=True)
        if n <= FEW_TRIPS
    }
    assert few
    for account, _, _, at, _, quantity, _ in rows_of(done, candles):
        if (account, int(candles.start[at]) // DAY_US) in few:
            assert quantity / done.candles.volume[at] >= LARGE_SHARE


def test_where_no_volume_is_known_there_are_three_trips_or_more() -> None:
    _, _candles, done = planted(1, volume=False)
    assert len(done.plants) > 10
    assert done.plants.trips.min() > FEW_TRIPS
    assert np.isnan(done.plants.share).all()
    assert np.isnan(done.candles.volume).all()
    assert (done.fills.quantity > 0).all()


def test_accounts_of_a_candle_are_counted_anew() -> None:
    windows, candles, done = planted(2, count=True)
    there = defaultdict(set)
    fills = windows.fills
    for account, symbol, time in zip(fills.account, fills.symbol, fills.time, strict=True):
        there[candle_of(candles, int(symbol), int(time))].add(int(account))
    came = defaultdict(set)
    for account, _, _, at, *_ in rows_of(done, candles):
        came[at].add(account)
    expected = [9 + len(came[at] - there[at]) for at in range(len(candles))]
    assert done.candles.accounts.tolist() == expected
    assert (candles.accounts == 9).all()


def test_uncounted_accounts_stay_uncounted() -> None:
    assert (planted(2)[2].candles.accounts == -1).all()


def test_hosts_are_told_from_strangers() -> None:
    windows, _, done = planted(3)
    known = len(windows.fills.account_names)
    plants = done.plants
    for side, own in (
        (plants.beneficiary, plants.beneficiary_fills),
        (plants.victim, plants.victim_fills),
    ):
        assert ((side >= known) == (own == 0)).all()
        for i in np.flatnonzero(own):
            (window,) = np.flatnonzero(
                (windows.account == side[i])
                & (windows.symbol == plants.symbol[i])
                & (windows.start == plants.window_start[i])
            )
            assert windows.sizes[window] == own[i]
            assert window in done.hosts
    names = done.fills.account_names
    assert names[:known].tolist() == windows.fills.account_names.tolist()
    assert len(set(names)) == len(names)


def test_a_stranger_takes_nobodys_name() -> None:
    rows = [("planted-00001", "X", DAY + 9, "buy", 10.5, 1.0)]
    windows = days(fills_of(rows))
    for seed in range(20):
        done = plant(windows, steady_candles(30, 10, 11, volume=5.0, open_=10.1), plants=1,
                     seed=seed)  # fmt: skip
        assert len(done.plants) == 1
        assert len(set(done.fills.account_names)) == len(done.fills.account_names)


def test_equal_seeds_plant_equal_transfers_and_change_nothing() -> None:
    windows, candles = traffic(4)
    before = candles.volume.copy(), windows.fills.quantity.copy()
    one, two, third = (plant(windows, candles, plants=20, seed=s) for s in (7, 7, 8))
    assert (one.fills.price == two.fills.price).all()
    assert (one.fills.time == two.fills.time).all()
    assert (one.candles.volume == two.candles.volume).all()
    assert len(one.fills) != len(third.fills) or (one.fills.time != third.fills.time).any()
    assert (candles.volume == before[0]).all()
    assert (windows.fills.quantity == before[1]).all()


def test_no_more_than_asked_for() -> None:
    windows, candles = traffic(5)
    assert len(plant(windows, candles, plants=3, seed=0).plants) == 3


@pytest.mark.parametrize("height", [0, 4])
def test_flat_candles_take_none(height: int) -> None:
    windows, candles = traffic(1, height=height)
    assert candles.high.max() - candles.low.min() > 1
    done = plant(windows, candles, plants=10, seed=0)
    assert len(done.plants) == len(done.fills) == 0
    assert (done.candles.volume == candles.volume).all()


def test_without_candles_or_windows_there_is_no_room() -> None:
    windows, candles = traffic(1)
    assert len(plant(windows, candles_of([]), plants=5, seed=0).plants) == 0
    assert len(plant(days(fills_of([])), candles, plants=5, seed=0).plants) == 0


def test_nameless_fills_take_none() -> None:
    windows = days(fills_of([("", "X", DAY + 9, "buy", 10.5, 1.0)]))
    candles = steady_candles(30, 10, 11, volume=5.0, open_=10.1)
    assert len(plant(windows, candles, plants=5, seed=0).plants) == 0


def test_plants_lie_among_the_accounts_own_trades() -> None:
    # It trades from 02:00 to 04:00 of a day of candles: 25 of 288.
    own = [("a", "X", DAY + 7200, "buy", 10.5, 1.0), ("a", "X", DAY + 14_399, "sell", 10.5, 1.0)]
    windows = days(fills_of(own))
    candles = steady_candles(288, 10, 11, volume=5.0, open_=10.1)
    for seed in range(30):
        done = plant(windows, candles, plants=1, seed=seed)
        if len(done.hosts):
            second = done.fills.time // MICROSECONDS - DAY
            assert (second >= 7200).all()
            assert (second < 14_400).all()


def test_fills_stay_inside_a_day_that_ends_inside_a_candle() -> None:
    # Candles of an hour that start at half past: the day's last one runs into the next day.
    rows = [("X", DAY + 1800 + 3600 * i, 10.0, 11.0) for i in range(24)]
    candles = candles_of(rows, interval=3600, volume=5.0, open_=10.1)
    windows = days(fills_of([("a", "X", DAY + 86_000, "buy", 10.5, 1.0)]))
    for seed in range(30):
        fills = plant(windows, candles, plants=1, seed=seed).fills
        assert (fills.time // DAY_US == DAY * MICROSECONDS // DAY_US).all()
