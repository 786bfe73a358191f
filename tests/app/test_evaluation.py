"""How an evaluation is put together; its figures are proven in the learning tests."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.rows import DAY, FillRow, days, fills_of, steady_candles
from tradeglyph.app import evaluation
from tradeglyph.app.evaluation import EvaluationRequest, _one_of_each, evaluate_windows
from tradeglyph.app.scoring import score_windows
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.windows import Windows
from tradeglyph.drawing.report import Case
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.pipeline.score import Scores
from tradeglyph.sources.labels import LABEL_DTYPES

ACCOUNTS = 24
DAYS = 3


def labels_of(rows: list[tuple[str, str, str, str, str, datetime | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=LABEL_DTYPES, orient="row")


LABELS = labels_of(
    [
        (f"a{n:02}", "X", "hacker" if n % 3 == 0 else f"kind {n % 3}",
         "fraud" if n % 3 == 0 else "normal", "beneficiary" if n % 3 == 0 else "", None)
        for n in range(ACCOUNTS)
    ]
)  # fmt: skip


def market() -> tuple[Windows, Candles]:
    """Accounts that trade on three days, fraud in more candles than the others."""
    rows: list[FillRow] = []
    for n in range(ACCOUNTS):
        for day in range(DAYS):
            for trip in range(2 + n % 4 + (4 if n % 3 == 0 else 0)):
                at = DAY + 86_400 * day + 300 * trip
                rows.append((f"a{n:02}", "X", at, "buy", 9.0 + n / 100, 1.0))
                rows.append((f"a{n:02}", "X", at + 9, "sell", 11.0 + n / 100, 1.0))
    return days(fills_of(rows)), steady_candles(288 * DAYS, 9.0, 12.0, volume=100.0)


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """What the report was given to show."""
    shown: list[Case] = []

    def instead(*, cases: list[Case], **_: Any) -> str:
        shown.extend(cases)
        return "<!doctype html>"

    monkeypatch.setattr(evaluation, "render_report", instead)
    return shown


def evaluated(scorer: OnnxScorer, folder: Path, labels: pl.DataFrame = LABELS, **more: Any) -> Any:
    request = EvaluationRequest(scorer=scorer, **more)
    return evaluate_windows(*market(), labels, request, folder)


def test_the_file_is_what_is_returned(scorer: OnnxScorer, tmp_path: Path) -> None:
    metrics = evaluated(scorer, tmp_path / "out", threshold=0.7)
    text = (tmp_path / "out" / "metrics.json").read_text(encoding="utf-8")
    assert json.loads(text) == metrics
    assert "NaN" not in text
    assert metrics["threshold"] == 0.7
    assert metrics["alert_budget"] == scorer.artifact.card.alert_budget
    assert metrics["prior"] == scorer.artifact.card.prior
    assert metrics["windows"]["total"] == ACCOUNTS * DAYS
    assert metrics["windows"]["groups"] == DAYS


def test_windows_without_a_label_take_no_part(scorer: OnnxScorer, tmp_path: Path) -> None:
    few = LABELS.head(6)
    metrics = evaluated(scorer, tmp_path / "out", few)
    assert metrics["windows"]["total"] == 6 * DAYS
    one = labels_of([("a00", "X", "hacker", "fraud", "", datetime(2024, 10, 5, tzinfo=UTC))])
    assert evaluated(scorer, tmp_path / "out", one)["windows"]["total"] == 1


def test_no_label(scorer: OnnxScorer, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no window has a label"):
        evaluated(scorer, tmp_path / "out", labels_of([("Z", "X", "s", "fraud", "", None)]))
    assert list(tmp_path.iterdir()) == []


def test_chunks_change_nothing(
    scorer: OnnxScorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = evaluated(scorer, tmp_path / "whole")
    monkeypatch.setattr(evaluation, "CHUNK", 7)
    assert evaluated(scorer, tmp_path / "parts") == whole


def test_money_is_the_gross_of_each_window(scorer: OnnxScorer, tmp_path: Path) -> None:
    money = evaluated(scorer, tmp_path / "out")["money"]
    wanted = 0.0
    for n in range(0, ACCOUNTS, 3):
        wanted += DAYS * (6 + n % 4) * (11.0 + n / 100)  # sold dearer than bought
    assert money["total"] == pytest.approx(wanted)
    assert money["windows"] == ACCOUNTS // 3 * DAYS


def test_what_the_days_of_accounts_in_several_symbols_add(
    scorer: OnnxScorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thief and an honest account that nothing but their days bring up; others are in one symbol
    and have no such day."""
    windows, candles = market()
    several = windows.account < 6
    rows = np.concatenate([np.arange(len(windows)), np.flatnonzero(several)])
    both = windows.take(rows)
    both = replace(
        both,
        symbol=np.where(np.arange(len(rows)) < len(windows), 0, 1).astype(np.int32),
        fills=replace(both.fills, symbol_names=np.array(["X", "Y"], dtype=object)),
    )
    labels = pl.concat([LABELS, LABELS.with_columns(symbol=pl.lit("Y"))])

    def day_speaks(scores: Scores, windows: Windows, *_: Any) -> Scores:
        assert set(scores.verdict) <= {"quiet", ""}
        up = np.isin(windows.account, [0, 1])
        return replace(scores, verdict=np.where(up, "review", scores.verdict).astype(object))

    monkeypatch.setattr(evaluation, "with_accounts", day_speaks)
    request = EvaluationRequest(scorer=scorer, threshold=1.0)
    days = evaluate_windows(both, candles, labels, request, tmp_path / "out")["account_days"]
    # Accounts 0 and 3 of the six are fraud; each trades on three days.
    counted = {
        kind: {by: (share["hits"], share["windows"]) for by, share in shares.items()}
        for kind, shares in days.items()
    }
    assert counted == {
        "fraud": {"by_window": (0, 2 * DAYS), "with_day": (DAYS, 2 * DAYS)},
        "honest": {"by_window": (0, 4 * DAYS), "with_day": (DAYS, 4 * DAYS)},
    }
    assert "With all symbols as one" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_accounts_of_one_symbol_have_no_days_to_judge(scorer: OnnxScorer, tmp_path: Path) -> None:
    assert evaluated(scorer, tmp_path / "out")["account_days"] is None
    assert "all symbols as one" not in (tmp_path / "out" / "report.html").read_text("utf-8")


