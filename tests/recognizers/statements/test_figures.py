import pytest

from tests.recognizers.statements.frames import at
from tradeglyph.recognizers.statements.figures import minute, money, second, units


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (-1_05, "-1.05"),
        (50_000_50, "50,000.50"),
        (10**17, "1,000,000,000,000,000.00"),
    ],
)
def test_money_is_exact(minor: int, text: str) -> None:
    assert money(minor) == text


def test_units_and_times() -> None:
    assert units(50_05) == 50.05
    assert minute(at("2025-03-04 14:05:09")) == "2025-03-04 14:05"
    assert second(at("2025-03-04 14:05:09.999999")) == "2025-03-04 14:05:09"
