from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rows import DAY, FillRow, candles_of, days, fills_of
from tradeglyph.domain.fills import DAY_US, MICROSECONDS, Fills
from tradeglyph.domain.windows import Windows
from tradeglyph.picture.fast import draw
from tradeglyph.picture.spec import DEFAULT, SEED
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.pipeline.place import place

HOUR_US = 3600 * MICROSECONDS

# Ten candles of X (one missing, one without height) and ten of Y, two days in all.
CANDLES = candles_of(
    [("X", DAY + 300 * i, 10.0, 10.0 if i == 4 else 10.4 + 0.1 * i) for i in range(11) if i != 2]
    + [("Y", DAY + 86_400 + 300 * i, 9.0, 11.0) for i in range(10)],
    volume=[0.6 + 0.3 * (i % 5) for i in range(20)],
)

Cell = tuple[str, str, int, str, float, int]
"""A fill whose quantity is in tenths."""
cells = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "cat"]),
        st.sampled_from(["X", "Y"]),
        st.sampled_from([DAY + s + d for s in (0, 1, 299, 300, 1500, 2000) for d in (0, 86_400)]),
        st.sampled_from(["buy", "sell"]),
        st.sampled_from([10.0, 10.2, 10.25, 10.7]),
        st.integers(1, 40),
    ),
    max_size=30,
)


def _rows(drawn: list[Cell]) -> list[FillRow]:
    return [(a, s, float(t), side, p, tenths / 10) for a, s, t, side, p, tenths in drawn]


