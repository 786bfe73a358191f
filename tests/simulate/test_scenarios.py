"""One contract for every scenario in the list."""

from dataclasses import fields

import numpy as np
import pytest

from tests.simulate.markets import mixed_market
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft
from tradeglyph.simulate.population import CROWD
from tradeglyph.simulate.scenario import Scenario
from tradeglyph.simulate.scenarios import SCENARIOS

MARKET = mixed_market()
WORLD = np.random.default_rng(9).integers(len(MARKET), size=700)
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.info.name)


def _draw(scenario: Scenario, world: np.ndarray = WORLD, seed: int = 2) -> Draft:
    return scenario.draw(np.random.default_rng(seed), MARKET, world)


@each
def test_fills_are_possible(scenario: Scenario) -> None:
    drafted = _draw(scenario)
    world = WORLD[drafted.owner]
    assert MARKET.exists[world, drafted.slot].all()
    assert (drafted.ticks >= MARKET.low[world, drafted.slot]).all()
    assert (drafted.ticks <= MARKET.high[world, drafted.slot]).all()
    assert drafted.lots.min() >= 1
    assert drafted.second.min() >= 0
    assert drafted.second.max() <= 299
    assert set(drafted.side.tolist()) <= {BUY, SELL}


@each
def test_columns_agree(scenario: Scenario) -> None:
    drafted = _draw(scenario)
    assert (drafted.made.shape, drafted.made.dtype) == (WORLD.shape, np.bool_)
    for field in fields(Draft)[1:]:
        values = getattr(drafted, field.name)
        assert values.shape == drafted.owner.shape, field.name
        assert values.dtype == (np.int8 if field.name == "side" else np.int64), field.name


@each
def test_made_accounts_trade_and_others_do_not(scenario: Scenario) -> None:
    drafted = _draw(scenario)
    traded = np.bincount(drafted.owner, minlength=len(WORLD)) > 0
    np.testing.assert_array_equal(traded, drafted.made)
    assert drafted.made.mean() > 0.3
    assert not drafted.made[WORLD == 0].any(), "nothing traded in this world"


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
def test_the_info_record_is_complete(scenario: Scenario) -> None:
    info = scenario.info
    for name in ("name", "title_en", "title_zh", "description_en", "description_zh", "source"):
        assert getattr(info, name).strip(), name
    for name in ("title_en", "description_en", "source"):
        assert getattr(info, name).isascii(), name
    for name in ("title_zh", "description_zh"):
        assert any("一" <= sign <= "鿿" for sign in getattr(info, name)), name
    assert info.name.isidentifier()
    assert info.weight > 0
    assert info.label in {"fraud", "normal"}
    assert (info.label == "fraud") == (info.role != "")
    assert info.label == "fraud" or not info.against


def test_names_are_unique_the_victims_too() -> None:
    names = [s.info.name for s in SCENARIOS] + [s.info.against for s in SCENARIOS]
    names = [name for name in names if name] + [CROWD]
    assert len(names) == len(set(names))


def test_titles_are_unique() -> None:
    assert len({s.info.title_en for s in SCENARIOS}) == len(SCENARIOS)
    assert len({s.info.title_zh for s in SCENARIOS}) == len(SCENARIOS)


def test_there_are_more_normals_than_frauds() -> None:
    weights = {"fraud": 0.0, "normal": 0.0}
    for scenario in SCENARIOS:
        weights[scenario.info.label] += scenario.info.weight
    assert weights["normal"] > weights["fraud"]
