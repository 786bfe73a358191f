import numpy as np
import pytest

from tests.rows import DAY, days, fills_of
from tests.simulate.planting.traffic import traffic
from tradeglyph.domain.windows import Windows
from tradeglyph.simulate.planting.sides import Sides, draw_sides


def drawn(windows: Windows, seed: int, open_: np.ndarray | None = None) -> Sides:
    every = np.ones(len(windows), dtype=bool)
    return draw_sides(np.random.default_rng(seed), windows, every if open_ is None else open_)


@pytest.mark.parametrize("seed", range(8))
def test_an_account_and_day_takes_part_once(seed: int) -> None:
    windows, _ = traffic(seed)
    sides = drawn(windows, seed)
    both = np.concatenate([sides.beneficiary, sides.victim])
    real = both[both >= 0]
    account_days = list(zip(windows.account[real], windows.start[real], strict=True))
    assert len(account_days) == len(set(account_days)) > 10


@pytest.mark.parametrize("seed", range(8))
def test_both_sides_are_of_one_symbol_and_day_and_two_accounts(seed: int) -> None:
    windows, _ = traffic(seed)
    sides = drawn(windows, seed)
    met = (sides.beneficiary >= 0) & (sides.victim >= 0)
    assert met.any()
    for side in (sides.beneficiary, sides.victim):
        real = side >= 0
        assert (windows.symbol[side[real]] == windows.symbol[sides.world[real]]).all()
        assert (windows.start[side[real]] == windows.start[sides.world[real]]).all()
    one, other = sides.beneficiary[met], sides.victim[met]
    assert (windows.account[one] != windows.account[other]).all()


def test_only_open_windows_take_part() -> None:
    windows, _ = traffic()
    open_ = windows.symbol == 1
    sides = drawn(windows, 0, open_)
    for side in (sides.world, sides.beneficiary, sides.victim):
        assert open_[side[side >= 0]].all()


def test_an_account_alone_in_its_world_meets_a_stranger() -> None:
    windows = days(fills_of([("a", "X", DAY, "buy", 1.0, 1.0)]))
    seen = set()
    for seed in range(40):
        sides = drawn(windows, seed)
        assert sides.world.tolist() == [0]
        seen.add((int(sides.beneficiary[0]), int(sides.victim[0])))
    # In either role, or only as the day that two strangers trade on.
    assert seen == {(0, -1), (-1, 0), (-1, -1)}


def test_nobody_gives_nothing() -> None:
    assert len(drawn(days(fills_of([])), 0)) == 0
