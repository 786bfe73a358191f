"""One contract for every scenario in the list."""

from dataclasses import fields

import numpy as np
import pytest

from tests.simulate.markets import mixed_market
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.simulate.draft import ANYBODY, COMPANY, LEAD, VICTIM, Draft
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parts import parts
from tradeglyph.simulate.picks import standing
from tradeglyph.simulate.scenario import HOLD, QUIET, Scenario
from tradeglyph.simulate.scenarios import SCENARIOS

MARKET = mixed_market()
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.info.name)
each_fraud = pytest.mark.parametrize(
    "scenario", [s for s in SCENARIOS if s.info.label == "fraud"], ids=lambda s: s.info.name
)


def homes(scenario: Scenario, count: int = 400) -> np.ndarray:
    """Worlds that suit, and now and then the empty one."""
    suitable = np.append(np.flatnonzero(scenario.suits(MARKET)), 0)
    return np.random.default_rng(9).choice(suitable, count)


def _draw(scenario: Scenario, world: np.ndarray | None = None, seed: int = 2) -> Draft:
    world = homes(scenario) if world is None else world
    return scenario.draw(np.random.default_rng(seed), MARKET, world)


@each
def test_fills_are_possible(scenario: Scenario) -> None:
    drafted = _draw(scenario)
    cell = drafted.world, drafted.slot
    assert (MARKET.start[cell] >= 0).all()
    assert drafted.ticks.min() >= 1
    assert drafted.lots.min() >= 1
    assert drafted.second.min() >= 0
    assert drafted.second.max() <= 299
    assert set(drafted.side.tolist()) <= {BUY, SELL}


@each
def test_prices_lie_inside_their_candle_or_print_it(scenario: Scenario) -> None:
    """Nobody who trades with anybody prints: strangers do not fill beside the market."""
    drafted = _draw(scenario)
    cell = drafted.world, drafted.slot
    inside = MARKET.exists[cell] & (drafted.ticks >= MARKET.low[cell])
    inside &= drafted.ticks <= MARKET.high[cell]
    assert (not inside.all()) == scenario.info.prints_candles
    if scenario.info.name != "front_runner":  # whose fund's order moves the market
        assert inside[drafted.other == ANYBODY].all()


@each
def test_an_account_stays_in_its_symbol_around_its_home(scenario: Scenario) -> None:
    world = homes(scenario)
    drafted = _draw(scenario, world)
    home = world[drafted.owner]
    np.testing.assert_array_equal(MARKET.symbol[drafted.world], MARKET.symbol[home])
    days = {p.name: p.high for p in scenario.info.parameters if p.unit.startswith("days")}
    reach = max([*days.values(), *(p.high for p in scenario.info.parameters if "nights" in p.unit)],
                default=0)  # fmt: skip
    assert np.abs(drafted.world - home).max() <= reach


@each
def test_columns_agree(scenario: Scenario) -> None:
    world = homes(scenario)
    drafted = _draw(scenario, world)
    assert (drafted.made.shape, drafted.made.dtype) == (world.shape, np.bool_)
    for field in fields(Draft)[1:]:
        values = getattr(drafted, field.name)
        assert values.shape == drafted.owner.shape, field.name
        assert values.dtype == (np.int8 if field.name == "side" else np.int64), field.name


@each
def test_made_accounts_trade_and_others_do_not(scenario: Scenario) -> None:
    world = homes(scenario)
    drafted = _draw(scenario, world)
    traded = np.bincount(drafted.owner, minlength=len(world)) > 0
    np.testing.assert_array_equal(traded, drafted.made)
    assert drafted.made.mean() > 0.6
    assert not drafted.made[world == 0].any(), "nothing traded in this world"


@each
def test_nobody_is_an_account_too_few(scenario: Scenario) -> None:
    """No accounts at all, and accounts in an empty world only."""
    nobody = _draw(scenario, np.empty(0, dtype=np.int64))
    assert (len(nobody.made), len(nobody.owner)) == (0, 0)
    stranded = _draw(scenario, np.zeros(3, dtype=np.int64))
    assert stranded.made.tolist() == [False] * 3
    assert len(stranded.owner) == 0


@each
def test_a_seed_decides_the_draft(scenario: Scenario) -> None:
    one, again, other = _draw(scenario), _draw(scenario), _draw(scenario, seed=3)
    for field in fields(Draft):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(again, field.name))
    assert len(one.lots) != len(other.lots) or (one.lots != other.lots).any()


