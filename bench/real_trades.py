"""`make real-trades`: the counts of docs/real-trades.md, from three public sets of trades.

    python -m bench.real_trades [--model M] [--keep]

Runs the commands of docs/howto/public-trades.md on the files in ../shared/data, once more on the
swaps with the pool as the other side of each, and counts windows, accounts, verdicts and reasons
into the marked blocks of the two documents. Nobody labelled these trades: the counts say what a
model does on a real tape, not how often it is right. Same model, same files, same tables.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bench.documents import fill, markdown
from tradeglyph.cli.reading import trade_options
from tradeglyph.domain.fills import BUY
from tradeglyph.drawing.formats import number, percent
from tradeglyph.drawing.report_proofs import Table
from tradeglyph.model.shipped import open_model
from tradeglyph.recognizers.reasons import (
    NO_CANDLE,
    TOO_FEW_FILLS,
    Lang,
    abstained,
    cleared,
    few_trips,
    nameless,
    unanswered,
    weak_evidence,
)
from tradeglyph.sources.trades import read_trades

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
HOW_TO = ROOT / "docs/howto/public-trades.md"
OUT = Path("build/real-trades")
DOCUMENTS: dict[Lang, Path] = {
    "en": ROOT / "docs/real-trades.md",
    "zh": ROOT / "docs/real-trades.zh-CN.md",
}
SWAPS, TRIPS = "derived_trades_8944b6e.csv", "derived_roundtrips_8944b6e.csv"
FILES = (
    f"trades_mev_eth/{SWAPS}",
    f"trades_mev_eth/{TRIPS}",
    "trades_polymarket/polymarket_trades.csv",
    "trades_hyperliquid/historical_data.csv",
)
EQUAL = 0.01
"""Two sizes are equal within this share of the larger one, as in the wash-volume recognizer."""
MANY_TRIPS = 3
"""So many profitable round trips inside one block make a sandwich bot; fewer may be chance."""

WASH = {
    "self_trades": "Self-trades: ",
    "volume_match": "Volume match: ",
    "round_trips": "Round trips without gain: ",
    "crowd_round_trips": "Round trips of many accounts: ",
}
"""How the sentence of each criterion begins."""
KINDS: dict[str, tuple[str, ...]] = {
    "too_few": (unanswered(TOO_FEW_FILLS, "en"),),
    "no_candle": (unanswered(NO_CANDLE, "en"),),
    "alone": (weak_evidence("en"),),
    "nameless": (nameless("en"),),
    "flow": (" matched trade",),
    "cleared": (cleared("en"),),
    "abstained": (abstained("en"),),
    "one_sided": ("beyond the market's prices",),
    "spread": ("which the market explains: no money moved",),
    "few_trips": (few_trips("en"),),
    "account_day": ("all symbols of the account's day as one",),
    **{name: (words,) for name, words in WASH.items()},
}
"""Kinds of reason, and the English words that tell them."""

_COMMA: dict[Lang, str] = {"en": ", ", "zh": "，"}
_WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "alone_run": "fills alone", "pools_run": "with the pools",
        "windows": "Windows", "answered": "Answered", "flagged": "Flagged", "set": "Set",
        "quiet": "Quiet, of those answered", "review": "Review", "hold": "Hold",
        "accounts": "Accounts", "accounts_flagged": "with a flagged window",
        "accounts_review": "with a window to review", "accounts_hold": "with a window to hold",
        "reason": "Reason: windows (accounts)",
        "too_few": "No probability: fewer than two fills",
        "no_candle": "No probability: no candle",
        "alone": "Weak evidence: alone in its candles",
        "nameless": "Fills that name no account",
        "flow": "Ledger: money went between two accounts",
        "cleared": "Ledger: the other sides clear a flagged window",
        "abstained": "Ledger: no independent price, so no figure",
        "spread": "Trips within the spread: a flagged window is quiet",
        "few_trips": "One or two small round trips: a flagged window is quiet",
        "one_sided": "Ledger: gained or lost against the market, from whom is not known",
        "account_day": "All symbols of an account's day as one",
        "self_trades": "Wash volume: self-trades",
        "volume_match": "Wash volume: volume match",
        "round_trips": "Wash volume: round trips without gain",
        "crowd_round_trips": "Wash volume: round trips of many accounts",
        "shape": "Flagged, of those answered",
        "gain": "Equal sizes bought and sold, at a gain",
        "loss": "Equal sizes bought and sold, without gain",
        "unequal": "Other sizes",
        "bots": "Accounts by profitable round trips inside one block",
        "many": "three or more", "few": "one or two", "none": "none",
    },
    "zh": {
        "alone_run": "只看成交", "pools_run": "已知资金池",
        "windows": "窗口", "answered": "有概率", "flagged": "被标记", "set": "数据",
        "quiet": "有概率者中 quiet 占比", "review": "review", "hold": "hold",
        "accounts": "账户", "accounts_flagged": "有窗口被标记",
        "accounts_review": "有窗口待复核", "accounts_hold": "有窗口待止付",
        "reason": "理由：窗口数（账户数）",
        "too_few": "无概率：成交不足两笔",
        "no_candle": "无概率：没有 K 线",
        "alone": "证据较弱：K 线里只有自己",
        "nameless": "成交没有账户号",
        "flow": "账本：两个账户之间有资金转移",
        "cleared": "账本：对手方排除了被标记的窗口",
        "abstained": "账本：没有独立参考价，无从衡量",
        "spread": "来回没有超出买卖价差：被标记的窗口改为 quiet",
        "few_trips": "只有一两个小来回：被标记的窗口改为 quiet",
        "one_sided": "账本：比行情多赚或多亏，对手不详",
        "account_day": "账户当日全部标的合看",
        "self_trades": "刷量：自成交",
        "volume_match": "刷量：对倒成交量",
        "round_trips": "刷量：无收益往返",
        "crowd_round_trips": "刷量：多账户无收益往返",
        "shape": "被标记 / 有概率",
        "gain": "等量一买一卖，有盈利",
        "loss": "等量一买一卖，没有盈利",
        "unequal": "买卖数量不等",
        "bots": "账户，按同一区块内有盈利的往返次数",
        "many": "三次及以上", "few": "一两次", "none": "没有",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One set scored one way: its windows, a row each."""

    name: str
    way: str
    """`alone_run` or `pools_run`."""
    windows: pl.DataFrame
    """`account_id, symbol, flagged, verdict, answered, shape` and a column for each of `KINDS`."""

    def title(self, lang: Lang) -> str:
        """Set and way."""
        return f"{self.name}{_COMMA[lang]}{_WORDS[lang][self.way]}"


