import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recognizers.wash.tapes import MONDAY, AloneRow, tape
from tradeglyph.domain.fills import BUY, DAY_US, MICROSECONDS, SELL
from tradeglyph.recognizers.wash.findings import Criterion, WashFindings
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.volume import wash_volume

# Prints that bounce between 100 and 101: half-spread 0.5, 0.5 % of the price. Their sizes never
# agree, so that nothing of the market is a trip.
MARKET: list[AloneRow] = [
    (float(at), "crowd", (BUY, SELL)[at % 2], 100.0 + at % 2, 1.0 + 0.5 * (at % 7))
    for at in range(40)
]


def trips(times: int, *, who: str = "ann", buy: float = 101.0, sell: float = 100.0,
          size: float = 10.0, sold: float | None = None, hold: float = 60.0,
          start: float = 1_000.0) -> list[AloneRow]:  # fmt: skip
    rows: list[AloneRow] = []
    for at in range(times):
        second = start + 700 * at
        rows.append((second, who, BUY, buy, size))
        rows.append((second + hold, who, SELL, sell, size if sold is None else sold))
    return rows


def found(*rows: AloneRow, settings: WashSettings | None = None) -> WashFindings:
    volume = wash_volume(tape(alone=[*MARKET, *rows]), settings=settings or WashSettings())
    assert set(volume.findings.criterion) <= {Criterion.ROUND_TRIPS, Criterion.CROWD_ROUND_TRIPS}
    return volume.findings


def test_five_round_trips_at_the_loss_of_one_spread() -> None:
    one = found(*trips(5))
    assert one.criterion.tolist() == [Criterion.ROUND_TRIPS]
    assert (one.numerator[0], one.denominator[0], one.trades[0]) == (100.0, 100.0, 5)
    assert one.result[0] == pytest.approx(-50.0)
    assert one.window_start[0] == MONDAY * MICROSECONDS
    assert one.window_us[0] == DAY_US
    assert one.of(0).tolist() == [0]


def test_what_else_the_account_did_is_in_the_denominator() -> None:
    one = found(*trips(5), (9_000.0, "ann", BUY, 100.0, 5.0))
    assert (one.numerator[0], one.denominator[0]) == (100.0, 105.0)
    assert len(found(*trips(5), (9_000.0, "ann", BUY, 100.0, 6.0))) == 0


@pytest.mark.parametrize(
    "rows",
    [
        trips(4),
        trips(9, buy=100.0, sell=101.0),  # earns the spread, as a market maker does
        trips(9, buy=100.0, sell=110.0),  # a beneficiary
        trips(9, buy=110.0, sell=100.0),  # a victim
        trips(9, sold=9.8),  # keeps some
        trips(9, hold=301.0),  # held
        [*trips(8), *trips(1, buy=100.0, sell=101.0, start=9_000.0)],  # gains once in nine
    ],
    ids=["four", "market maker", "beneficiary", "victim", "inventory", "held", "mixed"],
)
def test_who_is_not_named(rows: list[AloneRow]) -> None:
    assert len(found(*rows)) == 0


def test_sizes_within_one_per_cent_are_equal() -> None:
    assert found(*trips(5, sold=9.91)).trades.tolist() == [5]
    assert len(found(*trips(5, sold=9.89))) == 0


def test_a_leg_may_be_filled_in_parts_and_a_trip_may_begin_with_a_sale() -> None:
    parts: list[AloneRow] = [
        row
        for at in (0.0, 600.0, 1_200.0, 1_800.0, 2_400.0)
        for row in (
            (at + 1_000, "ann", SELL, 100.0, 10.0),
            (at + 1_010, "ann", BUY, 101.0, 4.0),
            (at + 1_011, "ann", BUY, 101.0, 6.0),
        )
    ]
    one = found(*parts)
    assert one.trades.tolist() == [5]
    assert one.result[0] == pytest.approx(-50.0)


def test_a_trip_across_midnight_is_in_neither_day() -> None:
    over = trips(1, start=86_390.0)
    assert len(found(*trips(4), *over)) == 0
    only = found(*trips(5), *over, settings=WashSettings(trip_share=0.5))
    assert only.trades.tolist() == [5]
    assert only.denominator.tolist() == [110.0]


def test_a_tape_that_knows_the_other_sides_has_no_such_findings() -> None:
    market = [(r[0], "crowd", "bob", r[3], 1.0 + r[4]) for r in MARKET]
    rows = [
        (second, *((who, f"c{second}") if side == BUY else (f"c{second}", who)), price, size)
        for second, who, side, price, size in trips(9)
    ]
    assert len(wash_volume(tape([*market, *rows])).findings) == 0