@each
def test_only_the_cast_takes_part(scenario: Scenario) -> None:
    drafted, info = _draw(scenario), scenario.info
    allowed = {LEAD} | ({VICTIM} if info.against else set())
    seen = set(drafted.actor.tolist()) | (set(drafted.other.tolist()) - {ANYBODY})
    assert allowed <= seen
    assert {actor for actor in seen if actor < COMPANY} == allowed
    assert (max(seen) >= COMPANY) == (info.company is not None)
    directed = drafted.other != ANYBODY
    assert directed.any() == bool(info.against or info.name in {"sole_dealer", "wash_trader"})
    alone = drafted.actor == drafted.other
    assert alone.any() == (info.name == "wash_trader")


@each_fraud
def test_every_lead_that_is_made_has_dealt_with_its_victim(scenario: Scenario) -> None:
    drafted = _draw(scenario)
    lead = drafted.keep((drafted.actor == LEAD) & (drafted.other == VICTIM))
    np.testing.assert_array_equal(np.unique(lead.owner), np.flatnonzero(drafted.made))


@each_fraud
def test_money_passes_from_the_victim_to_the_lead(scenario: Scenario) -> None:
    """At what the market printed before, the beneficiary's matches with its victim are a gain.

    A trip's legs lie in one candle, so what stood then cancels out; a single leg is far from it.
    """
    drafted = _draw(scenario)
    lead = drafted.keep((drafted.actor == LEAD) & (drafted.other == VICTIM))
    stood = standing(MARKET)[lead.world, lead.slot]
    gain = lead.side * (stood - lead.ticks) * lead.lots
    gains = np.bincount(lead.owner, gain, len(drafted.made))[drafted.made]
    assert (gains > 0).mean() > 0.97


@each
def test_the_info_record_is_complete(scenario: Scenario) -> None:
    info = scenario.info
    for name in ("name", "title_en", "title_zh", "description_en", "description_zh", "source"):
        assert getattr(info, name).strip(), name
    for name in ("title_en", "description_en"):
        assert getattr(info, name).isascii(), name
    for name in ("title_zh", "description_zh"):
        assert any("一" <= sign <= "鿿" for sign in getattr(info, name)), name
    assert info.name.isidentifier()
    assert info.weight > 0
    assert (info.label == "fraud") == (info.kind == "fraud") == (info.role != "")
    assert (info.label == "fraud") == bool(info.against)
    assert info.parameters
    names = [parameter.name for parameter in info.parameters]
    assert len(names) == len(set(names))
    assert all(parameter.unit.isascii() for parameter in info.parameters)


def test_verdicts_are_those_of_the_protocol() -> None:
    """Fills alone never justify a hold; with counterparties every fraud's pair is one."""
    for part in parts():
        assert Verdict.HOLD not in part.allowed_without, part.name
        if part.kind == "fraud" and part.role:
            assert part.allowed_with == HOLD, part.name
            assert Verdict.REVIEW in part.allowed_without, part.name
        if part.kind in {"ambiguous", "wash"} or part.name == "crowd":
            assert part.allowed_with == QUIET, part.name
        if part.kind == "ambiguous":
            assert Verdict.REVIEW in part.allowed_without, part.name
        if part.kind == "wash":
            assert part.allowed_without == QUIET, part.name


def test_names_and_titles_of_all_parts_are_unique() -> None:
    for name in ("name", "title_en", "title_zh"):
        values = [getattr(part, name) for part in parts()]
        assert len(values) == len(set(values)), name


def test_the_kinds_that_the_protocol_names_are_all_there() -> None:
    names = {part.name for part in parts()}
    assert {s.info.kind for s in SCENARIOS} == {"fraud", "normal", "ambiguous", "wash"}
    assert sum(s.info.kind == "fraud" for s in SCENARIOS) >= 11
    assert {"latency_arbitrage", "wick_ladder", "sandwich_bot", "mule", "dealer_client"} <= names


def test_honest_accounts_outnumber_frauds_about_six_to_one() -> None:
    weights = {"fraud": 0.0, "normal": 0.0, "ambiguous": 0.0, "wash": 0.0}
    for info in (s.info for s in SCENARIOS):
        weights[info.kind] += info.weight * (2 if info.against else 1)
    assert 5 < weights["normal"] / weights["fraud"] < 7
    assert 0 < weights["ambiguous"] < weights["fraud"]
    assert 0 < weights["wash"] < weights["fraud"]


