"""What users say of their files."""

from datetime import UTC, datetime, timedelta

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.options import ReadOptions, parse_mapping


def test_mapping_of_the_contract() -> None:
    assert parse_mapping(["account_id=User,time=Timestamp,symbol=market+outcome"]) == {
        "account_id": ("User",),
        "time": ("Timestamp",),
        "symbol": ("market", "outcome"),
    }


def test_mapping_from_several_options_with_blanks() -> None:
    assert parse_mapping(["price = Execution Price", "side=Side"]) == {
        "price": ("Execution Price",),
        "side": ("Side",),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("acount_id=User", "acount_id is no column"),
        ("User", "column=source"),
        ("=User", "column=source"),
        ("price=", "a source column is empty"),
        ("symbol=a+", "a source column is empty"),
        ("price=A,price=B", "price is mapped twice"),
    ],
)
def test_bad_mappings_are_named(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_mapping([text])


def test_a_naive_epoch_base_is_refused() -> None:
    with pytest.raises(InputError, match="needs an offset"):
        ReadOptions(epoch_base=datetime(2021, 6, 14))  # noqa: DTZ001
    assert ReadOptions(epoch_base=datetime(2021, 6, 14, tzinfo=UTC)).epoch_base is not None


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="interval"):
        ReadOptions(interval=timedelta(0))
