"""How a backtest is put together; its figures are proven in the learning tests."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.rows import candles_of, days, fills_of
from tests.simulate.planting.traffic import traffic
from tradeglyph.app import backtest as module
from tradeglyph.app.backtest import BacktestRequest, backtest_windows, data_sha256
from tradeglyph.app.counterparties import weigh
from tradeglyph.app.rulings import trades_of
from tradeglyph.app.scoring import score_accounts, score_frame
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.domain.lists import AccountLists
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.backtest import Answers, PlantedWindows
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.simulate.planting.plant import plant

pytest.importorskip("jinja2", reason="needs the extra `plot`")


@pytest.fixture
def request_(scorer: OnnxScorer) -> BacktestRequest:
    return BacktestRequest(scorer=scorer, budgets=(2.0, 8.0), plants=30, seed=3)


def ran(request: BacktestRequest, folder: Path, seed: int = 1) -> dict[str, Any]:
    return backtest_windows(*traffic(seed), request, folder)


def test_two_files_that_say_the_same_twice(request_: BacktestRequest, tmp_path: Path) -> None:
    one, _ = ran(request_, tmp_path / "a"), ran(request_, tmp_path / "b")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "backtest.html",
        "backtest.json",
    ]
    for name in ("backtest.json", "backtest.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert json.loads((tmp_path / "a" / "backtest.json").read_text("utf-8")) == one
    assert one["seed"] == 3


def verdicts(windows: Windows, candles: Candles, scorer: OnnxScorer, threshold: float) -> Any:
    """As `score` reaches them."""
    scores = score_accounts(windows, candles, scorer, threshold, "en")
    frame = score_frame(windows, scores, "m")
    return (
        weigh(frame, trades_of(windows.fills), AccountLists(), "en", alone=scores.alone)
        .scores["verdict"]
        .to_numpy()
    )


def test_alerts_are_those_of_the_untouched_windows(
    request_: BacktestRequest, tmp_path: Path
) -> None:
    windows, candles = traffic(1)
    result = ran(request_, tmp_path / "out")
    third = np.unique(windows.start)[2]
    assert result["verdicts"] == "fills"
    for entry in result["figures"]["current"]["budgets"]:
        alert = verdicts(windows, candles, request_.scorer, entry["threshold"]) == "review"
        assert entry["early"]["alerts"] == alert[windows.start < third].sum()
        assert entry["late"]["alerts"] == alert[windows.start == third].sum()
        assert entry["early"]["alerts"] <= 2 * entry["alerts_per_day"]
    assert result["split"]["early"]["windows"] == (windows.start < third).sum()


def test_figures_get_the_planted_windows_and_their_truth(
    request_: BacktestRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[PlantedWindows, Answers]] = []
    whole = module.backtest

    def spy(start: Any, planted: PlantedWindows, answers: Answers, *more: Any, **named: Any) -> Any:
        seen.append((planted, answers))
        return whole(start, planted, answers, *more, **named)

    monkeypatch.setattr(module, "backtest", spy)
    windows, candles = traffic(1)
    ran(request_, tmp_path / "out")
    ((truth, answers),) = seen
    done = plant(windows, candles, plants=30, seed=3)
    plants = done.plants
    assert len(truth) == 2 * len(plants)
    for i in range(len(plants)):
        roles = truth.role[truth.plant == i]
        assert sorted(roles) == ["beneficiary", "victim"]
        assert (truth.money[truth.plant == i] == plants.money[i]).all()
        assert (truth.start[truth.plant == i] == plants.window_start[i]).all()
        assert (truth.grade.code[truth.plant == i] == plants.grade[i]).all()
    cover = truth.kinds["cover"]
    assert cover.names[0] == "0"
    assert (cover.code > 0).sum() == len(done.hosts)
    # A host with a single fill had no answer before the plant.
    before = answers.answered_before
    assert before.sum() == (windows.sizes[done.hosts] > 1).sum()
    assert (cover.code[before] > 0).all()
    # Each has a window of the copy of its own, with more fills than its host had.
    assert len(answers.planted) == len(answers.before) == len(truth)
    assert not answers.planted.held.any()  # nobody's other side is known
    assert set(answers.role) <= {"beneficiary", "victim", "unclear", "none"}


def test_bins_hold_their_lower_end() -> None:
    grouping = module._binned(np.array([0.0, 0.02, 0.5, np.nan]), (0.02, 0.1), ("a", "b", "c"))
    assert [grouping.names[code] for code in grouping.code] == ["a", "b", "c", "unknown"]


def test_a_model_beside_itself(request_: BacktestRequest, tmp_path: Path) -> None:
    result = ran(replace(request_, candidate=request_.scorer), tmp_path / "out")
    assert result["figures"]["candidate"] == result["figures"]["current"]
    assert [change["newly"]["count"] for change in result["changes"]] == [0, 0]


def test_changes_name_windows(
    request_: BacktestRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without a volume nobody knows that these few trades were small: they are alerts.
    windows, candles = traffic(1, volume=False)
    real = module.score_windows
    calls: list[int] = []

    def turned(scored: Windows, *rest: Any) -> Any:
        """The second model says the opposite of the first."""
        scores = real(scored, *rest)
        calls.append(1)
        turn = len(calls) > 2
        return replace(scores, probability=1 - scores.probability) if turn else scores

    monkeypatch.setattr(module, "score_windows", turned)
    ahead = timezone(timedelta(hours=8))
    request = replace(request_, candidate=request_.scorer, zone=ahead)
    result = backtest_windows(windows, candles, request, tmp_path / "out")
    names = windows.fills
    known = {
        (str(names.account_names[a]), str(names.symbol_names[s]))
        for a, s in zip(windows.account, windows.symbol, strict=True)
    }
    change = result["changes"][0]
    assert change["newly"]["count"] == len(change["newly"]["windows"]) > 0
    for entry in (*change["newly"]["windows"], *change["no_longer"]["windows"]):
        assert (entry["account_id"], entry["symbol"]) in known
        assert entry["window_start"].endswith("T00:00:00Z")
        assert entry["day"] == entry["window_start"][:10]  # 08:00 in that zone
        assert entry["current"] == pytest.approx(1 - entry["candidate"])


def test_a_single_day_is_said(request_: BacktestRequest, tmp_path: Path) -> None:
    windows, candles = traffic(1)
    one = windows.fills.take(windows.fills.time < windows.end.min())
    result = backtest_windows(days(one), candles, request_, tmp_path / "out")
    assert not result["split"]["ordered"]
    assert "the day they were chosen on" in (tmp_path / "out" / "backtest.html").read_text("utf-8")


def test_no_window_is_one_clear_line(request_: BacktestRequest, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no window"):
        backtest_windows(days(fills_of([])), candles_of([]), request_, tmp_path / "out")


def test_no_room_is_one_clear_line(request_: BacktestRequest, tmp_path: Path) -> None:
    windows, candles = traffic(1, height=0)
    with pytest.raises(InputError, match="5 ticks tall"):
        backtest_windows(windows, candles, request_, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_extra_is_said_at_once(
    request_: BacktestRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"tradeglyph\[plot\]"):
        ran(request_, tmp_path / "out")


def hashes() -> Mapping[str, str]:
    windows, candles = traffic(1)
    fills = windows.fills
    backwards = days(fills.take(np.arange(len(fills))[::-1]))
    more = fills.quantity.copy()
    more[0] *= 2

    def with_fills(**changed: Any) -> Windows:
        return days(replace(fills, **changed))

    wider: Candles = replace(candles, high=candles.high + 1)
    return {
        "same": data_sha256(windows, candles),
        "backwards": data_sha256(backwards, candles),
        "quantity": data_sha256(with_fills(quantity=more), candles),
        "names": data_sha256(
            with_fills(account_names=np.array([f"{n}!" for n in fills.account_names], object)),
            candles,
        ),
        "candles": data_sha256(windows, wider),
    }


def test_the_hash_is_of_what_was_read() -> None:
    found = hashes()
    assert found["same"] == found["backwards"]
    assert len(set(found.values())) == 4
    assert all(len(value) == 64 for value in found.values())
