"""How long a message rests before it is tried again."""

import random

import pytest

from tradeglyph.pipeline.backoff import Backoff


@pytest.mark.parametrize(
    ("attempts", "longest"), [(0, 1), (1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (10**6, 300)]
)
def test_it_doubles_up_to_the_cap(attempts: int, longest: float) -> None:
    assert Backoff(random=lambda: 0.0).seconds(attempts) == longest
    assert Backoff(random=lambda: 0.5).seconds(attempts) == longest * 0.75


def test_chance_shortens_it_by_up_to_a_half() -> None:
    backoff = Backoff(random=random.Random(1).random, first_s=8, cap_s=60)
    rests = [backoff.seconds(2) for _ in range(1_000)]
    assert all(8 < rest <= 16 for rest in rests)
    assert min(rests) < 8.1
    assert max(rests) > 15.9


def test_ten_deliveries_take_minutes() -> None:
    # 1 + 2 + ... + 256 seconds lie between ten deliveries.
    longest = Backoff(random=lambda: 0.0)
    assert sum(longest.seconds(attempts) for attempts in range(1, 10)) == 511
