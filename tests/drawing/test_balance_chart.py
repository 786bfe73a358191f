import re

import numpy as np
import pytest

from tests.drawing.html import EVIL, Page
from tradeglyph.domain.fills import DAY_US
from tradeglyph.drawing.balance_chart import COLUMNS, SEVERITIES, Mark, Steps, balance_chart

WORDS = ("grave", "middling", "slight")


def chart(time: list[int], value: list[float], *marks: Mark) -> str:
    steps = Steps(time=np.array(time), value=np.array(value, dtype=np.float64), marks=marks)
    return balance_chart(steps, title="A", severities=WORDS)


def mark(severity: str, number: int = 0, time: int = 0, note: str = "why") -> Mark:
    return Mark(time=time, value=1.0, severity=severity, note=note, number=number)


def test_a_step_holds_until_the_next() -> None:
    """Three values, four days: across, then up or down, and on to the right edge."""
    svg = chart([0, 2 * DAY_US, 4 * DAY_US], [0.0, 100.0, 50.0])
    line = re.search(r'<path [^>]*class="c-s0"[^>]*>', svg)
    assert line is not None
    d = re.search(r'd="([^"]+)"', line[0])
    assert d is not None
    moves = re.findall(r"([MHV])([\d.]+)(?: ([\d.]+))?", d[1])
    assert [kind for kind, _, _ in moves] == ["M", "H", "V", "H", "V", "H"]
    start, middle, end = (float(moves[at][1]) for at in (0, 1, 3))
    assert middle - start == pytest.approx(end - middle, abs=0.2)
    zero, hundred, fifty = float(moves[0][2]), float(moves[2][1]), float(moves[4][1])
    assert zero - fifty == pytest.approx(fifty - hundred, abs=0.2)


def test_severities_differ_in_shape_and_the_legend_names_those_shown() -> None:
    svg = chart([0, DAY_US], [1.0, 2.0], *(mark(severity) for severity in SEVERITIES))
    page = Page(svg)
    assert all(word in page.words for word in WORDS)
    shapes = {
        severity: re.search(rf'<g class="c-{severity}".*?</g>|<g [^>]*class="c-{severity}".*?</g>',
                            svg)
        for severity in SEVERITIES
    }  # fmt: skip
    drawn = [re.sub(r"[\d. ]", "", found[0]) for found in shapes.values() if found]
    assert len(drawn) == 3
    assert "circle" in drawn[2]
    assert "circle" not in drawn[0] + drawn[1]
    only = chart([0, DAY_US], [1.0, 2.0], mark("low"))
    assert "slight" in only
    assert "grave" not in only


def test_numbers_never_stand_over_each_other() -> None:
    marks = [mark("high", number, time=DAY_US) for number in range(1, 9)]
    svg = chart([0, DAY_US], [0.0, 1.0], *marks)
    places = [
        (int(number), float(x))
        for x, number in re.findall(r'<text x="([\d.]+)"[^>]*font-size="13"[^>]*>(\d)<', svg)
    ]
    assert [number for number, _ in places] == list(range(1, 9))
    gaps = np.diff([x for _, x in places])
    assert gaps.min() > 15
    assert places[-1][1] <= 1000


def test_notes_and_titles_are_escaped() -> None:
    svg = chart([0], [5.0], mark("high", note=f"{EVIL}\u202e"))
    assert "<script" not in svg
    assert "[U+202E]" in svg
    assert EVIL in Page(svg).words.replace("[U+202E]", "")


def test_a_long_line_is_drawn_by_its_extremes() -> None:
    count = 50_000
    value = np.sin(np.arange(count))
    value[31_234] = -40.0
    steps = Steps(time=np.arange(count) * 1_000_000, value=value)
    svg = balance_chart(steps, title="A", severities=WORDS)
    assert len(svg) < 60 * COLUMNS
    flat = Steps(time=steps.time, value=np.delete(np.append(value, 0.0), 31_234))
    assert balance_chart(flat, title="A", severities=WORDS) != svg


def test_one_line_and_equal_values_are_drawn() -> None:
    Page(chart([5], [0.0]))
    Page(chart([0, DAY_US], [-3.0, -3.0]))
