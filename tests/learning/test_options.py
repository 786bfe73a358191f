import math

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.learning.options import TrainOptions


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"epochs": 0}, "--epochs must be at least 1"),
        ({"batch_size": 0}, "--batch-size must be at least 1"),
        ({"lr": 0.0}, "--lr"),
        ({"lr": math.nan}, "--lr"),
        ({"lr": math.inf}, "--lr"),
        ({"seed": -1}, "--seed"),
        ({"weight_decay": -0.1}, "--weight-decay"),
        ({"threads": -1}, "--threads"),
        ({"device": "tpu"}, "'tpu'; there are: auto, cpu, cuda, mps"),
    ],
)
def test_refuses_what_cannot_be_meant(wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(InputError) as caught:
        TrainOptions(**wrong)  # type: ignore[arg-type]
    assert reason in str(caught.value)
