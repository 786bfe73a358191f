"""Balances that do not follow from the line before."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.balance_groups import (
    Groups,
    Marks,
    Steps,
    balance_groups,
    first_lines,
    steps,
)
from tradeglyph.recognizers.statements.books import NO_PERIODS, Ints
from tradeglyph.recognizers.statements.card_parameters import seed_rule
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.trails import Ends, near

Spans = Sequence[tuple[int, int]]
"""Balances from ... to, ascending and apart."""
INFO = Info(
    name="balance_continuity",
    title={"en": "Balance continuity", "zh": "余额连续性异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "A balance that is not the one before plus the income or minus the outflow; lines of "
        "one time are taken in whatever order makes them hold.",
        "zh": "上笔余额加收入或减支出不等于本笔余额；同一时间的各笔按能使余额衔接的顺序排列。",
    },
    parameters=(
        Parameter(
            name="tolerance",
            default=1,
            unit="minor units",
            means={
                "en": "balances that differ by at most this follow each other",
                "zh": "相差不超过此数视为衔接",
            },
            source=seed_rule("balance_continuity"),
            least=0,
            most=1_000_000,
        ),
    ),
)
NO_BALANCES = NotApplicable(
    reason={"en": "no line says a balance", "zh": "没有任何一笔列出余额"},
)


class BalanceContinuity:
    """Balances that do not follow from the line before, in any order of lines of one time.

    What the rule leaves open is decided so:
    - Lines of one book (an account in one currency) and one time are one step, whose order the
      statement does not give: it may be newest first, or give dates only, so that a whole day is
      one step. It holds if any order does (`trails` tells, without trying orders), and the steps
      must follow each other. A reversal (冲正) is a line like any other.
    - A finding is a line that continues neither a line of its own time nor the step before. A step
      is taken in an order with the fewest breaks in itself, whatever comes before and after; where
      several lines could be meant, it is the one that stands first in its file.
    - A wrong balance is two findings: the line itself, and the next, which does not follow it.
    - A line without a balance, and a NEUTRAL one, of which nobody knows what it did to the balance,
      break the chain: neither their step nor its junctions are judged. They are counted.
    - The tolerance is per junction; steps of many lines may drift within it. Balances of one time
      that lie within the tolerance of each other are taken as one where, taken as they are, no
      order holds. This finds every order that there is.

    SOURCE: the seed's table of nine rules; Euler's theorem as cited in `trails`. O(n) where lines
    are sorted and no step has to be looked into, else O(n log^2 n) at worst in numpy; one loop is
    over steps that end at the balance where they start.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's, in minor units: `balance`, `change` (amount
        with its sign), `previous` and `expected` (null where several balances could be the
        previous one), `together` (lines of its time)."""
        without = lines["balance"].null_count()
        if without == len(lines):
            return NO_BALANCES
        groups = balance_groups(lines)
        taken = steps(lines, groups, parameters["tolerance"])
        off = _off(lines, groups, taken, int(parameters["tolerance"]))
        group = groups.group[off]
        previous = np.where(
            groups.follows[group] & taken.single[group] & taken.single[group - 1],
            group - 1,
            -1,
        )
        change = groups.after[off] - groups.before[off]
        findings = pl.DataFrame(
            {
                "row": pl.Series(groups.row[off], dtype=pl.UInt32),
                "balance": groups.after[off],
                "change": change,
                "previous": taken.end_low[previous],
                "known": previous >= 0,
                "together": pl.Series(groups.size[group], dtype=pl.UInt32),
            }
        ).select(
            "row",
            pl.lit(Severity.HIGH.value).alias("severity"),
            pl.lit(None, dtype=pl.UInt32).alias("period"),
            "balance",
            "change",
            pl.when("known").then("previous").alias("previous"),
            pl.when("known").then(pl.col("previous") + pl.col("change")).alias("expected"),
            "together",
        )
        return Result(
            findings=findings.sort("row"),
            periods=NO_PERIODS,
            statistics={
                "steps": len(groups.size),
                "steps_of_several_lines": int((groups.size > 1).sum()),
                "steps_not_judged": int((~groups.known).sum()),
                "lines_without_balance": without,
                "neutral_lines": int((lines["direction"] == NEUTRAL).sum()),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the balance, and the one that was expected if only one was."""
        said = _SAID[lang]["several" if finding["expected"] is None else "one"]
        values = {name: money(finding[name]) for name in ("balance", "change")}
        if finding["expected"] is not None:
            values["previous"] = money(finding["previous"])
            values["expected"] = money(finding["expected"])
            values["difference"] = money(finding["balance"] - finding["expected"])
        return said.format(**values)


def _off(lines: pl.DataFrame, groups: Groups, taken: Steps, tolerance: int) -> Ints:
    """Positions of the lines that continue nothing."""
    both = groups.follows & taken.single
    both[1:] &= taken.single[:-1]
    after = np.flatnonzero(both)
    gap = np.maximum(taken.start_low[after], taken.end_low[after - 1]) - np.minimum(
        taken.start_high[after], taken.end_high[after - 1]
    )
    single_off = np.zeros(len(groups.size), dtype=bool)
    single_off[after[gap > tolerance]] = True
    closed_off, settled = _settled(groups, taken, tolerance)
    many, unmet = _met(groups, taken, settled, tolerance)
    single_off |= unmet
    # In the step of a closed trail the first line of its file stands for all.
    group_of = groups.group[taken.first]
    of_closed = taken.first[closed_off[group_of]]
    looked = np.zeros(len(groups.size), dtype=bool)
    looked[group_of] = True
    of_looked = taken.first[single_off[group_of]]
    of_others = first_lines(lines, groups, single_off & ~looked)
    return np.concatenate((of_closed, of_looked, of_others, many))


