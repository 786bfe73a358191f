"""Answers to events: those of scoring the same rows, and what stands in for an answer."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from tradeglyph.app.inquiries import model_of
from tradeglyph.app.market import WindowRule, load_candles
from tradeglyph.app.scoring import ScoreRequest, score_files
from tradeglyph.app.simulation import simulate_into
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.events import Event
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.domain.findings import Decision, Investigation, Unanswered
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.trade_rows import AccountRows, TradeRows, no_rows
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.exhibits import CANDLES, PICTURE, TRADES
from tradeglyph.pipeline.inquiry import RESTS_US, Inquiry, Model, NoModel
from tradeglyph.pipeline.investigate import SourceInvestigator
from tradeglyph.pipeline.policy import Band, Policy
from tradeglyph.pipeline.tally import Tally
from tradeglyph.ports.sources import AccountSpan, SourceGone, TooManyRows
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.sources.live.frames import rows_of
from tradeglyph.sources.live.memory import MemoryCandles, MemoryTrades
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.trades import read_trades


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    simulate_into(folder, 250, seed=5)
    return folder


@pytest.fixture(scope="module")
def trades(world: Path) -> pl.DataFrame:
    return read_trades(world / "trades.parquet", ReadOptions()).frame


@pytest.fixture(scope="module")
def candles(world: Path) -> Candles:
    return load_candles(world / "candles.parquet", ReadOptions())[0]


@pytest.fixture(scope="module")
def model() -> Model:
    return model_of(open_model("default"))


@pytest.fixture(scope="module")
def end(trades: pl.DataFrame) -> int:
    """The midnight after the day on which most accounts trade."""
    day = trades["time"].dt.epoch("us") // DAY_US
    return int(day.mode().sort()[0] + 1) * DAY_US


def rounded(answer: Investigation) -> Investigation:
    """A runtime adds up in another order in another batch: the last bits are no one's."""
    findings = tuple(
        replace(one, probability=None if one.probability is None else round(one.probability, 6))
        for one in answer.findings
    )
    return replace(answer, findings=findings)


def over(trades: TradeRows, candles: Candles, model: Model, **more: object) -> SourceInvestigator:
    asked = {"inquiry": Inquiry(stale_after_us=0), **more}
    return SourceInvestigator(
        trades=MemoryTrades(trades),
        candles=MemoryCandles(candles),
        model=lambda: model,
        **asked,  # type: ignore[arg-type]
    )


def withdrawals(accounts: Sequence[str], time: int) -> list[Event]:
    return [Event(key=f"event:{name}", account_id=name, time=time) for name in accounts]


@pytest.fixture(scope="module", params=["both sides", "fills alone"])
def said(
    request: pytest.FixtureRequest,
    world: Path,
    trades: pl.DataFrame,
    candles: Candles,
    model: Model,
    end: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[pl.DataFrame, list[Investigation], TradeRows]:
    """What `score` says of the last day, what is answered to a withdrawal of each account."""
    if request.param == "fills alone":
        trades = trades.with_columns(
            pl.lit(None, dtype=pl.String).alias(name) for name in ("trade_id", "counterparty_id")
        )
    path = tmp_path_factory.mktemp("known") / "trades.parquet"
    words = pl.col("side").replace_strict({1: "buy", -1: "sell"}, return_dtype=pl.String)
    known = trades.filter(pl.col("time").dt.epoch("us") < end).with_columns(side=words)
    known.write_parquet(path)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=end)
    scored = score_files(
        ScoreRequest(
            trades=path,
            candles=world / "candles.parquet",
            rule=WindowRule(span_us=DAY_US, as_of=moment),
        ),
        lambda _: None,
    ).frame
    rows = rows_of(trades)  # trades after the event are known, too, and must not be looked at
    accounts = scored["account_id"].unique().sort().to_list()
    answers = over(rows, candles, model).investigate(withdrawals(accounts, end))
    return scored, answers, rows


def test_the_findings_are_those_of_score(
    said: tuple[pl.DataFrame, list[Investigation], TradeRows],
) -> None:
    scored, answers, _ = said
    told = {
        (one.account_id, one.symbol): (
            None if one.probability is None else round(one.probability, 6),
            one.flagged,
            one.verdict.value if one.verdict else "",
            one.role.value,
            one.transferred,
            one.reason,
            one.trade_count,
            one.model,
        )
        for answer in answers
        for one in answer.findings
    }
    columns = (
        "probability", "flagged", "verdict", "role", "transferred", "reason", "trade_count",
        "model",
    )  # fmt: skip
    expected = {
        (row["account_id"], row["symbol"]): tuple(row[name] for name in columns)
        for row in scored.with_columns(pl.col("probability").round(6)).iter_rows(named=True)
    }
    assert len(expected) > 100
    assert told == expected


