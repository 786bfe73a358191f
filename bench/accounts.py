"""What an account's day over all symbols adds: the tables of accounts in docs/detection.md.

    python -m bench.accounts [--accounts N] [--seed N] [--model M] [--keep]

Joins simulated accounts of one symbol each to accounts of several (`bench.joined`) and counts who
is up for review or on hold by a window alone, and who is with the account's day. Thieves take a
little in each symbol from the same victim; honest people do what they do in all of theirs. Same
model, same arguments, same tables. `make evaluate` writes them as well.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.documents import DETECTION, markdown, put
from bench.joined import joined, one_day, with_trips
from bench.truth import trades_of, truth_of, windows_of
from tradeglyph.app.counterparties import SIDES, weigh
from tradeglyph.app.scoring import score_frame, score_windows, with_accounts
from tradeglyph.domain.lists import AccountLists
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.drawing.formats import number, percent, percent_range
from tradeglyph.drawing.report_proofs import Table
from tradeglyph.drawing.texts import scenario_title
from tradeglyph.learning.intervals import exact_share
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.score import Scores
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.simulate.parts import CROWD, parts
from tradeglyph.simulate.population import Population, simulate
from tradeglyph.simulate.random_walk import simulate_market
from tradeglyph.simulate.scenario import QUIET

ACCOUNTS = 6_000
"""By the weights of their scenarios; half as many are mixed, and of each small theft a tenth."""
SEED = 309_001
SYMBOLS = (2, 3, 5, 8)
"""An account's, all on one day."""
SMALL = (("hacker", "victim", 1), ("hacker", "victim", 2), ("soft_hacker", "soft_victim", 1))
"""Thief, victim, and the round trips that are left of the transfer in each symbol."""
WHOLE = (
    "camouflaged",
    "camouflaged_victim",
    "drip",
    "drip_victim",
    "soft_hacker",
    "soft_victim",
)
"""Thieves and victims in several symbols, with all of their trips in each."""
CASES_PER_WORLD = 3
"""Thefts in a symbol's day: more of them would print the market that they are measured against."""
LUCKY = "seed_normal"
"""Buys in the lowest and sells in the highest tenth of the candle, once or twice: normal, since so
few. Joined with its like it does that in every symbol, as a thief does and no definition excuses,
so it has a line of its own."""
MIXED = "mixed"
WAYS = ("answer", "alone", "sides")
"""The model's own answer; the verdict on fills alone; the verdict with the other sides known."""
Figures = dict[str, Any]
Mask = NDArray[np.bool_]


