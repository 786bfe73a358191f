"""Figures inside sentences, as people read them in both languages."""

import numpy as np


def percent(share: float, places: int = 0) -> str:
    """A share in [0, 1] with so many decimals or more: only 0 and 1 read `0%` and `100%`.

    0.0623 is `6%`, 0.9997 is `99.97%`; with one decimal at least, 0.5 is `50.0%`.
    """
    if share in (0, 1):
        return f"{share:.0%}"
    texts = (f"{100 * share:.{digits}f}" for digits in range(places, 7))
    end = "<0.000001" if share < 0.5 else ">99.999999"
    return next((text for text in texts if float(text) not in (0, 100)), end) + "%"


def amount(value: float) -> str:
    """A price or quantity to at most ten significant digits, thousands apart."""
    return f"{value:,.10g}"


def money(value: float) -> str:
    """Quote currency to hundredths, thousands apart; less than one to two significant digits."""
    return f"{value:,.2f}" if value >= 1 or value == 0 else f"{value:.2g}"


def clock(time: int) -> str:
    """Time of day, `14:35:20`; `time` in microseconds UTC."""
    return str(np.datetime_as_string(np.datetime64(time, "us"), unit="s"))[11:]
