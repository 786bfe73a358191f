from dataclasses import fields, replace

import numpy as np

from tests.simulate.markets import hand_market
from tradeglyph.domain.fills import BUY
from tradeglyph.simulate.background import background
from tradeglyph.simulate.cast import Batch, Cast, Matches, cast
from tradeglyph.simulate.crowd import LEAST, met_by_crowd
from tradeglyph.simulate.draft import ANYBODY, COMPANY, LEAD, VICTIM, draft, join
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.scenario import Scenario
from tradeglyph.simulate.scenarios import SCENARIOS

MARKET = hand_market({0: {0: 5}}, {0: {0: 5}})


def scenario(name: str) -> Scenario:
    return next(s for s in SCENARIOS if s.info.name == name)


def batch(name: str, rows: list[tuple[int, int, int]], cases: int) -> Batch:
    """(case, actor, other) of each fill."""
    owner, actor, other = (np.array(c, dtype=np.int64) for c in zip(*rows, strict=True))
    nothing = np.zeros(len(rows), dtype=np.int64)
    made = np.isin(np.arange(cases), owner)
    fills = draft(made, owner, nothing, nothing, nothing, BUY, nothing + 5, nothing + 1)
    world = np.zeros(cases, dtype=np.int64)
    return Batch(scenario=scenario(name), world=world, draft=fills.by(actor).against(other))


def names(played: Cast) -> list[str]:
    return [played.parts[part].name for part in played.part.tolist()]


def test_everybody_who_fills_gets_a_number() -> None:
    ring = batch(
        "mule_ring",
        [(0, LEAD, VICTIM), (2, LEAD, VICTIM), (2, COMPANY + 3, COMPANY), (0, LEAD, ANYBODY)],
        3,
    )
    played = cast([ring, batch("grid", [(1, LEAD, ANYBODY), (0, LEAD, ANYBODY)], 2)])
    assert names(played) == [
        "mule_ring", "ring_victim", "mule_ring", "ring_victim", "mule", "mule", "grid", "grid",
    ]  # fmt: skip
    assert played.matches.account.tolist() == [0, 2, 5, 0, 7, 6]
    assert played.matches.other.tolist() == [1, 3, 4, ANYBODY, ANYBODY, ANYBODY]


def test_who_trades_with_nobody_else_trades_with_itself() -> None:
    played = cast([batch("wash_trader", [(0, LEAD, LEAD)], 1)])
    assert names(played) == ["wash_trader"]
    assert played.matches.other.tolist() == played.matches.account.tolist() == [0]


def none_of(matches: Matches) -> Matches:
    return Matches(**{f.name: getattr(matches, f.name)[:0] for f in fields(Matches)})


def crowd_of(fills: list[int], market: Market = MARKET) -> tuple[np.ndarray, np.ndarray]:
    """Members and the other sides of accounts with so many open fills each."""
    rows = [(case, LEAD, ANYBODY) for case, count in enumerate(fills) for _ in range(count)]
    played = cast([batch("grid", rows, len(fills))])
    crowd = met_by_crowd(
        np.random.default_rng(0), market, played.matches, none_of(played.matches), len(fills)
    )
    return crowd.members, crowd.matches.other


def test_a_crowd_is_met_in_turn() -> None:
    members, other = crowd_of([LEAST, 3, 2 * LEAST])
    assert members.tolist() == [LEAST]
    assert set(other[:LEAST].tolist()) == set(range(3, 3 + LEAST))
    assert len(set(other[LEAST : LEAST + 3].tolist())) == 3
    assert np.bincount(other[LEAST + 3 :])[3:].tolist() == [2] * LEAST


def test_a_busy_symbol_has_a_larger_crowd() -> None:
    members, _ = crowd_of([2400])
    assert members.tolist() == [40]


def test_who_directs_a_fill_needs_no_crowd() -> None:
    played = cast([batch("wash_trader", [(0, LEAD, LEAD)], 1)])
    crowd = met_by_crowd(
        np.random.default_rng(0), MARKET, played.matches, none_of(played.matches), 1
    )
    assert crowd.members.tolist() == [0]
    assert crowd.matches.other.tolist() == [0]


def test_joined_batches_keep_their_order() -> None:
    one = batch("grid", [(0, LEAD, ANYBODY)], 1)
    two = Batch(scenario=one.scenario, world=one.world, draft=join([one.draft, one.draft]))
    assert cast([two, one]).matches.account.tolist() == [0, 0, 1]


def test_the_crowd_trades_at_the_markets_own_prints() -> None:
    """World 0 is traded in, world 1 is not; a candle of one lot has none to give."""
    market = hand_market({0: {0: 5, 6: 8}, 2: {3: 7}}, {0: {0: 5}})
    volume = market.volume.copy()
    volume[0, 2] = 1.0
    market = replace(market, volume=volume)
    drawn = cast([batch("grid", [(0, LEAD, ANYBODY)], 1)]).matches
    own = background(np.random.default_rng(0), market, drawn)
    assert list(zip(own.world, own.slot, own.ticks, own.lots, strict=True)) == [
        (0, 0, 5, 400), (0, 0, 8, 400),
    ]  # fmt: skip
    assert (own.second // 25).tolist() == [0, 6]
    crowd = met_by_crowd(np.random.default_rng(0), market, drawn, own, 1)
    assert crowd.members.tolist() == [LEAST]
    assert (crowd.matches.account[1:] != crowd.matches.other[1:]).all()
    assert crowd.matches.account[1:].min() >= 1
    assert crowd.matches.other.max() <= LEAST


def test_a_liquid_candle_gives_some_of_its_prints() -> None:
    full = {slot: dict.fromkeys(range(12), 5) for slot in range(288)}
    market = hand_market(full, {0: {0: 5}})
    drawn = cast([batch("grid", [(0, LEAD, ANYBODY)], 1)]).matches
    own = background(np.random.default_rng(0), market, drawn)
    assert 3.7 < len(own.slot) / 288 < 4.3
    assert (np.bincount(own.slot, own.lots, 288) <= 800).all()
