"""What the command adds to the demo itself: its defaults, a table, and where to look."""

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.cli.command import Done, done, tradeglyph
from tests.cli.test_summary import entry
from tradeglyph.app import demo as module
from tradeglyph.app.demo import Demo

METRICS = {
    "ranking": {"model": {"roc_auc": {"value": 0.99, "low": 0.98, "high": 1.0}}},
    "at_threshold": {"recall": {"value": 0.9}},
    "gate": {"passed": True, "reasons": []},
    "artefacts": [{"name": "day", "held": True}, {"name": "dot_size", "held": False}],
    "invariances": [{"name": "shuffled_rows", "held": True}],
    "scenarios": [
        entry("hacker", "fraud", 1234, 0.987, 0.95),
        entry("grid", "normal", 77, 0.0, None),
    ],
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, int, str]]:
    """Stands in for the demo; what it was asked for."""
    asked: list[tuple[Path, int, str]] = []

    def instead(folder: Path, seed: int, lang: str, *_: object) -> Demo:
        asked.append((folder, seed, lang))
        return Demo(folder=folder, scores=pl.DataFrame(), metrics=METRICS)

    monkeypatch.setattr(module, "run_demo", instead)
    return asked


def rows(result: Done) -> list[list[str]]:
    return [line.split() for line in result.stdout.splitlines()]


def test_a_table_and_the_paths(asked: list[tuple[Path, int, str]], tmp_path: Path) -> None:
    result = done("demo", "--out", "d", "--seed", 9, cwd=tmp_path)
    assert asked == [(Path("d"), 9, "en")]
    assert ["hacker", "fraud", "1,234", "98.7%", "95.0%"] in rows(result)
    assert ["grid", "normal", "77", "0.0%", "-"] in rows(result)
    assert result.stdout.splitlines()[-6:] == [
        "d/report/report.html", "d/scores.csv", "d/pictures", "d/model", "d/accounts", "d/dataset",
    ]  # fmt: skip


def test_for_machines(asked: list[tuple[Path, int, str]], tmp_path: Path) -> None:
    result = done("demo", "--out", "d", "--seed", 9, "--json", cwd=tmp_path)
    assert asked == [(Path("d"), 9, "en")]
    assert json.loads(result.stdout) == {
        "out": "d",
        "seed": 9,
        "roc_auc": {"value": 0.99, "low": 0.98, "high": 1.0},
        "at_threshold": {"recall": {"value": 0.9}},
        "gate": {"passed": True, "reasons": []},
        "failed": ["dot_size"],
        "report": "d/report/report.html",
        "scores": "d/scores.csv",
        "pictures": "d/pictures",
        "model": "d/model",
        "accounts": "d/accounts",
        "dataset": "d/dataset",
    }


def test_the_seed_is_today_and_the_folder_demo(
    asked: list[tuple[Path, int, str]], tmp_path: Path
) -> None:
    before = datetime.now(tz=UTC)
    result = done("demo", "--lang", "zh", cwd=tmp_path)
    ((folder, seed, lang),) = asked
    assert f"{seed}" in {f"{t:%Y%m%d}" for t in (before, datetime.now(tz=UTC))}
    assert (folder, lang) == (Path("demo"), "zh")
    assert "场景" in result.stdout
    assert "只看账户自己的成交时" in result.stdout


def test_wrong_language(asked: list[tuple[Path, int, str]], tmp_path: Path) -> None:
    result = tradeglyph("demo", "--lang", "fr", cwd=tmp_path)
    assert (result.status, result.stdout, asked) == (2, "", [])
