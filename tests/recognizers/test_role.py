import pytest

from tests.recognizers.test_features import features, trip
from tests.rows import DAY, FillRow
from tradeglyph.recognizers.role import roles_of

APART: list[FillRow] = [
    ("ann", "X", DAY + 1, "buy", 11.0, 1.0),
    ("ann", "X", DAY + 301, "sell", 19.0, 1.0),
]
MIRRORED: list[FillRow] = [
    ("ann", "X", DAY + 1, "buy", 19.0, 1.0),
    ("ann", "X", DAY + 301, "sell", 11.0, 1.0),
]


@pytest.mark.parametrize(
    ("rows", "role"),
    [
        (trip(0, 11.0, 19.0), "beneficiary"),
        (trip(0, 19.0, 11.0), "victim"),
        (trip(0, 14.0, 15.9), "unclear"),
        (trip(0, 14.0, 16.1), "beneficiary"),
        (trip(0, 16.1, 14.0), "victim"),
        (trip(0, 10.0, 20.0) + trip(1, 20.0, 10.0), "unclear"),
        (APART, "beneficiary"),
        (MIRRORED, "victim"),
        (APART[:1], "unclear"),
        (trip(5, 19.0, 11.0) + APART, "victim"),  # a trip says more than fills apart
        (trip(99, 11.0, 19.0), "unclear"),  # no candle
    ],
)
def test_who_gained(rows: list[FillRow], role: str) -> None:
    assert roles_of(features(rows)).tolist() == [role]


def test_no_windows() -> None:
    assert roles_of(features([])).tolist() == []