def _settled(groups: Groups, taken: Steps, tolerance: int) -> tuple[Marks, dict[int, Spans]]:
    """Which closed steps do not follow the one before, and where each closed step may end: at
    those of its balances at which the step before may, or at any.

    No choice leaves fewer breaks: what is dropped here could only be kept by a break at once.
    """
    off = np.zeros(len(groups.size), dtype=bool)
    settled: dict[int, Spans] = {}
    for step in np.flatnonzero(taken.closed).tolist():
        own = _spans(taken.starts, step)
        settled[step] = own
        if groups.follows[step]:
            given = settled.get(step - 1) or _ends_of(taken, step - 1)
            meeting = _meeting(given, own, tolerance)
            off[step] = not meeting
            settled[step] = meeting or own
    return off, settled


def _ends_of(taken: Steps, step: int) -> Spans:
    if taken.single[step]:
        return [(int(taken.end_low[step]), int(taken.end_high[step]))]
    return _spans(taken.ends, step)


def _spans(ends: Ends, step: int) -> Spans:
    low, high = np.searchsorted(ends.group, (step, step + 1))
    return list(zip(ends.low[low:high].tolist(), ends.high[low:high].tolist(), strict=True))


def _meeting(given: Spans, own: Spans, tolerance: int) -> Spans:
    """Those of `own` within the tolerance of any given."""
    met, at = [], 0
    for low, high in own:
        while at < len(given) and given[at][1] < low - tolerance:
            at += 1
        if at < len(given) and given[at][0] <= high + tolerance:
            met.append((low, high))
    return met


def _met(
    groups: Groups, taken: Steps, settled: dict[int, Spans], tolerance: int
) -> tuple[Ints, Marks]:
    """Of steps that are broken in themselves, the lines that continue nothing; and which steps that
    are not do not follow a closed or a broken one."""
    count = len(groups.size)
    broken = groups.known & ~taken.single & ~taken.closed
    several = broken | taken.closed
    judged = groups.follows & ~taken.closed & (broken | np.append(False, several[:-1]))
    given = _given(taken, np.flatnonzero(judged) - 1, settled)
    asked = _asked(taken, np.flatnonzero(judged))
    meets = near(given, asked, tolerance)
    met = np.zeros(count, dtype=bool)
    met[asked.group[meets]] = True
    return _broken_lines(groups, taken, broken, asked, meets), judged & ~met & taken.single


def _broken_lines(groups: Groups, taken: Steps, broken: Marks, asked: Ends, meets: Marks) -> Ints:
    """The lines that start trails of broken steps, but one in each that follows or is the first
    of a chain."""
    if not broken.any():
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(broken[groups.group[taken.first]])
    line = taken.first[starts]
    group = groups.group[line]
    mark = taken.first_mark[starts]
    follows_on = pl.DataFrame({"group": asked.group[meets], "mark": asked.mark[meets]}).unique()
    table = pl.DataFrame({"at": np.arange(len(line)), "group": group, "mark": mark})
    may = table.join(follows_on, on=["group", "mark"], how="semi")["at"].to_numpy()
    spared = np.append(may, np.flatnonzero(~groups.follows[group])).astype(np.int64)
    spared.sort()
    _, one = np.unique(group[spared], return_index=True)
    kept = np.ones(len(line), dtype=bool)
    kept[spared[one]] = False
    return line[kept]


def _given(taken: Steps, before: Ints, settled: dict[int, Spans]) -> Ends:
    """Where the steps `before` may end, under the number of the step after each."""
    singles = before[taken.single[before]]
    wanted = np.zeros(len(taken.single) + 1, dtype=bool)
    wanted[before[~taken.single[before] & ~taken.closed[before]]] = True
    broken = wanted[taken.ends.group]
    closed = [
        (step, low, high)
        for step in before[taken.closed[before]].tolist()
        for low, high in settled[step]
    ]
    table = np.array(closed, dtype=np.int64).reshape(-1, 3)
    group = np.concatenate((singles, taken.ends.group[broken], table[:, 0])) + 1
    return Ends(
        group=group,
        low=np.concatenate((taken.end_low[singles], taken.ends.low[broken], table[:, 1])),
        high=np.concatenate((taken.end_high[singles], taken.ends.high[broken], table[:, 2])),
        mark=np.zeros(len(group), dtype=np.int64),
    )


def _asked(taken: Steps, numbers: Ints) -> Ends:
    """Where the steps may start."""
    singles = numbers[taken.single[numbers]]
    wanted = np.zeros(len(taken.single), dtype=bool)
    wanted[numbers[~taken.single[numbers]]] = True
    broken = wanted[taken.starts.group]
    return Ends(
        group=np.concatenate((singles, taken.starts.group[broken])),
        low=np.concatenate((taken.start_low[singles], taken.starts.low[broken])),
        high=np.concatenate((taken.start_high[singles], taken.starts.high[broken])),
        mark=np.concatenate((np.full(len(singles), -1), taken.starts.mark[broken])),
    )


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "one": "The balance before was {previous}; with {change} it should be {expected}, and is "
        "{balance} ({difference} off).",
        "several": "No line of the same time, nor the balance before it, leads with {change} to "
        "the balance {balance}.",
    },
    "zh": {
        "one": "上笔余额 {previous}，加减本笔 {change} 应为 {expected}，实为 {balance}（相差 "
        "{difference}）。",
        "several": "同一时间的其他各笔及此前余额加减本笔 {change} 都得不到余额 {balance}。",
    },
}
