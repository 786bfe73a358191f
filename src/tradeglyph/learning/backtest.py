"""The figures of a backtest: thresholds for alert budgets, and what they catch.

Traffic without labels: whatever gets `review` or `hold` in it is an alert that somebody must look
at; planted transfers are the only windows whose truth is known. A threshold is chosen on the
earlier days and judged on the later ones, so that no figure has seen the days it speaks of.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.alert_spans import NO_ALERT, AlertSpans, threshold_for
from tradeglyph.learning.bootstrap import Draws
from tradeglyph.learning.intervals import exact_share

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Figures = dict[str, Any]

CURVE_POINTS = 60
BOOTSTRAP = 200
LISTED = 500
"""So many windows a list of changes holds; the counts are of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """The days of the traffic, cut in two."""

    days: Ints
    """Every day with a window, ascending: its start, microseconds UTC."""
    ordered: bool
    """False for a single day, on which thresholds are both chosen and judged."""

    @classmethod
    def of(cls, start: Ints) -> "Halves":
        """From the starts of all windows."""
        days = np.unique(start)
        return cls(days=days, ordered=len(days) > 1)

    @property
    def early(self) -> Ints:
        """The first half of the days, the middle one included; all of them for a single day."""
        return self.days[: math.ceil(len(self.days) / 2)]

    @property
    def late(self) -> Ints:
        """The other days; all of them for a single day."""
        return self.days[math.ceil(len(self.days) / 2) :] if self.ordered else self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """A way to part windows into groups."""

    names: tuple[str, ...]
    """Of the groups, in the order that a reader wants."""
    code: Ints
    """Per window: position of its group in `names`."""

    def take(self, index: Mask) -> "Grouping":
        """The windows where `index`."""
        return Grouping(names=self.names, code=self.code[index])

    def parts(self) -> Iterator[tuple[str, Mask]]:
        """Every group that has a window, by name, with a mask of its windows."""
        for at, name in enumerate(self.names):
            if (mask := self.code == at).any():
                yield name, mask


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedWindows:
    """The windows of planted transfers, two for each, in any order: what is true of them."""

    start: Ints
    plant: Ints
    """Number of the transfer that the window is one side of."""
    role: NDArray[np.object_]
    """`beneficiary` or `victim`."""
    money: Floats
    """What the transfer moved, in quote currency; both sides say it."""
    world: Ints
    """Number of its symbol and day: what the bootstrap draws."""
    grade: Grouping
    """How plain the transfer is."""
    kinds: Mapping[str, Grouping]
    """Other ways to group them, by the name of the way."""

    def __len__(self) -> int:
        return len(self.start)

    def take(self, index: Mask) -> "PlantedWindows":
        """The windows where `index`."""
        return PlantedWindows(
            start=self.start[index],
            plant=self.plant[index],
            role=self.role[index],
            money=self.money[index],
            world=self.world[index],
            grade=self.grade.take(index),
            kinds={name: grouping.take(index) for name, grouping in self.kinds.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What came of one model's answers: alerts as `score` raises them."""

    probability: Floats
    """Along the windows of the traffic, untouched; NaN where a window is not applicable."""
    traffic: AlertSpans
    """Along the same."""
    planted: AlertSpans
    """Along the planted windows."""
    role: NDArray[np.object_]
    """The role named for each planted window that is an alert for itself, or for its flows."""
    day_role: NDArray[np.object_]
    """The same where it is one for its account's day."""
    before: AlertSpans
    """Along the planted windows: the same window before the plant; any where there was none."""
    answered_before: Mask
    """Whether there was one, with an answer."""

    def roles(self, threshold: float) -> NDArray[np.object_]:
        """The role named for each planted window that is an alert at `threshold`."""
        by_day = self.planted.by_day(threshold) & ~self.planted.always
        return np.where(by_day, self.day_role, self.role)


def backtest(
    start: Ints,
    planted: PlantedWindows,
    answers: Answers,
    budgets: Sequence[float],
    *,
    seed: int,
) -> Figures:
    """Figures of one model: `budgets`, one entry each, and `curves`.

    `start` is the start of every window of the traffic. Plain dicts, lists and numbers, with None
    for unknown. `seed` draws the bootstrap only.

    Raises MissingExtra without scipy, and ValueError without a window.
    """
    halves = Halves.of(start)
    if not len(halves.days):
        raise ValueError("no window")
    return {
        "budgets": [_budget(start, halves, planted, answers, budget, seed) for budget in budgets],
        "curves": _curves(start, halves, planted, answers),
    }


def _budget(
    start: Ints,
    halves: Halves,
    planted: PlantedWindows,
    answers: Answers,
    budget: float,
    seed: int,
) -> Figures:
    earlier = answers.traffic.take(np.isin(start, halves.early))
    threshold = threshold_for(earlier, len(halves.early), budget)
    found = answers.planted.at(threshold)
    figures: Figures = {"alerts_per_day": budget, "threshold": threshold}
    for name, days in (("early", halves.early), ("late", halves.late)):
        here = np.isin(planted.start, days)
        figures[name] = {
            **_raised(np.isin(start, days), len(days), answers, threshold),
            **_recall(planted.take(here), found[here], seed),
        }
    late = np.isin(planted.start, halves.late)
    hosts = answers.before.take(late & answers.answered_before)
    right = answers.roles(threshold) == planted.role
    return {
        **figures,
        "groups": _groups(planted.take(late), found[late]),
        "held": _share(answers.planted.held[late]),
        "never": _share(answers.planted.take(late).nowhere),
        "role_right": _share(right[late & found]),
        "alerts_before": _share(hosts.at(threshold)),
    }


def _raised(here: Mask, days: int, answers: Answers, threshold: float) -> Figures:
    """Of the traffic's windows `here`: alerts, those held, and those that the model flags."""
    alerts = int(answers.traffic.take(here).at(threshold).sum())
    return {
        "alerts": alerts,
        "alerts_per_day": alerts / days,
        "held_per_day": int(answers.traffic.held[here].sum()) / days,
        "flagged_per_day": int((answers.probability[here] > threshold).sum()) / days,
    }


def _recall(planted: PlantedWindows, found: Mask, seed: int) -> Figures:
    """By account, by money, and by transfer (either side is enough to open a case)."""
    either = _transfers(planted, found)
    return {
        "accounts": _with_spread(planted, found, np.ones(len(planted)), seed),
        "money": _with_spread(planted, found, planted.money, seed),
        "transfers": _share(either),
    }


def _transfers(planted: PlantedWindows, found: Mask) -> Mask:
    """Per transfer: whether a side of it is an alert."""
    _, number = np.unique(planted.plant, return_inverse=True)
    either = np.zeros(int(number.max(initial=-1)) + 1, dtype=bool)
    np.logical_or.at(either, number, found)
    return either


def _with_spread(planted: PlantedWindows, found: Mask, weight: Floats, seed: int) -> Figures:
    """A weighted share with the wider of two intervals: exact, as if transfers were independent and
    of one size, and the bootstrap over worlds, because plants of one symbol and day share candles.
    """
    if not len(planted):
        return {"value": None, "low": None, "high": None, "windows": 0}
    value = float(weight[found].sum() / weight.sum())
    # Two sides of one transfer are one trial.
    trials = len(np.unique(planted.plant))
    exact = exact_share(round(value * trials), trials)
    draws = Draws.of(planted.world.astype(object), BOOTSTRAP, seed)
    low, high = draws.ratio(weight * found, weight)
    # fmin and fmax: nothing is drawn where there is one world only.
    return {
        "value": value,
        "low": float(np.fmin(np.fmin(low, exact.low), value)),
        "high": float(np.fmax(np.fmax(high, exact.high), value)),
        "windows": len(planted),
    }


def _share(hits: Mask) -> Figures:
    counted = exact_share(int(hits.sum()), len(hits)).to_json()
    return {key: None if value != value else value for key, value in counted.items()}


def _groups(planted: PlantedWindows, found: Mask) -> Figures:
    """Per way of grouping and group: the share of its accounts that is an alert."""
    ways = {"grade": planted.grade, **planted.kinds}
    return {
        way: {name: _share(found[mask]) for name, mask in grouping.parts()}
        for way, grouping in ways.items()
    }


def _curves(start: Ints, halves: Halves, planted: PlantedWindows, answers: Answers) -> Figures:
    """Recall on the later days against alerts a day there, over all thresholds.

    One list of [alerts a day, recall by account, recall by money] for all planted windows, and one
    for each grade; ascending.
    """
    late = np.isin(planted.start, halves.late)
    traffic = answers.traffic.take(np.isin(start, halves.late))
    cuts = _cuts(traffic)
    counts = traffic.counts(cuts)
    # A sum of a day may end where a window begins, so that fewer alert at a lower threshold.
    order = np.argsort(counts, kind="stable")
    cuts, alerts = cuts[order], counts[order] / len(halves.late)
    which = {"all": late, **{name: late & mask for name, mask in planted.grade.parts()}}
    return {
        name: _curve(cuts, alerts, answers.planted.take(mask), planted.money[mask])
        for name, mask in which.items()
        if mask.any()
    }


def _cuts(traffic: AlertSpans) -> Floats:
    """Thresholds, descending, spread over the logarithm of the number of alerts."""
    turns = np.append(traffic.turns()[::-1], 0.0)
    counts = np.maximum.accumulate(traffic.counts(turns))
    wanted = np.geomspace(1, max(int(counts[-1]), 1), CURVE_POINTS)
    at = np.minimum(np.searchsorted(counts, wanted), len(turns) - 1)
    extremes = [NO_ALERT, 0.0] if traffic.always.any() else [0.0]
    return np.unique(np.append(turns[at], extremes))[::-1]


def _curve(cuts: Floats, alerts: Floats, planted: AlertSpans, money: Floats) -> list[list[float]]:
    found = planted.at(cuts[:, None])
    by_money = np.minimum(found @ money / money.sum(), 1.0)
    rows = zip(alerts, found.mean(axis=1), by_money, strict=True)
    return [[float(value) for value in row] for row in rows]


def compare(
    start: Ints,
    current: Answers,
    candidate: Answers,
    planted: PlantedWindows,
    thresholds: Sequence[tuple[float, float]],
) -> list[Figures]:
    """What changes on the later days, for each pair of thresholds (the current model's, the
    candidate's), both chosen for one budget.

    `newly` and `no_longer` hold a count and positions among the traffic's windows, the surest
    first: by the candidate's probability, or by the current model's. `planted` counts planted
    windows that only one of the two finds.
    """
    halves = Halves.of(start)
    late, late_planted = np.isin(start, halves.late), np.isin(planted.start, halves.late)
    changes = []
    for ours, theirs in thresholds:
        now, then = current.traffic.at(ours), candidate.traffic.at(theirs)
        found, would = current.planted.at(ours), candidate.planted.at(theirs)
        changes.append(
            {
                "newly": _listed(late & then & ~now, candidate.probability),
                "no_longer": _listed(late & now & ~then, current.probability),
                "both": int((late & now & then).sum()),
                "planted": {
                    "newly": int((late_planted & would & ~found).sum()),
                    "no_longer": int((late_planted & found & ~would).sum()),
                },
            }
        )
    return changes


def _listed(which: Mask, probability: Floats) -> Figures:
    at = np.flatnonzero(which)
    surest = at[np.argsort(-probability[at], kind="stable")]
    return {"count": len(at), "windows": [int(i) for i in surest[:LISTED]]}
