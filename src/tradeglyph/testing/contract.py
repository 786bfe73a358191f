"""What every recognizer on statements promises, each promise a function.

Raises AssertionError where it is broken. All are asked in both profiles, on the statements of
`samples` unless others are given. They are plain `if ... raise`, not `assert`, so that they hold
under `python -O` too.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import (
    Info,
    NotApplicable,
    Parameter,
    Profile,
    Reads,
    Severity,
    Words,
)
from tradeglyph.recognizers.statements.lines import LINES
from tradeglyph.recognizers.statements.parameters import default_of, settled, within, written
from tradeglyph.recognizers.statements.result import Recognizer, Result
from tradeglyph.testing.samples import busy_statement, quiet_statement

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SHUFFLES = 3


def check_recognizer(
    recognizer: Recognizer, *, lines: pl.DataFrame | None = None, quiet: pl.DataFrame | None = None
) -> None:
    """All checks.

    Args:
        lines: a statement (schema `LINES`) on which the recognizer has something to find.
        quiet: one on which it hasn't.
    """
    busy = busy_statement() if lines is None else lines
    for check in CHECKS:
        check(recognizer, (quiet if check is check_quiet else busy))


def check_card(recognizer: Recognizer, lines: pl.DataFrame | None = None) -> None:
    """The card is whole: a name, words in both languages, sources, defaults in their bounds."""
    info = recognizer.info
    _hold(re.fullmatch(r"[a-z][a-z0-9_]*", info.name), info, f"name {info.name!r} is no identifier")
    _hold(info.reads is Reads.LINES, info, "reads no lines of statements")
    _words(info, info.title, "title")
    _words(info, info.rule, "rule")
    names = [parameter.name for parameter in info.parameters]
    _hold(len(set(names)) == len(names), info, f"two parameters have one name: {names}")
    for parameter in info.parameters:
        _words(info, parameter.means, f"{parameter.name}.means")
        _hold(parameter.source.strip(), info, f"{parameter.name} has no source")
        for profile in Profile:
            value = default_of(parameter, profile)
            known = not parameter.choices or value in parameter.choices
            _hold(known, info, f"{parameter.name} = {value!r} in {profile} is none of its choices")
            _hold(
                within(parameter, value),
                info,
                f"{parameter.name} = {value!r} in {profile} is out of its own bounds",
            )


def check_bounds(recognizer: Recognizer, lines: pl.DataFrame | None = None) -> None:
    """Numbers have bounds; what is out of them, or of another kind, is refused with its name."""
    info = recognizer.info
    for parameter in info.parameters:
        if _is_number(parameter):
            bounded = parameter.least is not None and parameter.most is not None
            _hold(bounded, info, f"{parameter.name} has no bounds")
        for value in _wrong(parameter):
            _refused(info, parameter, value)


def check_empty(recognizer: Recognizer, lines: pl.DataFrame | None = None) -> None:
    """Of no lines there are no findings."""
    info = recognizer.info
    for profile in Profile:
        answer = recognizer.recognize(pl.DataFrame(schema=LINES), settled(info, profile))
        if isinstance(answer, Result):
            count = answer.findings.height
            _hold(count == 0, info, f"{count} findings in no lines ({profile})")
            _hold(answer.periods.height == 0, info, f"periods in no lines ({profile})")


def check_findings(recognizer: Recognizer, lines: pl.DataFrame | None = None) -> None:
    """Findings are lines of the frame, of known severity, in a period of their own account."""
    info, frame = recognizer.info, _busy(lines)
    before = frame.clone()
    for profile, answer in _answers(recognizer, frame):
        _hold(frame.equals(before), info, f"the lines were changed ({profile})")
        if isinstance(answer, NotApplicable):
            _words(info, answer.reason, f"reason why it is not applicable ({profile})")
        else:
            _well_formed(info, frame, answer)


def check_reasons(recognizer: Recognizer, lines: pl.DataFrame | None = None) -> None:
    """Every finding has a sentence in both languages, with the same numbers."""
    info = recognizer.info
    for _, answer in _answers(recognizer, _busy(lines)):
        if isinstance(answer, NotApplicable):
            continue
        for finding in answer.findings.iter_rows(named=True):
            english, chinese = recognizer.reason(finding, "en"), recognizer.reason(finding, "zh")
            _words(info, {"en": english, "zh": chinese}, "reason")
            _hold(_numbers(english), info, f"a reason without a number: {english!r}")
            same = _numbers(english) == _numbers(chinese)
            _hold(same, info, f"reasons with other numbers: {english!r}, {chinese!r}")


def check_quiet(recognizer: Recognizer, lines: pl.DataFrame | None = None) -> None:
    """Nothing is invented where there is nothing."""
    info, frame = recognizer.info, quiet_statement() if lines is None else lines
    for profile, answer in _answers(recognizer, frame):
        if isinstance(answer, Result) and answer.findings.height:
            reason = recognizer.reason(answer.findings.row(0, named=True), "en")
            _hold(False, info, f"a finding on a quiet statement ({profile}): {reason}")


def check_repeated(recognizer: Recognizer, lines: pl.DataFrame | None = None) -> None:
    """The same question has the same answer, whatever was asked between."""
    info, frame = recognizer.info, _busy(lines)
    for profile, answer in _answers(recognizer, frame):
        recognizer.recognize(frame.head(frame.height // 2), settled(info, profile))
        again = recognizer.recognize(frame, settled(info, profile))
        rows = range(frame.height)
        first, second = _told(recognizer, answer, rows), _told(recognizer, again, rows)
        _hold(first == second, info, f"another answer to the same question ({profile})")


def check_shuffled(recognizer: Recognizer, lines: pl.DataFrame | None = None) -> None:
    """The order of the lines in the frame changes nothing."""
    info, frame = recognizer.info, _busy(lines)
    for profile, answer in _answers(recognizer, frame):
        expected = _told(recognizer, answer, range(frame.height))
        for rows in _orders(frame.height):
            shuffled = recognizer.recognize(frame[rows], settled(info, profile))
            _same(info, expected, _told(recognizer, shuffled, rows), f"shuffled ({profile})")
            if isinstance(answer, Result) and isinstance(shuffled, Result):
                alike = _alike(answer.statistics, shuffled.statistics)
                _hold(alike, info, f"other statistics when shuffled ({profile})")


def check_split(recognizer: Recognizer, lines: pl.DataFrame | None = None) -> None:
    """Each account alone has the findings that it has among others, unless the card says that
    accounts are read together."""
    info, frame = recognizer.info, _busy(lines)
    if info.accounts_together:
        return
    for profile, answer in _answers(recognizer, frame):
        parts: list[tuple[Any, ...]] = []
        for account in frame["account"].unique(maintain_order=True):
            rows = (frame["account"] == account).arg_true().to_list()
            part = recognizer.recognize(frame[rows], settled(info, profile))
            if isinstance(part, Result):
                parts += _told(recognizer, part, rows)
        whole = _told(recognizer, answer, range(frame.height))
        if isinstance(answer, NotApplicable):
            _hold(not parts, info, f"findings on parts of what is not applicable ({profile})")
        else:
            _same(info, whole, sorted(parts), f"split by account ({profile})")


CHECKS: tuple[Callable[[Recognizer, pl.DataFrame | None], None], ...] = (
    check_card,
    check_bounds,
    check_empty,
    check_findings,
    check_reasons,
    check_quiet,
    check_repeated,
    check_shuffled,
    check_split,
)


def _busy(lines: pl.DataFrame | None) -> pl.DataFrame:
    return busy_statement() if lines is None else lines


def _hold(true: object, info: Info, otherwise: str) -> None:
    if not true:
        raise AssertionError(f"{info.name}: {otherwise}")


def _words(info: Info, words: Words, what: str) -> None:
    for lang in ("en", "zh"):
        text = words.get(lang, "")
        _hold(text.strip(), info, f"{what} has no words in {lang}")
    _hold(_CHINESE.search(words["zh"]), info, f"{what} in zh is not Chinese: {words['zh']!r}")


def _is_number(parameter: Parameter) -> bool:
    default = parameter.default
    return isinstance(default, int | float) and not isinstance(default, bool)


def _wrong(parameter: Parameter) -> Iterator[Any]:
    """Values as a user would write them, none of which may pass."""
    yield None
    if isinstance(parameter.default, bool):
        yield 2
    elif _is_number(parameter):
        yield "many"
        if parameter.least is not None:
            yield written(parameter, parameter.least - 1)
        if parameter.most is not None:
            yield written(parameter, parameter.most + 1)
    else:
        yield 3


def _refused(info: Info, parameter: Parameter, value: Any) -> None:
    try:
        settled(info, Profile.SEED, {parameter.name: value})
    except InputError as error:
        named = info.name in str(error) and parameter.name in str(error)
        _hold(named, info, f"a fault that names nothing: {error}")
    else:
        _hold(False, info, f"{parameter.name} = {value!r} was not refused")


def _answers(
    recognizer: Recognizer, lines: pl.DataFrame
) -> Iterator[tuple[Profile, Result | NotApplicable]]:
    for profile in Profile:
        yield profile, recognizer.recognize(lines, settled(recognizer.info, profile))


def _well_formed(info: Info, lines: pl.DataFrame, answer: Result) -> None:
    findings, periods = answer.findings, answer.periods
    types = {"row": pl.UInt32, "severity": pl.String, "period": pl.UInt32}
    for name, kind in types.items():
        got = findings.schema.get(name)
        _hold(got == kind, info, f"findings.{name} is {got}, not {kind}")
    row = findings["row"]
    _hold(row.null_count() == 0 and row.is_sorted(), info, "findings are not sorted by row")
    _hold((row < lines.height).all(), info, f"findings of no line: of {lines.height} lines")
    known = findings["severity"].is_in([severity.value for severity in Severity])
    _hold(known.all() and not known.null_count(), info, "findings of unknown severity")
    for name in ("account", "start", "end"):
        _hold(name in periods.columns, info, f"periods have no {name}")
    _hold((periods["start"] < periods["end"]).all(), info, "periods that end before they start")
    inside = findings.filter(pl.col("period").is_not_null())
    _hold((inside["period"] < periods.height).all(), info, "findings in no period")
    if not info.accounts_together:
        whose = lines["account"].gather(inside["row"])
        own = (whose == periods["account"].gather(inside["period"])).all()
        _hold(own, info, "findings in another account's period")


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(text)}


def _told(
    recognizer: Recognizer, answer: Result | NotApplicable, rows: Sequence[int]
) -> list[tuple[Any, ...]]:
    """What is said of which line, and in which period, in an order that says nothing.

    Args:
        rows: along the lines that were asked about: their positions in the whole frame.
    """
    if isinstance(answer, NotApplicable):
        return [(-1, "", "", answer.reason["en"], answer.reason["zh"])]
    periods = [repr(sorted(period.items())) for period in answer.periods.iter_rows(named=True)]
    said = []
    for finding in answer.findings.iter_rows(named=True):
        period = "" if finding["period"] is None else periods[finding["period"]]
        reasons = recognizer.reason(finding, "en"), recognizer.reason(finding, "zh")
        said.append((rows[finding["row"]], finding["severity"], period, *reasons))
    return sorted(said)


def _orders(count: int) -> Iterator[list[int]]:
    """Backwards, then some by chance, always the same."""
    yield list(range(count - 1, -1, -1))
    for seed in range(_SHUFFLES):
        yield pl.int_range(count, eager=True).shuffle(seed=seed).to_list()


def _same(
    info: Info, expected: list[tuple[Any, ...]], got: list[tuple[Any, ...]], when: str
) -> None:
    if expected != got:
        gone = [one for one in expected if one not in got][:1]
        new = [one for one in got if one not in expected][:1]
        _hold(False, info, f"other findings when {when}: gone {gone}, new {new}")


def _alike(one: Any, other: Any) -> bool:
    """Equal, but for the last bits of sums of floats."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or abs(one - other) <= 1e-9 * max(abs(one), abs(other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)
