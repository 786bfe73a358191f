"""What an evaluation proves beyond its figures: the gate, what moves a probability and what must
not, what was never learnt, what evades, and how early an alert comes.

Nothing here needs more than the model, its windows and their labels, so it is run for every model.
"""

import tempfile
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.app.scoring import score_windows
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY, Fills
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.artefacts import market_artefacts, picture_artefacts
from tradeglyph.learning.baselines import DOT_COUNTER, TREE
from tradeglyph.learning.crossfit import Worlds
from tradeglyph.learning.evasion import evasion
from tradeglyph.learning.first_alert import first_alert
from tradeglyph.learning.gate import judge
from tradeglyph.learning.gather import beginnings
from tradeglyph.learning.invariances import invariances
from tradeglyph.learning.leave_out import (
    Questions,
    families,
    leave_markets_out,
    leave_scenarios_out,
)
from tradeglyph.learning.metrics import Judged
from tradeglyph.learning.probes import Ask, probe_of, sensitive, whole_accounts
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.simulate.scenarios import SCENARIOS
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.tables import UTC_TIME, fills_of
from tradeglyph.sources.trades import read_trades

Figures = dict[str, Any]

ELSEWHERE = "Asia/Shanghai"
"""The input's other time zone: eight hours from UTC and without summer time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How many windows are spent on what; 0 leaves the proof out."""

    probes: int = 300
    """Windows asked again in artefact tests and invariances."""
    pictures: int = 60
    """Of them, pictures drawn and compressed otherwise, where the model reads files."""
    filling: int = 120
    """Fraud windows scored again and again while they fill up."""
    pairs_each: int = 8
    """Simulated pairs for every gap, number of trips and size of the evasion curve."""
    left_out: bool = True
    """Whether trees are grown without each behaviour and market."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The windows that have a label."""

    judged: Judged
    worlds: Worlds
    """What the baselines read of them."""
    rows: NDArray[np.intp]
    """Their positions among all windows."""
    symbol: NDArray[np.int32]


def proofs(
    windows: Windows, candles: Candles, scorer: OnnxScorer, truth: Truth, effort: Effort
) -> Figures:
    """Every proof by name, for `metrics.json`."""
    judged = truth.judged

    def ask(asked: Windows, market: Candles) -> NDArray[np.float64]:
        return score_windows(asked, market, scorer, judged.threshold, "en").probability

    trained_on = scorer.artifact.card.data.scenarios
    return {
        "gate": _gate(judged, ~judged.fraud | judged.tellable),
        "gate_on_all": _gate(judged, np.ones(len(judged.label), dtype=bool)),
        **_moves(windows, candles, scorer, truth, effort, ask),
        **_first_alert(windows, candles, truth, effort, ask),
        **_left_out(truth, trained_on, effort),
        **_evasion(judged, effort, ask),
        "effort": asdict(effort),
    }


def _gate(judged: Judged, rows: NDArray[np.bool_]) -> Figures:
    """The leak gate on some of the windows: worlds that training has not seen."""
    if DOT_COUNTER not in judged.baselines:
        few = ["too few worlds for the baselines"]
        return {"passed": None, "reasons": few, "findings": [], "notes": []}
    seen = judged.answered & rows
    report = judge(
        judged.label[seen],
        judged.scenario[seen],
        judged.score[seen],
        {name: score[seen] for name, score in judged.baselines.items()},
    )
    return {
        "passed": report.passed,
        "reasons": list(report.reasons),
        "findings": list(report.findings),
        "notes": list(report.notes),
    }


