from typing import Any

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.recognizers.wash.settings import WashSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("self_trades", 0),
        ("windows_us", ()),
        ("windows_us", (2, 2)),
        ("windows_us", (0, 1)),
        ("margin", -0.01),
        ("margin", 0.51),
        ("margin", float("nan")),
        ("occurrences", 0),
        ("largest_set", 1),
        ("trades", 1),
        ("set_share", 0.0),
        ("set_share", 1.01),
        ("gain", 1.0),
        ("gain", 0.0),
        ("chance", 0.0),
        ("trip_span_us", 0),
        ("trip_loss", -1.0),
        ("trip_loss", float("inf")),
        ("trips", 0),
        ("trip_share", 0.0),
        ("crowd_accounts", 1),
        ("crowd_share", 1.5),
    ],
)
def test_a_number_out_of_its_range_is_named_with_the_range(name: str, value: Any) -> None:
    with pytest.raises(InputError, match=rf"wash\.{name} = .*: must be "):
        WashSettings(**{name: value})


def test_the_ends_of_the_ranges_are_inside() -> None:
    WashSettings(self_trades=1, margin=0.0, trades=2, set_share=1.0, trip_loss=0.0, crowd_share=1.0)
