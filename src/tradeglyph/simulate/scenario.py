"""What a scenario is: an info record and a function that drafts fills."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints
from tradeglyph.simulate.market import Market


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioInfo:
    """What is known of a scenario without running it."""

    name: str
    label: Literal["fraud", "normal"]
    role: Literal["beneficiary", "victim", ""] = ""
    weight: float
    """Share of this scenario among the drawn accounts, before normalising."""
    title_en: str
    title_zh: str
    description_en: str
    description_zh: str
    source: str
    """The case, text or market practice it comes from."""
    least_share: float = 0.0
    """An account is not made where one side of its fills comes to less of a candle's volume, all
    accounts counted: it would not be what its label says."""
    against: str = ""
    """Name of the scenario that the other side of every match belongs to; empty for the crowd."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A behaviour that accounts can be given."""

    info: ScenarioInfo
    draw: Callable[[Generator, Market, Ints], Draft]
    """`draw(rng, market, world)`: fills of n accounts, account i in world `world[i]`."""
