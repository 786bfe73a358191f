from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recognizers.wash.tapes import MONDAY, AloneRow, MatchRow, tape
from tradeglyph.domain.fills import BUY, DAY_US, MICROSECONDS, SELL
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.wash.findings import Criterion, WashFindings, WashVolume
from tradeglyph.recognizers.wash.matches import matches_of
from tradeglyph.recognizers.wash.settings import HOUR_US, WEEK_US, WashSettings
from tradeglyph.recognizers.wash.volume import wash_volume

# A market whose prints bounce between 100 and 101: half-spread 0.5, 0.5 % of the price.
MARKET: list[AloneRow] = [(float(at), "crowd", BUY, 100.0 + at % 2, 0.01) for at in range(60)]


def there_and_back(times: int, *, start: float = 0.0, step: float = 60.0, size: float = 10.0,
                   up: float = 0.0) -> list[MatchRow]:  # fmt: skip
    """bob sells to ann and buys back `up` dearer, `times` times."""
    rows: list[MatchRow] = []
    for at in range(times):
        rows.append((start + 2 * at * step, "ann", "bob", 100.0, size))
        rows.append((start + (2 * at + 1) * step, "bob", "ann", 100.0 + up, size))
    return rows


def matched(volume: WashVolume) -> WashFindings:
    """The findings, all of which must be volume matches."""
    assert set(volume.findings.criterion) <= {Criterion.VOLUME_MATCH}
    return volume.findings


def names(volume: WashVolume, whole: Tape, at: int = 0) -> list[str]:
    return whole.fills.account_names[volume.findings.of(at)].tolist()


@pytest.mark.parametrize("one_row", [False, True])
def test_a_pair_that_trades_until_nothing_has_changed(one_row: bool) -> None:
    outside: list[MatchRow] = [(5.0, "ann", "cid", 100.0, 7.0), (6.0, "dan", "cid", 100.0, 50.0)]
    whole = tape([*there_and_back(3), *outside], MARKET, one_row=one_row)
    volume = wash_volume(whole)
    found = matched(volume)
    assert len(found) == 1
    assert names(volume, whole) == ["ann", "bob"]
    assert found.window_start[0] == MONDAY * MICROSECONDS
    assert found.window_us[0] == HOUR_US
    assert (found.numerator[0], found.denominator[0], found.trades[0]) == (60.0, 67.0, 6)
    assert volume.rows.sum() == (6 if one_row else 12)


def test_a_ring_of_three() -> None:
    ring = [("b", "a"), ("c", "b"), ("a", "c")]
    rows = [(float(at), *ring[at % 3], 100.0, 5.0) for at in range(12)]
    whole = tape(rows, MARKET)
    volume = wash_volume(whole)
    assert len(matched(volume)) == 1
    assert names(volume, whole) == ["a", "b", "c"]
    assert volume.findings.trades[0] == 12


def test_two_round_trips_are_normal() -> None:
    assert len(wash_volume(tape(there_and_back(2), MARKET)).findings) == 0


def test_the_longer_windows_see_what_is_too_thin_for_the_shorter() -> None:
    a_day = wash_volume(tape(there_and_back(3, step=5_000.0), MARKET))
    assert matched(a_day).window_us.tolist() == [DAY_US]
    a_week = wash_volume(tape(there_and_back(3, step=86_400.0), MARKET))
    assert matched(a_week).window_us.tolist() == [WEEK_US]
    assert a_week.findings.window_start[0] == MONDAY * MICROSECONDS


def test_what_a_shorter_window_names_is_not_counted_again() -> None:
    thin = there_and_back(3, start=7_200.0, step=4_000.0)
    found = matched(wash_volume(tape([*there_and_back(4), *thin], MARKET)))
    assert found.window_us.tolist() == [HOUR_US, DAY_US]
    assert found.trades.tolist() == [8, 6]
    assert found.denominator.tolist() == [80.0, 60.0]


def test_a_set_that_ends_with_inventory_is_not_named() -> None:
    one_way: list[MatchRow] = [(float(at), "ann", "bob", 100.0, 10.0) for at in range(9)]
    some_back: list[MatchRow] = [(20.0 + at, "bob", "ann", 100.0, 9.0) for at in range(9)]
    assert len(wash_volume(tape([*one_way, *some_back], MARKET)).findings) == 0


def test_a_client_who_pays_the_market_makers_spread_is_not_named() -> None:
    # Sells at the bid and buys at the ask, again and again, with no one else to trade with.
    assert len(wash_volume(tape(there_and_back(9, up=1.0), MARKET)).findings) == 0


def test_money_that_moves_from_one_to_the_other_is_not_wash_volume() -> None:
    assert len(wash_volume(tape(there_and_back(9, up=15.0), MARKET)).findings) == 0


def test_small_gains_that_always_go_one_way_are_a_transfer() -> None:
    # 0.2 a trip is far inside half of the half-spread of 0.5.
    assert len(wash_volume(tape(there_and_back(9, up=0.2), MARKET)).findings) == 0
    ups = [0.2 if at % 2 else -0.2 for at in range(9)]
    rows = [row for at, up in enumerate(ups) for row in there_and_back(1, start=99.0 * at, up=up)]
    assert matched(wash_volume(tape(rows, MARKET))).trades.tolist() == [18]


