"""What an evaluation proves of any model, on accounts that are simulated."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradeglyph.app.evaluation import EvaluationRequest, evaluate_windows
from tradeglyph.app.proofs import Effort, case_of, written_elsewhere
from tradeglyph.domain.fills import Fills
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.results.simulation import labels_frame
from tradeglyph.simulate.population import Population, simulate

pytest.importorskip("sklearn", reason="needs the extra `train` or `plot`")

SMALL = Effort(probes=30, pictures=10, filling=10, pairs_each=1)


@pytest.fixture(scope="module")
def population() -> Population:
    return simulate(300, seed=3, scenarios=("hacker", "one_shot", "day_trader", "market_maker"))


def evaluated(
    population: Population, scorer: OnnxScorer, folder: Path, **more: Any
) -> dict[str, Any]:
    times = population.fills.time
    windows = cut(population.fills, day_edges(int(times.min()), int(times.max())))
    request = EvaluationRequest(scorer=scorer, **{"effort": SMALL, **more})
    labels = labels_frame(population)
    metrics = evaluate_windows(windows, population.candles, labels, request, folder)
    assert json.loads((folder / "metrics.json").read_text()) == metrics
    return metrics


def test_every_proof_is_made_for_every_model(
    population: Population, scorer: OnnxScorer, tmp_path: Path
) -> None:
    metrics = evaluated(population, scorer, tmp_path / "out")
    assert {row["name"] for row in metrics["artefacts"]} == {
        "price_scale", "symbol_name", "day", "candles_outside",
    }  # fmt: skip
    invariances = {row["name"]: row["held"] for row in metrics["invariances"]}
    assert invariances == {
        "shuffled_rows": True, "fill_in_parts": True, "input_time_zone": True,
    }  # fmt: skip
    assert all(row["windows"] > 10 for row in (*metrics["artefacts"], *metrics["invariances"]))
    assert 0 <= metrics["first_alert"]["gone"] <= 1
    assert metrics["evasion"]["pairs"] == len(metrics["evasion"]["cells"])
    left_out = {row["scenario"] for row in metrics["scenarios_left_out"]["scenarios"]}
    assert {"hacker", "day_trader"} <= left_out
    # Victims are left out with their hackers.
    assert "victim" not in left_out
    # So few accounts share too few symbols to leave any out, and that is said.
    symbols = len(set(population.labels.symbol.tolist()))
    assert metrics["markets_left_out"] == {"rate": 0.01, "markets": symbols, "scores": {}}


def test_a_count_of_ink_is_refused_by_the_gate(
    population: Population, scorer: OnnxScorer, tmp_path: Path
) -> None:
    """The model's logit is the ink of a picture: it knows no more than a count of dots."""
    gate = evaluated(population, scorer, tmp_path / "out")["gate"]
    assert gate["passed"] is False
    assert any("tree" in reason or "dot counter" in reason for reason in gate["reasons"])
    assert len(gate["findings"]) == len(gate["reasons"])
    assert {f["baseline"] for f in gate["findings"]} <= {"dot_counter", "tree"}


def test_verdicts_are_beside_what_is_allowed(
    population: Population, scorer: OnnxScorer, tmp_path: Path
) -> None:
    rows = {r["scenario"]: r for r in evaluated(population, scorer, tmp_path / "out")["verdicts"]}
    hacker = rows["hacker"]
    assert hacker["hold"]["hits"] == 0
    assert hacker["allowed"] == ["review"]
    assert hacker["right"]["hits"] == hacker["review"]["hits"]
    assert rows["day_trader"]["allowed"] == ["quiet"]


def test_no_effort_leaves_gaps_and_a_report(
    population: Population, scorer: OnnxScorer, tmp_path: Path
) -> None:
    none = Effort(probes=0, pictures=0, filling=0, pairs_each=0, left_out=False)
    metrics = evaluated(population, scorer, tmp_path / "out", effort=none)
    assert metrics["artefacts"] == metrics["invariances"] == []
    for name in ("first_alert", "scenarios_left_out", "markets_left_out", "evasion"):
        assert metrics[name] is None
    assert (tmp_path / "out" / "report.html").exists()


def test_parts_stand_in_the_tables(
    population: Population, scorer: OnnxScorer, tmp_path: Path
) -> None:
    times = population.fills.time
    windows = cut(population.fills, day_edges(int(times.min()), int(times.max())))
    parts = {"picture_only": np.linspace(0, 1, len(windows))}
    metrics = evaluated(population, scorer, tmp_path / "out", parts=parts)
    assert "picture_only" in metrics["ranking"]
    assert [r["method"] for r in metrics["methods"]][:2] == ["model", "picture_only"]
    assert "Picture only" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_fills_come_back_from_a_file_of_another_time_zone(population: Population) -> None:
    fills = population.fills.take(np.arange(0, len(population.fills), 7))
    again = written_elsewhere(fills)

    def rows(some: Fills) -> list[tuple[object, ...]]:
        columns = (
            some.account_names[some.account], some.symbol_names[some.symbol], some.time,
            some.side, some.price, some.quantity,
        )  # fmt: skip
        return sorted(zip(*(column.tolist() for column in columns), strict=True))

    assert rows(again) == rows(fills)
    np.testing.assert_array_equal(np.unique(again.account), np.unique(fills.account))


def test_victims_and_company_lead_to_their_case() -> None:
    assert case_of()["victim"] == "hacker"
    assert case_of()["one_shot_victim"] == "one_shot"
    assert "hacker" not in case_of()
