"""`make evaluate`: the tables of docs/detection.md, from worlds that no training has seen.

    python -m bench.detection [--accounts N] [--negatives N] [--deep a,b] [--keep] ...

Simulates accounts in held-out worlds, evaluates the model on them, scores hard negatives by the
hundred thousand, and writes the tables into the marked blocks of the two documents. Same model,
same arguments, same tables.

`--deep` trains a network anew without each named behaviour (two minutes and more for each), and one
with all of them to compare with: what `evaluate` can do for the tree in passing.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.accounts import ACCOUNTS as JOINED
from bench.accounts import account_blocks, account_figures
from bench.documents import DETECTION, fill, markdown
from bench.parts import Scores, part_figures, part_scores, part_tables
from bench.truth import trades_of, truth_of, windows_of
from tradeglyph.app.counterparties import weigh
from tradeglyph.app.evaluation import EvaluationRequest, evaluate_windows
from tradeglyph.app.proofs import Effort, case_of
from tradeglyph.app.scoring import score_accounts, score_frame
from tradeglyph.domain.lists import AccountLists
from tradeglyph.drawing.formats import number, percent, percent_range, stated
from tradeglyph.drawing.report_proofs import Table, proof_view
from tradeglyph.drawing.texts import scenario_title, text
from tradeglyph.learning.dataset import write_dataset
from tradeglyph.learning.false_positives import falling_rates
from tradeglyph.learning.fit import fit_artifact
from tradeglyph.learning.folder import read_folder
from tradeglyph.learning.fused import FEATURES_ONLY, FUSED
from tradeglyph.learning.intervals import exact_share, upper_bound
from tradeglyph.learning.leave_out import families
from tradeglyph.learning.metrics import jsonable
from tradeglyph.learning.options import TrainOptions
from tradeglyph.learning.ranking import Cut
from tradeglyph.model.artifact import load_artifact, write_artifact
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.picture.spec import DEFAULT
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.results.simulation import labels_frame
from tradeglyph.simulate.parts import CROWD
from tradeglyph.simulate.population import Population, simulate
from tradeglyph.simulate.scenarios import SCENARIOS

OUT = Path("build/detection")
EFFORT = Effort(probes=900, pictures=200, filling=400, pairs_each=24)
LESSON = 7_000
"""Accounts that a network without a behaviour is trained on."""
EPOCHS = 6
AT_ONCE = 25_000
"""Accounts simulated at once; bounds the memory."""
Figures = dict[str, Any]


def main() -> int:
    """Simulate, evaluate, write."""
    asked = _arguments()
    scorer = open_model(asked.model)
    population = simulate(asked.accounts, asked.seed)
    absent = _absent(asked.deep, population)
    if absent:
        print(
            f"--deep {', '.join(absent)}: nobody does it; ask for more --accounts", file=sys.stderr
        )
        return 2
    parts, lesson = part_scores(population, scorer, asked.seed + 200_000)
    metrics = _evaluated(population, scorer, parts, asked)
    fraud = _fraud_scores(population, scorer)
    negatives = _negatives(scorer, fraud, asked) if asked.negatives else None
    deep = [_without(name, population, asked) for name in _behaviours(asked.deep)]
    truth = truth_of(population, windows_of(population))
    beside = part_figures(parts, truth, metrics["comparison"]["false_alarms"], lesson)
    figures = {"negatives": negatives, "parts": beside, "deep": deep, "command": _command(asked)}
    figures["accounts"] = account_figures(scorer, JOINED, asked.seed + 300_000)
    (OUT / "negatives.json").write_text(json.dumps(jsonable(figures), indent=2) + "\n")
    if not asked.keep:
        for lang, document in DETECTION.items():
            fill(document, _blocks(metrics, figures, scorer, lang))
            print(f"{document}: tables written", file=sys.stderr)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make evaluate")
    parser.add_argument("--model", default="default", help="a shipped model's name or a folder")
    parser.add_argument("--accounts", type=int, default=20_000, help="in held-out worlds")
    parser.add_argument("--seed", type=int, default=9001, help="no training uses it")
    parser.add_argument("--negatives", type=int, default=300_000, help="hard negatives; 0 for none")
    parser.add_argument("--deep", default="", help="behaviours to train without, comma-separated")
    parser.add_argument("--lesson", type=int, default=LESSON, help="accounts --deep trains on")
    parser.add_argument("--keep", action="store_true", help="leave the documents as they are")
    asked = parser.parse_args()
    asked.deep = ",".join(name.strip() for name in asked.deep.split(",") if name.strip())
    unknown = set(_behaviours(asked.deep)) - {"", *(s.info.name for s in SCENARIOS)}
    if unknown:
        parser.error(f"--deep {', '.join(sorted(unknown))}: no such behaviour")
    return asked


def _command(asked: argparse.Namespace) -> str:
    given = f"--accounts {asked.accounts} --seed {asked.seed} --negatives {asked.negatives}"
    lesson = "" if asked.lesson == LESSON else f" --lesson {asked.lesson}"
    deep = f" --deep {asked.deep}{lesson}" if asked.deep else ""
    return f"make evaluate ARGS='{given}{deep}'"


def _evaluated(
    population: Population, scorer: OnnxScorer, parts: Scores, asked: argparse.Namespace
) -> Figures:
    """`metrics.json` and both reports, under `build/detection`."""
    labels, windows = labels_frame(population), windows_of(population)
    data = {
        "description": f"tradeglyph simulate --accounts {asked.accounts} --seed {asked.seed}",
        "seed": asked.seed,
    }
    metrics: Figures = {}
    for lang in DETECTION:
        request = EvaluationRequest(
            scorer=scorer,
            lang=lang,
            data=data,
            effort=EFFORT,
            trades=trades_of(population),
            parts={name: parts[name] for name in (FEATURES_ONLY, FUSED)},
        )
        metrics = evaluate_windows(windows, population.candles, labels, request, OUT / lang)
    return metrics


# Hard negatives -----------------------------------------------------------------------------


def _scored(population: Population, scorer: OnnxScorer) -> tuple[pl.DataFrame, Any]:
    windows = windows_of(population)
    scores = score_accounts(windows, population.candles, scorer, scorer.threshold, "en")
    return truth_of(population, windows), scores


def _weighed(population: Population, scores: Any, scorer: OnnxScorer) -> np.ndarray:
    """The verdicts with the other sides known, in the windows' order."""
    frame = score_frame(windows_of(population), scores, scorer.name)
    weighed = weigh(frame, trades_of(population), AccountLists(), "en", alone=scores.alone).scores
    return weighed["verdict"].to_numpy().astype(str)


