"""Settings that can't be meant are refused."""

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.recognizers.ledger import LedgerSettings


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"half_widths": ()}, "half_widths"),
        ({"half_widths": (5, 5)}, "half_widths"),
        ({"half_widths": (0, 5)}, "half_widths"),
        ({"side_accounts": 11}, "side_accounts"),
        ({"side_accounts": 0}, "side_accounts"),
        ({"largest_cluster": 1}, "largest_cluster"),
        ({"priced_share": 0.0}, "priced_share"),
        ({"priced_share": 1.5}, "priced_share"),
        ({"spreads": -1.0}, "spreads"),
        ({"screen_deviation": -1.0}, "screen_"),
    ],
)
def test_out_of_range(wrong: dict[str, object], named: str) -> None:
    with pytest.raises(InputError, match=named):
        LedgerSettings(**wrong)  # type: ignore[arg-type]


def test_widths_are_those_of_the_specification() -> None:
    minutes = [width / 60_000_000 for width in LedgerSettings().half_widths]
    assert minutes == [2.5, 5, 10, 20, 40, 80, 120]