def _by_name(name: str) -> Scenario:
    return next(s for s in SCENARIOS if s.info.name == name)


def _drawn(name: str) -> tuple[Draft, Market]:
    return _draw(_by_name(name)), MARKET


def _days_of(drafted: Draft) -> np.ndarray:
    """Days with a matched transfer, per case."""
    lead = drafted.keep((drafted.actor == LEAD) & (drafted.other == VICTIM))
    pairs = np.unique(np.stack([lead.owner, lead.world]), axis=1)
    return np.bincount(pairs[0], minlength=len(drafted.made))[drafted.made]


def test_a_drip_goes_on_for_days_against_one_victim() -> None:
    drafted, _ = _drawn("drip")
    days = _days_of(drafted)
    assert days.max() >= 18
    assert np.median(days) >= 9
    lead = drafted.keep((drafted.actor == LEAD) & (drafted.other == VICTIM))
    window = lead.owner * len(MARKET) + lead.world
    assert np.unique(window, return_counts=True)[1].max() <= 2 * 7


def test_a_drip_takes_a_fifth_to_nearly_half_of_the_candle() -> None:
    drafted, _ = _drawn("drip")
    lead = drafted.keep(drafted.other == VICTIM)
    gap = _gaps(lead)
    assert 0.2 < np.median(gap) < 0.45
    assert np.quantile(gap, 0.95) < 0.6


def _gaps(trips: Draft) -> np.ndarray:
    """Of the candle's height, for trips of which each stands in a candle of its own."""
    key = (trips.owner * len(MARKET) + trips.world) * MARKET.slots + trips.slot
    order = np.lexsort((-trips.side, key))
    one, two = order[::2], order[1::2]
    np.testing.assert_array_equal(key[one], key[two])
    height = MARKET.height[trips.world[one], trips.slot[one]]
    return (trips.ticks[two] - trips.ticks[one]) / height


def test_a_cluster_is_over_in_minutes() -> None:
    drafted, _ = _drawn("clustered_hacker")
    time = MARKET.start[drafted.world, drafted.slot] // 10**6 + drafted.second
    first, last = np.full(400, 1 << 60), np.zeros(400, dtype=np.int64)
    np.minimum.at(first, drafted.owner, time)
    np.maximum.at(last, drafted.owner, time)
    # Legs of a trip lie anywhere in their five minutes.
    assert (last - first)[drafted.made].max() <= 20 * 60 + 2 * 300


@pytest.mark.parametrize(("name", "least", "most"), [("camouflaged", 2, 24), ("deep", 15, 60)])
def test_transfers_hide_among_honest_fills(name: str, least: int, most: int) -> None:
    drafted, _ = _drawn(name)
    honest = drafted.keep((drafted.actor == LEAD) & (drafted.other == ANYBODY))
    count = np.bincount(honest.owner, minlength=400)[drafted.made]
    assert count.min() >= least
    assert count.max() <= most


def test_a_leg_is_far_above_the_last_print_on_a_day_of_its_own() -> None:
    drafted, _ = _drawn("one_leg")
    transfer = drafted.keep(drafted.other == VICTIM)
    stood = standing(MARKET)[transfer.world, transfer.slot]
    far = np.abs(transfer.ticks / stood - 1)
    assert 0.1 < np.median(far) < 0.2
    assert set(_days_of(drafted).tolist()) == {1}
    honest = drafted.keep(drafted.other == ANYBODY)
    both = np.intersect1d(
        honest.owner * len(MARKET) + honest.world, transfer.owner * len(MARKET) + transfer.world
    )
    assert len(both) == 0
    # One side of the matches, the other side of the honest fills.
    matched = np.bincount(transfer.owner, transfer.side, 400)
    with_others = np.bincount(honest.owner, honest.side, 400)
    assert (matched * with_others < 0)[drafted.made].mean() > 0.9


def test_holdings_are_sold_before_and_bought_back_after() -> None:
    drafted, _ = _drawn("liquidate_first")
    own = drafted.keep((drafted.actor == VICTIM) & (drafted.other == ANYBODY))
    trips = drafted.keep(drafted.other == VICTIM)
    first, last = np.full(400, 1 << 60), np.full(400, -1)
    np.minimum.at(first, trips.owner, trips.slot)
    np.maximum.at(last, trips.owner, trips.slot)
    sold = own.side == SELL
    assert sold.any()
    assert (~sold).any()
    assert (own.slot[sold] < first[own.owner[sold]]).all()
    assert (own.slot[~sold] > last[own.owner[~sold]]).all()


