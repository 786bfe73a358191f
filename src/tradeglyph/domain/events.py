"""Events: reasons to look at an account, most often that it wants to take its money out."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as the sender told it. Equal keys are one event, however often it arrives."""

    key: str
    """Idempotency key, not empty: the sender's `event_id`, else the transport's message id."""
    account_id: str
    time: int
    """When it happened, microseconds since 1970-01-01 UTC; what lies at or after it is not looked
    at."""
    symbol: str = ""
    """What the sender thinks it is about; every symbol of the account is looked at anyway."""
    amount: Decimal | None = None
    """What is to be withdrawn, in the sender's currency; None where it was not said."""
    kind: str = ""
    """The sender's word for it (`businessType`)."""
    signals: dict[str, bool | float] = field(default_factory=dict)
    """What else the sender knows: `new_device`, `password_changed`, `two_factor_changed` (true or
    false), `address_age_hours` (a number); other names are kept and may be configured."""
