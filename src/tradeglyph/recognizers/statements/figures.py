"""Figures of statements inside sentences, as people read them in both languages."""

from datetime import datetime

from tradeglyph.domain.statements import MINOR, in_units


def money(minor: int) -> str:
    """An amount, exactly: 5000050 is `50,000.50`, -5 is `-0.05`."""
    return in_units(minor, ",")


def units(minor: float) -> float:
    """For JSON, where an amount is a number in units of the currency."""
    return minor / MINOR


def minute(time: datetime) -> str:
    """`2025-03-04 14:05`."""
    return f"{time:%Y-%m-%d %H:%M}"


def second(time: datetime) -> str:
    """`2025-03-04 14:05:09`."""
    return f"{time:%Y-%m-%d %H:%M:%S}"
