"""Figures as people read them. None and NaN become a dash."""

import math

DASH = "–"


def _missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def percent(value: float | None) -> str:
    """A measured share as a percentage that never rounds to 0 % or 100 %.

    0.98765 is `98.8%`, 0.99987 is `99.987%`, 0.00012 is `0.012%`, 0 is `0%`.
    """
    if value is None or _missing(value):
        return DASH
    if value in (0, 1):
        return f"{value:.0%}"
    if _distance(value) < 1e-7:
        return "<0.00001%" if value < 0.5 else ">99.99999%"
    return f"{value * 100:.{_places(value)}f}%"


def _distance(share: float) -> float:
    """From the nearer of 0 and 1."""
    return min(abs(share), abs(1 - share))


def _places(share: float) -> int:
    distance = _distance(share)
    return 1 if distance >= 0.01 else min(5, -1 - math.floor(math.log10(distance)))


def percent_range(low: float | None, high: float | None) -> str:
    """Ends of an interval with the decimals of the coarser one; empty where one is not known."""
    if low is None or high is None or _missing(low) or _missing(high):
        return ""
    inner = [
        _places(share) for share in (low, high) if share not in (0, 1) and _distance(share) > 1e-7
    ]
    places = min(inner, default=0)
    return f"{_end(low, places)} – {_end(high, places)}"


def _end(share: float, places: int) -> str:
    rounded = round(share * 100, places)
    return percent(share) if rounded in (0, 100) else f"{rounded:.{places}f}%"


def stated(share: float | None) -> str:
    """A share that somebody chose, without trailing zeros: 0.001 is `0.1%`."""
    return DASH if share is None or _missing(share) else f"{100 * share:.3g}%"


def number(value: float | None, digits: int = 3) -> str:
    """A quantity with thousands separators and at least `digits` significant digits."""
    if value is None or _missing(value):
        return DASH
    if value == 0 or abs(value) >= 10 ** (digits - 1) or float(value).is_integer():
        return f"{value:,.0f}"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{value:,.{places}f}"


def ratio(value: float | None) -> str:
    """An area under a curve: four decimals, and never 1.0000 for less than 1."""
    if value is None or _missing(value):
        return DASH
    return f"{value:.4f}" if value == 1 or value < 0.99995 else ">0.9999"


def interval(low: str, high: str) -> str:
    """Two formatted ends, or nothing where one is not known."""
    return "" if DASH in (low, high) else f"{low} – {high}"
