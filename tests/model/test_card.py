import json
import math

import pytest
from pydantic import ValidationError

from tests.model.tiny import tiny_card
from tradeglyph.model.card import ModelCard
from tradeglyph.picture.spec import SEED

CARD = tiny_card(b"weights")


def test_survives_its_own_text() -> None:
    assert ModelCard.model_validate_json(CARD.to_json()) == CARD


def test_text_is_json_with_the_keys_that_others_read() -> None:
    card = json.loads(CARD.to_json())
    assert card["classes"] == ["hacker", "normal"]
    assert card["picture"]["name"] == "default"
    assert card["picture"]["fields"]["height"] == 32
    assert card["calibration"] == {"method": "platt", "a": 2.0, "b": -1.0, "prior": 0.01}
    assert {"threshold", "prior", "alert_budget", "data", "metrics", "versions"} <= card.keys()


def test_says_no_time_of_day() -> None:
    assert tiny_card(b"weights").to_json() == CARD.to_json()


def test_chinese_stays_readable() -> None:
    data = CARD.data.model_copy(update={"description": "模拟账户"})
    assert "模拟账户" in CARD.model_copy(update={"data": data}).to_json()


def test_a_figure_that_is_no_number_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        CARD.model_copy(update={"metrics": {"roc_auc": math.nan}}).to_json()


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": 0.0},
        {"threshold": 1.0},
        {"prior": 1.5},
        {"classes": ("normal", "hacker")},
        {"format": 2},
        {"weights_sha256": "abc"},
        {"name": ""},
        {"surprise": 1},
    ],
)
def test_refuses_fields_that_mean_nothing(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        tiny_card(b"weights", **change)


def test_calibration_must_rise() -> None:
    fields = {**CARD.model_dump(), "calibration": {"a": -1.0, "b": 0.0, "prior": 0.01}}
    with pytest.raises(ValidationError):
        ModelCard.model_validate(fields)


def test_picture_of_a_spec_has_its_hash() -> None:
    assert type(CARD.picture).of(SEED).hash == SEED.hash