def _moves(
    windows: Windows,
    candles: Candles,
    scorer: OnnxScorer,
    truth: Truth,
    effort: Effort,
    ask: Ask,
) -> Figures:
    judged = truth.judged
    if not effort.probes or not judged.answered.any():
        return {"artefacts": [], "invariances": []}
    chosen = truth.rows[sensitive(judged.score, judged.fraud, effort.probes, effort.seed)]
    probe = probe_of(windows, candles, whole_accounts(windows, chosen, 2 * effort.probes))
    some = chosen[: effort.pictures]
    pictured = beginnings(windows, some, windows.sizes[some])
    spec = scorer.artifact.spec
    return {
        "artefacts": [
            *market_artefacts(ask, probe),
            *picture_artefacts(scorer.probability, spec, pictured, candles),
        ],
        "invariances": invariances(ask, probe, written_elsewhere, effort.seed),
    }


def written_elsewhere(fills: Fills) -> Fills:
    """The fills as a file of local times in Shanghai, read again with that zone given."""
    zone = ZoneInfo(ELSEWHERE)
    accounts = pl.Series(fills.account_names.tolist(), dtype=pl.String)
    symbols = pl.Series(fills.symbol_names.tolist(), dtype=pl.String)
    frame = pl.DataFrame(
        {
            "account_id": accounts.gather(fills.account.astype(np.uint32)),
            "symbol": symbols.gather(fills.symbol.astype(np.uint32)),
            "time": pl.Series(fills.time)
            .cast(UTC_TIME)
            .dt.convert_time_zone(zone.key)
            .dt.strftime("%Y-%m-%d %H:%M:%S%.6f"),
            "side": np.where(fills.side == BUY, "buy", "sell"),
            "price": fills.price,
            "quantity": fills.quantity,
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "elsewhere.csv"
        frame.write_csv(path)
        read = read_trades(path, ReadOptions(timezone=zone.key)).frame
    again = fills_of(read, fills.symbol_names.tolist())
    # Reading numbers the accounts by their sorted names.
    codes = {name: code for code, name in enumerate(fills.account_names.tolist())}
    own = np.array([codes[name] for name in again.account_names], dtype=np.int32)
    return replace(again, account=own[again.account], account_names=fills.account_names)


def _first_alert(
    windows: Windows, candles: Candles, truth: Truth, effort: Effort, ask: Ask
) -> Figures:
    judged = truth.judged
    fraud = np.flatnonzero(judged.fraud & judged.answered)
    if not effort.filling or not len(fraud):
        return {"first_alert": None}
    chosen = np.sort(np.random.default_rng(effort.seed).permutation(fraud)[: effort.filling])
    figures = first_alert(
        windows,
        candles,
        truth.rows[chosen],
        judged.group[chosen],
        ask,
        threshold=judged.threshold,
        draws=200,
        seed=effort.seed,
    )
    return {"first_alert": figures}


def _left_out(truth: Truth, trained_on: Collection[str], effort: Effort) -> Figures:
    judged, worlds = truth.judged, truth.worlds
    if not effort.left_out or TREE not in judged.baselines:
        return {"scenarios_left_out": None, "markets_left_out": None}
    questions = Questions(
        label=judged.label,
        family=families(judged.scenario, case_of()),
        world=judged.group.astype(str),
        market=truth.symbol.astype(str),
        features=worlds.features,
        hand_rule=worlds.hand_rule,
        model=judged.score,
        tree=judged.baselines[TREE],
    )
    return {
        "scenarios_left_out": leave_scenarios_out(
            questions, trained_on=trained_on, seed=effort.seed
        ),
        "markets_left_out": leave_markets_out(questions, seed=effort.seed),
    }


def case_of() -> dict[str, str]:
    """From the names of victims and company to the scenario whose case they belong to."""
    infos = [scenario.info for scenario in SCENARIOS]
    others = [(part, info) for info in infos for part in (info.victim, info.company) if part]
    return {part.name: info.name for part, info in others}


def _evasion(judged: Judged, effort: Effort, ask: Ask) -> Figures:
    if not effort.pairs_each:
        return {"evasion": None}
    figures = evasion(
        ask, threshold=judged.threshold, pairs_each=effort.pairs_each, seed=effort.seed
    )
    return {"evasion": figures}
