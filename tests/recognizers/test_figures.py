import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.recognizers.figures import amount, clock, money, percent


@pytest.mark.parametrize(
    ("share", "places", "said"),
    [
        (0, 0, "0%"),
        (1, 1, "100%"),
        (0.0623, 0, "6%"),
        (0.5, 1, "50.0%"),
        (0.9997, 0, "99.97%"),
        (0.9997, 1, "99.97%"),
        (0.00004, 1, "0.004%"),
        (1e-12, 0, "<0.000001%"),
        (1 - 1e-16, 1, ">99.999999%"),
    ],
)
def test_percent(share: float, places: int, said: str) -> None:
    assert percent(share, places) == said


@given(st.floats(1e-8, 1 - 1e-8))
def test_a_chance_is_never_certain(share: float) -> None:
    shown = float(percent(share, 1).removesuffix("%"))
    assert 0 < shown < 100
    assert shown == pytest.approx(100 * share, abs=0.051)


def test_a_little_money_is_not_nothing() -> None:
    assert [money(value) for value in (0, 0.0016, 0.5, 1.006, 10_432.1)] == [
        "0.00", "0.0016", "0.5", "1.01", "10,432.10",
    ]  # fmt: skip


def test_amounts_and_times() -> None:
    assert amount(1_234_567.5) == "1,234,567.5"
    assert amount(0.06031) == "0.06031"
    # 2026-03-02T14:45:09Z
    assert clock((20_514 * 86_400 + 53_109) * 1_000_000) == "14:45:09"
