import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cli.command import done, refused
from tests.cli.files import market, table
from tests.drawing.html import EVIL, Page
from tradeglyph.app import evaluation
from tradeglyph.drawing.texts import scenario_title

SIMULATED = ("--trades", "trades.parquet", "--candles", "candles.parquet", "--labels", "labels.csv")


def strict(text: str) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture(scope="module")
def judged(world: Path, ink: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A folder and the summary on stdout."""
    out = tmp_path_factory.mktemp("evaluate") / "out"
    result = done("evaluate", *SIMULATED, "--model", ink, "--out", out, "--json", cwd=world)
    return out, strict(result.stdout)


@pytest.fixture(scope="module")
def metrics(judged: tuple[Path, Any]) -> Any:
    return strict((judged[0] / "metrics.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(judged: tuple[Path, Any]) -> Page:
    return Page((judged[0] / "report.html").read_text(encoding="utf-8"))


def test_two_files(judged: tuple[Path, Any], metrics: Any) -> None:
    out, summary = judged
    assert sorted(p.name for p in out.iterdir()) == ["metrics.json", "report.html"]
    assert summary["roc_auc"] == metrics["ranking"]["model"]["roc_auc"]
    assert summary["at_threshold"] == metrics["at_threshold"]
    assert summary["gate"] == metrics["gate"]
    moved = (*metrics["artefacts"], *metrics["invariances"])
    assert summary["failed"] == [row["name"] for row in moved if not row["held"]]


def test_counts_are_those_of_the_files(world: Path, metrics: Any) -> None:
    labels = pl.read_csv(world / "labels.csv")
    counts = metrics["windows"]
    assert counts["total"] == len(labels)
    assert counts["fraud"] == (labels["label"] == "fraud").sum()
    assert counts["groups"] == labels.select("symbol", "window_start").n_unique()
    by_scenario = dict(labels["scenario"].value_counts().rows())
    assert {e["scenario"]: e["flagged"]["windows"] for e in metrics["scenarios"]} == by_scenario


def test_flags_are_those_of_score(world: Path, ink: Path, metrics: Any, tmp_path: Path) -> None:
    done("score", *SIMULATED[:4], "--model", ink, "--out", tmp_path / "s.csv", cwd=world)
    key = ("account_id", "symbol", "window_start")
    flagged = {
        tuple(r[name] for name in key) for r in table(tmp_path / "s.csv") if r["flagged"] == "true"
    }
    assert flagged
    labels = table(world / "labels.csv")
    for entry in metrics["scenarios"]:
        named = [r for r in labels if r["scenario"] == entry["scenario"]]
        hits = sum(tuple(r[name] for name in key) in flagged for r in named)
        assert entry["flagged"]["hits"] == hits


def test_baselines_stand_beside_the_model(metrics: Any) -> None:
    names = {"dot_counter", "pixel_counter", "tree", "hand_rule"}
    assert set(metrics["ranking"]) == names | {"model"}
    # The tree knows the places of fills in their candles, the ink does not.
    auc = {name: entry["roc_auc"]["value"] for name, entry in metrics["ranking"].items()}
    assert auc["tree"] > 0.85 > auc["model"]
    assert all(set(entry["baselines"]) == names for entry in metrics["scenarios"])


def test_the_report_needs_nothing_but_itself(page: Page) -> None:
    assert page.named("script") == []
    assert page.named("link") == []
    assert page.named("iframe") == []
    for _, attributes in page.tags:
        for name in ("src", "href", "xlink:href", "action", "srcset", "data"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))


def test_no_address_in_the_report(judged: tuple[Path, Any]) -> None:
    text = (judged[0] / "report.html").read_text(encoding="utf-8")
    allowed = "http://www.w3.org/"  # the name of a vocabulary, which nobody fetches
    for scheme in ("http://", "https://", "//cdn", "@import"):
        assert text.replace(allowed, "").count(scheme) == 0


def test_the_report_names_every_scenario_and_shows_cases(page: Page, metrics: Any) -> None:
    for entry in metrics["scenarios"]:
        assert scenario_title(entry["scenario"], "en") in page.words
    pictures = [i for i in page.named("img") if (i["src"] or "").startswith("data:image/png")]
    assert 3 <= len(pictures) <= 3 * evaluation.CASES_PER_KIND
    assert len(page.named("svg")) > len(pictures)  # a chart for each, and the curves


def test_a_model_that_the_gate_refuses_is_told_on_stderr(
    world: Path, ink: Path, tmp_path: Path
) -> None:
    """Ink is a count, and the tree knows better."""
    result = done("evaluate", *SIMULATED, "--model", ink, "--out", tmp_path / "o", cwd=world)
    assert "the leak gate refuses: fraud against all normal" in result.stderr


def test_in_chinese(world: Path, ink: Path, tmp_path: Path) -> None:
    arguments = ("evaluate", *market(tmp_path), "--labels", "l.csv", "--model", ink, "--out", "o")
    done(*arguments, "--lang", "zh", cwd=tmp_path)
    text = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert 'lang="zh' in text
    assert "召回" in text


def test_one_day_and_two_accounts_are_enough(tmp_path: Path, ink: Path) -> None:
    """Too few worlds for the trees; what can't be known is null and not a number."""
    arguments = ("evaluate", *market(tmp_path), "--labels", "l.csv", "--model", ink, "--out", "o")
    (tmp_path / "l.csv").write_text("account_id,symbol,scenario,label\nA,X,hacker,fraud\n")
    result = done(*arguments, "--json", cwd=tmp_path)
    assert "  1 windows have no label and are left out\n" in result.stderr
    assert strict(result.stdout)["unlabelled"] == 1
    metrics = strict((tmp_path / "o" / "metrics.json").read_text())
    assert metrics["windows"] == {
        "total": 2, "fraud": 2, "normal": 0, "ambiguous": 0, "answered": 2, "not_applicable": 0,
        "answered_share": 1.0, "groups": 2,
    }  # fmt: skip
    assert metrics["ranking"]["model"]["roc_auc"]["value"] is None
    assert set(metrics["ranking"]) == {"model", "hand_rule"}


def test_names_are_text_in_the_report(tmp_path: Path, ink: Path) -> None:
    arguments = ("evaluate", *market(tmp_path), "--labels", "l.csv", "--model", ink, "--out", "o")
    quoted = '"' + EVIL.replace('"', '""') + '"'
    for name in ("t.csv", "l.csv"):
        file = tmp_path / name
        file.write_text(file.read_text().replace("A,X", f"{quoted},X").replace("hacker", quoted))
    assert "no label" not in done(*arguments, "--threshold", "0", cwd=tmp_path).stderr
    page = Page((tmp_path / "o" / "report.html").read_text(encoding="utf-8"))
    assert page.named("script") == []
    assert EVIL in page.words


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        ("account_id,symbol,scenario,label\nZ,X,hacker,fraud\n", "no window has a label"),
        ("account_id,symbol,scenario,label\nA,X,hacker,maybe\n", "line 2, column label"),
        ("account_id,symbol\nA,X\n", "scenario"),
        (
            "account_id,symbol,scenario,label\nA,X,hacker,fraud\nA,X,day_trader,normal\n",
            "l.csv: line 3, column label: 'normal': line 2 says fraud of the same window of A, X",
        ),
    ],
)
def test_labels_that_cannot_be_used(tmp_path: Path, ink: Path, labels: str, wanted: str) -> None:
    arguments = ("evaluate", *market(tmp_path), "--labels", "l.csv", "--model", ink, "--out", "o")
    (tmp_path / "l.csv").write_text(labels)
    before = {p.name for p in tmp_path.iterdir()}
    assert wanted in refused(*arguments, cwd=tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize(("missing", "extra"), [("jinja2", "plot"), ("sklearn", "train")])
def test_a_missing_extra_is_one_line(
    world: Path,
    tmp_path: Path,
    ink: Path,
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    extra: str,
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    out = tmp_path / "o"
    said = refused("evaluate", *SIMULATED, "--model", ink, "--out", out, cwd=world)
    assert f"pip install 'tradeglyph[{extra}]'" in said
    assert not out.exists()


def test_a_second_report_replaces_the_first(tmp_path: Path, ink: Path) -> None:
    arguments = ("evaluate", *market(tmp_path), "--labels", "l.csv", "--model", ink, "--out", "o")
    for threshold in ("0.25", "0.75"):
        done(*arguments, "--threshold", threshold, cwd=tmp_path)
        metrics = strict((tmp_path / "o" / "metrics.json").read_text())
        assert metrics["threshold"] == float(threshold)
    assert sorted(p.name for p in (tmp_path / "o").iterdir()) == ["metrics.json", "report.html"]