def main() -> int:
    """Score, count, write."""
    asked = _arguments()
    absent = [name for name in FILES if not (SHARED / name).is_file()]
    if absent:
        print(f"error: {SHARED / absent[0]}: is not here; the counts need it", file=sys.stderr)
        return 2
    _lay_out()
    runs = [*_fills_alone(asked.model), _with_pools(asked.model)]
    model = open_model(asked.model).name
    for lang, document in DOCUMENTS.items():
        blocks = _blocks(runs, model, lang)
        if asked.keep:
            print("\n".join(blocks.values()))
        else:
            fill(document, blocks)
            print(f"{document.relative_to(ROOT)}: tables written", file=sys.stderr)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make real-trades")
    parser.add_argument("--model", default="default", help="a shipped model's name or a folder")
    parser.add_argument("--keep", action="store_true", help="print, leave the documents alone")
    return parser.parse_args()


def _lay_out() -> None:
    """The files under the names that the how-to uses."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    for name in FILES:
        (OUT / Path(name).name).symlink_to(SHARED / name)


# Scoring ------------------------------------------------------------------------------------


def _fills_alone(model: str) -> list[Run]:
    """The how-to's commands, one set after another."""
    runs = []
    for words in how_to():
        scores = words[1] == "score"
        _tradeglyph(*words[1:], *(("--model", _place(model)) if scores else ()))
        if scores:
            runs.append(_run(words, "alone_run"))
    return runs


def how_to() -> list[list[str]]:
    """The commands of the how-to, as words."""
    lines = HOW_TO.read_text(encoding="utf-8").splitlines()
    return [shlex.split(line) for line in lines if line.startswith("tradeglyph ")]


