"""Rates of demand deposits in CNY by date: data, to be verified before a finding is relied on.

SOURCE: from 2012-07-06 the benchmark of the People's Bank of China (0.35 %, unchanged since); from
2015-10-24 on the rates that large state-owned banks have published for demand deposits, which
other banks need not follow and mostly exceed. They were entered by hand, not from a service:
**verify them against the bank's own notices** for the dates of a statement, and amend the list.
"""

from collections.abc import Sequence
from datetime import date

RATES: Sequence[tuple[date, int]] = (
    (date(2012, 7, 6), 3_500),
    (date(2015, 10, 24), 3_000),
    (date(2022, 9, 15), 2_500),
    (date(2023, 6, 8), 2_000),
    (date(2024, 7, 25), 1_500),
    (date(2024, 10, 18), 1_000),
    (date(2025, 5, 20), 500),
)
"""From each date on, the rate of a year in millionths (3,500 is 0.35 %), ascending."""
