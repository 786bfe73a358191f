"""Whether each kind of account got a verdict that it may get."""

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.verdicts import Verdict
from tradeglyph.learning.intervals import exact_share, share_within

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


def held_and_quiet(
    verdict: NDArray[np.object_],
    scenario: NDArray[np.object_],
    fraud: NDArray[np.bool_],
    infos: Iterable[Allowed],
) -> Figures:
    """What a team acts on where the other sides are known: fraud held, honest accounts left alone.

    `held` is the share of the fraud windows that are on hold, `quiet` that of the honest ones that
    are neither held nor sent to review; one without an answer (empty verdict) is left alone.
    `least_held` and `least_quiet` name the scenario that is worst; None where there is none. A
    name that may be told something else too (mules, the honest days of a fraud's party) is in
    neither share but in `apart`, with its windows. A name that no info knows counts by its label.

    Args:
        verdict: `hold`, `review`, `quiet` or empty, reached with counterparties, shape (n,).
        scenario: name of each window's scenario, shape (n,).
        fraud: whether it is labelled fraud, shape (n,).
        infos: what each scenario may get, leads, victims and company alike.
    """
    allowed = _allowed(infos, counterparties=True)
    names, said = scenario.astype(str), verdict.astype(str)
    free = np.isin(names, [name for name, may in allowed.items() if len(may) > 1])
    held = said == Verdict.HOLD.value
    quiet = ~held & (said != Verdict.REVIEW.value)
    return {
        "held": share_within(held, fraud & ~free).to_json(),
        "least_held": _least(held, fraud & ~free, names),
        "quiet": share_within(quiet, ~fraud & ~free).to_json(),
        "least_quiet": _least(quiet, ~fraud & ~free, names),
        "apart": {name: int((names == name).sum()) for name in sorted(set(names[free].tolist()))},
    }


def _least(
    mask: NDArray[np.bool_], within: NDArray[np.bool_], names: NDArray[np.str_]
) -> Figures | None:
    shares = [
        {"scenario": name, **share_within(mask, within & (names == name)).to_json()}
        for name in sorted(set(names[within].tolist()))
    ]
    return min(shares, key=lambda share: share["value"], default=None)


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
