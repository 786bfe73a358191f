"""What an investigation goes by."""

from dataclasses import dataclass, field

from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.domain.lists import AccountLists
from tradeglyph.picture.spec import PictureSpec
from tradeglyph.pipeline.policy import Policy
from tradeglyph.pipeline.rules import Rules
from tradeglyph.ports.scorer import Scorer
from tradeglyph.recognizers.reasons import Lang

HOUR_US = 3_600 * MICROSECONDS
RESTS_US = 1 << 62
"""Longer than time: see `Inquiry.stale_after_us`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A loaded model, and what a record says of it."""

    scorer: Scorer
    spec: PictureSpec
    threshold: float
    """Probability above which a window is flagged; the card's unless configured."""
    replay: tuple[tuple[str, str], ...] = ()
    """Names and values: model, weights_sha256, picture."""


class NoModel(Exception):  # noqa: N818  says what happened
    """No model can be loaded now; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What is looked at, and how it is ruled on. Times in microseconds."""

    window_us: int = DAY_US
    """An event is answered from what the account did in [event - window, event)."""
    longest_look_back_us: int = 30 * DAY_US
    """Flows of money are summed over the look-back of `rules`, and back to the account's last
    clean check where that is longer ago, but over no more than this: so that what a thief moved
    between two checks is seen by the second one whole."""
    stale_after_us: int = HOUR_US
    """There is no answer where the newest trade known before the event, or the start of the newest
    candle, is older than this; `RESTS_US`: a feed may be of any age (a market with long closing
    hours), but one without any row before the event is broken; 0: the rows are all that there are,
    and nothing is asked."""
    rules: Rules = field(default_factory=Rules)
    policy: Policy = field(default_factory=Policy)
    lists: AccountLists = field(default_factory=AccountLists)
    lang: Lang = "en"
