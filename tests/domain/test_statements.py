from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.statements import in_units


@pytest.mark.parametrize(
    ("minor", "told", "for_people"),
    [
        (0, "0.00", "0.00"),
        (-5, "-0.05", "-0.05"),
        (-5_000_050, "-50000.50", "-50,000.50"),
        (2**62, "46116860184273879.04", "46,116,860,184,273,879.04"),
    ],
)
def test_money_is_told_exactly(minor: int, told: str, for_people: str) -> None:
    assert in_units(minor) == told
    assert in_units(minor, ",") == for_people


@given(st.integers(-(2**63), 2**63 - 1))
def test_money_told_is_the_money(minor: int) -> None:
    assert Decimal(in_units(minor)) == Decimal(minor).scaleb(-2)
    assert in_units(minor, ",").replace(",", "") == in_units(minor)
