"""How many lines of statements a second the rules take.

Lines of `statement_lines`, read already. For the rule on crowded hours ten million in no order, for
all nine, asked together, two million in no order: both profiles. `other` is the seed's way of the
rule on crowded hours, `seed_way`, the only one of the nine whose code the seed shows.

That way's cost grows with lines times crowded hours, so that it can't be run on ten million. It is
timed at the largest size that it finishes within `PATIENCE` seconds, on the same kind of lines:

- `statements_high_frequency_same_size`: both at that size, and no extrapolation.
- all others: ours on its many lines over the seed's rate at that size, as if a line cost it no more
  among ten million. It would: the ratio is a lower bound.
"""

import sys
import time
from collections.abc import Callable, Sequence

import polars as pl

from bench.seed_way import crowded_hours, table_of
from bench.statement_lines import lines_in_no_order
from tradeglyph.domain.recognizers import NotApplicable, Profile
from tradeglyph.recognizers.statements.ask import Failure, ask
from tradeglyph.recognizers.statements.high_frequency import HighFrequency
from tradeglyph.recognizers.statements.parameters import settled_all
from tradeglyph.recognizers.statements.registry import OURS
from tradeglyph.recognizers.statements.result import Recognizer

LINES_OF_ONE = 10_000_000
LINES_OF_NINE = 2_000_000
SMALLEST = 20_000
PATIENCE = 60.0
"""Seconds that the seed's way may take for one size."""
RUNS = 3
NINE = tuple(rule for rule in OURS if Profile.SEED in rule.info.profiles)
ONE = (HighFrequency(),)


def measure() -> list[dict[str, object]]:
    """`statements_...`: crowded hours and all nine, in both profiles, and at the seed's size."""
    count, seconds = _seeds_size()
    print(f"the seed's way: {count:,} lines in {seconds:.1f} s, in pandas", file=sys.stderr)
    other = count / seconds
    small = _best(ONE, lines_in_no_order(count), Profile.SEED)
    rows = [_row("high_frequency_same_size", count / small, other)]
    for name, rules, size in (
        ("high_frequency", ONE, LINES_OF_ONE),
        ("all_nine", NINE, LINES_OF_NINE),
    ):
        lines = lines_in_no_order(size)
        print(f"{name}: {size:,} lines", file=sys.stderr)
        for profile, suffix in ((Profile.SEED, ""), (Profile.AUDIT, "_audit")):
            rate = size / _best(rules, lines, profile)
            rows.append(_row(f"{name}{suffix}_lines_per_s", rate, other))
    return rows


def _row(name: str, ours: float, other: float) -> dict[str, object]:
    whole = f"statements_{name}"
    return {"name": whole, "unit": "lines/s", "ours": ours, "other": other, "ratio": ours / other}


def _asked(rules: Sequence[Recognizer], lines: pl.DataFrame, profile: Profile) -> int:
    """Lines with a finding, of all rules; each must have an answer."""
    parameters = settled_all([rule.info for rule in rules], profile, {})
    found = 0
    for answer in ask(rules, lines, parameters):
        assert not isinstance(answer.outcome, Failure | NotApplicable), answer
        found += answer.count
    return found


def _best(rules: Sequence[Recognizer], lines: pl.DataFrame, profile: Profile) -> float:
    """Seconds of the fastest of `RUNS` runs, after one to warm up."""
    _asked(rules, lines, profile)
    return min(_timed(lambda: _asked(rules, lines, profile))[1] for _ in range(RUNS))


def _timed(work: Callable[[], int]) -> tuple[int, float]:
    begin = time.perf_counter()
    found = work()
    return found, time.perf_counter() - begin


def _seeds_size() -> tuple[int, float]:
    """The largest size that the seed's way finishes in time, and its seconds; answers compared."""
    count, seconds, size = 0, 0.0, SMALLEST
    while size > 1.1 * count:
        lines = lines_in_no_order(size)
        table = table_of(lines)
        found, taken = _timed(lambda table=table: crowded_hours(table)["identified_count"])  # type: ignore[misc]
        assert found == _asked(ONE, lines, Profile.SEED), "two ways, two answers"
        if taken > PATIENCE and count:
            break
        count, seconds = size, taken
        # Cost grows with the square of the lines at most; the last tries come near the limit.
        size = int(count * min(2.0, (0.95 * PATIENCE / taken) ** 0.5))
    return count, seconds