class TestGallery:
    @pytest.mark.parametrize(
        ("share", "kinds"), [(0.5, {"hit", "false_alarm"}), (0.85, {"hit", "miss"})]
    )
    def test_kinds_are_what_they_say(
        self,
        scorer: OnnxScorer,
        tmp_path: Path,
        cases: list[Case],
        share: float,
        kinds: set[str],
    ) -> None:
        """A third of the windows is fraud, and has the most ink."""
        probability = score_windows(*market(), scorer, 0.5, "en").probability
        threshold = float(np.quantile(probability, share))
        evaluated(scorer, tmp_path / "out", threshold=threshold)
        truth = {a: label for a, _, _, label, *_ in LABELS.iter_rows()}
        assert {c.title_kind for c in cases} == kinds
        for case in cases:
            fraud = truth[case.account] == "fraud"
            assert case.probability is not None
            above = case.probability > threshold
            wanted = {(True, True): "hit", (True, False): "miss", (False, True): "false_alarm"}
            assert case.title_kind == wanted[fraud, above]
            assert case.picture_png.startswith(b"\x89PNG")
            assert f"{case.account} · X" in case.chart_svg
        keys = [(c.title_kind, c.account, c.window_start) for c in cases]
        assert len(set(keys)) == len(keys)
        for kind in ("hit", "miss", "false_alarm"):
            assert sum(c.title_kind == kind for c in cases) <= evaluation.CASES_PER_KIND

    def test_every_scenario_has_its_turn(
        self, scorer: OnnxScorer, tmp_path: Path, cases: list[Case]
    ) -> None:
        evaluated(scorer, tmp_path / "out", threshold=0.0)
        alarms = [c for c in cases if c.title_kind == "false_alarm"]
        assert {c.scenario for c in alarms[:2]} == {"kind 1", "kind 2"}
        assert alarms[0].probability == max(c.probability or 0 for c in alarms)

    def test_order(self) -> None:
        scenario = np.array(["a", "a", "b", "b", "c"], dtype=object)
        key = np.array([1.0, 2.0, 5.0, 4.0, 3.0])
        # Best of a, c, b in the order of their keys, then the rest by key.
        assert _one_of_each(np.arange(5), scenario, key) == [0, 4, 3, 1, 2]
        assert _one_of_each(np.array([2, 1]), scenario, key) == [1, 2]
        assert _one_of_each(np.array([], dtype=np.intp), scenario, key) == []


def test_unanswered_fraud_is_no_case_but_is_counted(
    scorer: OnnxScorer, tmp_path: Path, cases: list[Case]
) -> None:
    windows = days(fills_of([
        ("A", "X", DAY + 5, "buy", 10.0, 1.0),
        ("B", "X", DAY + 5, "buy", 10.0, 1.0), ("B", "X", DAY + 9, "sell", 11.0, 1.0),
    ]))  # fmt: skip
    labels = labels_of([("A", "X", "hacker", "fraud", "", None),
                        ("B", "X", "kind", "normal", "", None)])  # fmt: skip
    request = EvaluationRequest(scorer=scorer, threshold=0.0)
    metrics = evaluate_windows(
        windows, steady_candles(3, 9.0, 12.0), labels, request, tmp_path / "out"
    )
    assert metrics["windows"]["not_applicable"] == 1
    assert metrics["at_threshold"]["recall"]["value"] == 0.0
    assert [(c.title_kind, c.account) for c in cases] == [("false_alarm", "B")]