def _fraud_scores(population: Population, scorer: OnnxScorer) -> np.ndarray:
    truth, scores = _scored(population, scorer)
    fraud = (truth["label"] == "fraud").fill_null(False).to_numpy()
    return np.nan_to_num(scores.probability[fraud], nan=-np.inf)


def _honest_names() -> list[str]:
    """Scenarios that must stay quiet: not fraud, and not what fills alone cannot tell from it."""
    infos = [scenario.info for scenario in SCENARIOS]
    return [info.name for info in infos if info.kind in ("normal", "wash")]


def _negatives(scorer: OnnxScorer, fraud: np.ndarray, asked: argparse.Namespace) -> Figures:
    """Windows of honest scenarios alone, the crowd apart, until there are enough."""
    probability, verdict, scenario = [], [], []
    seed, count = asked.seed, 0
    while count < asked.negatives:
        seed += 1
        more = min(AT_ONCE, max(asked.negatives - count, 1_000))
        population = simulate(more, seed, scenarios=_honest_names())
        truth, scores = _scored(population, scorer)
        own = (truth["scenario"] != CROWD).fill_null(False).to_numpy()
        probability.append(scores.probability[own])
        verdict.append(_weighed(population, scores, scorer)[own])
        scenario.append(truth["scenario"].to_numpy()[own].astype(str))
        count += int(own.sum())
        print(f"{count:,} hard negatives", file=sys.stderr)
    score = np.nan_to_num(np.concatenate(probability), nan=-np.inf)
    flagged, names = score > scorer.threshold, np.concatenate(scenario)
    held = int((np.concatenate(verdict) == "hold").sum())
    return {
        "windows": count,
        "flagged": exact_share(int(flagged.sum()), count).to_json(),
        "flagged_upper": upper_bound(int(flagged.sum()), count),
        "hold": exact_share(held, count).to_json(),
        "hold_upper": upper_bound(held, count),
        "falling_rates": falling_rates(fraud, score),
        "scenarios": {
            str(name): exact_share(
                int(flagged[names == name].sum()), int((names == name).sum())
            ).to_json()
            for name in np.unique(names)
        },
    }


