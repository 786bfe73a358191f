"""Options of the command line as options of the readers."""

from datetime import UTC, datetime, timedelta

import pytest

from tradeglyph.cli.reading import candle_options, configured, language, trade_options
from tradeglyph.domain.errors import InputError
from tradeglyph.sources.options import ReadOptions


def test_nothing_said_is_the_contract() -> None:
    assert trade_options() == ReadOptions()
    assert candle_options() == ReadOptions()


def test_everything_said_of_trades_arrives() -> None:
    assert trade_options(
        mapping=["account_id=User,symbol=market+outcome", "time=T"],
        symbol="X",
        time_format="%d-%m-%Y %H:%M",
        timezone="Asia/Kolkata",
        epoch_base="2021-06-14T00:00:00Z",
        on_error="skip",
        drop_duplicates=True,
    ) == ReadOptions(
        mapping={"account_id": ("User",), "symbol": ("market", "outcome"), "time": ("T",)},
        symbol="X",
        time_format="%d-%m-%Y %H:%M",
        timezone="Asia/Kolkata",
        epoch_base=datetime(2021, 6, 14, tzinfo=UTC),
        on_error="skip",
        drop_duplicates=True,
    )


def test_everything_said_of_candles_arrives() -> None:
    assert candle_options(
        mapping=["time=stamp"], symbol="X", time_format="%s", timezone="UTC",
        candle_label="end", source_interval="5m", on_error="skip", drop_duplicates=True,
    ) == ReadOptions(
        mapping={"time": ("stamp",)}, symbol="X", time_format="%s", timezone="UTC",
        candle_label="end", interval=timedelta(minutes=5), on_error="skip", drop_duplicates=True,
    )  # fmt: skip


def test_candles_follow_the_trades_where_nothing_is_said_of_them() -> None:
    trades = trade_options(
        mapping=["time=T"], symbol="X", time_format="%d", timezone="Asia/Shanghai",
        epoch_base="2021-06-14", on_error="skip",
    )  # fmt: skip
    assert candle_options(trades=trades) == ReadOptions(timezone="Asia/Shanghai", on_error="skip")
    own = candle_options(trades=trades, timezone="America/New_York", epoch_base="2020-01-01")
    assert own.timezone == "America/New_York"
    assert own.epoch_base == datetime(2020, 1, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2021-06-14", None, datetime(2021, 6, 14, tzinfo=UTC)),
        ("2021-06-14", "Asia/Shanghai", datetime(2021, 6, 13, 16, tzinfo=UTC)),
        ("2021-06-14T12:00:00+02:00", "Asia/Shanghai", datetime(2021, 6, 14, 10, tzinfo=UTC)),
    ],
)
def test_an_epoch_base_without_an_offset_is_local(
    text: str, zone: str | None, expected: datetime
) -> None:
    assert trade_options(epoch_base=text, timezone=zone).epoch_base == expected


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"epoch_base": "yesterday"}, "--epoch-base 'yesterday'"),
        ({"timezone": "Mars"}, "--timezone Mars"),
        ({"mapping": ["User"]}, "--map 'User'"),
    ],
)
def test_texts_that_say_nothing_are_refused(said: dict[str, object], fault: str) -> None:
    for options in (trade_options, candle_options):
        with pytest.raises(InputError, match=fault):
            options(**said)  # type: ignore[operator]


def test_a_column_of_the_command_line_wins_over_the_configuration() -> None:
    columns = {"account_id": "客户号", "symbol": "market+outcome"}
    assert configured(columns, ["account_id=User,time=T"]) == [
        "symbol=market+outcome",
        "account_id=User,time=T",
    ]
    assert configured(columns, None) == ["account_id=客户号", "symbol=market+outcome"]
    with pytest.raises(InputError, match=r"^columns\.trades acount=uid: acount is no column"):
        configured({"acount": "uid"}, None, "columns.trades")


def test_languages() -> None:
    assert (language("en"), language("zh")) == ("en", "zh")
    with pytest.raises(InputError, match="fr"):
        language("fr")