def test_market_makers_who_meet_by_chance_trade_mostly_with_others() -> None:
    clients: list[MatchRow] = [
        (at + 0.5, f"client{at}", ("ann", "bob")[at % 2], 100.0, 10.0) for at in range(60)
    ]
    assert len(wash_volume(tape([*there_and_back(9), *clients], MARKET)).findings) == 0


def test_without_other_prints_only_a_result_of_nothing_is_even() -> None:
    assert len(wash_volume(tape(there_and_back(3))).findings) == 1


trades = st.lists(
    st.tuples(
        st.sampled_from([("a", "b"), ("b", "a"), ("b", "c"), ("c", "a"), ("a", "c")]),
        st.sampled_from([100.0, 100.2, 101.0, 103.0]),
        st.sampled_from([1.0, 2.0]),
        st.sampled_from([0.0, 0.0, 1_500.0, 50_000.0]),
    ),
    min_size=6,
    max_size=40,
)
Drawn = list[tuple[tuple[str, str], float, float, float]]


def rows_of(drawn: Drawn) -> list[MatchRow]:
    second, rows = 0.0, []
    for (buyer, seller), price, quantity, pause in drawn:
        second += pause
        rows.append((second, buyer, seller, price, quantity))
    return rows


@given(trades, st.floats(0.1, 1.0), st.sampled_from([0.0, 0.01, 0.2]))
def test_whoever_is_named_ends_flat_and_even_and_trades_mostly_inside(
    drawn: Drawn, set_share: float, margin: float
) -> None:
    whole = tape(rows_of(drawn), MARKET)
    settings = WashSettings(occurrences=1, set_share=set_share, margin=margin)
    volume = wash_volume(whole, settings=settings)
    found, matches = matched(volume), matches_of(whole)
    named = set(matches_of(whole).number[_named(volume, whole, matches.number)])
    assert sum(found.trades) == len(named)
    for at in range(len(found)):
        first, members = found.window_start[at], set(found.of(at))
        inside = [
            k
            for k in range(len(matches))
            if first <= matches.time[k] < first + found.window_us[at]
            and {matches.buyer[k], matches.seller[k]} <= members
            and matches.number[k] in named
        ]
        assert found.trades[at] >= 6
        assert found.share[at] >= set_share - 1e-12
        # Shorter windows have their own trades: only where all are of this finding can it be
        # counted here.
        if len(inside) == found.trades[at]:
            _check_flat_and_even(matches, inside, margin)


def _named(volume: WashVolume, whole: Tape, numbers: np.ndarray) -> list[int]:
    rows = set(whole.match[volume.rows].tolist())
    return [at for at, number in enumerate(numbers.tolist()) if number in rows]


def _check_flat_and_even(matches, inside: list[int], margin: float) -> None:  # type: ignore[no-untyped-def]
    position, cash = defaultdict(float), defaultdict(float)
    spread = defaultdict(float)
    for k in inside:
        money = matches.price[k] * matches.quantity[k]
        for account, sign in ((matches.buyer[k], 1), (matches.seller[k], -1)):
            position[account] += sign * matches.quantity[k]
            cash[account] -= sign * money
            # The prints step by up to 3 %, so no half-spread is above 1.5 %.
            spread[account] += money * 0.015
    mean = matches.quantity[inside].mean()
    assert max(map(abs, position.values())) <= margin * mean + 1e-6
    for account, amount in cash.items():
        assert abs(amount) <= 0.5 * spread[account] + 1e-6


@given(trades, st.randoms(use_true_random=False))
def test_the_order_of_rows_of_equal_times_does_not_matter(drawn: Drawn, random) -> None:  # type: ignore[no-untyped-def]
    rows = rows_of(drawn)
    order = list(range(2 * len(rows)))
    random.shuffle(order)
    settings = WashSettings(occurrences=1)
    one = wash_volume(tape(rows), settings=settings).findings
    two = wash_volume(tape(rows, order=order), settings=settings).findings
    for name in ("criterion", "members", "offset", "window_start", "trades"):
        assert getattr(one, name).tolist() == getattr(two, name).tolist()
    assert one.share.tolist() == pytest.approx(two.share.tolist())


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_the_scale_of_prices_and_quantities_does_not_matter(scale: float) -> None:
    rows = [
        (second, buyer, seller, price * scale, quantity / scale)
        for second, buyer, seller, price, quantity in there_and_back(4)
    ]
    alone = [(s, who, side, price * scale, q / scale) for s, who, side, price, q in MARKET]
    found = matched(wash_volume(tape(rows, alone)))
    assert found.trades.tolist() == [8]
    assert found.share.tolist() == pytest.approx([1.0])


def test_a_sale_of_the_position_at_the_end_is_peeled_off() -> None:
    last: list[MatchRow] = [(900.0, "ann", "bob", 100.0, 35.0)]
    found = matched(wash_volume(tape([*there_and_back(4), *last], MARKET)))
    assert found.trades.tolist() == [8]
    assert (found.numerator[0], found.denominator[0]) == (80.0, 115.0)


def test_no_trades() -> None:
    volume = wash_volume(tape())
    assert len(volume.findings) == 0
    assert volume.rows.tolist() == []
    assert len(wash_volume(tape(alone=[(0.0, "a", SELL, 1.0, 1.0)])).findings) == 0
