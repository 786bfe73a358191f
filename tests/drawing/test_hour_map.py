import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drawing.html import Page
from tradeglyph.drawing.hour_map import Hours, hour_map, levels


def counts(**cells: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """`h14d2=3`: three lines from 14:00 on the third day of three."""
    found = np.zeros((24, 3), dtype=np.int64)
    for name, count in cells.items():
        hour, day = name[1:].split("d")
        found[int(hour), int(day)] = count
    return found


LABELS = ("2025-03-04", "2025-03-05", "2025-03-06")


def test_each_cell_says_its_hour_day_and_count() -> None:
    hours = Hours(counts=counts(h14d2=13, h02d0=1), labels=LABELS)
    svg = hour_map(hours, title="When", unit="lines")
    notes = re.findall(r"<path[^>]*><title>([^<]+)</title>", svg)
    assert sorted(notes) == [
        "2025-03-04 02:00–03:00: 1",
        "2025-03-06 14:00–15:00: 13",
    ]
    tops = {note: d for d, note in re.findall(r'<path d="([^"]+)"><title>([^<]+)<', svg)}
    first, second = (float(re.findall(r"[\d.]+", d)[1]) for _, d in sorted(tops.items()))
    # 02:00 stands twelve rows above 14:00, and the whole day is 24 rows.
    rows = [float(y) for y in re.findall(r'<line x1="[\d.]+" y1="([\d.]+)"', svg)]
    assert second - first == pytest.approx((max(rows) - min(rows)) / 2, abs=0.2)
    assert "00:00" in Page(svg).words


def test_more_is_darker() -> None:
    hours = Hours(counts=counts(h14d2=13, h02d0=1), labels=LABELS)
    svg = hour_map(hours, title="When", unit="lines")
    shade = dict(re.findall(r'fill-opacity="([\d.]+)"[^>]*><path[^>]*><title>([^<]+)<', svg))
    assert len(shade) == 2
    light, dark = (float(key) for key in sorted(shade))
    assert ": 13" in shade[f"{dark:.2f}"]
    assert light < dark == 1


def test_many_cells_are_few_elements() -> None:
    full = Hours(counts=np.ones((24, 62), dtype=np.int64), labels=("2025-03-04",) * 62)
    assert hour_map(full, title="When", unit="lines").count("<path") == 1


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_levels_cover_every_count_once(least: int, more: int) -> None:
    found = levels(least, least + more)
    assert found[0][0] == least
    assert found[-1][1] == least + more
    assert len(found) <= 5
    assert all(start == end + 1 for (_, end), (start, _) in pairwise(found))
    assert all(start <= end for start, end in found)