def _with_pools(model: str) -> Run:
    """The swaps again, each against the pool that it was made in, on the same candles."""
    words = next(words for words in how_to() if words[1] == "score" and SWAPS in words)
    words = [f"{word},counterparty_id=pool" if word.startswith("account_id=") else word
             for word in words]  # fmt: skip
    words[words.index("--out") + 1] = "pools.csv"
    _tradeglyph(*words[1:], "--model", _place(model))
    return _run(words, "pools_run")


def _tradeglyph(*words: str) -> None:
    command = [sys.executable, "-m", "tradeglyph", *words]
    done = subprocess.run(command, cwd=OUT, capture_output=True, text=True, check=False)
    print(done.stderr, end="", file=sys.stderr)
    if done.returncode:
        raise SystemExit(done.returncode)


def _place(model: str) -> str:
    """A model folder as seen from `OUT`; a shipped model's name as it is."""
    return os.path.relpath(model, OUT) if Path(model).is_dir() else model


# Counting -----------------------------------------------------------------------------------


def _run(words: Sequence[str], way: str) -> Run:
    given = {name: words[at + 1] for at, name in enumerate(words) if name.startswith("--")}
    scores = pl.read_csv(OUT / given["--out"], infer_schema_length=None)
    names = {"--time-format": "time_format", "--timezone": "timezone", "--epoch-base": "epoch_base"}
    more = {ours: given[theirs] for theirs, ours in names.items() if theirs in given}
    trades = read_trades(OUT / given["--trades"], trade_options(mapping=[given["--map"]], **more))
    name = {"historical_data.csv": "Hyperliquid", "polymarket_trades.csv": "Polymarket"}
    return Run(
        name=name.get(given["--trades"], "Ethereum"),
        way=way,
        windows=windows_of(scores, trades.frame),
    )


def windows_of(scores: pl.DataFrame, trades: pl.DataFrame) -> pl.DataFrame:
    """The windows of `scores` (as its CSV gives them) with what is counted of each."""
    reason = pl.col("reason").fill_null("")
    scored = scores.select(
        pl.col("account_id").cast(pl.String).fill_null(""),
        pl.col("symbol").cast(pl.String),
        pl.col("window_start").str.slice(0, 10).alias("day"),
        (pl.col("flagged").cast(pl.String) == "true").alias("flagged"),
        pl.col("verdict").fill_null(""),
        pl.col("probability").is_not_null().alias("answered"),
        *(
            pl.any_horizontal(reason.str.contains(word, literal=True) for word in told).alias(kind)
            for kind, told in KINDS.items()
        ),
    )
    who = ["account_id", "symbol", "day"]
    return scored.join(_shapes(trades), on=who, how="left", maintain_order="left")


def _shapes(trades: pl.DataFrame) -> pl.DataFrame:
    """Per account, symbol and UTC day: `gain`, `loss` or `unequal` sizes."""
    buys = pl.col("side") == BUY
    bought, sold = (pl.col("quantity").filter(side).sum() for side in (buys, ~buys))
    paid = (pl.col("price") * pl.col("quantity")).filter(buys).sum()
    received = (pl.col("price") * pl.col("quantity")).filter(~buys).sum()
    day = pl.col("time").dt.strftime("%Y-%m-%d").alias("day")
    equal = (bought - sold).abs() <= EQUAL * pl.max_horizontal(bought, sold)
    shape = (
        pl.when(~equal)
        .then(pl.lit("unequal"))
        .when(received > paid)
        .then(pl.lit("gain"))
        .otherwise(pl.lit("loss"))
    )
    return trades.group_by("account_id", "symbol", day).agg(shape.alias("shape"))


def bots(trips: pl.DataFrame) -> pl.DataFrame:
    """`account_id` and how often (`many`, `few`) it gained on a round trip inside one block."""
    gained = trips.filter(pl.col("weth_sell") > pl.col("weth_buy"))
    often = pl.when(pl.len() >= MANY_TRIPS).then(pl.lit("many")).otherwise(pl.lit("few"))
    return gained.group_by(pl.col("account").alias("account_id")).agg(often.alias("trips"))


# Tables -------------------------------------------------------------------------------------