def test_mules_print_around_the_pair() -> None:
    drafted, _ = _drawn("mule_ring")
    mules = drafted.keep(drafted.actor >= COMPANY)
    assert set(np.unique(mules.actor - COMPANY).tolist()) <= set(range(8))
    count = np.array([len(np.unique(mules.actor[mules.owner == o])) for o in range(60)])
    assert count.max() >= 5
    pair = drafted.keep((drafted.actor == LEAD) & (drafted.other == VICTIM))
    cells = set(zip(pair.owner.tolist(), pair.world.tolist(), pair.slot.tolist(), strict=True))
    theirs = zip(mules.owner.tolist(), mules.world.tolist(), mules.slot.tolist(), strict=True)
    assert set(theirs) <= cells


def test_a_one_shot_is_many_times_the_habit() -> None:
    drafted, _ = _drawn("one_shot")
    shot = drafted.keep(drafted.other == VICTIM)
    usual = drafted.keep(drafted.other == ANYBODY)
    assert (usual.world < homes(_by_name("one_shot"))[usual.owner]).all()
    largest = np.zeros(400)
    np.maximum.at(largest, shot.owner, shot.lots)
    ratio = largest[usual.owner] / usual.lots
    assert np.median(ratio) > 20


def test_a_wash_trader_gains_nothing() -> None:
    drafted, _ = _drawn("wash_trader")
    back = drafted.other >= COMPANY
    assert (drafted.other == LEAD).any()
    assert back.any()
    # Both sides of every match, by account: what is bought is sold again.
    account = np.concatenate([drafted.owner * 9 + drafted.actor, drafted.owner * 9 + drafted.other])
    side = np.concatenate([drafted.side, -drafted.side]).astype(np.int64)
    net = np.bincount(account, side * np.tile(drafted.lots, 2))
    assert (net == 0).all()


def test_followers_repeat_their_leader_within_seconds() -> None:
    drafted, _ = _drawn("copy_leader")
    assert drafted.actor.max() - COMPANY >= 39
    lead = {
        (int(o), int(w), int(s), int(way))
        for o, w, s, way in zip(
            *(getattr(drafted.keep(drafted.actor == LEAD), n)
              for n in ("owner", "world", "slot", "side")), strict=True)
    }  # fmt: skip
    follow = drafted.keep(drafted.actor >= COMPANY)
    keys = zip(follow.owner, follow.world, follow.slot, follow.side, strict=True)
    assert all((int(o), int(w), int(s), int(way)) in lead for o, w, s, way in keys)


def test_clients_of_a_sole_dealer_meet_nobody_else() -> None:
    drafted, _ = _drawn("sole_dealer")
    assert set(drafted.other.tolist()) == {LEAD}
    assert drafted.actor.min() == COMPANY


def test_night_traders_are_flat_over_two_days_and_not_on_one() -> None:
    drafted, _ = _drawn("night_trader")
    signed = drafted.side * drafted.lots
    assert (np.bincount(drafted.owner, signed, 400) == 0).all()
    window = drafted.owner * len(MARKET) + drafted.world
    assert (np.bincount(window, signed)[np.unique(window)] != 0).mean() > 0.5


def test_locked_candles_have_one_price() -> None:
    drafted, _ = _drawn("limit_locked")
    flat = MARKET.height[drafted.world, drafted.slot] == 0
    assert flat.mean() > 0.4
    assert (np.bincount(drafted.owner, flat, 400)[drafted.made] >= 2).mean() > 0.9


def test_listing_day_traders_come_on_that_day() -> None:
    drafted, _ = _drawn("listing_day")
    assert MARKET.listing[drafted.world].all()


def test_stopped_out_traders_lose_more_often_than_not() -> None:
    drafted, _ = _drawn("stop_trader")
    cash = -drafted.side * drafted.ticks * drafted.lots
    gains = np.bincount(drafted.owner, cash, 400)[drafted.made]
    assert (gains < 0).mean() > 0.5


@pytest.mark.parametrize("name", ["latency_arbitrage", "wick_ladder", "sandwich_bot"])
def test_ambiguous_accounts_gain_like_a_beneficiary(name: str) -> None:
    drafted, _ = _drawn(name)
    stood = standing(MARKET)[drafted.world, drafted.slot]
    gain = drafted.side * (stood - drafted.ticks) * drafted.lots
    assert (np.bincount(drafted.owner, gain, 400)[drafted.made] > 0).mean() > 0.75
