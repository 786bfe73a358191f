"""The blocks of docs/detection.md are those that `make evaluate` fills."""

import argparse
import re
import sys
from pathlib import Path

import pytest

from tests.docs.commands import ROOT

pytest.importorskip("sklearn", reason="needs the extra `train` or `plot`")

DOCUMENTS = [ROOT / "docs" / name for name in ("detection.md", "detection.zh-CN.md")]
MARK = re.compile(r"<!-- (begin|end) (\w+) -->")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "bench", raising=False)
    from bench import detection

    return detection


def blocks(document: Path) -> list[str]:
    return [name for kind, name in MARK.findall(document.read_text("utf-8")) if kind == "begin"]


def test_both_languages_have_the_same_blocks_and_each_ends() -> None:
    for document in DOCUMENTS:
        marks = MARK.findall(document.read_text(encoding="utf-8"))
        assert [kind for kind, _ in marks] == ["begin", "end"] * (len(marks) // 2)
        assert [name for _, name in marks[::2]] == [name for _, name in marks[1::2]]
    assert blocks(DOCUMENTS[0]) == blocks(DOCUMENTS[1])


def test_tables_are_put_between_their_marks(tmp_path: Path, bench) -> None:  # type: ignore[no-untyped-def]
    document = tmp_path / "d.md"
    document.write_text("a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n")
    bench.fill(document, {"x": "\n| new \\1 |\n", "unused": ""})
    assert document.read_text() == "a\n<!-- begin x -->\n\n| new \\1 |\n<!-- end x -->\nb\n"
    with pytest.raises(ValueError, match="nothing fills the block x"):
        bench.fill(document, {})


@pytest.fixture
def trained_on(bench, monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:  # type: ignore[no-untyped-def]
    """The scenarios that each network is trained on, for one epoch."""
    pytest.importorskip("torch", reason="needs the extra `train`")
    seen: list[set[str]] = []
    real = bench.write_dataset

    def spied(windows, candles, labels, *rest, **more):  # type: ignore[no-untyped-def]
        seen.append(set(labels["scenario"]))
        return real(windows, candles, labels, *rest, **more)

    monkeypatch.setattr(bench, "write_dataset", spied)
    monkeypatch.setattr(bench, "EPOCHS", 1)
    return seen


def test_a_network_is_trained_without_a_behaviour(bench, trained_on: list[set[str]]) -> None:  # type: ignore[no-untyped-def]
    population = bench.simulate(120, 4)
    asked = argparse.Namespace(deep="hacker,day_trader", lesson=120, seed=4)
    assert bench._absent(asked.deep, population) == []
    assert list(bench._behaviours(asked.deep)) == ["", "hacker", "day_trader"]
    found = bench._without("hacker", population, asked)
    assert trained_on[0].isdisjoint({"hacker", "victim"})
    assert "day_trader" in trained_on[0]
    without = found["flagged_at_one_percent"]["hacker"]
    assert set(found) == {"without", "flagged_at_one_percent"}
    assert 0 <= without <= 1
    # Beside the network that learnt everything, which is asked about every behaviour.
    whole = {"without": "", "flagged_at_one_percent": {"hacker": 0.5, "day_trader": 0.25}}
    (row,) = bench._deep([whole, found], "en")["rows"]
    assert row == ["Hacker", "50.0%", bench.percent(without)]


def test_behaviours_that_cannot_be_measured(bench, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    arguments = ["detection", "--accounts", "40", "--negatives", "0"]
    monkeypatch.setattr(sys, "argv", [*arguments, "--deep", "one_shot, robber"])
    with pytest.raises(SystemExit) as refused:
        bench.main()
    assert refused.value.code == 2
    assert "--deep robber: no such behaviour" in capsys.readouterr().err
    population = bench.simulate(40, 4, scenarios=["day_trader"])
    monkeypatch.setattr(bench, "simulate", lambda *_: population)
    monkeypatch.setattr(sys, "argv", [*arguments, "--deep", "one_shot,day_trader"])
    assert bench.main() == 2
    assert "--deep one_shot: nobody does it; ask for more --accounts" in capsys.readouterr().err


def test_a_table_is_markdown(bench) -> None:  # type: ignore[no-untyped-def]
    table = {"caption": "", "heads": ["Who", "Share"], "rows": [["a", "1%"], ["b", "2%"]]}
    lines = bench.markdown(table).strip().splitlines()
    assert lines == ["| Who | Share |", "| :-- | --: |", "| a | 1% |", "| b | 2% |"]
