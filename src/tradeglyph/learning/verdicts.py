"""Whether each kind of account got a verdict that it may get."""

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.verdicts import Verdict
from tradeglyph.learning.intervals import exact_share

Figures = dict[str, Any]


class Allowed(Protocol):
    """What a name in the labels may be told; `simulate.scenario.Part` is one."""

    @property
    def name(self) -> str:
        """As it stands in the labels."""

    @property
    def allowed_without(self) -> frozenset[Verdict]:
        """Verdicts that are right where counterparties are not known."""

    @property
    def allowed_with(self) -> frozenset[Verdict]:
        """Verdicts that are right where they are."""


def verdict_table(
    verdict: NDArray[np.object_],
    scenario: NDArray[np.object_],
    infos: Iterable[Allowed],
    *,
    counterparties: bool = False,
) -> list[Figures]:
    """One row per scenario: shares of hold, review and quiet, and of what it may get.

    A window without an answer (empty verdict) counts in `windows` and `unanswered`, and is right
    only where `quiet` is. For a name that no info knows, `allowed` and `right` are None: real
    labels say nothing of verdicts.

    Args:
        verdict: `hold`, `review`, `quiet` or empty, shape (n,).
        scenario: name of each window's scenario, shape (n,).
        infos: what each scenario may get, leads, victims and company alike.
        counterparties: whether the verdicts were reached with counterparties.
    """
    allowed = _allowed(infos, counterparties)
    names = scenario.astype(str)
    said = verdict.astype(str)
    return [
        _row(name, said[names == name], allowed.get(name)) for name in sorted(set(names.tolist()))
    ]


def _allowed(infos: Iterable[Allowed], counterparties: bool) -> dict[str, frozenset[Verdict]]:
    return {
        info.name: info.allowed_with if counterparties else info.allowed_without for info in infos
    }


def _row(name: str, said: NDArray[np.str_], allowed: frozenset[Verdict] | None) -> Figures:
    counts = {v.value: int((said == v.value).sum()) for v in Verdict}
    unanswered = len(said) - sum(counts.values())
    figures: Figures = {
        "scenario": name,
        "windows": len(said),
        "unanswered": unanswered,
        **{value: exact_share(hits, len(said)).to_json() for value, hits in counts.items()},
        "allowed": None,
        "right": None,
    }
    if allowed is None:
        return figures
    right = sum(counts[v.value] for v in allowed) + (unanswered if Verdict.QUIET in allowed else 0)
    return {
        **figures,
        "allowed": sorted(v.value for v in allowed),
        "right": exact_share(right, len(said)).to_json(),
    }
