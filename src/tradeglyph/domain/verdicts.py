"""What a score says to a person. Thresholds live in the model's card, not here."""

from enum import StrEnum


class Verdict(StrEnum):
    """What should happen."""

    QUIET = "quiet"
    REVIEW = "review"
    HOLD = "hold"


class Role(StrEnum):
    """On which side of an asset transfer a window stands."""

    BENEFICIARY = "beneficiary"
    VICTIM = "victim"
    UNCLEAR = "unclear"
    NONE = ""
