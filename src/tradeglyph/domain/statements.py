"""Bank statements: what their numbers mean.

A statement's times are those of the bank's own clock, without a zone. Money is a whole number of
minor units (分), so that sums and comparisons are exact.
"""

IN, OUT, NEUTRAL = 1, -1, 0
"""收入, 支出 and 中性: moved between the owner's own pockets, or not counted (不计收支)."""

MINOR = 100
"""Minor units in one unit of the currency."""


def in_units(minor: int, thousands: str = "") -> str:
    """`minor` minor units in units of the currency, exactly: -5000050 is `-50000.50`.

    Args:
        thousands: `,` for people: `-50,000.50`.
    """
    whole, rest = divmod(abs(minor), MINOR)
    return f"{'-' if minor < 0 else ''}{whole:{thousands}}.{rest:02d}"