def test_some_are_stopped_and_most_go_through(
    said: tuple[pl.DataFrame, list[Investigation], TradeRows],
) -> None:
    scored, answers, _ = said
    decisions = {answer.decision for answer in answers}
    assert Decision.LET_THROUGH in decisions
    assert decisions & {Decision.REVIEW, Decision.HOLD}
    gravest = {"hold": Decision.HOLD, "review": Decision.REVIEW, "quiet": Decision.LET_THROUGH}
    for answer in answers:
        verdicts = scored.filter(pl.col("account_id") == answer.event.account_id)["verdict"]
        first = next((v for v in ("hold", "review", "quiet") if v in verdicts.to_list()), None)
        if first is not None:
            assert answer.decision is gravest[first]


def test_one_by_one_or_together_is_the_same(
    said: tuple[pl.DataFrame, list[Investigation], TradeRows], candles: Candles, model: Model
) -> None:
    _, answers, rows = said
    some = answers[::9]
    asked = over(rows, candles, model)
    alone = [asked.investigate([answer.event])[0] for answer in some]
    assert [rounded(answer) for answer in alone] == [rounded(answer) for answer in some]


def test_events_seconds_apart_share_what_is_worked_out_and_change_nothing(
    said: tuple[pl.DataFrame, list[Investigation], TradeRows],
    candles: Candles,
    model: Model,
    end: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Most of them have the same trades before them, to which others reach back further."""
    _, answers, rows = said
    stopped = [answer.event.account_id for answer in answers if answer.raises_alert]
    accounts = [*stopped[:4], *(answer.event.account_id for answer in answers[::60])]
    last = int(rows.time[rows.time < end].max())
    events = [
        Event(key=f"{name}-{n}", account_id=name, time=last + 1 - before)
        for name in accounts
        for n, before in enumerate((0, 1_000, 7_000_000, 400_000_000))
    ]
    clean = {name: end - (8 + n % 3) * DAY_US for n, name in enumerate(accounts)}
    asked = over(rows, candles, model, last_clean=lambda name, _: clean[name])
    alone = [asked.investigate([event])[0] for event in events]
    asked = replace(asked, last_cleans=lambda those: [clean[name] for name, _ in those])
    made: list[Tally] = []
    begin = Tally.__init__

    def counted(self: Tally, tape: Tape) -> None:
        made.append(self)
        begin(self, tape)

    monkeypatch.setattr(Tally, "__init__", counted)
    together = asked.investigate(events)
    assert len(made) < len(events) / 2
    assert [rounded(one) for one in together] == [rounded(one) for one in alone]
    assert any(one.raises_alert for one in together)


def test_what_is_kept_of_an_alert_replays_it(
    said: tuple[pl.DataFrame, list[Investigation], TradeRows], tmp_path: Path
) -> None:
    _, answers, _ = said
    alert = next(answer for answer in answers if answer.raises_alert)
    kept = {exhibit.name: exhibit.content for exhibit in alert.exhibits}
    assert kept[PICTURE].startswith(b"\x89PNG")
    for name in (TRADES, CANDLES):
        (tmp_path / name).write_bytes(kept[name])
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=alert.event.time)
    again = score_files(
        ScoreRequest(
            trades=tmp_path / TRADES,
            candles=tmp_path / CANDLES,
            rule=WindowRule(span_us=DAY_US, as_of=moment),
        ),
        lambda _: None,
    ).frame
    found = {one.symbol: one.probability for one in alert.findings}
    replayed = dict(zip(again["symbol"], again["probability"], strict=True))
    assert replayed == pytest.approx(found, rel=1e-4)
    assert dict(alert.replay)["model"] == again["model"][0]


def test_what_is_quiet_is_kept_without_exhibits(
    said: tuple[pl.DataFrame, list[Investigation], TradeRows],
) -> None:
    assert all(not answer.exhibits for answer in said[1] if not answer.raises_alert)


def test_the_candle_under_way_is_taken_as_score_takes_it(
    world: Path, trades: pl.DataFrame, candles: Candles, model: Model, tmp_path: Path
) -> None:
    """Whole, and it changes nothing for who did not trade in it."""
    rows, interval = rows_of(trades), candles.interval
    busiest, counts = np.unique(rows.time // interval, return_counts=True)
    begin = int(busiest[counts.argmax()]) * interval
    time = int(np.median(rows.time[rows.time // interval * interval == begin])) + 1
    known = trades.filter(pl.col("time").dt.epoch("us") < time)
    words = pl.col("side").replace_strict({1: "buy", -1: "sell"}, return_dtype=pl.String)
    known.with_columns(side=words).write_parquet(tmp_path / "trades.parquet")
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)
    scored = score_files(
        ScoreRequest(
            trades=tmp_path / "trades.parquet",
            candles=world / "candles.parquet",
            rule=WindowRule(span_us=DAY_US, as_of=moment),
        ),
        lambda _: None,
    ).frame.with_columns(pl.col("probability").round(6))
    events = withdrawals(scored["account_id"].unique().sort().to_list(), time)

    def findings(candles: Candles) -> dict[tuple[str, str], tuple[object, ...]]:
        answers = map(rounded, over(rows, candles, model).investigate(events))
        return {
            (one.account_id, one.symbol): (one.probability, one.verdict or "", one.reason)
            for answer in answers
            for one in answer.findings
        }

    whole = findings(candles)
    columns = ("account_id", "symbol", "probability", "verdict", "reason")
    assert whole == {row[:2]: row[2:] for row in scored.select(columns).iter_rows()}
    under_way = candles.start == begin
    later = replace(candles, high=np.where(under_way, candles.high * 1.2, candles.high))
    recent = known.filter(pl.col("time").dt.epoch("us") >= begin)
    in_it = set(recent.select("account_id", "symbol").iter_rows())
    changed = {key for key, said in findings(later).items() if said != whole[key]}
    assert changed
    assert changed <= in_it
    assert len(whole) > 2 * len(in_it)


class TestSignals:
    def test_a_second_evidence_holds(
        self, trades: pl.DataFrame, candles: Candles, model: Model, end: int
    ) -> None:
        blind = trades.with_columns(
            pl.lit(None, dtype=pl.String).alias(name) for name in ("trade_id", "counterparty_id")
        )
        rows = rows_of(blind)
        policy = Policy(hold_signals=frozenset({"new_device"}))
        asked = over(rows, candles, model, inquiry=Inquiry(stale_after_us=0, policy=policy))
        accounts = blind["account_id"].unique().sort().to_list()
        answers = asked.investigate(withdrawals(accounts, end))
        # Fills alone never hold.
        assert all(answer.decision is not Decision.HOLD for answer in answers)
        up = next(answer for answer in answers if answer.decision is Decision.REVIEW)
        quiet = next(answer for answer in answers if answer.verdict is Verdict.QUIET)
        (held,) = asked.investigate([replace(up.event, signals={"new_device": True})])
        assert (held.decision, held.verdict) == (Decision.HOLD, Verdict.HOLD)
        assert "new device" in held.reasons[0]
        (still,) = asked.investigate([replace(quiet.event, signals={"new_device": True})])
        assert still.decision is Decision.LET_THROUGH


class Gone:
    """A source that can't be reached."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def of_account(self, *_: object) -> TradeRows:
        raise self._error

    def of_accounts(self, *_: object) -> list[TradeRows]:
        raise self._error

    def of_symbols(self, *_: object) -> TradeRows:
        raise self._error

    def watermark(self, before: int) -> int | None:
        raise self._error


class Hanging(MemoryTrades):
    """Can't be asked about some accounts; every question about them is waited for in vain."""

    def __init__(self, rows: TradeRows, accounts: set[str]) -> None:
        super().__init__(rows)
        self._accounts = accounts
        self.waits = 0

    def of_account(self, account: str, since: int, until: int) -> AccountRows:
        self._wait(account)
        return super().of_account(account, since, until)

    def of_accounts(self, spans: Sequence[AccountSpan]) -> list[AccountRows]:
        self._wait(*(span.account_id for span in spans))
        return super().of_accounts(spans)

    def _wait(self, *accounts: str) -> None:
        if self._accounts.intersection(accounts):
            self.waits += 1
            raise SourceGone


class Counted(MemoryTrades):
    """Keeps what it was asked."""

    def __init__(self, rows: TradeRows) -> None:
        super().__init__(rows)
        self.asked: list[int] = []

    def watermark(self, before: int) -> int | None:
        self.asked.append(before)
        return super().watermark(before)


class Narrow(MemoryTrades):
    """Gives the trades of one account at a time."""

    def of_accounts(self, spans: Sequence[AccountSpan]) -> list[AccountRows]:
        raise TooManyRows


def test_accounts_that_are_too_many_together_are_asked_for_one_by_one(
    said: tuple[pl.DataFrame, list[Investigation], TradeRows], candles: Candles, model: Model
) -> None:
    _, answers, rows = said
    some = answers[:12]
    asked = replace(over(rows, candles, model), trades=Narrow(rows))
    again = asked.investigate([answer.event for answer in some])
    assert [rounded(answer) for answer in again] == [rounded(answer) for answer in some]


def test_a_source_that_hangs_is_not_waited_for_once_for_each_event(
    said: tuple[pl.DataFrame, list[Investigation], TradeRows], candles: Candles, model: Model
) -> None:
    """Who waits for the answers (a function with a time-out) would be gone before."""
    _, answers, rows = said
    events = [answer.event for answer in answers[:50]]
    hanging = Hanging(rows, {event.account_id for event in events})
    again = replace(over(rows, candles, model), trades=hanging).investigate(events)
    assert [answer.event for answer in again] == events
    assert {answer.unanswered for answer in again} == {Unanswered.SOURCE_GONE}
    # All of them together, then one and another one.
    assert hanging.waits == 3


def test_an_account_that_can_not_be_asked_about_leaves_the_others_their_answers(
    said: tuple[pl.DataFrame, list[Investigation], TradeRows], candles: Candles, model: Model
) -> None:
    _, answers, rows = said
    some = answers[:12]
    poison = {some[0].event.account_id, some[6].event.account_id}
    asked = replace(over(rows, candles, model), trades=Hanging(rows, poison))
    again = asked.investigate([answer.event for answer in some])
    for before, after in zip(some, again, strict=True):
        if before.event.account_id in poison:
            assert after.unanswered is Unanswered.SOURCE_GONE
        else:
            assert rounded(after) == rounded(before)


class TestUnanswered:
    @pytest.fixture
    def event(self, trades: pl.DataFrame, end: int) -> Event:
        day = trades.filter((pl.col("time").dt.epoch("us") // DAY_US) == end // DAY_US - 1)
        return Event(key="event:1", account_id=day["account_id"].sort()[0], time=end)

    def asked(self, event: Event, investigator: SourceInvestigator) -> Unanswered | None:
        (answer,) = investigator.investigate([event])
        assert bool(answer.unanswered) == (answer.verdict is None)
        assert answer.reasons or not answer.unanswered
        return answer.unanswered

    @pytest.mark.parametrize(
        ("error", "why"),
        [
            (SourceGone(), Unanswered.SOURCE_GONE),
            (TooManyRows(), Unanswered.TOO_MANY_TRADES),
        ],
    )
    def test_trades_that_can_not_be_had(
        self, event: Event, candles: Candles, model: Model, error: Exception, why: Unanswered
    ) -> None:
        gone = SourceInvestigator(
            trades=Gone(error),
            candles=MemoryCandles(candles),
            model=lambda: model,
            inquiry=Inquiry(stale_after_us=0),
        )
        assert self.asked(event, gone) is why

    def test_candles_that_can_not_be_had(
        self, event: Event, trades: pl.DataFrame, model: Model
    ) -> None:
        gone = SourceInvestigator(
            trades=MemoryTrades(rows_of(trades)),
            candles=Gone(SourceGone()),  # type: ignore[arg-type]
            model=lambda: model,
            inquiry=Inquiry(stale_after_us=0),
        )
        assert self.asked(event, gone) is Unanswered.SOURCE_GONE

    def test_no_model(self, event: Event, trades: pl.DataFrame, candles: Candles) -> None:
        def missing() -> Model:
            raise NoModel("it is not there")

        asked = SourceInvestigator(
            trades=MemoryTrades(rows_of(trades)), candles=MemoryCandles(candles), model=missing
        )
        assert self.asked(event, asked) is Unanswered.NO_MODEL

    def test_an_account_that_nobody_knows(
        self, event: Event, trades: pl.DataFrame, candles: Candles, model: Model
    ) -> None:
        asked = over(rows_of(trades), candles, model)
        who = "'; DROP TABLE fills; -- 🙂"
        assert self.asked(replace(event, account_id=who), asked) is Unanswered.NO_TRADES

    def test_nothing_at_or_after_the_event_is_looked_at(
        self, event: Event, trades: pl.DataFrame, candles: Candles, model: Model
    ) -> None:
        asked = over(rows_of(trades), candles, model)
        first = int(
            trades.filter(pl.col("account_id") == event.account_id)["time"].dt.epoch("us").min()  # type: ignore[arg-type]
        )
        assert self.asked(replace(event, time=first), asked) is Unanswered.NO_TRADES
        assert self.asked(replace(event, time=first + 1), asked) is Unanswered.TOO_FEW_FILLS

    def test_a_stale_feed(
        self, event: Event, trades: pl.DataFrame, candles: Candles, model: Model
    ) -> None:
        newest = min(
            int(trades["time"].dt.epoch("us").max()),  # type: ignore[arg-type]
            int(candles.start.max()),
        )
        hour = 3_600 * MICROSECONDS
        asked = over(rows_of(trades), candles, model, inquiry=Inquiry(stale_after_us=hour))
        late = replace(event, time=newest + hour + 1)
        assert self.asked(late, asked) is Unanswered.STALE_FEED
        in_time = self.asked(replace(event, time=newest + hour), asked)
        assert in_time is not Unanswered.STALE_FEED

    @pytest.mark.parametrize("which", ["trades", "candles"])
    def test_one_row_of_next_year_does_not_make_a_stale_feed_fresh(
        self, event: Event, trades: pl.DataFrame, candles: Candles, model: Model, which: str
    ) -> None:
        hour = 3_600 * MICROSECONDS

        def feed(times: NDArray[np.int64], *, old: bool) -> NDArray[np.int64]:
            """Ending a minute before the event, or two hours before it and once a year after."""
            shifted = times + (event.time - 60 * MICROSECONDS - times.max()) - old * 2 * hour
            shifted[int(shifted.argmax())] += old * 365 * DAY_US
            return shifted

        rows = rows_of(trades)
        rows = replace(rows, time=feed(rows.time, old=which == "trades"))
        candles = replace(candles, start=feed(candles.start, old=which == "candles"))
        asked = over(rows, candles, model, inquiry=Inquiry(stale_after_us=hour))
        assert self.asked(event, asked) is Unanswered.STALE_FEED
        asked = over(rows, candles, model, inquiry=Inquiry(stale_after_us=3 * hour))
        assert self.asked(event, asked) is not Unanswered.STALE_FEED

    @pytest.mark.parametrize("which", ["trades", "candles"])
    @pytest.mark.parametrize("stale_after", [3_600 * MICROSECONDS, RESTS_US])
    def test_a_feed_without_a_row_before_the_event_is_stale(
        self,
        event: Event,
        trades: pl.DataFrame,
        candles: Candles,
        model: Model,
        which: str,
        stale_after: int,
    ) -> None:
        """Nobody may pass as an account without trades where the feed brought nothing at all."""
        rows = rows_of(trades)
        asked = Inquiry(stale_after_us=stale_after)
        none = (no_rows(), candles) if which == "trades" else (rows, candles_without(candles))
        assert self.asked(event, over(*none, model, inquiry=asked)) is Unanswered.STALE_FEED
        # Rows at or after the event are none before it.
        first = min(int(rows.time.min()), int(candles.start.min()))
        early = replace(event, time=first)
        assert self.asked(early, over(rows, candles, model, inquiry=asked)) is Unanswered.STALE_FEED

    def test_who_is_not_known_to_a_feed_that_rests_made_no_trades(
        self, event: Event, trades: pl.DataFrame, candles: Candles, model: Model
    ) -> None:
        asked = over(rows_of(trades), candles, model, inquiry=Inquiry(stale_after_us=RESTS_US))
        nobody = replace(event, account_id="nobody")
        assert self.asked(nobody, asked) is Unanswered.NO_TRADES
        later = replace(event, time=int(trades["time"].dt.epoch("us").max()) + 300 * DAY_US)  # type: ignore[arg-type]
        assert self.asked(later, asked) is Unanswered.NO_TRADES

    def test_feeds_are_asked_once_for_events_of_one_hour(
        self, event: Event, trades: pl.DataFrame, candles: Candles, model: Model
    ) -> None:
        hour, newest = 3_600 * MICROSECONDS, int(trades["time"].dt.epoch("us").max())  # type: ignore[arg-type]
        rows, times = Counted(rows_of(trades)), [newest + n * hour // 4 for n in (3, 1, 2, 40, 5)]
        asked = SourceInvestigator(
            trades=rows,
            candles=MemoryCandles(replace(candles, start=np.full_like(candles.start, newest))),
            model=lambda: model,
            inquiry=Inquiry(stale_after_us=hour),
        )
        events = [replace(event, account_id="nobody", time=time) for time in times]
        together = [answer.unanswered for answer in asked.investigate(events)]
        # Of the earliest one, and of those that it says nothing about.
        assert rows.asked == [times[1], times[3], times[4]]
        alone = [asked.investigate([one])[0].unanswered for one in events]
        assert together == alone
        assert together == [Unanswered.NO_TRADES] * 3 + [Unanswered.STALE_FEED] * 2

    @pytest.mark.parametrize(
        ("lang", "words"),
        [("en", "2 rows of its trades can't be read"), ("zh", "有 2 条成交记录无法读取")],
    )
    def test_trades_that_can_not_be_read_are_no_all_clear(
        self,
        said: tuple[pl.DataFrame, list[Investigation], TradeRows],
        candles: Candles,
        model: Model,
        lang: Lang,
        words: str,
    ) -> None:
        _, answers, rows = said
        quiet = next(one for one in answers if one.verdict is Verdict.QUIET)
        grave = next(one for one in answers if one.verdict in (Verdict.REVIEW, Verdict.HOLD))

        def again(event: Event, trades: TradeRows, policy: Policy | None = None) -> Investigation:
            # One at no known time, one in the window, two out of it.
            bad = {event.account_id: [None, event.time - 1, event.time, event.time - DAY_US - 1]}
            asked = SourceInvestigator(
                trades=MemoryTrades(trades, bad),
                candles=MemoryCandles(candles),
                model=lambda: model,
                inquiry=Inquiry(stale_after_us=0, lang=lang, policy=policy or Policy()),
            )
            return asked.investigate([event])[0]

        answer = again(quiet.event, rows)
        assert (answer.unanswered, answer.decision) == (Unanswered.UNREADABLE, Decision.REVIEW)
        assert len(answer.findings) == len(quiet.findings)
        assert words in answer.reasons[-1]
        # Nothing else is known of it: it is no account without trades.
        alone = again(quiet.event, no_rows())
        assert (alone.unanswered, alone.reasons) == (Unanswered.UNREADABLE, answer.reasons)
        hold = Policy(bands=(Band(unanswered={Unanswered.UNREADABLE: Decision.HOLD}),))
        assert again(quiet.event, rows, hold).decision is Decision.HOLD
        # What is known is graver than what is not.
        still = again(grave.event, rows, hold)
        assert (still.decision, still.verdict) == (grave.decision, grave.verdict)
        assert words in still.reasons[-1]

    def test_missing_candles_are_no_all_clear(
        self, event: Event, trades: pl.DataFrame, candles: Candles, model: Model
    ) -> None:
        none = candles_without(candles)
        mine = trades.filter(pl.col("account_id") == event.account_id)
        assert self.asked(event, over(rows_of(mine), none, model)) is Unanswered.NO_CANDLES

    @pytest.mark.parametrize(
        ("lang", "some", "all_"),
        [
            ("en", "no answer for some of what it traded: ", "no answer for anything it traded: "),
            ("zh", "部分标的没有结论：", "交易过的标的全都没有结论："),
        ],
    )
    def test_it_says_whether_all_or_some_has_no_answer(
        self,
        trades: pl.DataFrame,
        candles: Candles,
        model: Model,
        end: int,
        lang: Lang,
        some: str,
        all_: str,
    ) -> None:
        rows = rows_of(trades)
        accounts = trades["account_id"].unique().sort().to_list()
        known = over(rows, candles, model).investigate(withdrawals(accounts, end))
        quiet = next(one.event for one in known if one.verdict is Verdict.QUIET)
        mine = rows.take(np.flatnonzero(rows.account_id == quiet.account_id))
        elsewhere = replace(mine, symbol=np.full(len(mine), "ELSEWHERE", dtype=object))
        cents = replace(mine, price=mine.price * 100)
        inquiry = Inquiry(stale_after_us=0, lang=lang)

        def said(trades: TradeRows, bars: Candles) -> str:
            asked = SourceInvestigator(
                trades=MemoryTrades(trades),
                candles=MemoryCandles(bars),
                model=lambda: model,
                inquiry=inquiry,
            )
            (answer,) = asked.investigate([quiet])
            assert answer.unanswered in (Unanswered.NO_CANDLES, Unanswered.OUTSIDE_CANDLES)
            return answer.reasons[0]

        for nothing in (elsewhere, cents, joined(elsewhere, cents)):
            assert said(nothing, candles).startswith(all_)
        assert said(joined(mine, elsewhere), candles).startswith(some)

    @pytest.mark.parametrize("scale", [0.01, 1.5, 100.0])
    def test_candles_in_another_unit_are_no_all_clear(
        self, trades: pl.DataFrame, candles: Candles, model: Model, end: int, scale: float
    ) -> None:
        """Cents against whole units would put every fill on an edge, and let everybody through."""
        accounts = trades["account_id"].unique().sort().to_list()
        known = over(rows_of(trades), candles, model).investigate(withdrawals(accounts, end))
        quiet = [one.event for one in known if one.verdict is Verdict.QUIET]
        rows = rows_of(trades)
        scaled = over(replace(rows, price=rows.price * scale), candles, model)
        answers = scaled.investigate(quiet)
        assert not any(answer.verdict is Verdict.QUIET for answer in answers)
        why = [answer for answer in answers if answer.unanswered is Unanswered.OUTSIDE_CANDLES]
        assert why
        assert {answer.decision for answer in why} == {Decision.REVIEW}
        assert all(answer.findings for answer in why)

    def test_candles_of_other_times_are_no_all_clear(
        self, event: Event, trades: pl.DataFrame, candles: Candles, model: Model
    ) -> None:
        mine = trades.filter(pl.col("account_id") == event.account_id)
        early = replace(candles, start=candles.start - candles.interval * 1_000_000)
        asked = over(rows_of(mine), early, model)
        (answer,) = asked.investigate([event])
        assert answer.unanswered is Unanswered.NO_CANDLES

    def test_fills_after_the_last_candle_are_no_all_clear(
        self, trades: pl.DataFrame, candles: Candles, model: Model, end: int
    ) -> None:
        """Who trades fast and withdraws at once is not in the picture yet."""
        rows = rows_of(trades)
        accounts = trades["account_id"].unique().sort().to_list()
        asked = over(rows, candles, model).investigate(withdrawals(accounts, end))
        quiet = next(
            one
            for one in asked
            if one.verdict is Verdict.QUIET and len(one.findings) == 1
            and one.findings[0].trade_count >= 6
        )  # fmt: skip
        mine = (rows.account_id == quiet.event.account_id) & (rows.time < end)
        late = np.unique(rows.time[mine] // MICROSECONDS)[-2] * MICROSECONDS
        kept = np.flatnonzero(candles.start + candles.interval <= late)
        early = replace(candles, **{name: getattr(candles, name)[kept] for name in CANDLE_COLUMNS})
        (answer,) = over(rows, early, model).investigate([quiet.event])
        assert answer.unanswered is Unanswered.STALE_FEED
        assert answer.decision is Decision.DELAY


CANDLE_COLUMNS = ("symbol", "start", "high", "low", "open", "close", "volume", "accounts")


def candles_without(candles: Candles) -> Candles:
    """The same feed without a candle."""
    empty = {name: getattr(candles, name)[:0] for name in CANDLE_COLUMNS}
    return replace(candles, **empty)


class TestLookBack:
    def test_it_reaches_back_to_the_last_clean_check(
        self, trades: pl.DataFrame, candles: Candles, model: Model, end: int
    ) -> None:
        rows = rows_of(trades)
        account = str(np.sort(rows.account_id[(rows.time < end) & (rows.time >= end - DAY_US)])[0])
        (event,) = withdrawals([account], end)

        def look_back(clean: int | None) -> int:
            asked = over(rows, candles, model, last_clean=lambda *_: clean)
            (answer,) = asked.investigate([event])
            return int(dict(answer.replay)["look_back_us"])

        assert look_back(None) == 7 * DAY_US
        assert look_back(end - DAY_US) == 7 * DAY_US
        assert look_back(end - 10 * DAY_US) == 11 * DAY_US
        assert look_back(end - 300 * DAY_US) == 30 * DAY_US


def joined(*parts: TradeRows) -> TradeRows:
    return TradeRows(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(TradeRows)
        }
    )
