"""What the doctor finds in the test's folder."""

from pathlib import Path

from tradeglyph.app.doctor.check import Check, Level
from tradeglyph.app.doctor.examine import examine
from tradeglyph.app.doctor.texts import remedy, said
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.ports.clock import Clock


class Shifted:
    """This machine's clock, so many seconds ahead."""

    def __init__(self, seconds: float) -> None:
        self._ahead = round(seconds * 1_000_000)

    def now(self) -> int:
        return SystemClock().now() + self._ahead


def configure(text: str) -> None:
    """The configuration of the working folder."""
    Path("tradeglyph.toml").write_text(text, encoding="utf-8")
    Path("tradeglyph.toml").chmod(0o600)


def examined(clock: Clock | None = None) -> list[Check]:
    """All checks; each has words in both languages."""
    checks = list(examine(clock or SystemClock()))
    for check in checks:
        assert said(check, "en")
        assert said(check, "zh")
        assert bool(remedy(check, "en")) == bool(remedy(check, "zh"))
        # Only where something is wrong is there something to do.
        assert bool(remedy(check, "en")) == (check.level is not Level.OK), check
    return checks


def codes(checks: list[Check], level: Level | None = None, part: str | None = None) -> list[str]:
    return [
        check.code
        for check in checks
        if level in (None, check.level) and part in (None, check.part)
    ]


def one(checks: list[Check], code: str) -> Check:
    (found,) = (check for check in checks if check.code == code)
    return found
