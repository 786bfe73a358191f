"""From drafted cases to numbered accounts, who they are, and their matches."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tradeglyph.simulate.draft import ANYBODY, COMPANY, Draft, Ints
from tradeglyph.simulate.scenario import Part, Scenario, ScenarioInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Cases of one scenario."""

    scenario: Scenario
    world: Ints
    """Shape (n,): where each case is at home."""
    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Columns of one length: the fills of the drawn accounts, each against another side."""

    account: Ints
    other: Ints
    """`ANYBODY` where the crowd takes the other side."""
    world: Ints
    slot: Ints
    second: Ints
    side: NDArray[np.int8]
    ticks: Ints
    lots: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Accounts from 0 on, what part each plays, and their matches."""

    part: Ints
    """Shape (accounts,): positions in `parts`."""
    parts: tuple[Part, ...]
    matches: Matches


def cast(batches: list[Batch]) -> Cast:
    """Numbers, without gaps, for everybody who fills in one of the cases."""
    parts: list[Part] = []
    of_account: list[Ints] = []
    matches: list[Matches] = []
    first = 0
    for batch in batches:
        part, matched = _cast_batch(batch.draft, first)
        more = _parts_of(batch.scenario.info)
        of_account.append(part + len(parts))
        parts += more
        matches.append(matched)
        first += len(part)
    return Cast(part=np.concatenate(of_account), parts=tuple(parts), matches=joined(matches))


def joined(matches: Sequence[Matches]) -> Matches:
    """All of them, one after the other."""
    names = [field.name for field in fields(Matches)]
    return Matches(**{n: np.concatenate([getattr(m, n) for m in matches]) for n in names})


def _parts_of(info: ScenarioInfo) -> list[Part]:
    """Three: that of the lead, the victim, the company; the lead's for what is not there."""
    return [info.lead, info.victim or info.lead, info.company or info.lead]


def _cast_batch(drafted: Draft, first: int) -> tuple[Ints, Matches]:
    """What each account is (0 lead, 1 victim, 2 company), and matches numbered from `first`."""
    width = int(max(drafted.actor.max(initial=0), drafted.other.max(initial=0))) + 1
    directed = drafted.other != ANYBODY
    mine = drafted.owner * width + drafted.actor
    theirs = np.where(directed, drafted.owner * width + drafted.other, mine)
    accounts = np.unique(np.concatenate([mine, theirs]))
    other = np.where(directed, first + np.searchsorted(accounts, theirs), ANYBODY)
    return np.minimum(accounts % width, COMPANY), Matches(
        account=first + np.searchsorted(accounts, mine),
        other=other,
        world=drafted.world,
        slot=drafted.slot,
        second=drafted.second,
        side=drafted.side,
        ticks=drafted.ticks,
        lots=drafted.lots,
    )
