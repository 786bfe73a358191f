"""The counts of docs/real-trades.md: blocks, kinds of reason, and what is counted of a window."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.docs.commands import ROOT, commands_of
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.recognizers.reasons import Flow, flow_reason
from tradeglyph.recognizers.wash.findings import Criterion, WashFindings
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.words import wash_sentence

pytest.importorskip("sklearn", reason="needs the extra `train` or `plot`")

DOCUMENTS = [ROOT / "docs" / name for name in ("real-trades.md", "real-trades.zh-CN.md")]
MARK = re.compile(r"<!-- (begin|end) (\w+) -->")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(str(ROOT))
    for name in ("bench", "bench.real_trades"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    from bench import real_trades

    return real_trades


def scores(*rows: tuple[str, str, float | None, str, str]) -> pl.DataFrame:
    """As the CSV of scores gives them: account, flagged, probability, verdict, reason."""
    return pl.DataFrame(
        {
            "account_id": [row[0] or None for row in rows],
            "symbol": ["X"] * len(rows),
            "window_start": ["2026-01-02T00:00:00Z"] * len(rows),
            "flagged": [row[1] for row in rows],
            "probability": [row[2] for row in rows],
            "verdict": [row[3] or None for row in rows],
            "reason": [row[4] or None for row in rows],
        },
        schema_overrides={"account_id": pl.String, "verdict": pl.String, "reason": pl.String},
    )


def trades(*rows: tuple[str, int, float, float]) -> pl.DataFrame:
    """Account, side, price, quantity, all on one day."""
    columns = dict(zip(("account_id", "side", "price", "quantity"), zip(*rows, strict=True),
                       strict=True))  # fmt: skip
    time = pl.Series([datetime(2026, 1, 2, 10, tzinfo=UTC)] * len(rows))
    return pl.DataFrame(columns).with_columns(pl.lit("X").alias("symbol"), time.alias("time"))


def test_both_languages_have_the_same_blocks_and_each_is_filled(bench) -> None:  # type: ignore[no-untyped-def]
    found = []
    for document in DOCUMENTS:
        marks = MARK.findall(document.read_text(encoding="utf-8"))
        assert [kind for kind, _ in marks] == ["begin", "end"] * (len(marks) // 2)
        assert [name for _, name in marks[::2]] == [name for _, name in marks[1::2]]
        found.append([name for _, name in marks[::2]])
    assert found[0] == found[1]
    runs = [bench.Run(name="Ethereum", way="alone_run", windows=one_of_each(bench))]
    assert set(found[0]) == {"made_by", "verdicts", "accounts", "reasons", "shapes", "bots"}
    for lang in ("en", "zh"):
        assert bench._WORDS[lang].keys() == bench._WORDS["en"].keys()
        assert len(bench._reasons(runs, lang)["rows"]) == len(bench.KINDS)


def one_of_each(bench) -> pl.DataFrame:  # type: ignore[no-untyped-def]
    """Four windows: a flagged gain, a flagged loss that is cleared, a quiet one, a silent one."""
    said = scores(
        ("a", "true", 0.9, "review", ""),
        ("b", "true", 0.8, "quiet", f"x; {bench.cleared('en')}"),
        ("", "false", 0.1, "quiet", bench.nameless("en")),
        ("d", "false", None, "", bench.unanswered(bench.TOO_FEW_FILLS, "en")),
    )
    tape = trades(
        ("a", BUY, 10.0, 100.0), ("a", SELL, 11.0, 99.5),
        ("b", BUY, 10.0, 3.0), ("b", SELL, 10.0, 3.0),
        ("", BUY, 10.0, 100.0), ("", SELL, 20.0, 98.0),
        ("d", BUY, 10.0, 1.0),
    )  # fmt: skip
    windows: pl.DataFrame = bench.windows_of(said, tape)
    return windows


def test_what_is_counted_of_windows(bench) -> None:  # type: ignore[no-untyped-def]
    windows = one_of_each(bench)
    # 100 against 99.5 is within 1 %, 100 against 98 is not; equal money is no gain.
    assert windows["shape"].to_list() == ["gain", "loss", "unequal", "unequal"]
    assert windows["answered"].to_list() == [True, True, True, False]
    run = bench.Run(name="Ethereum", way="alone_run", windows=windows)
    (row,) = bench._verdicts([run], "en")["rows"]
    # Windows, answered, flagged, review, hold, and two quiet of three answered.
    assert row == ["Ethereum, fills alone", "4", "3", "2", "1", "0", "66.7%"]
    (row,) = bench._accounts([run], "en")["rows"]
    assert row[1:] == ["4", "2", "1", "0"]
    told = {row[0]: row[1] for row in bench._reasons([run], "en")["rows"]}
    assert told.pop("Ledger: the other sides clear a flagged window") == "1 (1)"
    assert told.pop("Fills that name no account") == "1 (1)"
    assert told.pop("No probability: fewer than two fills") == "1 (1)"
    assert set(told.values()) == {"0"}
    assert [row[1] for row in bench._by_shape([run], "en")["rows"]] == ["1 / 1", "1 / 1", "0 / 1"]


def test_bots_are_those_that_gain_three_times(bench) -> None:  # type: ignore[no-untyped-def]
    trips = pl.DataFrame(
        {
            "account": [*"aaabb", "c"],
            "weth_buy": [1.0] * 6,
            "weth_sell": [2.0, 2.0, 2.0, 2.0, 1.0, 1.0],
        }
    )
    assert set(bench.bots(trips).rows()) == {("a", "many"), ("b", "few")}


def finding(criterion: Criterion) -> WashFindings:
    """Account 0 in symbol 0, four trades of a unit each on a day."""
    one, day = np.array([1.0]), 86_400_000_000
    return WashFindings(
        criterion=np.array([criterion.value], dtype=object),
        account=np.zeros(1, dtype=np.int32),
        members=np.zeros(1, dtype=np.int32),
        offset=np.array([0, 1]),
        symbol=np.zeros(1, dtype=np.int32),
        window_start=np.zeros(1, dtype=np.int64),
        window_us=np.array([day]),
        numerator=4 * one,
        denominator=8 * one,
        trades=np.array([4]),
        result=-one,
    )


@pytest.mark.parametrize("criterion", Criterion)
def test_every_wash_criterion_is_a_kind(bench, criterion: Criterion) -> None:  # type: ignore[no-untyped-def]
    assert len(bench.WASH) == len(Criterion)
    said = wash_sentence(
        finding(criterion),
        0,
        account_names=np.array(["a"], dtype=object),
        symbol_names=np.array(["X"], dtype=object),
        settings=WashSettings(),
        lang="en",
    )
    assert [name for name, begins in bench.WASH.items() if said.startswith(begins)] == [
        criterion.name.lower()
    ]


@pytest.mark.parametrize("gains", [True, False])
def test_a_flow_is_a_kind(bench, gains: bool) -> None:  # type: ignore[no-untyped-def]
    flow = Flow(gains=gains, other="b", low=10.0, trades=2, volume_share=0.1)
    said = flow_reason(flow, "en")
    told = [kind for kind, words in bench.KINDS.items() if any(word in said for word in words)]
    assert told == ["flow"]


def test_the_how_to_is_what_is_run(bench) -> None:  # type: ignore[no-untyped-def]
    assert bench.how_to() == [list(command.words) for command in commands_of(bench.HOW_TO)]


def test_without_the_files_it_says_so(bench, monkeypatch, tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(bench, "SHARED", tmp_path)
    monkeypatch.setattr(sys, "argv", ["real_trades"])
    assert bench.main() == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "derived_trades_8944b6e.csv: is not here" in said