# The network without a behaviour ------------------------------------------------------------


def _behaviours(names: str) -> Iterator[str]:
    """Nothing for no names; else "" (all behaviours, to compare with) and each name."""
    if names:
        yield ""
        yield from names.split(",")


def _absent(names: str, population: Population) -> list[str]:
    """Behaviours that no held-out account has, so that nothing could be measured on them."""
    there = families(labels_frame(population)["scenario"].to_numpy().astype(object), case_of())
    return [name for name in _behaviours(names) if name and not (there == name).any()]


def _without(name: str, population: Population, asked: argparse.Namespace) -> Figures:
    """A small network trained without a behaviour, asked about the held-out worlds."""
    print(f"training {f'without {name}' if name else 'with every behaviour'}", file=sys.stderr)
    known = [s.info.name for s in SCENARIOS if s.info.name != name]
    lesson = simulate(asked.lesson, asked.seed + 100_000, scenarios=known)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_dataset(windows_of(lesson), lesson.candles, labels_frame(lesson), place, spec=DEFAULT)
        options = TrainOptions(epochs=EPOCHS, lr=3e-3, batch_size=64)
        fitted = fit_artifact(read_folder(place), options, name=f"without-{name or 'nothing'}")
        model = place / "model"
        model.mkdir()
        write_artifact(model, fitted.onnx, fitted.card)
        truth, scores = _scored(population, OnnxScorer(load_artifact(model)))
    score = np.nan_to_num(scores.probability, nan=-np.inf)
    family = families(truth["scenario"].fill_null("").to_numpy().astype(object), case_of())
    honest = (truth["label"] == "normal").fill_null(False).to_numpy()
    rows = {}
    for behaviour in [name] if name else asked.deep.split(","):
        own = family == behaviour
        rows[behaviour] = Cut.at(score[honest & ~own], 0.01).flagged(score[own])
    return {"without": name, "flagged_at_one_percent": rows}


# Documents ----------------------------------------------------------------------------------


def _blocks(metrics: Figures, figures: Figures, scorer: OnnxScorer, lang: Lang) -> dict[str, str]:
    view = proof_view(metrics, lang)
    left_out = "".join(f"\n**{t['caption']}**\n{markdown(t)}" for t in view["left_out"])
    return {
        "made_by": f"`{figures['command']}` · {scorer.name}\n",
        "summary": markdown(_summary(metrics, figures["negatives"], lang)),
        "honest": markdown(_scenarios(metrics, "normal", "share_at_same_recall", lang)),
        "fraud": markdown(_scenarios(metrics, "fraud", "share_at_same_false_alarms", lang)),
        "methods": markdown(view["methods"]),
        "parts": _parts(figures["parts"], lang),
        "base_rates": markdown(_base_rates(metrics, lang)),
        "falling": markdown(_falling(metrics, figures["negatives"], lang)),
        "alerts": markdown(view["alert_table"]),
        "money": "".join(f"\n{note}\n" for note in view["first_alert_notes"]) + "\n",
        "tail": markdown(view["tail"]),
        "tail_tellable": markdown(view["tail_tellable"]),
        "untellable": markdown(view["untellable"]),
        "left_out": left_out + "\n",
        "markets": markdown(view["markets"]),
        "deep": markdown(_deep(figures["deep"], lang)),
        "evasion": markdown(view["evasion"]),
        "moves": markdown(view["moves"]) + f"{view['gate']}\n\n",
        **account_blocks(figures["accounts"], lang),
        "verdicts": markdown(view["verdict_table"]),
        "verdicts_with": markdown(view["verdict_table_with"]),
    }


