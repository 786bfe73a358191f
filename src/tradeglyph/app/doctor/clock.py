"""Does this machine's clock agree with those that it works with?"""

from collections.abc import Callable

from tradeglyph.app.doctor.check import Check, good, warning
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.ports.clock import Clock

PART = "clock"
OFF_US = 5 * MICROSECONDS
"""More than this is said: how old an event and a feed are is reckoned by both clocks."""


def compare(clock: Clock, place: str, ask: Callable[[], int | None]) -> Check | None:
    """This machine's clock against the one that `ask` reads, microseconds UTC; None where it
    doesn't say."""
    before = clock.now()
    theirs = ask()
    after = clock.now()
    if theirs is None:
        return None
    # Theirs is that of some moment in between.
    off = (before + after) // 2 - theirs
    seconds = round(off / MICROSECONDS, 1)
    check = warning if abs(off) > OFF_US + (after - before) // 2 else good
    code = "clock_off" if check is warning else "clock_agrees"
    return check(PART, code, place=place, seconds=seconds)