def main() -> int:
    """Simulate, join, count, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.accounts")
    parser.add_argument("--model", default="default", help="a shipped model's name or a folder")
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="simulated ones to join")
    parser.add_argument("--seed", type=int, default=SEED, help="no training uses it")
    parser.add_argument(
        "--keep", action="store_true", help="print, leave the documents as they are"
    )
    asked = parser.parse_args()
    figures = account_figures(open_model(asked.model), asked.accounts, asked.seed)
    for lang, document in DETECTION.items():
        blocks = account_blocks(figures, lang)
        if asked.keep:
            print("\n".join(blocks.values()))
        else:
            put(document, blocks)
            print(f"{document}: tables of accounts written", file=sys.stderr)
    return 0


def account_figures(scorer: OnnxScorer, accounts: int, seed: int) -> Figures:
    """Counts of joined accounts by what they do and in how many symbols.

    Raises ValueError where the model learnt from that seed.
    """
    if scorer.artifact.card.data.seed in range(seed, seed + len(SMALL) + 2):
        raise ValueError(f"{scorer.name} was trained on seed {seed}; take another --seed")
    by_kind = list(_kind_rows(scorer, accounts, seed))
    return {
        "accounts": accounts,
        "seed": seed,
        "theft": [*_small_rows(scorer, accounts // 10, seed + 2), *_of(by_kind, *WHOLE)],
        "honest": _of(by_kind, *_quiet_names()),
        "mixed": list(_mixed_rows(scorer, accounts // 2, seed + 1)),
    }


def _small_rows(scorer: OnnxScorer, accounts: int, seed: int) -> Iterator[Figures]:
    for number_, (thief, victim, trips) in enumerate(SMALL):
        print(f"joining {thief}, {trips} trips a symbol", file=sys.stderr)
        rng = np.random.default_rng(seed + number_)
        market = simulate_market(rng, max(2, accounts // (2 * CASES_PER_WORLD)))
        population = simulate(accounts, seed + number_, scenarios=[thief], market=market)
        day = with_trips(one_day(population), thief, victim, trips)
        for symbols in SYMBOLS:
            found = _found(*joined(day, symbols, seed), scorer)
            for name in (thief, victim):
                yield {"trips": trips, **found.row(found.scenario == name, name, symbols)}


def _kind_rows(scorer: OnnxScorer, accounts: int, seed: int) -> Iterator[Figures]:
    day = one_day(simulate(accounts, seed))
    for symbols in SYMBOLS:
        print(f"joining accounts of a kind, {symbols} symbols", file=sys.stderr)
        found = _found(*joined(day, symbols, seed), scorer)
        for part in parts():
            row = found.row(found.scenario == part.name, part.name, symbols)
            yield {"kind": part.kind, "trips": 0, **row}


def _of(rows: list[Figures], *names: str) -> list[Figures]:
    return [row for row in rows if row["behaviour"] in names]


def _quiet_names() -> list[str]:
    """What must stay quiet at least where the other sides are known."""
    return [part.name for part in parts() if part.allowed_with == QUIET]


def _mixed_rows(scorer: OnnxScorer, accounts: int, seed: int) -> Iterator[Figures]:
    names = [part.name for part in parts() if _honest(part.kind) and part.name != CROWD]
    day = one_day(simulate(accounts, seed))
    for symbols in SYMBOLS:
        print(f"joining honest accounts of any kind, {symbols} symbols", file=sys.stderr)
        found = _found(*joined(day, symbols, seed, as_one=names), scorer)
        yield found.row(np.isin(found.scenario.astype(str), names), MIXED, symbols)


def _honest(kind: str) -> bool:
    """Whether a kind of behaviour must stay quiet on fills alone, too."""
    return kind in ("normal", "wash")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One element per account of a joined population."""

    symbols: NDArray[np.int64]
    scenario: NDArray[np.object_]
    """Of one of its symbols."""
    by_window: Mapping[str, Mask]
    """By way: whether a window is up for review or on hold, without any account's day."""
    by_day: Mapping[str, Mask]
    """The same with it."""

    def row(self, which: Mask, name: str, symbols: int) -> Figures:
        """Counts of the accounts `which` in so many symbols."""
        mine = which & (self.symbols == symbols)
        return {
            "behaviour": name,
            "symbols": symbols,
            "accounts": int(mine.sum()),
            "by_window": {way: int(up[mine].sum()) for way, up in self.by_window.items()},
            "by_day": {way: int(up[mine].sum()) for way, up in self.by_day.items()},
        }


def _found(population: Population, symbols: NDArray[np.int64], scorer: OnnxScorer) -> _Found:
    windows, candles = windows_of(population), population.candles
    own = score_windows(windows, candles, scorer, scorer.threshold, "en")
    both = with_accounts(own, windows, candles, scorer, scorer.threshold, "en")
    added = both.verdict != own.verdict
    trades = trades_of(population)
    frame = score_frame(windows, both, scorer.name)
    up = {
        "answer": (both.verdict == Verdict.REVIEW.value, added),
        "alone": _up(frame, trades.drop(SIDES), both, added),
        "sides": _up(frame, trades, both, added),
    }
    scenario = np.full(len(symbols), "", dtype=object)
    scenario[windows.account] = truth_of(population, windows)["scenario"].to_numpy()

    def of_accounts(mask: Mask) -> Mask:
        return np.asarray(np.bincount(windows.account, mask, minlength=len(symbols)) > 0)

    return _Found(
        symbols=symbols,
        scenario=scenario,
        by_window={way: of_accounts(mask & ~only) for way, (mask, only) in up.items()},
        by_day={way: of_accounts(mask) for way, (mask, _) in up.items()},
    )


def _up(
    frame: pl.DataFrame, trades: pl.DataFrame, scores: Scores, added: Mask
) -> tuple[Mask, Mask]:
    """Whether each window is up after a look at everybody's trades, and for nothing but the
    account's day: not where the ledger would have spoken all the same."""
    weighed = weigh(frame, trades, AccountLists(), "en", alone=scores.alone)
    up = weighed.scores["verdict"].is_in([Verdict.REVIEW.value, Verdict.HOLD.value]).to_numpy()
    spoken = np.zeros(len(up), dtype=bool) if weighed.evidence is None else weighed.evidence.odd
    return up, added & ~spoken


