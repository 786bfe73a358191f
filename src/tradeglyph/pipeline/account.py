"""Judges accounts' days over all symbols, after their windows: what only the sum shows.

A day is flagged by its sum where the model flags all of its symbols as one picture, and still does
without any one of them: then it is the account's habit and not one symbol's trips with a few more
beside them. (Leaving one out is how a pooled result is commonly tested for resting on one of its
parts: Viechtbauer & Cheung 2010, "Outlier and influence diagnostics for meta-analysis".) So it
takes trips in three symbols, and four trips, at the least. The windows keep their own probability
and flag: these answer for one symbol. Where one is up for review by itself nothing is added; one
that is flagged but quiet, since one or two small trips are normal in a symbol, is part of the sum.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.domain.windows import Windows
from tradeglyph.picture.columns import columns_of
from tradeglyph.picture.fast import draw
from tradeglyph.picture.spec import PictureSpec
from tradeglyph.pipeline.place import place
from tradeglyph.pipeline.score import CHUNK_BYTES, Scores, asked
from tradeglyph.pipeline.threads import mapped
from tradeglyph.ports.scorer import Scorer
from tradeglyph.recognizers.account import (
    LEAST_SYMBOLS,
    LEAST_TRIPS,
    AccountDays,
    AccountFindings,
    account_days,
    account_findings,
    account_sentence,
)
from tradeglyph.recognizers.reasons import Lang, joined
from tradeglyph.recognizers.role import roles_of_gaps

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.intp]

MOST_LEFT_OUT = 16
"""Symbols left out in turn, those with the most trips first: with more of them, none of the rest
can carry a day."""


def judge_accounts(
    scores: Scores,
    windows: Windows,
    candles: Candles,
    scorer: Scorer,
    spec: PictureSpec,
    *,
    threshold: float,
    lang: Lang = "en",
    threads: int = 1,
) -> Scores:
    """The `scores` of all `windows`, those with a trip up for `review` where only the sum of their
    account's day is flagged: with the role of the whole day, and its figures in the reason.

    All windows of an account must be among them. Fills that name no account are nobody's day.
    Pictures of a layout other than `places` can't stand side by side: then nothing changes. Raises
    ArtifactError where the scorer answers with NaN.
    """
    if spec.layout != "places":
        return scores
    rows, day = _worth_asking(windows, scores)
    if not len(rows):
        return scores
    judge = _Judge(
        candles=candles,
        scorer=scorer,
        spec=spec,
        threshold=threshold,
        lang=lang,
        trips=scores.trips,
    )
    verdict, role, reason = scores.verdict.copy(), scores.role.copy(), scores.reason.copy()
    for one in _each(judge.added, windows, rows, day, spec, threads):
        verdict[one.windows], role[one.windows] = Verdict.REVIEW.value, one.role
        for at in one.windows:
            reason[at] = joined([one.sentence, reason[at]], lang)
    return replace(scores, verdict=verdict, role=role, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpans:
    """At which thresholds `judge_accounts` has n windows up for review; one element per window."""

    least: Floats
    """From this threshold on: the probability of the day's surest window that would be up for
    review by itself, from which on it is not; 0 where all of them are `casual` ..."""
    below: Floats
    """... up to this one, exclusive. NaN, as is `least`, where no threshold does."""
    role: NDArray[np.object_]
    """The role of the whole day; empty where no threshold has it up for review."""

    def take(self, index: Rows) -> "DaySpans":
        """The windows at `index`."""
        return DaySpans(least=self.least[index], below=self.below[index], role=self.role[index])


def day_spans(
    scores: Scores,
    windows: Windows,
    candles: Candles,
    scorer: Scorer,
    spec: PictureSpec,
    *,
    threads: int = 1,
) -> DaySpans:
    """What `judge_accounts` adds at every threshold, from `scores` at any of them.

    All windows of an account's day must be among `windows`. Raises ArtifactError as it does.
    """
    least, below = (np.full(len(windows), np.nan) for _ in range(2))
    role = np.full(len(windows), "", dtype=object)
    spans = DaySpans(least=least, below=below, role=role)
    if spec.layout != "places":
        return spans
    # At a high enough threshold no window is up for review by itself and every day is worth asking.
    quiet = replace(scores, verdict=np.full(len(windows), Verdict.QUIET.value, dtype=object))
    rows, day = _worth_asking(windows, quiet)
    # No answer is under 0, so that what the model says decides and not the threshold.
    judge = _Judge(
        candles=candles, scorer=scorer, spec=spec, threshold=-1.0, lang="en", trips=scores.trips
    )
    surest = np.where(scores.casual, 0.0, np.nan_to_num(scores.probability))

    def spanned(windows: Windows, rows: Rows) -> Iterator[_Spanned]:
        return judge.spanned(windows, rows, surest)

    for one in _each(spanned, windows, rows, day, spec, threads):
        least[one.windows], below[one.windows] = one.least, one.below
        role[one.windows] = one.role
    return spans


def _each(
    ask: "Callable[[Windows, Rows], Iterator[_Found]]",
    windows: Windows,
    rows: Rows,
    day: Ints,
    spec: PictureSpec,
    threads: int,
) -> "list[_Found]":
    """What `ask` says of the days, as many at a time as fit the cache."""
    size = max(1, CHUNK_BYTES // int(np.prod(spec.shape)))
    bounds = np.searchsorted(day, np.arange(0, int(day.max(initial=-1)) + 1 + size, size))
    parts = mapped(
        lambda part: list(ask(windows, rows[slice(*part)])), list(pairwise(bounds)), threads
    )
    return [one for part in parts for one in part]


def _worth_asking(windows: Windows, scores: Scores) -> tuple[Rows, Ints]:
    """Windows of the days that may be flagged by their sum, day after day; the day of each."""
    if len(windows) <= LEAST_SYMBOLS:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int64)
    order = np.lexsort((windows.symbol, windows.start, windows.account))
    account, start = windows.account[order], windows.start[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(account) != 0) | (np.diff(start) != 0)
    day = np.cumsum(new) - 1
    trips = scores.trips[order]
    # What is left without one symbol must still be enough.
    worth = np.bincount(day, trips) > LEAST_TRIPS
    worth &= np.bincount(day, trips > 0) > LEAST_SYMBOLS
    worth &= np.bincount(day, scores.verdict[order] == Verdict.REVIEW.value) == 0
    worth &= windows.fills.account_names[account[new]] != ""
    kept = worth[day]
    return order[kept], np.unique(day[kept], return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Added:
    """What the sum of one day adds."""

    windows: Rows
    """Those with a trip."""
    role: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spanned:
    """At which thresholds the sum of one day adds."""

    windows: Rows
    least: float
    below: float
    role: str


_Found = TypeVar("_Found", _Added, _Spanned)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    candles: Candles
    scorer: Scorer
    spec: PictureSpec
    threshold: float
    lang: Lang
    trips: Ints
    """Of all windows."""

    def added(self, windows: Windows, rows: Rows) -> Iterator[_Added]:
        """Of the days that the windows `rows` make."""
        days, found = self._asked(windows.take(rows))
        roles = roles_of_gaps(found.mean_gap)
        for at in np.flatnonzero(found.adds):  # alerts are few
            mine = rows[days.member == at]
            if self._stands(windows, mine):
                yield _Added(
                    windows=mine[self.trips[mine] > 0],
                    role=str(roles[at]),
                    sentence=account_sentence(found, int(at), self.lang),
                )

    def spanned(self, windows: Windows, rows: Rows, surest: Floats) -> Iterator[_Spanned]:
        """Of the same days, where the threshold is under every answer; `surest` runs along all
        windows."""
        days, found = self._asked(windows.take(rows))
        roles = roles_of_gaps(found.mean_gap)
        for at in np.flatnonzero(found.adds):
            mine = rows[days.member == at]
            least = float(surest[mine].max())
            if found.probability[at] <= least:
                continue  # its surest window is up for review wherever their sum is flagged
            rest = self._left_out(windows, mine)
            below = float(min(found.probability[at], rest.probability.min()))
            if rest.flagged.all() and below > least:
                traded = mine[self.trips[mine] > 0]
                yield _Spanned(windows=traded, least=least, below=below, role=str(roles[at]))

    def _stands(self, windows: Windows, mine: Rows) -> bool:
        """Whether the day of the windows `mine` is flagged without any one symbol."""
        return bool(self._left_out(windows, mine).flagged.all())

    def _left_out(self, windows: Windows, mine: Rows) -> AccountFindings:
        """What is found of the day without one symbol, one element for each of them."""
        heaviest = mine[np.argsort(-self.trips[mine], kind="stable")][:MOST_LEFT_OUT]
        left_out = heaviest[self.trips[heaviest] > 0]
        rest = np.concatenate([mine[mine != one] for one in left_out])
        copy = np.repeat(np.arange(len(left_out), dtype=np.int32), len(mine) - 1)
        _, found = self._asked(replace(windows.take(rest), account=copy))
        return found

    def _asked(self, windows: Windows) -> tuple[AccountDays, AccountFindings]:
        placed = place(windows, self.candles)
        days = account_days(placed, columns_of(placed, self.candles))
        raster = draw(days.placed, self.candles, self.spec, days.columns)
        unflagged = np.zeros(len(windows), dtype=bool)
        return days, account_findings(
            days, asked(self.scorer, raster), unflagged, threshold=self.threshold
        )