_NEGATIVES: dict[str, dict[Lang, str]] = {
    "flagged": {
        "en": "Hard negatives flagged, on fills alone",
        "zh": "困难正常窗口被标记（只看成交）",
    },
    "hold": {
        "en": "Hard negatives held, other sides known",
        "zh": "困难正常窗口被止付（已知对手方）",
    },
}


def _summary(metrics: Figures, negatives: Figures | None, lang: Lang) -> Table:
    working, worst = metrics["at_threshold"], metrics["worst_scenario"]
    rows = [
        _share(text("tile_recall", lang), working["recall"]),
        _share(f"{text('tile_worst', lang)} · {scenario_title(worst['scenario'], lang)}", worst),
        _share(text("axis_false", lang), working["false_positive_rate"]),
    ]
    if negatives:
        for figure, words in _NEGATIVES.items():
            rows.append(_share(words[lang], negatives[figure]))
    role = metrics["role"]["right"]
    rows.append(_share({"en": "Role right", "zh": "角色判断正确"}[lang], role))
    money = metrics["money"]
    ends = percent_range(money["low"], money["high"])
    words = {"en": "Recall by money", "zh": "按金额计的召回率"}
    rows.append([words[lang], number(money["windows"]), percent(money["recall"]), ends])
    heads = [{"en": "Figure", "zh": "指标"}[lang], text("windows", lang),
             {"en": "Value", "zh": "数值"}[lang], text("interval", lang)]  # fmt: skip
    return {"caption": "", "heads": heads, "rows": rows}


def _share(words: str, share: Figures) -> list[str]:
    ends = percent_range(share["low"], share["high"])
    return [words, number(share["windows"]), percent(share["value"]), ends]


def _scenarios(metrics: Figures, label: str, kind: str, lang: Lang) -> Table:
    names = list(metrics["comparison"]["baselines"])
    rows = [
        [
            scenario_title(entry["scenario"], lang),
            number(entry["flagged"]["windows"]),
            f"**{percent(entry['flagged']['value'])}**",
            percent_range(entry["flagged"]["low"], entry["flagged"]["high"]),
            *(percent(entry["baselines"][name][kind]) for name in names),
        ]
        for entry in metrics["scenarios"]
        if entry["label"] == label
    ]
    heads = ["scenario", "windows", "model", "interval", *names]
    return {"caption": "", "heads": [text(head, lang) for head in heads], "rows": rows}


def _base_rates(metrics: Figures, lang: Lang) -> Table:
    heads = ("base_rate", "precision", "precision_low", "alerts_per_day", "false_alarms_per_day",
             "false_alarms_high")  # fmt: skip
    rows = [
        [
            stated(entry["base_rate"]),
            percent(entry["precision"]),
            percent(entry["precision_low"]),
            number(entry["alerts_per_day"]),
            number(entry["false_alarms_per_day"]),
            number(entry["false_alarms_per_day_high"]),
        ]
        for entry in metrics["at_threshold"]["base_rates"]
    ]
    return {"caption": "", "heads": [text(head, lang) for head in heads], "rows": rows}


def _falling(metrics: Figures, negatives: Figures | None, lang: Lang) -> Table:
    """With the hard negatives where there are any: there are more of them."""
    figures = {**metrics, "falling_rates": (negatives or metrics)["falling_rates"]}
    table: Table = proof_view(figures, lang)["falling"]
    return table


def _parts(parts: Figures, lang: Lang) -> str:
    said, tables = part_tables(parts, lang)
    return f"\n{said}\n" + "".join(f"\n**{t['caption']}**\n{markdown(t)}" for t in tables)


def _deep(deep: list[Figures], lang: Lang) -> Table:
    heads = {
        "en": ["Behaviour", "Network trained with it", "Network trained without it"],
        "zh": ["行为", "训练中有该行为的网络", "训练中没有该行为的网络"],
    }
    whole = next((d["flagged_at_one_percent"] for d in deep if not d["without"]), {})
    rows = [
        [scenario_title(d["without"], lang), percent(whole[d["without"]]),
         percent(d["flagged_at_one_percent"][d["without"]])]
        for d in deep
        if d["without"]
    ]  # fmt: skip
    return {"caption": "", "heads": heads[lang], "rows": rows}


if __name__ == "__main__":
    sys.exit(main())
