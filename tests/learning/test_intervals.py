import math
import sys

import pytest

from tradeglyph.domain.errors import MissingExtra
from tradeglyph.learning.intervals import exact_share, rule_of_three, upper_bound

binomtest = pytest.importorskip("scipy.stats", reason="needs the extra `train` or `plot`").binomtest


@pytest.mark.parametrize(("hits", "windows"), [(0, 1), (0, 40), (1, 7), (13, 13), (250, 1000)])
def test_interval_is_that_of_scipys_binomial_test(hits: int, windows: int) -> None:
    oracle = binomtest(hits, windows).proportion_ci(0.95, method="exact")
    share = exact_share(hits, windows)
    assert (share.value, share.low, share.high) == pytest.approx(
        (hits / windows, oracle.low, oracle.high), abs=1e-9
    )


def test_no_hit_in_300_000_is_bounded_where_the_protocol_says() -> None:
    assert exact_share(0, 300_000).high == pytest.approx(1.2e-5, abs=5e-7)


def test_no_windows_are_unknown_and_not_zero() -> None:
    share = exact_share(0, 0)
    assert all(math.isnan(value) for value in (share.value, share.low, share.high))


def test_rule_of_three_is_near_the_one_sided_exact_bound() -> None:
    assert rule_of_three(1000) == pytest.approx(1 - 0.05 ** (1 / 1000), rel=0.01)
    assert rule_of_three(2) == 1.0
    assert math.isnan(rule_of_three(0))


def test_missing_scipy_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(MissingExtra, match=r"tradeglyph\[plot\]"):
        exact_share(1, 2)


@pytest.mark.parametrize(("hits", "windows"), [(0, 40), (1, 7), (250, 1000), (3, 300_000)])
def test_upper_bound_is_the_one_sided_exact_one(hits: int, windows: int) -> None:
    oracle = binomtest(hits, windows, alternative="less").proportion_ci(0.95, method="exact")
    assert upper_bound(hits, windows) == pytest.approx(oracle.high, abs=1e-9)


def test_upper_bound_with_none_hit_is_three_over_n() -> None:
    assert upper_bound(0, 300_000) == pytest.approx(1e-5, rel=0.01)
    assert upper_bound(0, 5000) == pytest.approx(rule_of_three(5000), rel=0.01)
    assert upper_bound(7, 7) == 1.0
    assert math.isnan(upper_bound(0, 0))
