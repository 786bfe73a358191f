"""What becomes of a withdrawal that has no answer."""

from collections.abc import Iterator

from tradeglyph.app.doctor.check import Check, good
from tradeglyph.app.settings import Settings
from tradeglyph.domain.findings import Unanswered

PART = "policy"


def look(settings: Settings) -> Iterator[Check]:
    """One line for each band of amounts, and one for signals."""
    policy = settings.policy.policy()
    above = None
    for band in policy.bands:
        yield good(
            PART,
            "policy_band",
            above=None if above is None else str(above),
            below=None if band.below is None else str(band.below),
            unanswered={str(why): str(band.decision(why)) for why in Unanswered},
        )
        above = band.below
    signals = sorted(policy.hold_signals)
    if policy.young_address_hours is not None:
        signals.append(f"address_age_hours < {policy.young_address_hours:g}")
    if signals:
        yield good(PART, "policy_signals", signals=", ".join(signals))
    else:
        yield good(PART, "policy_no_signals")