def test_fills_of_nobody_known_are_nobodys_trips() -> None:
    assert len(found(*trips(9, who=""))) == 0


def crowd(accounts: int, **more: float) -> list[AloneRow]:
    return [
        row
        for at in range(accounts)
        for row in trips(1, who=f"farm{at:02}", start=1_000.0 + 7 * at, **more)
    ]


def test_a_crowd_of_one_trip_each_is_one_finding() -> None:
    one = found(*crowd(12), *trips(2, who="", start=50_000.0))
    assert one.criterion.tolist() == [Criterion.CROWD_ROUND_TRIPS]
    assert one.accounts.tolist() == [12]
    assert one.trades.tolist() == [12]
    assert one.result[0] == pytest.approx(-120.0)
    market = sum(row[4] for row in MARKET)
    # Nameless fills are part of the market.
    assert one.numerator[0] == pytest.approx(240.0)
    assert one.denominator[0] == pytest.approx(240.0 + 40.0 + market)


def test_a_few_or_a_small_share_are_no_crowd() -> None:
    assert len(found(*crowd(9))) == 0
    large: AloneRow = (80_000.0, "whale", BUY, 100.0, 3_000.0)
    assert len(found(*crowd(12), large)) == 0
    assert len(found(*crowd(12), large, settings=WashSettings(crowd_share=0.05))) == 1


def test_day_traders_are_no_crowd() -> None:
    assert len(found(*crowd(15, buy=100.0, sell=103.0))) == 0
    assert len(found(*crowd(15, buy=103.0, sell=100.0))) == 0
    assert len(found(*crowd(15, hold=2_000.0))) == 0
    assert len(found(*crowd(15))) == 1


walks = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from([BUY, SELL]),
        st.sampled_from([99.0, 100.0, 101.0]),
        st.sampled_from([1.0, 2.0]),
        st.sampled_from([10.0, 10.0, 200.0, 400.0]),
    ),
    min_size=1,
    max_size=60,
)


@given(walks, st.integers(1, 3), st.floats(0.1, 1.0))
def test_is_what_a_walk_along_the_fills_finds(
    drawn: list[tuple[str, int, float, float, float]], least: int, share: float
) -> None:
    second, rows = 1_000.0, []
    for who, side, price, size, pause in drawn:
        second += pause
        rows.append((second, who, side, price, size))
    settings = WashSettings(trips=least, trip_share=share, crowd_accounts=99)
    whole = tape(alone=[*MARKET, *rows])
    one = wash_volume(whole, settings=settings).findings
    wanted = {}
    for name in ("a", "b"):
        mine = [row for row in rows if row[1] == name]
        count, quantity = walk(mine)
        every = sum(row[4] for row in mine)
        if count >= least and quantity >= share * every:
            wanted[name] = (count, quantity, every)
    got = {
        whole.fills.account_names[one.account[at]]: (
            one.trades[at], one.numerator[at], one.denominator[at],
        )
        for at in range(len(one))
    }  # fmt: skip
    assert got.keys() == wanted.keys()
    for name, figures in wanted.items():
        assert got[name] == pytest.approx(figures)


def walk(rows: list[AloneRow]) -> tuple[int, float]:
    """Trips and the quantity in them, leg by leg, with a half-spread of 0.5 % of the price."""
    legs: list[list[float]] = []
    sides: list[int] = []
    for second, _, side, price, size in rows:
        if not sides or sides[-1] != side:
            sides.append(side)
            legs.append([second, second, 0.0, 0.0])
        legs[-1][1] = second
        legs[-1][2] += size
        legs[-1][3] += size * price
    at, count, quantity = 0, 0, 0.0
    while at + 1 < len(legs):
        (first, _, one, paid), (_, last, two, received) = legs[at], legs[at + 1]
        price = paid / one
        gain = (received / two - price) * sides[at]
        half = HALF_SPREAD * price
        flat = abs(one - two) <= 0.01 * (one + two) / 2 + 1e-9
        if last - first <= 300 and flat and -3 * half - 1e-6 <= gain <= half / 2 + 1e-6:
            count, quantity, at = count + 1, quantity + one + two, at + 1
        at += 1
    return count, quantity


HALF_SPREAD = 0.5 / 100
"""Of the market's bounce; the drawn prices step by 1 or 2 too, and rarely enough not to matter:
the median of at least 39 steps of one is one."""


def test_rows_are_those_in_trips_that_are_named() -> None:
    whole = tape(alone=[*MARKET, *trips(5), *trips(1, who="bob", start=5_000.0)])
    volume = wash_volume(whole)
    named = whole.fills.account_names[whole.fills.account[volume.rows]]
    assert np.unique(named).tolist() == ["ann"]
    assert len(named) == 10
