import math

import numpy as np
import pytest

from tradeglyph.learning.bootstrap import Draws

WORLD = np.array(["b", "a", "b", "c", "a", "b"], dtype=object)


def test_a_ratio_of_sums_is_that_of_the_drawn_windows() -> None:
    rng = np.random.default_rng(3)
    top, bottom = rng.random(6), rng.random(6)
    draws = Draws.of(WORLD, 25, seed=1)
    wanted = [float(top @ weight / (bottom @ weight)) for weight in draws.weights()]
    np.testing.assert_allclose(draws.ratios(top, bottom), wanted)
    low, high = draws.ratio(top, bottom)
    assert (low, high) == pytest.approx(tuple(np.quantile(wanted, [0.025, 0.975])))


def test_worlds_are_drawn_whole_and_as_many_as_there_are() -> None:
    for weight in Draws.of(WORLD, 30, seed=2).weights():
        by_world = {name: set(weight[name == WORLD]) for name in "abc"}
        assert all(len(times) == 1 for times in by_world.values())
        assert sum(times.pop() for times in by_world.values()) == 3


def test_what_the_sample_cannot_say_is_unknown() -> None:
    one_world = Draws.of(np.array(["a", "a"], dtype=object), 10, seed=0)
    assert all(math.isnan(end) for end in one_world.ratio(np.ones(2), np.ones(2)))
    nothing = Draws.of(WORLD, 10, seed=0).ratios(np.ones(6), np.zeros(6))
    assert np.isnan(nothing).all()
    assert len(Draws.of(np.empty(0, dtype=object), 10, seed=0).times) == 0
