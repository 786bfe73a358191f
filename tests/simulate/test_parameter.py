import numpy as np
import pytest

from tradeglyph.simulate.parameter import Parameter

RNG = np.random.default_rng(0)


def test_whole_numbers_have_both_ends() -> None:
    three = Parameter(name="trips", low=3, high=5, unit="trips")
    assert set(three.whole(RNG, 500).tolist()) == {3, 4, 5}
    assert set(three.whole_scaled(RNG, 500).tolist()) == {3, 4, 5}


def test_numbers_lie_between_the_ends() -> None:
    share = Parameter(name="share", low=0.01, high=100, unit="of the volume")
    even, scaled = share.even(RNG, 4000), share.scaled(RNG, 4000)
    for drawn in (even, scaled):
        assert drawn.min() >= 0.01
        assert drawn.max() <= 100
    assert np.median(even) == pytest.approx(50, rel=0.1)
    assert np.median(scaled) == pytest.approx(1, rel=0.3)


def test_small_numbers_are_commoner_on_a_log_scale() -> None:
    fills = Parameter(name="fills", low=1, high=60, unit="fills")
    assert np.median(fills.whole_scaled(RNG, 4000)) < 10


def test_a_range_upside_down_is_an_error() -> None:
    with pytest.raises(ValueError, match="trips: 5 is above 3"):
        Parameter(name="trips", low=5, high=3, unit="trips")
