"""The tables of accounts: whose windows and days are counted, and how they are told."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.docs.commands import ROOT
from tradeglyph.model.shipped import open_model
from tradeglyph.simulate.population import simulate

pytest.importorskip("sklearn", reason="needs the extra `train` or `plot`")

SEED = 91
WAYS = ("answer", "alone", "sides")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(str(ROOT))
    for name in [name for name in sys.modules if name.split(".")[0] == "bench"]:
        monkeypatch.delitem(sys.modules, name)
    from bench import accounts

    return accounts


def row(behaviour: str, symbols: int, count: int, window: int = 0, day: int = 0, **more: Any):  # type: ignore[no-untyped-def]
    """As many accounts by every way."""
    return {
        "behaviour": behaviour,
        "symbols": symbols,
        "accounts": count,
        "by_window": dict.fromkeys(WAYS, window),
        "by_day": dict.fromkeys(WAYS, day),
        **more,
    }


def tables(bench, lang: str, **figures: Any) -> tuple[list[list[str]], list[list[str]]]:  # type: ignore[no-untyped-def]
    whole = {"accounts": 40, "seed": 7, "theft": [], "honest": [], "mixed": []} | figures
    blocks = bench.account_blocks(whole, lang)
    assert blocks["accounts_by"] == "`python -m bench.accounts --accounts 40 --seed 7`\n"

    def cells(block: str) -> list[list[str]]:
        lines = [line for line in block.splitlines() if line.startswith("|")][2:]
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]

    return cells(blocks["accounts_theft"]), cells(blocks["accounts_honest"])


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("en", ["Drip", "Hacker, one trip a symbol", "Hacker, two trips a symbol"]),
        ("zh", ["细水长流式转移", "黑客，每个标的一个来回", "黑客，每个标的两个来回"]),
    ],
)
def test_thefts_stand_by_behaviour_and_trips(bench, lang: str, names: list[str]) -> None:  # type: ignore[no-untyped-def]
    theft = [
        row("hacker", 3, 4, 1, 4, trips=2),
        row("hacker", 3, 4, 0, 1, trips=1),
        row("drip", 3, 4, 2, 2, trips=0),
    ]
    shown, _ = tables(bench, lang, theft=theft)
    assert [line[0] for line in shown] == names
    # 1 of 4 by a window, all of them with the day: 0.025 ** (1 / 4) is 39.8 %.
    assert shown[2][1:5] == ["3", "4", "25.0%", "100% (39.8% – 100%)"]


def test_honest_sums_leave_out_the_crowd_the_lucky_and_the_ambiguous(bench) -> None:  # type: ignore[no-untyped-def]
    honest = [
        row("crowd", 2, 900, 0, 9, kind="normal"),
        row("seed_normal", 2, 70, 0, 7, kind="normal"),
        row("wick_ladder", 2, 50, 50, 50, kind="ambiguous"),
        row("wash_trader", 2, 30, kind="wash"),
        row("grid", 2, 10, 1, 2, kind="normal"),
        row("dca", 2, 60, kind="normal"),
    ]
    _, shown = tables(bench, "en", honest=honest, mixed=[row("mixed", 2, 8, 2, 4)])
    counted = {(line[0].strip("*"), line[1]): line[2] for line in shown}
    sums = "Honest, all kinds but the crowd and the seeds' normal account"
    assert counted[sums, "2"] == "100"
    assert counted["Every other honest kind", "2"] == "90"
    assert counted["Honest, another kind in each symbol", "2"] == "8"
    (total,) = [line for line in shown if (line[0].strip("*"), line[1]) == (sums, "2")]
    assert total[3] == "1.0%"
    assert total[4].startswith("2.0% (")
    # Every kind of which somebody is up has a line of its own, whatever it is.
    assert [line[0] for line in shown if line[1] == "2"][2:-1] == [
        "Everybody else in the market",
        "Grid bot",
        "The seeds' normal account",
        "Ladder in the wicks",
    ]


def test_small_thefts_are_found_by_the_day_and_not_by_a_window(bench) -> None:  # type: ignore[no-untyped-def]
    """One trip in each of five symbols; the other sides tell without the day."""
    scorer = open_model("default")
    market = bench.simulate_market(np.random.default_rng(SEED), 30)
    day = bench.one_day(simulate(200, SEED, scenarios=["hacker"], market=market))
    few = bench.with_trips(day, "hacker", "victim", 1)
    found = bench._found(*bench.joined(few, 5, SEED), scorer)
    figures = found.row(found.scenario == "hacker", "hacker", 5)
    count, window, with_day = (figures[name] for name in ("accounts", "by_window", "by_day"))
    assert count >= 10
    assert window["answer"] < 0.4 * count
    assert with_day["answer"] > 0.85 * count
    assert with_day["alone"] > 0.8 * count
    assert window["sides"] == with_day["sides"] > 0.85 * count
    # Nobody is lost by a look at the day.
    for way in WAYS:
        assert (found.by_day[way] | ~found.by_window[way]).all()


def test_a_window_that_the_ledger_would_have_raised_is_not_the_day_s(bench) -> None:  # type: ignore[no-untyped-def]
    """By an independent way: everything is weighed twice, with the day and without it."""
    scorer = open_model("default")
    population, symbols = bench.joined(bench.one_day(simulate(1_200, SEED)), 3, SEED)
    found = bench._found(population, symbols, scorer)
    windows = bench.windows_of(population)
    own = bench.score_windows(windows, population.candles, scorer, scorer.threshold, "en")
    frame = bench.score_frame(windows, own, scorer.name)
    trades = bench.trades_of(population)
    for way, tape in (("alone", trades.drop(bench.SIDES)), ("sides", trades)):
        scores = bench.weigh(frame, tape, bench.AccountLists(), "en", alone=own.alone).scores
        up = scores["verdict"].is_in(["review", "hold"]).to_numpy()
        wanted = np.bincount(windows.account, up, minlength=len(symbols)) > 0
        assert wanted.any()
        np.testing.assert_array_equal(found.by_window[way], wanted)


def test_seeds_of_the_model_s_own_training_are_refused(bench) -> None:  # type: ignore[no-untyped-def]
    scorer = open_model("default")
    seed = scorer.artifact.card.data.seed
    assert seed is not None
    for near in (seed, seed - len(bench.SMALL) - 1):
        with pytest.raises(ValueError, match="was trained on seed"):
            bench.account_figures(scorer, 40, near)


def test_the_documents_have_a_place_for_every_table(bench) -> None:  # type: ignore[no-untyped-def]
    empty = {"accounts": 40, "seed": 7, "theft": [], "honest": [], "mixed": []}
    for lang, document in bench.DETECTION.items():
        words = (ROOT / document).read_text(encoding="utf-8")
        for name in bench.account_blocks(empty, lang):
            assert f"<!-- begin {name} -->" in words


def test_only_its_own_tables_are_written(bench, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    document = tmp_path / "d.md"
    marks = "".join(f"<!-- begin {n} -->\n<!-- end {n} -->\n" for n in ("accounts_by", "other"))
    document.write_text(marks)
    empty = {"accounts": 40, "seed": 7, "theft": [], "honest": [], "mixed": []}
    monkeypatch.setattr(bench, "account_figures", lambda *_: empty)
    monkeypatch.setattr(bench, "DETECTION", {"en": document})
    monkeypatch.setattr(sys, "argv", ["accounts"])
    assert bench.main() == 0
    command = "`python -m bench.accounts --accounts 40 --seed 7`\n"
    assert document.read_text() == marks.replace(
        "accounts_by -->\n<!-- end", f"accounts_by -->\n{command}<!-- end"
    )
