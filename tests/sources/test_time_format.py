"""strptime dialects."""

import pytest

from tradeglyph.sources.time_format import chrono_format, ends_in_zone_name, has_offset


@pytest.mark.parametrize(
    ("strptime", "chrono"),
    [
        ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S%.f"),
        ("%S,%f", "%S,%6f"),
        ("%d/%m/%y", "%d/%m/%y"),
        ("%%f", "%%f"),
    ],
)
def test_fractions(strptime: str, chrono: str) -> None:
    assert chrono_format(strptime) == chrono


@pytest.mark.parametrize(
    ("form", "offset", "name"),
    [
        ("%H:%M %z", True, False),
        ("%H:%M%:z", True, False),
        ("%H:%M %Z", False, True),
        ("%H:%M EST", False, False),
        ("%s", True, False),
    ],
)
def test_what_the_format_says_of_zones(form: str, offset: bool, name: bool) -> None:
    assert (has_offset(form), ends_in_zone_name(form)) == (offset, name)
