"""Candles out of candles and trades: hand-made cases, real bars against plain Python, invariants.

Times in hand-made cases are minutes of 2024-06-19 (a Wednesday), UTC.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.shared import shared
from tests.sources.us_equity import minute_candles
from tradeglyph.domain.errors import InputError
from tradeglyph.sources.interval import parse_interval
from tradeglyph.sources.resample import candles_from_candles, candles_from_trades
from tradeglyph.sources.sessions import MARKETS, MarketHours, market
from tradeglyph.sources.tables import CANDLE_DTYPES, TRADE_DTYPES

DAY = datetime(2024, 6, 19, tzinfo=UTC)
M1, M5, M15, M30, H1 = map(parse_interval, ("1m", "5m", "15m", "30m", "1h"))
ALL_DAYS_FULL = 78

Row = dict[str, object]


def at(minute: float) -> datetime:
    return DAY + timedelta(minutes=minute)


def candle(minute: float, low: float = 1.0, high: float = 2.0, **more: object) -> Row:
    row: Row = {"symbol": "X", "time": at(minute), "low": low, "high": high}
    return row | {"open": low, "close": high, "volume": 1.0, "accounts": None} | more


def trade(minute: float, price: float = 1.0, quantity: float = 1.0, **more: object) -> Row:
    row: Row = {"account_id": "a", "symbol": "X", "time": at(minute), "side": 1}
    return row | {"price": price, "quantity": quantity} | more


def candles(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=CANDLE_DTYPES)


def trades(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TRADE_DTYPES)


def minutes(frame: pl.DataFrame) -> list[float]:
    return [(time - DAY) / timedelta(minutes=1) for time in frame["time"]]


class TestFromCandles:
    def test_values_of_a_candle(self) -> None:
        built = candles_from_candles(
            candles(
                candle(7, 5.0, 9.0, open=6.0, close=8.0, volume=2.0),
                candle(5, 7.0, 8.0, open=7.5, close=7.25, volume=3.0),
                candle(6, 4.0, 7.0, open=7.0, close=5.0, volume=0.5),
            ),
            interval=M5,
        )
        assert built.rows() == [("X", at(5), 9.0, 4.0, 7.5, 8.0, 5.5, None)]
        assert dict(built.schema) == CANDLE_DTYPES

    def test_a_gap_stays_a_gap(self) -> None:
        built = candles_from_candles(candles(*map(candle, [0, 1, 2, 16, 17])), interval=M5)
        assert minutes(built) == [0, 15]

    def test_what_the_first_or_last_candle_lacks_is_not_taken_from_another(self) -> None:
        built = candles_from_candles(
            candles(
                candle(0, open=None), candle(1, volume=None), candle(2, close=None),
                candle(5, close=None), candle(6, open=None, volume=0.0),
            ),
            interval=M5,
        )  # fmt: skip
        assert built.select("open", "close", "volume").rows() == [
            (None, None, None),
            (1.0, 2.0, 1.0),
        ]

    def test_symbols_are_kept_apart_and_sorted(self) -> None:
        rows = [candle(m, symbol=s) for m in (6, 5, 1, 0) for s in ("B", "A")]
        built = candles_from_candles(candles(*rows), interval=M5)
        assert built.select("symbol", "time").rows() == [
            ("A", at(0)), ("A", at(5)), ("B", at(0)), ("B", at(5)),
        ]  # fmt: skip

    def test_accounts_are_known_only_of_a_candle_taken_over_whole(self) -> None:
        rows = [candle(0, accounts=3), candle(1, accounts=2), candle(5, accounts=4)]
        built = candles_from_candles(candles(*rows), interval=M5)
        assert built["accounts"].to_list() == [None, 4]

    @pytest.mark.parametrize(("steps", "apart"), [((0, 15, 30), "15m"), ((0, 3, 6), "3m")])
    def test_an_interval_that_does_not_divide_is_refused(
        self, steps: tuple[int, ...], apart: str
    ) -> None:
        with pytest.raises(InputError, match=f"{apart} apart.*5m candles"):
            candles_from_candles(candles(*map(candle, steps)), interval=M5)

    def test_a_sparse_file_is_read_where_the_user_says_its_interval(self) -> None:
        sparse = candles(*map(candle, [0, 3, 6]))
        assert minutes(candles_from_candles(sparse, interval=M5, source_interval=M1)) == [0, 5]
        with pytest.raises(InputError, match="choose a multiple"):
            candles_from_candles(sparse, interval=M5, source_interval=parse_interval("2m"))

    def test_one_coarse_symbol_among_fine_ones_is_refused_by_name(self) -> None:
        fine = [candle(m) for m in range(120)]
        coarse = [candle(15 * m, symbol="COARSE") for m in range(33)]
        with pytest.raises(InputError, match="candles of COARSE are 15m apart"):
            candles_from_candles(candles(*fine, *coarse), interval=M5)
        assert len(candles_from_candles(candles(*fine, *coarse[:32]), interval=M5)) == 24 + 32

    def test_candles_off_the_grid_are_refused(self) -> None:
        shifted = candles(*(candle(2 + 5 * k) for k in range(6)))
        with pytest.raises(InputError, match=r"2024-06-19T00:12:00Z reaches.*15m.*\(2 such\)"):
            candles_from_candles(shifted, interval=M15)

    def test_an_hour_that_holds_the_opening_is_refused(self) -> None:
        # 13:00 UTC is 09:00 in New York; the opening is at 09:30.
        clock_hours = candles(*(candle(60 * hour) for hour in range(12, 20)))
        hours = market("us-equity")
        with pytest.raises(InputError, match="T14:00:00Z reaches into"):
            candles_from_candles(clock_hours, interval=H1, hours=hours, session="regular")

    def test_hours_cut_at_the_opening_are_told_from_hours_over_it(self) -> None:
        hours = market("us-equity")
        fine = candles(*(candle(12 * 60 + m) for m in range(8 * 60)))
        everything = candles_from_candles(fine, interval=H1, hours=hours)
        regular = candles_from_candles(everything, interval=H1, hours=hours, session="regular")
        assert minutes(everything) == [720, 780, 810, 870, 930, 990, 1050, 1110, 1170]
        assert minutes(regular) == minutes(everything)[2:]

    def test_regular_needs_a_market(self) -> None:
        with pytest.raises(InputError, match="--market"):
            candles_from_candles(candles(candle(0)), interval=M5, session="regular")

    def test_no_candles_give_none(self) -> None:
        for hours in (None, market("us-equity")):
            assert candles_from_candles(candles(), interval=M5, hours=hours).is_empty()
            assert candles_from_trades(trades(), interval=M5, hours=hours).is_empty()

    def test_the_grid_before_1970(self) -> None:
        old = candles(candle(0, time=datetime(1969, 12, 31, 23, 58, tzinfo=UTC)))
        built = candles_from_candles(old, interval=M5)
        assert built["time"].to_list() == [datetime(1969, 12, 31, 23, 55, tzinfo=UTC)]


class TestFromTrades:
    def test_values_of_a_candle(self) -> None:
        built = candles_from_trades(
            trades(
                trade(4.5, 3.0, 1.0, account_id="b"),
                trade(0, 2.0, 5.0),
                trade(0, 9.0, 1.0),
                trade(1, 1.0, 2.0),
                trade(4.5, 4.0, 1.0),
            ),
            interval=M5,
        )
        assert built.rows() == [("X", at(0), 9.0, 1.0, 2.0, 4.0, 10.0, 2)]
        assert dict(built.schema) == CANDLE_DTYPES

    @pytest.mark.parametrize(
        ("rows", "volume"),
        [
            ([("t", "a", 1, 5.0), ("t", "b", -1, 5.0)], 5.0),
            ([("t", "a", 1, 5.0), ("t", "a", -1, 5.0)], 5.0),
            ([("t", "a", 1, 5.0)], 5.0),
            ([("t", "a", 1, 5.0), ("t", "b", -1, 2.0), ("t", "c", -1, 3.0)], 5.0),
            ([("t", "a", 1, 5.0), ("u", "b", -1, 5.0)], 10.0),
            ([(None, "a", 1, 5.0), (None, "b", -1, 5.0)], 10.0),
            ([("t", "a", 1, 5.0), ("t", "b", -1, 5.0), (None, "c", 1, 1.5)], 6.5),
        ],
        ids=["both sides", "self-trade", "one side", "split", "two ids", "no ids", "mixed"],
    )
    def test_a_match_counts_once(
        self, rows: list[tuple[str | None, str, int, float]], volume: float
    ) -> None:
        built = candles_from_trades(
            trades(
                *(
                    trade(1, quantity=quantity, trade_id=match, account_id=account, side=side)
                    for match, account, side, quantity in rows
                )
            ),
            interval=M5,
        )
        assert built["volume"].to_list() == [volume]
        assert built["accounts"].to_list() == [len({account for _, account, _, _ in rows})]

    def test_an_identifier_used_again_by_another_symbol_or_later_is_another_match(self) -> None:
        rows = [trade(0, trade_id="t"), trade(0, trade_id="t", symbol="Y"), trade(9, trade_id="t")]
        built = candles_from_trades(trades(*rows), interval=M5)
        assert built["volume"].to_list() == [1.0, 1.0, 1.0]

    def test_trades_of_the_lunch_break_are_no_session(self) -> None:
        # Shanghai is 8 hours ahead: 11:29, 11:30, 12:59 and 13:00 there.
        rows = trades(*map(trade, [209, 210, 299, 300]))
        hours = market("cn-ashare")
        regular = candles_from_trades(rows, interval=H1, hours=hours, session="regular")
        assert minutes(regular) == [150, 300]
        everything = candles_from_trades(rows, interval=H1, hours=hours)
        assert minutes(everything) == [150, 210, 270, 300]

    def test_a_half_day_ends_early(self) -> None:
        hours = market("us-equity").closing_early({date(2024, 6, 19): 13 * 60})
        rows = trades(*(trade(60 * 13 + 5 * k) for k in range(96)))
        built = candles_from_trades(rows, interval=M5, hours=hours, session="regular")
        assert minutes(built) == [13 * 60 + 30 + 5 * k for k in range(42)]


# An oracle in plain Python: one dictionary, one pass.


def grouped(
    rows: Iterable[Row], start_of: Callable[[datetime], datetime | None]
) -> dict[tuple[object, datetime], list[object]]:
    """Symbol and start to [high, low, open, close, volume]; rows come in order of time."""
    found: dict[tuple[object, datetime], list[object]] = {}
    for row in rows:
        start = start_of(row["time"])  # type: ignore[arg-type]
        if start is None:
            continue
        new = found.setdefault((row["symbol"], start), [None, None, row["open"], None, 0.0])
        new[0] = row["high"] if new[0] is None else max(new[0], row["high"])  # type: ignore[call-overload]
        new[1] = row["low"] if new[1] is None else min(new[1], row["low"])  # type: ignore[call-overload]
        new[3] = row["close"]
        new[4] += row["volume"]  # type: ignore[operator]
    return found


def as_grouped(frame: pl.DataFrame) -> dict[tuple[object, datetime], list[object]]:
    return {(row[0], row[1]): list(row[2:7]) for row in frame.rows()}


def new_york_five_minutes(moment: datetime) -> datetime | None:
    there = moment.astimezone(ZoneInfo("America/New_York"))
    if not 570 <= there.hour * 60 + there.minute < 960:
        return None
    return moment - timedelta(minutes=moment.minute % 5)


class TestRealBars:
    @pytest.mark.parametrize(
        ("ticker", "days"),
        [
            ("spy", ("20131004", "20131007", "20131011", "20230803")),
            ("aapl", ("20140605", "20140606", "20140609")),
        ],
    )
    def test_regular_session_of_new_york(self, ticker: str, days: tuple[str, ...]) -> None:
        minute = minute_candles(ticker, *days)
        hours = market("us-equity")
        built = candles_from_candles(minute, interval=M5, hours=hours, session="regular")
        assert len(built) == ALL_DAYS_FULL * len(days)
        assert as_grouped(built) == grouped(minute.iter_rows(named=True), new_york_five_minutes)

    def test_a_candle_of_spy_read_with_the_eye(self) -> None:
        # 2013-10-04, 09:30 to 09:34 New York, prices in 1/10000 USD (open, high, low, close):
        # 1677400 1678200 1676700 1677700, 1677600 1678300 1677300 1677500,
        # 1677500 1677700 1675700 1676100, 1676100 1676100 1675300 1675600,
        # 1675600 1676700 1675300 1676100.
        minute = minute_candles("spy", "20131004")
        first = minute.filter(
            pl.col("time").is_between(
                datetime(2013, 10, 4, 13, 30, tzinfo=UTC), datetime(2013, 10, 4, 13, 34, tzinfo=UTC)
            )
        )
        built = candles_from_candles(
            minute, interval=M5, hours=market("us-equity"), session="regular"
        )
        assert first["volume"].to_list() == [633958, 641236, 545042, 344621, 297287]
        assert built.row(0) == (
            "spy",
            datetime(2013, 10, 4, 13, 30, tzinfo=UTC),
            167.83,
            167.53,
            167.74,
            167.61,
            2_462_144.0,
            None,
        )

    def test_pre_and_post_market_are_kept_apart(self) -> None:
        minute = minute_candles("aapl", "20140605")
        hours = market("us-equity")
        everything = candles_from_candles(minute, interval=M30, hours=hours)
        assert everything["volume"].sum() == minute["volume"].sum()
        regular = everything.filter(hours.in_session(pl.col("time")))
        assert len(regular) == 13
        assert regular["volume"].sum() == sum(
            row["volume"]
            for row in minute.iter_rows(named=True)
            if new_york_five_minutes(row["time"]) is not None
        )

    def test_an_a_share_day_has_48_candles_and_a_lunch_break(self) -> None:
        stamped = pl.read_csv(
            shared("data/klines_ashare_5m/XSHG_5min_600977.csv"), try_parse_dates=True
        )
        ends = pl.col("timestamps").dt.replace_time_zone("Asia/Shanghai")
        frame = stamped.select(
            pl.lit("600977").alias("symbol"),
            (ends.dt.convert_time_zone("UTC") - pl.duration(minutes=5)).alias("time"),
            "high", "low", "open", "close", "volume",
            pl.lit(None).alias("accounts"),
        ).cast(CANDLE_DTYPES)  # fmt: skip
        hours = market("cn-ashare")
        built = candles_from_candles(frame, interval=M5, hours=hours, session="regular")
        assert_frame_equal(built, frame.sort("time"))
        there = pl.col("time").dt.convert_time_zone("Asia/Shanghai")
        days = built.group_by(there.dt.date()).agg(
            candles=pl.len(), clocks=there.dt.strftime("%H:%M").sort()
        )
        full = days.filter(pl.col("candles") == 48)
        assert (len(full), len(days)) == (51, 53)
        assert {(clocks[23], clocks[24]) for clocks in full["clocks"]} == {("11:25", "13:00")}
        hourly = candles_from_candles(frame, interval=H1, hours=hours, session="regular")
        starts = hourly.select(there.dt.strftime("%H:%M").unique().sort()).to_series()
        assert starts.to_list() == ["09:30", "10:30", "13:00", "14:00"]

    @pytest.mark.parametrize("pair", ["ADA_BTC", "XMR_BTC"])
    def test_holes_of_a_crypto_exchange_stay_holes(self, pair: str) -> None:
        raw = pl.read_ipc(shared(f"data/klines_crypto_5m/{pair}-5m.feather"))
        frame = raw.select(
            pl.lit(pair).alias("symbol"), pl.col("date").alias("time"),
            "high", "low", "open", "close", "volume", pl.lit(None).alias("accounts"),
        ).cast(CANDLE_DTYPES)  # fmt: skip
        built = candles_from_candles(frame, interval=M15, hours=market("crypto"))
        expected = grouped(
            frame.sort("time").iter_rows(named=True),
            lambda moment: moment - timedelta(minutes=moment.minute % 15),
        )
        assert list(as_grouped(built)) == list(expected)
        # Sums of fractional volumes may be taken in another order.
        for got, wanted in zip(as_grouped(built).values(), expected.values(), strict=True):
            assert got == [*wanted[:4], pytest.approx(wanted[4], rel=1e-12)]
        holes = frame["time"].sort().diff().drop_nulls() > timedelta(minutes=5)
        assert holes.any()


PRICES = st.integers(1, 50).map(float)
MARKET_NAMES = st.sampled_from([None, *MARKETS])


def hours_of(name: str | None) -> MarketHours | None:
    return None if name is None else market(name)


@st.composite
def minute_frames(draw: st.DrawFn) -> pl.DataFrame:
    rows = []
    for minute in draw(st.sets(st.integers(0, 3 * 1440), min_size=1, max_size=60)):
        low, high, first, last = sorted(draw(st.tuples(PRICES, PRICES))) * 2
        symbol, volume = draw(st.tuples(st.sampled_from("AB"), st.integers(0, 9)))
        first, last = draw(st.permutations([first, last]))
        rows.append(
            candle(minute, low, high, open=first, close=last, volume=float(volume), symbol=symbol)
        )
    return candles(*rows)


@st.composite
def trade_frames(draw: st.DrawFn) -> pl.DataFrame:
    rows = []
    for match in range(draw(st.integers(1, 40))):
        second = draw(st.integers(0, 2 * 86_400))
        price, quantity = draw(st.tuples(PRICES, PRICES))
        known = draw(st.sampled_from([None, f"t{match}"]))
        for side in draw(st.sampled_from([(1,), (-1,), (1, -1)])):
            account = draw(st.sampled_from("abc"))
            rows.append(
                trade(second / 60, price, quantity, side=side, trade_id=known, account_id=account)
            )
    return trades(*rows)


@settings(max_examples=60)
@given(minute_frames(), MARKET_NAMES)
def test_two_steps_give_what_one_gives(frame: pl.DataFrame, name: str | None) -> None:
    hours = hours_of(name)
    fine = candles_from_candles(frame, interval=M5, hours=hours, source_interval=M1)
    twice = candles_from_candles(fine, interval=M30, hours=hours, source_interval=M5)
    once = candles_from_candles(frame, interval=M30, hours=hours, source_interval=M1)
    assert_frame_equal(twice, once)


@settings(max_examples=60)
@given(trade_frames(), MARKET_NAMES)
def test_trades_by_way_of_minutes_give_what_trades_give(
    frame: pl.DataFrame, name: str | None
) -> None:
    hours = hours_of(name)
    fine = candles_from_trades(frame, interval=M1, hours=hours)
    twice = candles_from_candles(fine, interval=M5, hours=hours, source_interval=M1)
    once = candles_from_trades(frame, interval=M5, hours=hours)
    assert_frame_equal(twice.drop("accounts"), once.drop("accounts"))
    known = twice["accounts"].is_not_null()
    assert twice["accounts"].filter(known).to_list() == once["accounts"].filter(known).to_list()


@settings(max_examples=60)
@given(trade_frames(), MARKET_NAMES, st.sampled_from([M1, M5, parse_interval("7m"), H1]))
def test_every_trade_lies_in_its_candle_and_no_candle_is_invented(
    frame: pl.DataFrame, name: str | None, interval: int
) -> None:
    hours = hours_of(name)
    built = candles_from_trades(frame, interval=interval, hours=hours)
    joined = frame.sort("time").join_asof(
        built.sort("time"), on="time", by="symbol", coalesce=False, suffix="_candle"
    )
    inside = joined.select(
        (pl.col("time") - pl.col("time_candle") < pl.duration(microseconds=interval))
        & pl.col("price").is_between("low", "high")
        & (pl.col("quantity") <= pl.col("volume"))
    ).to_series()
    assert inside.all()
    assert set(joined["time_candle"]) == set(built["time"])


@settings(max_examples=40)
@given(trade_frames(), st.randoms(use_true_random=False))
def test_the_order_of_rows_matters_only_between_equal_times(
    frame: pl.DataFrame, random: object
) -> None:
    distinct = frame.unique("time", keep="first", maintain_order=True)
    order = list(range(len(distinct)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert_frame_equal(
        candles_from_trades(distinct[order], interval=M5),
        candles_from_trades(distinct, interval=M5),
    )
