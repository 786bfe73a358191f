"""Investigates events: what the account did in the day before, what that was worth to whom, and
whether its money may leave.

The same steps as scoring a file: windows, pictures, the model, the ledger, wash volume, verdicts;
so an event's findings are those of `tradeglyph score --window 24h --as-of EVENT` on the same rows.

The candle that is under way at the event is taken as the source has it, here and there: its high
and low place the fills in it, and a table that is read later has them whole, with what the market
did after the event. It can't be cut back to the event, and to leave it out would hide the last
minutes of who trades fast and withdraws at once. Where the account has no fill in it, it changes
nothing. An alert keeps the candles that it was drawn from.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.events import Event
from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.findings import Finding, Investigation, Unanswered
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.trade_rows import AccountRows, TradeRows, no_rows
from tradeglyph.domain.verdicts import Role, Verdict
from tradeglyph.domain.windows import Windows
from tradeglyph.pipeline.account import judge_accounts
from tradeglyph.pipeline.case import Case, Read
from tradeglyph.pipeline.event_words import (
    about_symbol,
    signal_words,
    unanswered_words,
    unreadable_words,
)
from tradeglyph.pipeline.exhibits import exhibits_of
from tradeglyph.pipeline.feeds import Feeds
from tradeglyph.pipeline.gaps import Gaps
from tradeglyph.pipeline.inquiry import Inquiry, Model, NoModel
from tradeglyph.pipeline.joined_windows import joined_windows
from tradeglyph.pipeline.score import Scores, score
from tradeglyph.pipeline.tally import Tally
from tradeglyph.pipeline.tape import tape_of_one, tape_of_rows
from tradeglyph.pipeline.tapes import Span, tapes_of
from tradeglyph.pipeline.weigh import Told, weigh
from tradeglyph.ports.sources import AccountSpan, CandleSource, SourceGone, TooManyRows, TradeSource
from tradeglyph.recognizers.wash.round_trips import may_trip

LONGEST_CANDLE_US = DAY_US
"""A candle that began so long before a window may hold its first fills."""

TOGETHER = 100
"""Accounts whose trades are asked for at once: most of what that saves, and where they are too many
together no more than so many are asked for again."""

IN_VAIN = 2
"""Events in a row whose source is gone after which it is not asked about the others of a batch: one
that hangs is waited for at each question, and who waits at all of them outlives its time, Lambda's
above all. One alone may be a question that takes too long."""

_NOTHING = tape_of_rows(no_rows())
_GRAVITY = {None: 0, Verdict.QUIET: 1, Verdict.REVIEW: 2, Verdict.HOLD: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInvestigator:
    """An `Investigator` over a source of trades and one of candles."""

    trades: TradeSource
    candles: CandleSource
    model: Callable[[], Model]
    """Raises NoModel where none can be loaded."""
    inquiry: Inquiry = field(default_factory=Inquiry)
    last_clean: Callable[[str, int], int | None] = lambda _account, _before: None
    """Time of an account's last event before another that was answered with `quiet`."""
    last_cleans: Callable[[Sequence[tuple[str, int]]], list[int | None]] | None = None
    """The same of several at once, for a batch; None asks for one after the other."""
    exhibits: bool = True
    """Whether answers that raise an alert come with what a person looks at; who keeps no alert
    needs none."""

    def investigate(self, events: Sequence[Event]) -> list[Investigation]:
        """One answer each, in their order."""
        try:
            model = self.model()
        except NoModel:
            return [self._unanswered(event, Unanswered.NO_MODEL) for event in events]
        feeds = Feeds(
            (self.trades.watermark, self.candles.watermark),
            stale_after_us=self.inquiry.stale_after_us,
            first=min((event.time for event in events), default=0),
        )
        known = self._of_accounts(events)
        answers = list(self._all_gathered(events, feeds, known))
        cases = [case for case in answers if isinstance(case, Case)]
        found = iter(self._judged(cases, model))
        return [next(found) if isinstance(one, Case) else one for one in answers]

    def _of_accounts(self, events: Sequence[Event]) -> list[AccountRows | None]:
        """What the account of each event did since the midnight before its window; None where that
        is to be asked for by itself, since it can't be had together."""
        known: list[AccountRows | None] = [None] * len(events)
        spans = [self._days(event) for event in events]
        order = sorted(range(len(events)), key=lambda at: events[at].time)
        # Together they are asked for what lies between them, too: not those of other days.
        for _, day in groupby(order, key=lambda at: events[at].time // DAY_US):
            near = list(day)
            for first in range(0, len(near), TOGETHER):
                some = near[first : first + TOGETHER]
                if len(some) == 1:
                    continue
                with suppress(SourceGone, InputError, TooManyRows):
                    found = self.trades.of_accounts([spans[at] for at in some])
                    for at, rows in zip(some, found, strict=True):
                        known[at] = rows
        return known

    def _days(self, event: Event) -> AccountSpan:
        """From the midnight before the window on: wash volume is told by the UTC day."""
        midnight = (event.time - self.inquiry.window_us) // DAY_US * DAY_US
        return AccountSpan(account_id=event.account_id, since=midnight, until=event.time)

    def _all_gathered(
        self, events: Sequence[Event], feeds: Feeds, known: Sequence[AccountRows | None]
    ) -> Iterator[Case | Investigation]:
        """What each account did, in their order; no more questions once a source is gone."""
        in_vain = 0
        for event, rows in zip(events, known, strict=True):
            if in_vain == IN_VAIN:
                yield self._unanswered(event, Unanswered.SOURCE_GONE)
                continue
            answer = self._gathered(event, feeds, rows)
            gone = not isinstance(answer, Case) and answer.unanswered is Unanswered.SOURCE_GONE
            in_vain = in_vain + 1 if gone else 0
            yield answer

    def _gathered(
        self, event: Event, feeds: Feeds, known: AccountRows | None
    ) -> Case | Investigation:
        """What the account did, or why there is no answer."""
        since = event.time - self.inquiry.window_us
        try:
            if feeds.are_stale(event.time):
                return self._unanswered(event, Unanswered.STALE_FEED)
            days, rows = self._of_account(event, since, known)
        except (SourceGone, InputError):  # a table that changed is as good as one that is gone
            return self._unanswered(event, Unanswered.SOURCE_GONE)
        except TooManyRows:
            return self._unanswered(event, Unanswered.TOO_MANY_TRADES)
        if not len(rows):
            why = Unanswered.UNREADABLE if rows.unreadable else Unanswered.NO_TRADES
            return self._unanswered(event, why, rows.unreadable)
        return Case(event=event, rows=rows, days=days, since=since)

    def _of_account(
        self, event: Event, since: int, known: AccountRows | None
    ) -> tuple[TradeRows | None, AccountRows]:
        """What the account did since the midnight before the window, which may be `known`, None
        where that is too much, and in the window."""
        span, days = self._days(event), known
        try:
            if days is None:
                days = self.trades.of_account(span.account_id, span.since, span.until)
        except TooManyRows:
            return None, self.trades.of_account(event.account_id, since, event.time)
        if days.unreadable:  # some of them may lie before the window
            return days, self.trades.of_account(event.account_id, since, event.time)
        inside = days.time >= since
        return days, days if inside.all() else AccountRows.of(days.take(inside), 0)

    def _judged(self, cases: Sequence[Case], model: Model) -> list[Investigation]:
        """Answers to all cases, whose pictures the model reads at once."""
        if not cases:
            return []
        symbols = sorted({symbol for case in cases for symbol in case.symbols})
        since = min(case.since for case in cases)
        until = max(case.event.time for case in cases)
        try:
            candles = self.candles.of_symbols(symbols, since - LONGEST_CANDLE_US, until)
        except (SourceGone, InputError):
            return [self._unanswered(case.event, Unanswered.SOURCE_GONE) for case in cases]
        except TooManyRows:
            # Events far apart ask for what lies between them; one alone may still be answered.
            if len(cases) > 1:
                return [answer for case in cases for answer in self._judged([case], model)]
            return [self._unanswered(cases[0].event, Unanswered.TOO_MANY_TRADES)]
        names = candles.symbol_names.tolist()
        parts = [case.windows(names) for case in cases]
        read = self._read(parts, candles, model)
        backs = self._look_backs([case.event for case in cases])
        answers: dict[int, Investigation] = {}
        tally = Tally(_NOTHING)
        for n, tape in self._tapes(cases, read, backs):
            if isinstance(tape, Tape) and tape is not tally.tape:
                tally = Tally(tape)
            asked = tally if isinstance(tape, Tape) else tape
            answers[n] = self._answer(cases[n], read[n], asked, backs[n], candles, model)
        return [answers[n] for n in range(len(cases))]

    def _read(self, parts: Sequence[Windows], candles: Candles, model: Model) -> Sequence[Read]:
        """What the model says of the windows of each case."""
        windows = joined_windows(parts)
        scores = self._scores(windows, candles, model)
        placed = not scores.no_candle and not scores.clipped
        gaps = Gaps.none(len(windows)) if placed else Gaps.of(windows, candles)
        if len(parts) == 1:
            return [Read(windows=parts[0], scores=scores, gaps=gaps)]
        ends = np.cumsum([len(part) for part in parts])
        at = [np.arange(end - len(part), end) for part, end in zip(parts, ends, strict=True)]
        return [
            Read(windows=part, scores=scores.take(rows), gaps=gaps.take(rows))
            for part, rows in zip(parts, at, strict=True)
        ]

    def _tapes(
        self, cases: Sequence[Case], read: Sequence[Read], backs: Sequence[int]
    ) -> Iterator[tuple[int, Tape | SourceGone | TooManyRows]]:
        """Position of each case, and what everybody did that may matter to it, or why that can't be
        had: nothing where it can't change the answer."""
        try:
            blind = not self.inquiry.lists.entries and not self.trades.tells_sides()
            alone = [
                blind and self._speaks_for_itself(case, one.scores)
                for case, one in zip(cases, read, strict=True)
            ]
        except SourceGone as error:
            yield from ((n, error) for n in range(len(cases)))
            return
        yield from ((n, _NOTHING) for n in range(len(cases)) if alone[n])
        rest = [n for n in range(len(cases)) if not alone[n]]
        spans = [self._span(cases[n], backs[n]) for n in rest]
        yield from ((rest[at], tape) for at, tape in tapes_of(self.trades, spans))

    def _speaks_for_itself(self, case: Case, scores: Scores) -> bool:
        """Whether everybody's trades add nothing, where no row says who stood on the other side:
        nothing is suspected, so that nothing has to be measured against the market, and there is no
        round trip that could be named as wash volume."""
        if (scores.verdict == Verdict.REVIEW.value).any() or case.days is None:
            return False
        if (case.days.side == case.days.side[0]).all():  # nothing came back
            return True
        return not may_trip(tape_of_one(case.days), self.inquiry.rules.wash)

    def _scores(self, windows: Windows, candles: Candles, model: Model) -> Scores:
        scores = score(
            windows,
            candles,
            model.scorer,
            model.spec,
            threshold=model.threshold,
            lang=self.inquiry.lang,
        )
        return judge_accounts(
            scores,
            windows,
            candles,
            model.scorer,
            model.spec,
            threshold=model.threshold,
            lang=self.inquiry.lang,
        )

    def _answer(
        self,
        case: Case,
        read: Read,
        tally: Tally | SourceGone | TooManyRows,
        look_back: int,
        candles: Candles,
        model: Model,
    ) -> Investigation:
        """To one case, by its windows and what the model says of them."""
        if isinstance(tally, SourceGone):
            return self._unanswered(case.event, Unanswered.SOURCE_GONE)
        if isinstance(tally, TooManyRows):
            return self._unanswered(case.event, Unanswered.TOO_MANY_TRADES)
        mine, said, tape = read.windows, read.scores, tally.tape
        rules = self.inquiry.rules
        if look_back != rules.look_back_us:
            rules = replace(rules, look_back_us=look_back)
        weighed = weigh(
            _told(mine, said, tape),
            tape,
            rules=rules,
            lists=self.inquiry.lists,
            lang=self.inquiry.lang,
            tally=tally,
        )
        findings = tuple(
            Finding(
                account_id=case.event.account_id,
                symbol=str(mine.fills.symbol_names[mine.symbol[n]]),
                window_start=int(mine.start[n]),
                window_end=int(mine.end[n]),
                trade_count=int(mine.trade_count[n]),
                probability=_known(said.probability[n]),
                flagged=bool(said.flagged[n]),
                verdict=Verdict(weighed.verdict[n]) if weighed.verdict[n] else None,
                role=Role(weighed.role[n]),
                transferred=_known(weighed.transferred[n]),
                reason=str(weighed.reason[n]),
                model=model.scorer.name,
            )
            for n in range(len(mine))
        )
        order = sorted(findings, key=_gravity, reverse=True)
        answer = self._decided(case, tuple(order), read)
        answer = replace(answer, replay=(*model.replay, ("look_back_us", str(look_back))))
        if not (self.exhibits and answer.raises_alert):
            return answer
        return replace(answer, exhibits=exhibits_of(answer, case.rows, mine, candles, model.spec))

    def _look_backs(self, events: Sequence[Event]) -> list[int]:
        """How far before each event flows are summed, microseconds."""
        asked = [(event.account_id, event.time) for event in events]
        if self.last_cleans is None:
            cleans = [self.last_clean(*one) for one in asked]
        else:
            cleans = self.last_cleans(asked)
        return [self._look_back(event, clean) for event, clean in zip(events, cleans, strict=True)]

    def _look_back(self, event: Event, clean: int | None) -> int:
        look_back = self.inquiry.rules.look_back_us
        if clean is None:
            return look_back
        since_clean = event.time - clean + self.inquiry.window_us
        longest = max(look_back, self.inquiry.longest_look_back_us)
        return min(max(look_back, since_clean), longest)

    def _span(self, case: Case, look_back: int) -> Span:
        """What everybody did that matters to the case."""
        # References look a little further back than the look-back does.
        since = case.event.time - look_back - self.inquiry.rules.ledger.half_widths[-1]
        return Span(symbols=tuple(case.symbols), since=since, until=case.event.time)

    def _decided(self, case: Case, findings: tuple[Finding, ...], read: Read) -> Investigation:
        lang, policy = self.inquiry.lang, self.inquiry.policy
        event, unreadable = case.event, case.rows.unreadable
        reasons = tuple(
            about_symbol(finding.symbol, finding.reason, lang)
            for finding in findings
            if finding.reason and finding.verdict in (Verdict.REVIEW, Verdict.HOLD)
        )
        reasons += (unreadable_words(unreadable, lang),) if unreadable else ()
        gravest = findings[0].verdict
        if gravest in (Verdict.REVIEW, Verdict.HOLD):
            signals = policy.holding(event) if gravest is Verdict.REVIEW else ()
            if signals:
                gravest = Verdict.HOLD
                reasons = (signal_words(signals, lang), *reasons)
            return Investigation(
                event=event,
                decision=policy.of_verdict(gravest),
                verdict=gravest,
                findings=findings,
                reasons=reasons,
            )
        # What can't be read will not be read the next time, either.
        why = Unanswered.UNREADABLE if unreadable else read.left_open()
        if why is not None:
            open_ = self._unanswered(event, why, unreadable, whole=read.says_nothing)
            return replace(open_, findings=findings)
        return Investigation(
            event=event,
            decision=policy.of_verdict(Verdict.QUIET),
            verdict=Verdict.QUIET,
            findings=findings,
        )

    def _unanswered(
        self, event: Event, why: Unanswered, unreadable: int = 0, *, whole: bool = True
    ) -> Investigation:
        decision = self.inquiry.policy.without_answer(event, why)
        words = [unanswered_words(why, self.inquiry.lang, whole=whole)]
        words += [unreadable_words(unreadable, self.inquiry.lang)] if unreadable else []
        return Investigation(
            event=event, decision=decision, verdict=None, unanswered=why, reasons=tuple(words)
        )


def _told(windows: Windows, scores: Scores, tape: Tape) -> Told:
    names = windows.fills
    return Told(
        account=_codes(names.account_names[windows.account], tape.fills.account_names),
        symbol=_codes(names.symbol_names[windows.symbol], tape.fills.symbol_names),
        start=windows.start,
        end=windows.end,
        verdict=scores.verdict,
        role=scores.role,
        reason=scores.reason,
        alone=scores.alone,
    )


def _codes(
    values: "np.ndarray[tuple[int], np.dtype[np.object_]]",
    names: "np.ndarray[tuple[int], np.dtype[np.object_]]",
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    code = {name: at for at, name in enumerate(names.tolist())}
    return np.array([code.get(value, -1) for value in values.tolist()], dtype=np.int64)


def _gravity(finding: Finding) -> tuple[int, float, float]:
    probability = -1.0 if finding.probability is None else finding.probability
    return _GRAVITY[finding.verdict], finding.transferred or 0.0, probability


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
