"""Alpha Vantage's stored replies through a real server, and what it says instead of candles."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from pydantic import SecretStr

from tests.shared import shared
from tests.sources.replies import Reply, ScriptedServer, serving
from tests.sources.secrecy import SECRET, shown_by
from tradeglyph.domain.errors import InputError
from tradeglyph.sources.alphavantage import fetch_intraday
from tradeglyph.sources.tables import CANDLE_DTYPES

NUMBERS = ("open", "high", "low", "close", "volume")


def stored(name: str) -> bytes:
    return shared(f"data/klines_alphavantage/{name}").read_bytes()


def fetch(server: ScriptedServer, symbol: str = "MSFT", **asked: Any) -> pl.DataFrame:
    return fetch_intraday(
        symbol, api_key=SecretStr(SECRET), base_url=server.url, sleep=lambda _: None, **asked
    )


def refusal(body: bytes | dict[str, Any], **asked: Any) -> str:
    reply = body if isinstance(body, bytes) else json.dumps(body).encode()
    with serving(Reply(body=reply)) as server, pytest.raises(InputError) as caught:
        fetch(server, **asked)
    assert SECRET not in shown_by(caught.value)
    assert len(server.queries) == 1
    return str(caught.value)


def series(interval: str = "5min", zone: str = "US/Eastern", **rows: Any) -> dict[str, Any]:
    """A reply of 2024-03-08; keyword `at_0930` names a time."""
    return {
        "Meta Data": {"4. Interval": interval, "6. Time Zone": zone},
        f"Time Series ({interval})": {
            f"2024-03-08 {name[3:5]}:{name[5:7]}:00": row for name, row in rows.items()
        },
    }


def bar(**changed: str) -> dict[str, str]:
    row = {"open": "2", "high": "3", "low": "1", "close": "2.5", "volume": "10"} | changed
    return {f"{n}. {name}": row[name] for n, name in enumerate(NUMBERS, 1)}


def test_the_stored_json_becomes_candles_in_utc() -> None:
    with serving(Reply(body=stored("mock_time_series"))) as server:
        frame = fetch(server, interval="1m")
    assert dict(frame.schema) == CANDLE_DTYPES
    assert len(frame) == 100
    # 14:56 US/Eastern in December is 19:56 UTC.
    assert frame.row(-1) == (
        "MSFT", datetime(2017, 12, 18, 19, 56, tzinfo=UTC),
        86.5, 86.475, 86.49, 86.5, 10494.0, None,
    )  # fmt: skip
    assert frame["time"][0] == datetime(2017, 12, 18, 18, 17, tzinfo=UTC)
    assert frame["time"].is_sorted()


def test_every_stored_candle_arrives_unchanged() -> None:
    body = stored("mock_time_series")
    with serving(Reply(body=body)) as server:
        frame = fetch(server, interval="1m")
    eastern = ZoneInfo("US/Eastern")
    expected = {
        datetime.fromisoformat(stamp).replace(tzinfo=eastern).astimezone(UTC): [
            float(row[f"{n}. {name}"]) for n, name in enumerate(NUMBERS, 1)
        ]
        for stamp, row in json.loads(body)["Time Series (1min)"].items()
    }
    got = {row["time"]: [row[name] for name in NUMBERS] for row in frame.iter_rows(named=True)}
    assert got == expected


def test_the_stored_csv_is_read_with_its_ends_as_labels() -> None:
    body = stored("mock_time_series_extended")
    with serving(Reply(body=body)) as server:
        frame = fetch(server, "AAPL", interval="1m", candle_label="end")
        as_starts = fetch(server, "AAPL", interval="1m")
    assert len(frame) == 11_190
    assert frame["symbol"].unique().to_list() == ["AAPL"]
    # The last line says 2020-11-23 04:01 New York for the minute that began at 09:00 UTC.
    assert frame.row(0) == (
        "AAPL", datetime(2020, 11, 23, 9, 0, tzinfo=UTC),
        211.5, 211.5, 211.5, 211.5, 162.0, None,
    )  # fmt: skip
    assert (as_starts["time"] - frame["time"]).unique().to_list() == [timedelta(minutes=1)]


def test_what_is_asked() -> None:
    with serving(Reply(body=json.dumps(series("60min", at_0900=bar())).encode())) as server:
        fetch(server, "COIN", interval="1h", full=True, month="2024-03")
    with serving(Reply(body=json.dumps(series(at_0930=bar())).encode())) as plain:
        fetch(plain, "BRK.B")
    assert server.queries == [
        {
            "function": "TIME_SERIES_INTRADAY",
            "symbol": "COIN",
            "interval": "60min",
            "outputsize": "full",
            "adjusted": "false",
            "datatype": "json",
            "month": "2024-03",
            "apikey": SECRET,
        }
    ]
    assert plain.queries[0]["outputsize"] == "compact"
    assert plain.queries[0]["symbol"] == "BRK.B"
    assert "month" not in plain.queries[0]


def test_the_zone_of_the_reply_is_kept_to() -> None:
    body = json.dumps(series(zone="Asia/Shanghai", at_0930=bar())).encode()
    with serving(Reply(body=body)) as server:
        assert fetch(server)["time"].to_list() == [datetime(2024, 3, 8, 1, 30, tzinfo=UTC)]


def test_a_busy_moment_is_waited_for() -> None:
    body = json.dumps(series(at_0930=bar())).encode()
    with serving(Reply(status=500), Reply(body=body)) as server:
        assert len(fetch(server)) == 1


# Texts of the service, as it sent them over the years.
DAILY = (
    f"We have detected your API key as {SECRET} and our standard API rate limit is 25 requests per "
    "day. Please subscribe to any of the premium plans at https://www.alphavantage.co/premium/ to "
    "instantly remove all daily rate limits."
)
PER_MINUTE = (
    "Thank you for using Alpha Vantage! Our standard API call frequency is 5 calls per minute and "
    "500 calls per day. Please visit https://www.alphavantage.co/premium/ if you would like to "
    "target a higher API call frequency."
)
PREMIUM = (
    "Thank you for using Alpha Vantage! This is a premium endpoint. You may subscribe to any of "
    "the premium plans at https://www.alphavantage.co/premium/ to instantly unlock all premium "
    "endpoints"
)
DEMO = "The **demo** API key is for demo purposes only. Please claim your free API key."
NO_KEY = "the parameter apikey is invalid or missing. Please claim your free API key on our site."
NO_SYMBOL = (
    "Invalid API call. Please retry or visit the documentation "
    "(https://www.alphavantage.co/documentation/) for TIME_SERIES_INTRADAY."
)


@pytest.mark.parametrize(
    ("key", "said", "remedy"),
    [
        ("Information", DAILY, "rate limit is reached: wait"),
        ("Note", PER_MINUTE, "rate limit is reached: wait"),
        ("Information", PREMIUM, "needs a premium key"),
        ("Information", DEMO, "check ALPHAVANTAGE_API_KEY"),
        ("Error Message", NO_KEY, "check ALPHAVANTAGE_API_KEY"),
        ("Error Message", NO_SYMBOL, "no such symbol"),
        ("Information", "Something new.", "see its message"),
    ],
)
def test_what_it_says_with_status_200_becomes_an_error_with_a_remedy(
    key: str, said: str, remedy: str
) -> None:
    message = refusal({key: said}, symbol="MSFT")
    assert message.startswith("Alpha Vantage refuses MSFT: ")
    assert remedy in message
    assert said[-30:].replace(SECRET, "***") in message


def test_a_repeated_key_is_masked_in_any_spelling() -> None:
    assert SECRET.lower() not in refusal({"Note": f"{SECRET.lower()} {SECRET}"})
    assert "OTHERKEY12" not in refusal({"Note": "detected your API key as OTHERKEY12 and"})


def test_a_message_is_one_short_harmless_line() -> None:
    message = refusal({"Note": "a\nb\x1b[31m\u202e" + "c" * 5000})
    assert message.isprintable()
    assert len(message) < 600


@pytest.mark.parametrize("body", [b'{"Meta Data": {', b"{]", b"[1, 2]", b"[" * 100_000])
def test_cut_or_malformed_json_is_said(body: bytes) -> None:
    assert f"the reply of {len(body)} bytes is no whole JSON object" in refusal(body)


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"", b"\xff\xfe", b"time,open\n1,2\n"])
def test_a_reply_of_another_kind_is_said(body: bytes) -> None:
    assert "neither JSON nor candles in CSV" in refusal(body)


@pytest.mark.parametrize(
    "body",
    [{}, series(), b"time,open,high,low,close,volume\r\n", b"timestamp,open,high,low,close,volume"],
)
def test_a_reply_without_candles_is_said(body: bytes | dict[str, Any]) -> None:
    assert refusal(body, symbol="NONE", month="2024-03") == (
        "Alpha Vantage: no candles for NONE 2024-03"
    )


@pytest.mark.parametrize(
    "row",
    [
        bar(high="1.5"), bar(low="2.2"), bar(open="0"), bar(close="nan"), bar(high="inf"),
        bar(volume="-1"), bar(volume="many"), bar(low=""),
    ],
)  # fmt: skip
def test_an_impossible_candle_is_named(row: dict[str, str]) -> None:
    message = refusal(series(at_0930=bar(), at_0935=row))
    assert "1 of 2 candles can't be right, the first at '2024-03-08 09:35:00'" in message


def test_a_candle_without_its_volume_is_said() -> None:
    row = bar()
    del row["5. volume"]
    assert "lacks one of" in refusal(series(at_0930=row))
    assert "lacks one of" in refusal(series(at_0930="2.5"))


def test_times_that_are_none_or_came_twice_are_named() -> None:
    assert "at '2024-03-08 29:00:00'" in refusal(series(at_2900=bar()))
    line = b"2024-03-08 09:30:00,2,3,1,2,10\n"
    assert "2 of 2 candles" in refusal(b"time,open,high,low,close,volume\n" + line * 2)


def test_a_time_that_the_clock_skipped_is_named() -> None:
    head = b"time,open,high,low,close,volume\n"
    assert "at '2024-03-10 02:30:00'" in refusal(head + b"2024-03-10 02:30:00,2,3,1,2,10\n")


def test_another_interval_than_asked_for_is_refused() -> None:
    assert "asked for 5min candles and got others: 1min" in refusal(series("1min", at_0930=bar()))


def test_candles_of_another_symbol_are_refused() -> None:
    reply = series(at_0930=bar())
    reply["Meta Data"]["2. Symbol"] = "COIN\x1b[31m"
    assert refusal(reply, symbol="MSFT") == (
        "Alpha Vantage: asked for MSFT candles and got others: COIN [31m"
    )
    reply["Meta Data"]["2. Symbol"] = "msft"
    with serving(Reply(body=json.dumps(reply).encode())) as server:
        assert fetch(server, "Msft ")["symbol"].to_list() == ["Msft "]


def test_a_zone_that_is_none_is_refused() -> None:
    assert "unknown time zone" in refusal(series(zone="US/../Eastern", at_0930=bar()))


def test_a_reply_without_a_series_is_refused() -> None:
    assert "no time series" in refusal({"Global Quote": {}})


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"interval": "2m"}, "choose 1m, 5m, 15m, 30m or 60m"),
        ({"interval": "soon"}, "write it as"),
        ({"month": "2024-13"}, "write it as 2024-05"),
        ({"month": "March"}, "write it as 2024-05"),
        ({"symbol": " "}, "name a symbol"),
        ({"timeout_s": -1.0}, "must be positive"),
    ],
)
def test_arguments_are_checked_before_anybody_is_asked(asked: dict[str, Any], fault: str) -> None:
    with serving(Reply()) as server, pytest.raises(InputError, match=fault):
        fetch(server, **asked)
    assert server.queries == []


def test_an_empty_key_is_said_with_the_name_of_its_variable() -> None:
    with pytest.raises(InputError, match="ALPHAVANTAGE_API_KEY"):
        fetch_intraday("MSFT", api_key=SecretStr(" "))


def test_the_key_goes_nowhere_without_encryption() -> None:
    with pytest.raises(InputError, match="must be https"):
        fetch_intraday("MSFT", api_key=SecretStr(SECRET), base_url="http://example.org/query")
