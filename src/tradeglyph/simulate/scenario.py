"""What a scenario is: an info record and a function that drafts fills."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.verdicts import Verdict
from tradeglyph.simulate.draft import Draft, Ints
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import tall_candles

Kind = Literal["fraud", "normal", "ambiguous", "wash"]
Label = Literal["fraud", "normal"]
RoleName = Literal["beneficiary", "victim", ""]
Verdicts = frozenset[Verdict]

QUIET: Verdicts = frozenset({Verdict.QUIET})
REVIEW: Verdicts = frozenset({Verdict.REVIEW})
HOLD: Verdicts = frozenset({Verdict.HOLD})
NO_HOLD: Verdicts = QUIET | REVIEW
ANY_VERDICT: Verdicts = QUIET | REVIEW | HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A name that labels can hold, and what may be said of windows that bear it."""

    name: str
    kind: Kind
    label: Label
    role: RoleName = ""
    allowed_without: Verdicts
    """Verdicts that are right where the other sides of its fills are not known."""
    allowed_with: Verdicts
    """Verdicts that are right where they are."""
    title_en: str
    title_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioInfo(Part):
    """What is known of a scenario without running it; as a part, what its lead is.

    Ambiguous and wash accounts transfer nothing: their label is `normal`.
    """

    weight: float
    """Share of this scenario among all that are drawn, before normalising."""
    description_en: str
    description_zh: str
    source: str
    """The case, text or market practice it comes from."""
    parameters: tuple[Parameter, ...]
    """What is drawn for each account."""
    least_share: float = 0.0
    """An account is not made where one side of its matched transfers comes to less of a candle's
    volume, all accounts counted: it would not be what its label says."""
    against: str = ""
    """Name of the victim on the other side of its transfers; empty where there is none."""
    company: Part | None = None
    """What further accounts of a case are; none where it has no company."""
    prints_candles: bool = False
    """Some of its fills lie outside their candle, or where there is none: they make it."""

    @property
    def lead(self) -> Part:
        """What the account that is drawn is."""
        return Part(**{field.name: getattr(self, field.name) for field in fields(Part)})

    @property
    def victim(self) -> Part | None:
        """What the account on the other side of its transfers is."""
        if not self.against:
            return None
        return replace(
            self.lead,
            name=self.against,
            role="victim",
            title_en=f"Victim · {self.title_en}",
            title_zh=f"受害账户 · {self.title_zh}",
        )


def anywhere(market: Market) -> NDArray[np.bool_]:
    """Every world suits."""
    return np.ones(len(market), dtype=bool)


def with_room(
    candles: int, ticks: int, times: float = 0.0
) -> Callable[[Market], NDArray[np.bool_]]:
    """Worlds with at least so many candles that are `tall_candles`."""

    def suits(market: Market) -> NDArray[np.bool_]:
        return np.asarray(tall_candles(market, ticks, times).sum(axis=1) >= candles)

    return suits


@dataclass(frozen=True, slots=True)
class Scenario:
    """A behaviour that accounts can be given."""

    info: ScenarioInfo
    draw: Callable[[Generator, Market, Ints], Draft]
    """`draw(rng, market, world)`: fills of n accounts, the account i at home in world `world[i]`:
    its only day, or the one around which its days lie."""
    suits: Callable[[Market], NDArray[np.bool_]] = anywhere
    """Shape (w,): worlds in which accounts of this behaviour may be at home."""