# Tables -------------------------------------------------------------------------------------

WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "behaviour": "Accounts",
        "symbols": "Symbols",
        "accounts": "Counted",
        "answer": "Model",
        "alone": "Verdict, fills alone",
        "sides": "Verdict, other sides known",
        "window": "by a window",
        "day": "with the day",
        "trips_1": "{0}, one trip a symbol",
        "trips_2": "{0}, two trips a symbol",
        "honest": "**Honest, all kinds but the crowd and the seeds' normal account**",
        "mixed": "**Honest, another kind in each symbol**",
        "quiet": "Every other honest kind",
    },
    "zh": {
        "behaviour": "账户",
        "symbols": "标的数",
        "accounts": "账户数",
        "answer": "模型",
        "alone": "结论（只看成交）",
        "sides": "结论（已知对手方）",
        "window": "单看窗口",
        "day": "加上合并看",
        "trips_1": "{0}，每个标的一个来回",
        "trips_2": "{0}，每个标的两个来回",
        "honest": "**正常账户，除市场其他参与者和“种子文档的正常账户”外的全部类型**",
        "mixed": "**正常账户，各标的行为不同**",
        "quiet": "其余各类正常账户",
    },
}


def account_blocks(figures: Figures, lang: Lang) -> dict[str, str]:
    """The blocks of the document by name."""
    command = (
        f"`python -m bench.accounts --accounts {figures['accounts']} --seed {figures['seed']}`\n"
    )
    return {
        "accounts_by": command,
        "accounts_theft": markdown(_table(_thefts(figures, lang), lang)),
        "accounts_honest": markdown(_table(_honests(figures, lang), lang)),
    }


def _thefts(figures: Figures, lang: Lang) -> Iterator[tuple[str, Figures]]:
    for row in sorted(figures["theft"], key=lambda row: (row["behaviour"], row["trips"])):
        title = scenario_title(row["behaviour"], lang)
        yield WORDS[lang].get(f"trips_{row['trips']}", "{0}").format(title), row


def _honests(figures: Figures, lang: Lang) -> Iterator[tuple[str, Figures]]:
    """The sums first, then every kind of which some account is up, the others as one."""
    told = [
        row
        for row in figures["honest"]
        if any((*row["by_day"].values(), *row["by_window"].values()))
    ]
    shown = {row["behaviour"] for row in told}
    words = WORDS[lang]
    apart = (CROWD, LUCKY)
    sure = [
        row for row in figures["honest"] if _honest(row["kind"]) and row["behaviour"] not in apart
    ]
    yield from ((words["honest"], row) for row in _sums(sure))
    yield from ((words["mixed"], row) for row in figures["mixed"])
    for row in sorted(figures["honest"], key=lambda row: row["behaviour"]):
        if row["behaviour"] in shown and row["accounts"]:
            yield scenario_title(row["behaviour"], lang), row
    others = [row for row in figures["honest"] if row["behaviour"] not in shown]
    yield from ((words["quiet"], row) for row in _sums(others))


def _sums(rows: list[Figures]) -> Iterator[Figures]:
    """Of all behaviours together, by the number of symbols."""
    for symbols in SYMBOLS:
        mine = [row for row in rows if row["symbols"] == symbols]
        yield {
            "symbols": symbols,
            "accounts": sum(row["accounts"] for row in mine),
            **{
                by: {way: sum(row[by][way] for row in mine) for way in WAYS}
                for by in ("by_window", "by_day")
            },
        }


def _table(rows: Iterator[tuple[str, Figures]], lang: Lang) -> Table:
    words = WORDS[lang]
    joint = ", " if lang == "en" else "："
    heads = [words[name] for name in ("behaviour", "symbols", "accounts")]
    heads += [f"{words[way]}{joint}{words[by]}" for way in WAYS for by in ("window", "day")]
    return {
        "caption": "",
        "heads": heads,
        "rows": [
            [name, str(row["symbols"]), number(row["accounts"]), *_cells(row)] for name, row in rows
        ],
    }


def _cells(row: Figures) -> Iterator[str]:
    for way in WAYS:
        for by in ("by_window", "by_day"):
            share = exact_share(row[by][way], row["accounts"])
            ends = percent_range(share.low, share.high)
            yield f"{percent(share.value)} ({ends})" if by == "by_day" else percent(share.value)


if __name__ == "__main__":
    sys.exit(main())
