from dataclasses import dataclass

import numpy as np
import pytest

from tradeglyph.domain.verdicts import Verdict
from tradeglyph.learning.verdicts import held_and_quiet, verdict_table
from tradeglyph.simulate.parts import parts

pytest.importorskip("scipy", reason="needs the extra `train` or `plot`")

Q, R, H = Verdict.QUIET, Verdict.REVIEW, Verdict.HOLD


@dataclass(frozen=True)
class Info:
    name: str
    allowed_without: frozenset[Verdict]
    allowed_with: frozenset[Verdict]


INFOS = (
    Info("hacker", frozenset({R}), frozenset({H})),
    Info("arbitrage", frozenset({R, Q}), frozenset({Q})),
)
SCENARIO = np.array(["hacker"] * 4 + ["arbitrage"] * 3 + ["own label"] * 2, dtype=object)
VERDICT = np.array(
    ["hold", "hold", "review", "", "quiet", "review", "", "quiet", "hold"], dtype=object
)


def rows(**more: bool) -> dict:  # type: ignore[type-arg]
    return {row["scenario"]: row for row in verdict_table(VERDICT, SCENARIO, INFOS, **more)}


def test_shares_of_every_verdict() -> None:
    hacker = rows()["hacker"]
    assert (hacker["windows"], hacker["unanswered"]) == (4, 1)
    assert [hacker[v]["hits"] for v in ("hold", "review", "quiet")] == [2, 1, 0]
    assert hacker["hold"]["value"] == 0.5
    assert hacker["hold"]["low"] < 0.5 < hacker["hold"]["high"]


def test_what_is_right_depends_on_whether_counterparties_are_known() -> None:
    without, known = rows(), rows(counterparties=True)
    assert (without["hacker"]["right"]["hits"], known["hacker"]["right"]["hits"]) == (1, 2)
    # No answer is as good as quiet, and only as that.
    assert without["arbitrage"]["right"]["hits"] == 3
    assert known["arbitrage"]["right"]["hits"] == 2
    assert known["arbitrage"]["allowed"] == ["quiet"]


def test_labels_of_ones_own_are_counted_and_not_judged() -> None:
    own = rows()["own label"]
    assert own["hold"]["hits"] == 1
    assert own["allowed"] is own["right"] is None


def acted(names: list[str], verdicts: list[str], fraud: list[int]) -> dict:  # type: ignore[type-arg]
    infos = (*INFOS, Info("mule", frozenset({R, Q}), frozenset({H, R, Q})))
    scenario, verdict = (np.array(column, dtype=object) for column in (names, verdicts))
    return held_and_quiet(verdict, scenario, np.array(fraud, dtype=bool), infos)


def test_fraud_held_and_honest_accounts_left_alone() -> None:
    names = ["hacker"] * 4 + ["own fraud"] * 2 + ["arbitrage"] * 3 + ["own label"] * 2 + ["mule"]
    verdicts = ["hold", "hold", "review", "", "hold", "quiet"]  # 3 of 6 held
    verdicts += ["quiet", "review", "", "hold", "quiet", "quiet"]  # 3 of 5 left alone
    figures = acted(names, verdicts, [1] * 6 + [0] * 5 + [1])
    assert (figures["held"]["hits"], figures["held"]["windows"]) == (3, 6)
    assert (figures["quiet"]["hits"], figures["quiet"]["windows"]) == (3, 5)
    # Half of either is held: the first by name. Of the honest ones it is 2 of 3 against 1 of 2.
    assert figures["least_held"]["scenario"] == "hacker"
    assert figures["least_quiet"]["scenario"] == "own label"
    assert figures["least_quiet"]["value"] == 0.5
    assert figures["apart"] == {"mule": 1}


def test_where_there_is_no_fraud_none_is_held() -> None:
    figures = acted(["arbitrage"], ["quiet"], [0])
    assert figures["held"]["windows"] == 0
    assert figures["least_held"] is None
    assert figures["apart"] == {}


def test_every_simulated_name_knows_what_it_may_be_told() -> None:
    names = np.array([part.name for part in parts()], dtype=object)
    table = verdict_table(np.full(len(names), "quiet", dtype=object), names, parts())
    assert all(row["allowed"] for row in table)