def _blocks(runs: list[Run], model: str, lang: Lang) -> dict[str, str]:
    trips = bots(pl.read_csv(OUT / TRIPS, infer_schema_length=None))
    swaps = [run for run in runs if run.name == "Ethereum"]
    return {
        "made_by": f"`make real-trades` · {model}\n",
        "verdicts": markdown(_verdicts(runs, lang)),
        "accounts": markdown(_accounts(runs, lang)),
        "reasons": markdown(_reasons(runs, lang)),
        "shapes": markdown(_by_shape(runs, lang)),
        "bots": markdown(_by_trips(swaps, trips, lang)),
    }


def _verdicts(runs: list[Run], lang: Lang) -> Table:
    keys = ("set", "windows", "answered", "flagged", "review", "hold", "quiet")
    rows = []
    for run in runs:
        w = run.windows
        answered = int(w["answered"].sum())
        counts = (len(w), answered, w["flagged"].sum(), *_verdict_counts(w, ("review", "hold")))
        (quiet,) = _verdict_counts(w, ("quiet",))
        share = percent(quiet / answered) if answered else "-"
        rows.append([run.title(lang), *(number(count) for count in counts), share])
    return {"caption": "", "heads": [_WORDS[lang][key] for key in keys], "rows": rows}


def _verdict_counts(windows: pl.DataFrame, verdicts: Sequence[str]) -> list[int]:
    return [int((windows["verdict"] == verdict).sum()) for verdict in verdicts]


def _accounts(runs: list[Run], lang: Lang) -> Table:
    keys = ("set", "accounts", "accounts_flagged", "accounts_review", "accounts_hold")
    rows = [[run.title(lang), *_account_counts(run.windows)] for run in runs]
    return {"caption": "", "heads": [_WORDS[lang][key] for key in keys], "rows": rows}


def _account_counts(windows: pl.DataFrame) -> list[str]:
    """Accounts, and those with any window that is flagged, to review, to hold."""
    chosen = (
        pl.lit(True),
        pl.col("flagged"),
        *(pl.col("verdict") == v for v in ("review", "hold")),
    )
    return [number(windows.filter(rows)["account_id"].n_unique()) for rows in chosen]


def _reasons(runs: list[Run], lang: Lang) -> Table:
    rows = [
        [_WORDS[lang][kind], *(_windows_and_accounts(run.windows, kind) for run in runs)]
        for kind in KINDS
    ]
    heads = [_WORDS[lang]["reason"], *(run.title(lang) for run in runs)]
    return {"caption": "", "heads": heads, "rows": rows}


def _windows_and_accounts(windows: pl.DataFrame, kind: str) -> str:
    found = windows.filter(pl.col(kind))
    if found.is_empty():
        return "0"
    return f"{number(len(found))} ({number(found['account_id'].n_unique())})"


def _by_shape(runs: list[Run], lang: Lang) -> Table:
    rows = []
    for shape in ("gain", "loss", "unequal"):
        cells = [_WORDS[lang][shape]]
        for run in runs:
            same = run.windows.filter(pl.col("answered"), pl.col("shape") == shape)
            cells.append(f"{number(same['flagged'].sum())} / {number(len(same))}")
        rows.append(cells)
    heads = [_WORDS[lang]["shape"], *(run.title(lang) for run in runs)]
    return {"caption": "", "heads": heads, "rows": rows}


def _by_trips(runs: list[Run], trips: pl.DataFrame, lang: Lang) -> Table:
    words = _WORDS[lang]
    heads = [words["bots"], words["accounts"]]
    heads += [
        f"{words[what]}{_COMMA[lang]}{words[run.way]}"
        for run in runs
        for what in ("flagged", "review", "hold")
    ]
    named = [run.windows.join(trips, on="account_id", how="left") for run in runs]
    rows = []
    for often in ("many", "few", "none"):
        same = [w.filter(pl.col("trips").fill_null("none") == often) for w in named]
        counts = [_account_counts(windows) for windows in same]
        rows.append([words[often], counts[0][0], *(c for each in counts for c in each[1:])])
    return {"caption": "", "heads": heads, "rows": rows}


if __name__ == "__main__":
    sys.exit(main())