def _assert_same(one: Windows, other: Windows) -> None:
    for name in ("offset", "account", "symbol", "start", "end"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    for name in ("account", "symbol", "time", "side", "price", "quantity"):
        np.testing.assert_array_equal(getattr(one.fills, name), getattr(other.fills, name), name)


def _assert_same_pictures(one: Windows, other: Windows) -> None:
    for spec in (DEFAULT, SEED):
        pictures = [draw(place(windows, CANDLES), CANDLES, spec) for windows in (one, other)]
        np.testing.assert_array_equal(*pictures)


@settings(max_examples=80)
@given(cells, st.randoms())
def test_the_order_of_rows_changes_nothing(drawn: list[Cell], random: object) -> None:
    rows = _rows(drawn)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = days(fills_of(rows)), days(fills_of(shuffled))
    _assert_same(one, other)
    np.testing.assert_array_equal(one.trade_count, other.trade_count)
    _assert_same_pictures(one, other)


@settings(max_examples=80)
@given(cells, st.data())
def test_a_fill_in_parts_is_the_fill(drawn: list[Cell], data: st.DataObject) -> None:
    parts: list[FillRow] = []
    for account, symbol, time, side, price, tenths in drawn:
        cuts = data.draw(st.sets(st.integers(1, max(tenths - 1, 1)), max_size=4))
        edges = [0, *sorted(c for c in cuts if c < tenths), tenths]
        for nth, (low, high) in enumerate(pairwise(edges)):
            moment = time + nth * 0.19  # inside the same second
            parts.append((account, symbol, moment, side, price, (high - low) / 10))
    one, other = days(fills_of(_rows(drawn))), days(fills_of(parts))
    _assert_same(one, other)
    _assert_same_pictures(one, other)
    assert int(other.trade_count.sum()) == len(parts)


def test_a_level_on_the_edge_of_rounding_does_not_feel_the_split() -> None:
    """Sold 0.15 of bought 0.3 is level 127.5; 0.1 + 0.2 is a little more than 0.3."""
    assert 0.1 + 0.2 > 0.3
    sell = ("ann", "X", DAY + 9.0, "sell", 10.2, 0.15)
    whole = [("ann", "X", DAY + 5.0, "buy", 10.0, 0.3), sell]
    parts = [("ann", "X", DAY + 5.0, "buy", 10.0, part) for part in (0.1, 0.2)]
    _assert_same_pictures(days(fills_of(whole)), days(fills_of([*parts, sell])))


def test_merging_keeps_what_differs_in_side_price_or_second() -> None:
    windows = days(
        fills_of(
            [
                ("ann", "X", DAY + 5.0, "buy", 10.0, 1.0),
                ("ann", "X", DAY + 5.9, "buy", 10.0, 2.0),  # same second: merged
                ("ann", "X", DAY + 6.0, "buy", 10.0, 4.0),  # next second
                ("ann", "X", DAY + 5.0, "buy", 10.1, 8.0),  # other price
                ("ann", "X", DAY + 5.0, "sell", 10.0, 16.0),  # other side
            ]
        )
    )
    fills = windows.fills
    seconds = (fills.time // MICROSECONDS - DAY).tolist()
    assert list(zip(seconds, fills.side.tolist(), fills.quantity.tolist(), strict=True)) == [
        (5, -1, 16.0),
        (5, 1, 3.0),
        (5, 1, 8.0),
        (6, 1, 4.0),
    ]
    assert windows.trade_count.tolist() == [5]


@pytest.mark.parametrize("quantity", [0.3, 1e-18, 123456.789, 7e15, 1e-320, 1e300, 0.1 + 0.2])
def test_a_lone_fill_keeps_its_quantity(quantity: float) -> None:
    (kept,) = days(fills_of([("ann", "X", DAY, "buy", 10.0, quantity)])).fills.quantity
    assert kept == pytest.approx(quantity, rel=1e-11, abs=0)


def test_accounts_and_symbols_have_windows_of_their_own() -> None:
    windows = days(
        fills_of(
            [
                ("bob", "Y", DAY + 7, "buy", 10.0, 1.0),
                ("ann", "Y", DAY + 7, "buy", 10.0, 1.0),
                ("bob", "X", DAY + 7, "buy", 10.0, 1.0),
                ("bob", "Y", DAY + 86_400, "buy", 10.0, 1.0),
                ("bob", "Y", DAY + 8, "buy", 10.0, 1.0),
            ]
        )
    )
    names = windows.fills
    found = zip(
        names.account_names[windows.account],
        names.symbol_names[windows.symbol],
        (windows.start // MICROSECONDS - DAY) // 86_400,
        windows.sizes,
        strict=True,
    )
    assert list(found) == [
        ("ann", "Y", 0, 1),
        ("bob", "X", 0, 1),
        ("bob", "Y", 0, 2),
        ("bob", "Y", 1, 1),
    ]
    assert names.account_names.tolist() == ["ann", "bob"]


def test_an_edge_belongs_to_the_window_that_it_starts() -> None:
    edges = np.array([DAY, DAY + 100, DAY + 200]) * MICROSECONDS
    moments = (DAY - 1e-6, DAY, DAY + 99.999999, DAY + 100, DAY + 199.999999, DAY + 200)
    fills = fills_of([("ann", "X", t, "buy", 10.0 + i, 1.0) for i, t in enumerate(moments)])
    windows = cut(fills, edges)
    assert windows.start.tolist() == edges[:2].tolist()
    assert windows.end.tolist() == edges[1:].tolist()
    assert windows.fills.price.tolist() == [11.0, 12.0, 13.0, 14.0]
    assert windows.trade_count.tolist() == [2, 2]


def test_the_last_24_hours_before_an_instant() -> None:
    as_of = DAY * MICROSECONDS + 12 * HOUR_US
    rows = [
        ("ann", "X", DAY + 12 * 3600 - 86_400 - 1, "buy", 10.0, 1.0),  # a second too early
        ("ann", "X", DAY + 12 * 3600 - 86_400, "buy", 11.0, 1.0),
        ("ann", "X", DAY + 12 * 3600 - 1, "sell", 12.0, 1.0),
        ("ann", "X", DAY + 12 * 3600, "sell", 13.0, 1.0),  # at T: not inside
    ]
    windows = cut(fills_of(rows), np.array([as_of - DAY_US, as_of]))
    assert len(windows) == 1
    assert windows.fills.price.tolist() == [11.0, 12.0]
    assert (windows.start[0], windows.end[0]) == (as_of - DAY_US, as_of)


@pytest.mark.parametrize("edges", [[], [0], [0, DAY_US]])
def test_no_fills_no_windows(edges: list[int]) -> None:
    windows = cut(fills_of([]), np.array(edges, dtype=np.int64))
    assert len(windows) == 0
    assert windows.offset.tolist() == [0]
    _assert_same_pictures(windows, windows)


def test_all_fills_outside_the_edges() -> None:
    windows = cut(fills_of([("ann", "X", DAY, "buy", 10.0, 1.0)]), np.array([0, DAY_US]))
    assert len(windows) == 0
    assert windows.fills.account_names.tolist() == ["ann"]


def test_codes_do_not_overflow_with_many_names() -> None:
    """Two billion accounts times a million symbols times a thousand days need 61 bits."""
    last = np.iinfo(np.int32).max
    fills = fills_of([("ann", "X", DAY, "buy", 10.0, 1.0)] * 2)
    wide = Fills(
        account=np.array([last, 0], dtype=np.int32),
        symbol=np.array([999_999, 0], dtype=np.int32),
        time=fills.time + np.array([999, 0]) * DAY_US,
        side=fills.side,
        price=fills.price,
        quantity=fills.quantity,
        account_names=fills.account_names,
        symbol_names=np.empty(1_000_000, dtype=object),
    )
    windows = days(wide)
    assert windows.account.tolist() == [0, last]
    assert windows.symbol.tolist() == [0, 999_999]


def _instant(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * MICROSECONDS  # type: ignore[arg-type,misc]


def test_utc_days() -> None:
    first, last = _instant(2024, 10, 4, 23, 59, 59), _instant(2024, 10, 6)
    expected = [_instant(2024, 10, day) for day in (4, 5, 6, 7)]
    assert day_edges(first, last).tolist() == expected
    assert day_edges(first, last, ZoneInfo("Etc/UTC")).tolist() == expected


def test_utc_days_before_1970() -> None:
    assert day_edges(-1, -1).tolist() == [-DAY_US, 0]


@pytest.mark.parametrize(
    ("day", "hours"),
    [((2024, 3, 9), 24), ((2024, 3, 10), 23), ((2024, 11, 3), 25), ((2024, 7, 1), 24)],
)
def test_new_york_days_change_their_length_with_the_clock(
    day: tuple[int, int, int], hours: int
) -> None:
    noon = _instant(*day, 17)  # noon in New York, give or take an hour
    edges = day_edges(noon, noon, ZoneInfo("America/New_York"))
    assert np.diff(edges).tolist() == [hours * HOUR_US]


def test_shanghai_days_start_at_16_utc() -> None:
    noon = _instant(2024, 10, 4, 4)
    edges = day_edges(noon, noon, ZoneInfo("Asia/Shanghai"))
    assert edges.tolist() == [_instant(2024, 10, 3, 16), _instant(2024, 10, 4, 16)]


def test_a_day_without_midnight_starts_at_its_first_instant() -> None:
    """Sao Paulo, 2018-11-04: the clock goes from 00:00 (03:00 UTC) to 01:00."""
    noon = _instant(2018, 11, 4, 14)
    edges = day_edges(noon, noon, ZoneInfo("America/Sao_Paulo"))
    assert edges.tolist() == [_instant(2018, 11, 4, 3), _instant(2018, 11, 5, 2)]


ZONES = ["UTC", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Apia"]


@settings(max_examples=80)
@given(
    st.sampled_from(ZONES),
    st.integers(_instant(1995, 1, 1), _instant(2035, 1, 1)),
    st.integers(0, 40 * DAY_US),
)
def test_day_edges_enclose_and_are_midnights(zone: str, first: int, span: int) -> None:
    tz, last = ZoneInfo(zone), first + span
    edges = day_edges(first, last, tz)
    assert edges[0] <= first
    assert last < edges[-1]
    assert edges[1] > first
    assert edges[-2] <= last
    assert (np.diff(edges) >= 0).all()
    for edge in edges.tolist():
        local = datetime.fromtimestamp(edge // MICROSECONDS, tz=tz)
        assert (local.hour, local.minute, local.second) == (0, 0, 0)


def test_a_fill_just_before_midnight_stays_in_its_day() -> None:
    """Seconds since 1970 as a float have steps of a quarter microsecond today."""
    midnight = _instant(2024, 10, 4, 16)
    edges = day_edges(midnight - 1, midnight - 1, ZoneInfo("Asia/Shanghai"))
    assert edges.tolist() == [midnight - DAY_US, midnight]
