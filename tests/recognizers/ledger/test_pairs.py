"""Transfers found, recovered, and not found where there are none."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.ledger.market import BAR, START, Market, Row, between, tape_of_matches
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger import LedgerSettings, excess_gains, ledger

EVERY_PAIR = LedgerSettings(screen=False)


def taken(market: Market, **more: object) -> dict[str, float] | None:
    """What T took from V."""
    tape = market.tape()
    return between(ledger(tape, ends=np.array([market.end]), **more), tape, "T", "V")  # type: ignore[arg-type]


@pytest.mark.parametrize("mules", [0, 2, 4])
@pytest.mark.parametrize("legs", [1, 2])
@pytest.mark.parametrize("gap", [0.01, 0.05, 0.2])
@pytest.mark.parametrize(("prints", "volatility"), [(0.3, 0.0002), (3, 0.0004), (20, 0.0004)])
def test_planted_transfers_are_recovered(
    mules: int, legs: int, gap: float, prints: float, volatility: float
) -> None:
    seed = 100 * mules + legs
    market = Market(seed=seed, prints_a_bar=prints, volatility=volatility).honest()
    moved = market.plant(gap, legs, mules)
    found = taken(market)
    assert found is not None
    assert found["low"] == pytest.approx(moved, rel=0.05)
    assert found["low"] <= found["high"] < 1.1 * moved
    assert found["excess"] > 0.5 * moved
    assert found["deviation"] > 10
    assert found["trades"] == 8 * legs
    assert min(found["gainer_share"], found["loser_share"]) > 0.9


@pytest.mark.parametrize("prints", [0.3, 3, 20])
@pytest.mark.parametrize("legs", [1, 2])
def test_with_eight_mules_it_abstains(prints: float, legs: int) -> None:
    market = Market(seed=legs, prints_a_bar=prints).honest()
    market.plant(0.05, legs, mules=8)
    tape = market.tape()
    found = ledger(tape, ends=np.array([market.end]))
    names = tape.fills.account_names
    at = np.flatnonzero(
        [{names[a], names[b]} == {"T", "V"} for a, b in zip(found.gainer, found.loser, strict=True)]
    )
    assert len(at) == 1
    assert np.isnan([found.low[at], found.high[at], found.excess[at], found.deviation[at]]).all()
    assert found.cluster_size[at] == 10


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("prints", [0.3, 3, 20])
def test_honest_pairs_stay_within_the_spread_or_chance(seed: int, prints: float) -> None:
    market = Market(seed=seed, prints_a_bar=prints, volatility=0.0008, crowd=60).honest()
    found = ledger(market.tape(), ends=np.array([market.end]))
    beyond = (found.excess > 0) & (found.trades >= 3)
    assert not (found.deviation[beyond] > 3).any()
    assert not (found.deviation > 8).any()


@pytest.mark.parametrize("dealers", [1, 3])
@pytest.mark.parametrize("half_spread", [0.0003, 0.002])
def test_clients_of_a_single_market_maker_pay_the_spread_and_no_more(
    dealers: int, half_spread: float
) -> None:
    market = Market(seed=dealers, prints_a_bar=3, half_spread=half_spread).honest()
    for client in range(30):
        for _ in range(60):
            second = float(market.rng.uniform(0, market.seconds))
            market.meet(second, f"K{client}", f"D{client % dealers}", 5.0)
    tape = market.tape()
    found = ledger(tape, ends=np.array([market.end]), settings=EVERY_PAIR)
    names = tape.fills.account_names
    with_dealer = np.array([name.startswith("D") for name in names])
    clients = with_dealer[found.gainer] | with_dealer[found.loser]
    assert clients.sum() == 30
    assert (found.excess[clients] == 0).all()
    # They do lose: sixty half-spreads of five, give or take what the market did meanwhile.
    lost = np.where(with_dealer[found.gainer], found.high, -found.low)[clients]
    assert np.mean(lost) == pytest.approx(60 * 5 * half_spread * market.level, rel=0.4)


def test_a_dealer_who_is_party_to_every_print_has_no_reference() -> None:
    market = Market(seed=1, crowd=40)
    for _ in range(800):
        second = float(market.rng.uniform(0, market.seconds))
        market.meet(second, f"K{market.rng.integers(40)}", "D")
    found = ledger(market.tape(), ends=np.array([market.end]), settings=EVERY_PAIR)
    assert len(found)
    assert np.isnan(found.low).all()


def test_the_screen_loses_no_transfer() -> None:
    market = Market(seed=9, days=3, prints_a_bar=5, crowd=80).honest()
    rng = market.rng
    for thief in range(15):
        gap = float(np.exp(rng.uniform(np.log(0.004), np.log(0.1))))
        for _ in range(int(rng.integers(1, 6))):
            second = float(rng.uniform(0, market.seconds))
            price = market.on_tick(market.middle(second) * (1 + gap))
            market.add(second, f"V{thief}", f"T{thief}", price, 20.0)
        for _ in range(int(rng.integers(0, 40))):
            second = float(rng.uniform(0, market.seconds))
            market.meet(second, f"T{thief}", f"C{rng.integers(80)}")
    tape, ends = market.tape(), np.array([market.end])
    whole, screened = (
        {
            (int(f.loser[i]), int(f.gainer[i])): f.low[i]
            for i in np.flatnonzero((f.excess > 0) & (f.deviation > 3))
        }
        for f in (ledger(tape, ends=ends, settings=EVERY_PAIR), ledger(tape, ends=ends))
    )
    assert len(whole) >= 15
    assert whole.items() <= screened.items()
    assert len(ledger(tape, ends=ends)) < 0.2 * len(ledger(tape, ends=ends, settings=EVERY_PAIR))


def planted(seed: int = 3) -> Market:
    market = Market(seed=seed, prints_a_bar=3, crowd=40).honest()
    market.plant(0.03, legs=2, mules=2)
    for _ in range(30):
        market.meet(
            float(market.rng.uniform(0, market.seconds)), "T", f"C{market.rng.integers(40)}"
        )
    return market


def same(one: Transfers, other: Transfers, *, but: tuple[str, ...] = ()) -> None:
    for field in fields(Transfers):
        if field.name not in but:
            np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


def found_in(rows: list[Row], market: Market, settings: LedgerSettings | None = None) -> Transfers:
    return ledger(
        tape_of_matches(rows), ends=np.array([market.end]), settings=settings or LedgerSettings()
    )


def test_antisymmetric() -> None:
    market = planted()
    turned = [(t, b, a, p, q) for t, a, b, p, q in market.rows]
    one, other = (found_in(r, market, EVERY_PAIR) for r in (market.rows, turned))
    # The same flows the other way: where one lost, the other gained.
    keys = [
        np.lexsort((np.minimum(f.loser, f.gainer), np.maximum(f.loser, f.gainer)))
        for f in (one, other)
    ]
    np.testing.assert_array_equal(one.loser[keys[0]], other.gainer[keys[1]])
    np.testing.assert_array_equal(one.gainer[keys[0]], other.loser[keys[1]])
    for name in ("low", "high", "excess", "deviation"):
        np.testing.assert_array_equal(
            getattr(one, name)[keys[0]], getattr(other, name)[keys[1]], err_msg=name
        )


def test_rows_in_any_order_and_one_row_a_match() -> None:
    market = planted()
    shuffled = [market.rows[i] for i in market.rng.permutation(len(market.rows))]
    same(found_in(market.rows, market), found_in(shuffled, market))
    one_row = tape_of_matches(market.rows, both_rows=False)
    same(found_in(market.rows, market), ledger(one_row, ends=np.array([market.end])))


def test_splits_change_nothing() -> None:
    market = planted()
    parts = [
        (t, a, b, p, part)
        for t, a, b, p, q in market.rows
        for part in ((round(q * 0.3, 1), round(q - round(q * 0.3, 1), 1)) if q > 1 else (q,))
    ]
    assert len(parts) > 1.5 * len(market.rows)
    same(found_in(market.rows, market), found_in(parts, market))


@pytest.mark.parametrize(("money", "size"), [(100.0, 1.0), (1.0, 1000.0), (0.01, 0.1)])
def test_scale(money: float, size: float) -> None:
    market = planted()
    scaled = [(t, a, b, round(p * money, 9), round(q * size, 9)) for t, a, b, p, q in market.rows]
    one, other = found_in(market.rows, market), found_in(scaled, market)
    np.testing.assert_array_equal(one.gainer, other.gainer)
    for name in ("low", "high", "excess"):
        np.testing.assert_allclose(
            getattr(other, name), getattr(one, name) * money * size, rtol=1e-9, atol=1e-9
        )
    for name in ("deviation", "gainer_share", "loser_share", "volume_share"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), rtol=1e-6, atol=1e-9)


def test_flows_add_up_over_look_backs() -> None:
    market = Market(seed=3, prints_a_bar=3).honest()
    for _ in range(12):
        second = float(market.rng.uniform(0, market.seconds))
        market.add(second, "V", "T", market.on_tick(market.middle(second) * 1.02), 7.0)
    tape = market.tape()
    ends = START * MICROSECONDS + DAY_US * np.arange(1, 3)
    # Each trade is valued once, whatever look-back it is in.
    days = ledger(tape, ends=ends, look_back_us=DAY_US, settings=EVERY_PAIR)
    whole = between(ledger(tape, ends=ends, settings=EVERY_PAIR), tape, "T", "V")
    names = tape.fills.account_names
    rows = (names[days.gainer] == "T") & (names[days.loser] == "V")
    assert whole is not None
    assert rows.sum() == 2
    assert days.trades[rows].sum() == whole["trades"] == 12
    # The least of sums is no less than the sum of the least, and so with the most.
    assert days.low[rows].sum() <= whole["low"] * (1 + 1e-12)
    assert whole["high"] <= days.high[rows].sum() * (1 + 1e-12)
    assert days.high[rows].sum() - days.low[rows].sum() < 0.02 * whole["low"]


@pytest.mark.parametrize("days", [1, 2])
def test_no_look_ahead(days: int) -> None:
    market = Market(seed=5, days=3, prints_a_bar=3, crowd=40).honest()
    market.plant(0.02, legs=2, mules=3, trips=30)
    tape = market.tape()
    ends = START * MICROSECONDS + DAY_US * np.arange(1, 4)
    known = tape.fills.time < ends[days - 1]
    past = Tape(
        fills=tape.fills.take(known),
        other=tape.other[known],
        match=tape.match[known],
        fee=tape.fee[known],
    )
    then, now = ledger(past, ends=ends[:days]), ledger(tape, ends=ends)
    cut = now.window_end <= ends[days - 1]
    for field in fields(Transfers):
        np.testing.assert_array_equal(getattr(then, field.name), getattr(now, field.name)[cut])


def test_a_pair_that_ends_flat_in_one_bar_moved_its_net_cash() -> None:
    market = Market(seed=6, prints_a_bar=3).honest()
    begin = 90_000 // 300 * 300
    legs: list[Row] = [
        (begin + 10, "T", "V", 99.127, 12.5),
        (begin + 100, "V", "T", 104.25, 4.5),
        (begin + 290, "V", "T", 103.001, 8.0),
    ]
    found = taken(replace(market, rows=[*market.rows, *legs]))
    cash = 104.25 * 4.5 + 103.001 * 8.0 - 99.127 * 12.5
    assert found is not None
    # To the last bit of what an exact sum gives, by each of the references.
    assert found["low"] == found["high"] == pytest.approx(cash, rel=1e-12)


def test_what_the_pair_did_besides_the_money() -> None:
    """Three orders: five parts within a second at five prices, one the other way in the same bar,
    one an hour later. 10 of the 26 bought and 10 of the 16 sold in the first bar are turned."""
    market = Market(seed=5, prints_a_bar=3).honest()
    for part in range(5):
        market.add(4_500 + part / 10, "T", "V", 80 - part, 2.0)
    market.add(4_560, "V", "T", 120, 10.0)
    market.add(8_100, "T", "V", 80, 6.0)
    # V is the only one that W and U trade with, and twice each.
    for client in ("W", "U"):
        for second in (3_000, 6_000):
            market.add(second, client, "V", market.on_tick(market.middle(second)), 1.0)
    found = taken(market)
    assert found is not None
    assert (found["trades"], found["meetings"]) == (7, 3)
    assert found["turned"] == pytest.approx(20 / 26)
    assert (found["gainer_trades"], found["loser_trades"]) == (7, 11)
    # T has nobody but V either, so V serves three; V has others than T.
    assert (found["gainer_clients"], found["loser_clients"]) == (0, 3)
    matches = len(market.rows)
    assert found["by_chance"] == pytest.approx(7 * 11 / (2 * matches))


def test_a_large_ring_prints_no_reference_for_net_cash() -> None:
    """Ten accounts could print a reference by themselves, but what was bought and sold again inside
    a bar asks for none."""
    market = Market(seed=9, prints_a_bar=3).honest()
    cash = 0.0
    for trip in range(8):
        second = (100 + 3 * trip) * BAR + 30.0
        low, high = (market.on_tick(market.middle(second) * by) for by in (0.97, 1.03))
        for price, buyer, seller in ((low, "T", "V"), (high, "V", "T")):
            market.add(second, buyer, seller, price, 50.0)
            market.print_around(second, price, mules=8)
            second += 60
        cash += 50.0 * (high - low)
    found = taken(market)
    assert found is not None
    assert found["cluster_size"] == 10
    assert found["low"] == found["high"] == pytest.approx(cash, rel=1e-12)


@pytest.mark.parametrize(("gainer", "loser"), [("T", "V"), ("V", "T")])
@pytest.mark.parametrize("way", [1, -1])
def test_what_the_gainer_had_opened_just_ahead(gainer: str, loser: str, way: int) -> None:
    """6 opened 20 minutes before, 3 of them closed with somebody else; 4 opened too long before.
    So 3 of the 5 in the first order were opened just ahead, and none of the 5 an hour later."""
    market = Market(seed=11, prints_a_bar=3).honest()

    def opens(second: float, other: str, quantity: float, price: float) -> None:
        sides = (gainer, other) if way * quantity > 0 else (other, gainer)
        market.add(second, *sides, market.on_tick(price), abs(quantity))

    noon = 43_200.0
    dear = market.middle(noon) * (1 + 0.2 * way)
    for second, quantity in ((noon - 1_801, 4.0), (noon - 1_200, 6.0), (noon - 600, -3.0)):
        opens(second, "Z", quantity, market.middle(second))
    opens(noon, loser, -2.0, dear)
    opens(noon + 0.5, loser, -3.0, dear)
    opens(noon + 3_600, loser, -5.0, dear)
    tape = market.tape()
    found = between(ledger(tape, ends=np.array([market.end])), tape, gainer, loser)
    assert found is not None
    assert (found["trades"], found["meetings"]) == (3, 2)
    assert found["ahead"] == pytest.approx(0.3)


def test_one_pair_apart_from_others() -> None:
    """A transfer does not change because others, elsewhere, did the same."""
    market = Market(seed=7, prints_a_bar=3).honest()
    market.plant(0.03, legs=2, mules=0)
    alone = taken(market)
    others = [
        (t, a.replace("T", "Q").replace("V", "W"), b.replace("T", "Q").replace("V", "W"), p, q)
        for t, a, b, p, q in market.rows
        if {a, b} == {"T", "V"}
    ]
    together = taken(replace(market, rows=market.rows + others))
    assert alone is not None
    assert together is not None
    # The second ring's prints are no reference, so low and high stay to the last bit.
    assert (alone["low"], alone["high"]) == (together["low"], together["high"])


def test_clusters_hold_the_pairs_of_a_ring_together() -> None:
    market = Market(seed=8, prints_a_bar=3).honest()
    market.plant(0.05, legs=2, mules=4)
    second = 30_000.0
    for t in range(4):
        price = market.on_tick(market.middle(second) * 1.05)
        market.add(second + 300 * t, "W", "Q", price, 40.0)
    tape = market.tape()
    found = ledger(tape, ends=np.array([market.end]))
    names = tape.fills.account_names
    ring = {"T", "V", "M0", "M1", "M2", "M3"}
    joined = np.array(
        [{names[a], names[b]} <= ring for a, b in zip(found.gainer, found.loser, strict=True)]
    )
    joined &= found.excess > 0
    apart = between(found, tape, "Q", "W")
    assert joined.sum() > 1
    assert len(set(found.cluster[joined])) == 1
    assert apart is not None
    assert apart["cluster"] not in found.cluster[joined]
    assert len(np.unique(found.cluster)) == found.cluster.max() + 1


def test_several_ends_list_each_window() -> None:
    market = Market(seed=9, days=3, prints_a_bar=3).honest()
    market.plant(0.03, legs=2, mules=0, trips=20)
    tape = market.tape()
    ends = START * MICROSECONDS + DAY_US * np.arange(1, 4)
    found = ledger(tape, ends=ends)
    names = tape.fills.account_names
    rows = (names[found.gainer] == "T") & (names[found.loser] == "V")
    assert (np.diff(found.window_end) >= 0).all()
    assert (np.diff(found.trades[rows]) >= 0).all()
    assert found.trades[rows][-1] == 40


def test_nothing_to_find() -> None:
    empty = tape_of_matches([])
    assert len(ledger(empty, ends=np.array([10**15]))) == 0
    assert len(ledger(empty, ends=np.array([], dtype=np.int64))) == 0
    assert len(excess_gains(empty, ends=np.array([10**15]))) == 0


def test_too_few_accounts_is_no_reference() -> None:
    market = Market(seed=2, prints_a_bar=20, crowd=9).honest()
    market.plant(0.05, legs=1, mules=0)
    tape = market.tape()
    found = ledger(tape, ends=np.array([market.end]))
    assert len(found)
    assert np.isnan(found.low).all()


def test_money_beyond_64_bits_is_exact() -> None:
    market = Market(seed=6, prints_a_bar=3, level=1.0, tick=1e-9)
    market.rows = [
        (t, a, b, round(p, 9), q * 1e6 + 0.001) for t, a, b, p, q in market.honest().rows
    ]
    begin = 90_000.0
    legs: list[Row] = [
        (begin, "T", "V", 0.987654321, 123456789.123),
        (begin + 9, "V", "T", 1.123456789, 123456789.123),
    ]
    found = taken(replace(market, rows=market.rows + legs))
    exact = (1123456789 - 987654321) * 123456789123 / 10**12
    assert found is not None
    assert found["low"] == exact


@settings(max_examples=8)
@given(st.integers(0, 1000))
def test_one_sided_gains_are_those_of_the_hidden_transfer(seed: int) -> None:
    market = Market(seed=seed, prints_a_bar=5).honest()
    moved = market.plant(0.04, legs=2, mules=0)
    blind = [row for t, a, b, p, q in market.rows for row in ((t, a, "", p, q), (t, "", b, p, q))]
    tape = tape_of_matches(blind)
    found = excess_gains(tape, ends=np.array([market.end]))
    names = tape.fills.account_names
    for name, direction in (("T", 1), ("V", -1)):
        at = np.flatnonzero(names[found.account] == name)
        assert len(at) == 1
        assert found.direction[at] == direction
        assert found.low[at] == pytest.approx(moved, rel=0.1)
        assert found.excess[at] > 0
        assert found.deviation[at] > 5
    assert len(ledger(tape, ends=np.array([market.end]))) == 0


def test_who_is_asked_about_is_told_of_as_among_all() -> None:
    market = Market(seed=3, prints_a_bar=3).honest()
    market.plant(0.05, 2, mules=2)
    tape = market.tape()
    ends = np.array([market.end])
    everybody = ledger(tape, ends=ends)
    accounts = np.arange(len(tape.fills.account_names))
    listed = np.isin(accounts, [everybody.gainer, everybody.loser])
    assert listed.any()
    assert not listed.all()
    some = np.concatenate([accounts[listed][:10], accounts[~listed][:10]])
    for code in some:
        found = ledger(tape, ends=ends, about=np.array([code]))
        if listed[code]:
            for name in (field.name for field in fields(Transfers)):
                np.testing.assert_array_equal(getattr(found, name), getattr(everybody, name))
        else:
            assert len(found) == 0
