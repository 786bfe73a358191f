"""Money that goes out and comes back to its owner by way of others."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.recognizers import (
    Info,
    Lang,
    NotApplicable,
    Parameter,
    Profile,
    Reads,
    Severity,
)
from tradeglyph.domain.statements import NEUTRAL, OUT
from tradeglyph.recognizers.statements.books import ADDRESS, Ints, book_codes
from tradeglyph.recognizers.statements.card_parameters import amount
from tradeglyph.recognizers.statements.covered_days import covered_days
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.given_accounts import SEVERAL
from tradeglyph.recognizers.statements.loop_search import MOST_TRIED, Bounds, Transfers, loops
from tradeglyph.recognizers.statements.opposite_lines import codes
from tradeglyph.recognizers.statements.other_parties import NAMELESS, Parties, other_parties
from tradeglyph.recognizers.statements.own_names import OWN_NAMES, names_owner
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.sums import ratio

SOURCE = (
    "ACFE Fraud Examiners Manual and 审计准则第1141号 (ISA 240): round-tripping, sales paid with "
    "the seller's own money; FATF on layering; the figures are this project's"
)
CHAIN, REPEATED = "chain", "repeated"
INFO = Info(
    name="closed_loop",
    title={"en": "Closed loop", "zh": "资金闭环回流识别"},
    reads=Reads.LINES,
    rule={
        "en": "Money that goes out and, by way of others, comes back to its owner within days and "
        "almost whole; on one statement: out to one party and the same amount in from another, "
        "again and again.",
        "zh": "资金转出后经他人账户在数日内几乎全额回到本人（本单位）；单份流水上：付给一方后又从"
        "另一方收回同额资金，且反复出现。",
    },
    parameters=(
        amount("least", 5_000_000, "amounts from this on", "金额不低于此数", SOURCE, least=1),
        Parameter(
            name="within",
            default=0.02,
            unit="share",
            means={
                "en": "every amount differs from the first by at most this share of it",
                "zh": "各笔金额与首笔之差不超过首笔的此比例",
            },
            source=SOURCE,
            least=0,
            most=0.5,
        ),
        Parameter(
            name="within_days",
            default=10,
            unit="days",
            means={
                "en": "from the first to the last transfer are at most so many days",
                "zh": "首末两笔至多相隔的天数",
            },
            source="中国人民银行令〔2006〕第2号: a short time is ten working days or less (verify)",
            least=0,
            most=92,
        ),
        Parameter(
            name="hops",
            default=4,
            unit="transfers",
            means={"en": "a chain has at most so many", "zh": "一个闭环至多的转账笔数"},
            source="this project's: longer chains cost more and say less",
            least=2,
            most=4,
        ),
        Parameter(
            name="repeats",
            default=3,
            unit="times",
            means={
                "en": "on one statement: out to one party and in from another so many times",
                "zh": "单份流水上“付一方、收另一方”同额往来的最少次数",
            },
            source="this project's: once or twice is chance",
            least=2,
            most=1_000,
        ),
        OWN_NAMES,
    ),
    profiles=frozenset({Profile.AUDIT}),
    accounts_together=True,
)


class ClosedLoop:
    """Transfers that lead back to the owner that they came from.

    What the rule leaves open is decided so:
    - Lines of all given accounts are transfers between parties: given accounts, other accounts as
      they are written, or names where a line has no account. Accounts of one owner's name, as
      their files give it, are one owner's; an account without a name is its own owner.
    - A chain starts from a given account, leaves its owner, and ends at an account of that owner
      after at most `hops` transfers. Two hops count where they end at another account than they
      began: out to a party and back from it to the same account is `two_way_flow`'s. A transfer
      that two given statements show is taken from the payer's, where that covers the day.
    - Each transfer is not before the one before it: lines with a date alone could be of any time
      of it. The last is at most `within_days` days after the first.
    - On one statement nothing says what X and Y have to do with each other, so equal amounts (to
      the minor unit), out to X and within days in from Y, are a finding (`medium`) only where the
      same X and Y are so paired at least `repeats` times; X and Y are no given accounts, and not
      the owner.
    - NEUTRAL lines and reversals take no part.

    SOURCE: `SOURCE` in this file. Costs are bounded in `loop_search`; no loop is over lines.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `kind` (`chain` or `repeated`), `hops`
        (transfers of the chain, or pairs), `out` and `into` in minor units (of the first and the
        last; of repeated ones both sums), `days`, `way` (the parties in order)."""
        parties = other_parties(lines)
        if not (parties.party >= 0).any():
            return NAMELESS
        at = _large(lines, parties, int(parameters["least"]))
        chains = _chains(lines, parties, at, parameters)
        repeated = _repeated(lines, parties, at, parameters)
        both = pl.concat([chains, repeated])
        names = ["kind", "start", "end", "way", "account", "file", "sheet"]
        periods = both.select("key", *names).unique("key").sort(*names, "key")
        periods = periods.with_row_index("period")
        findings = both.join(periods.select("key", "period"), on="key").select(
            "row",
            pl.when(pl.col("kind") == CHAIN)
            .then(pl.lit(Severity.HIGH.value))
            .otherwise(pl.lit(Severity.MEDIUM.value))
            .alias("severity"),
            "period",
            *("kind", "hops", "out", "into", "days", "way"),
        )
        kinds = periods["kind"]
        return Result(
            findings=findings.sort("row", "period"),
            periods=periods.select("account", *(pl.col(n).cast(pl.Datetime("us")) for n in _SPAN)),
            statistics={
                "transfers": len(at),
                "chains": int((kinds == CHAIN).sum()),
                "repeated": int((kinds == REPEATED).sum()),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the way, both amounts and the days."""
        return _SAID[lang][finding["kind"]].format(
            way=finding["way"],
            hops=finding["hops"],
            days=finding["days"],
            out=money(finding["out"]),
            into=money(finding["into"]),
        )


_SPAN = ("start", "end")
_SCHEMA = {
    "row": pl.UInt32, "key": pl.String, "kind": pl.String, "hops": pl.Int64, "out": pl.Int64,
    "into": pl.Int64, "days": pl.Int64, "way": pl.String, "account": pl.String, "file": pl.UInt16,
    "sheet": pl.String, "start": pl.Int64, "end": pl.Int64,
}  # fmt: skip


def _large(lines: pl.DataFrame, parties: Parties, least: int) -> Ints:
    """Positions of the lines that may take part, by time and place in the files."""
    moved = (pl.col("direction") != NEUTRAL) & ~pl.col("reversal") & (pl.col("amount") >= least)
    some = lines.select(moved).to_series().to_numpy() & (parties.party >= 0)
    at = np.flatnonzero(some & (parties.sides.given != SEVERAL))
    order = lines.select(pl.col("time", *ADDRESS).gather(at)).with_columns(at=pl.Series(at))
    return order.sort("time", *ADDRESS)["at"].to_numpy()


def _times(lines: pl.DataFrame, at: Ints) -> tuple[Ints, Ints]:
    time = lines["time"].gather(at).to_physical().to_numpy().astype(np.int64)
    clock = lines["clock"].gather(at).to_numpy()
    date = time - time % DAY_US
    return np.where(clock, time, date), np.where(clock, time, date + DAY_US - 1)


def _chains(
    lines: pl.DataFrame, parties: Parties, at: Ints, parameters: Mapping[str, Any]
) -> pl.DataFrame:
    sides = parties.sides
    at = at[sides.own[at] >= 0]
    out = lines["direction"].gather(at).to_numpy() == OUT
    own, given = sides.own[at], sides.given[at]
    day = lines["time"].gather(at).dt.epoch("d").to_numpy().astype(np.int64)
    told = covered_days(lines, sides.own).spans(given, day, day) >= 0
    kept = (own != given) & (out | ~told)
    at, out, own, given = at[kept], out[kept], own[kept], given[kept]
    count = len(sides.accounts)
    other = np.where(given >= 0, given, parties.party[at] + count)
    earliest, latest = _times(lines, at)
    share = ratio(parameters["within"])
    home = np.full(int(max(count, other.max(initial=0) + 1)), -1, dtype=np.int64)
    home[:count] = _owners(lines, sides.accounts)
    moves = Transfers(
        source=np.where(out, own, other),
        target=np.where(out, other, own),
        home=home,
        amount=lines["amount"].gather(at).to_numpy(),
        currency=lines["currency"].gather(at).rank("dense").to_numpy().astype(np.int64),
        earliest=earliest,
        latest=latest,
    )
    bounds = Bounds(
        parts=share.numerator,
        per=share.denominator,
        span=int(parameters["within_days"]) * DAY_US,
        hops=int(parameters["hops"]),
    )
    names = _names(parties, lines)
    tables = [_told_chains(lines, at, moves, chains, names) for chains in loops(moves, bounds)]
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *tables])


def _owners(lines: pl.DataFrame, accounts: pl.Series) -> Ints:
    """A number for each given account's owner; an account without a name is its own."""
    known = lines.lazy().select("account", pl.col("owner").fill_null("")).unique()
    named = known.group_by("account").agg(pl.col("owner").max()).collect()
    table = pl.DataFrame({"account": accounts}).join(
        named, on="account", how="left", maintain_order="left"
    )
    bare = pl.col("owner").str.replace_all(r"\s", "").str.to_lowercase()
    key = pl.when(bare == "").then("account\t" + pl.col("account")).otherwise("owner\t" + bare)
    return table.select(key.rank("dense").cast(pl.Int64)).to_series().to_numpy()


def _names(parties: Parties, lines: pl.DataFrame) -> pl.Series:
    """How each party is called: first the given accounts, then parties by number."""
    names = lines["counterparty"].unique().sort()
    parts = (parties.sides.accounts, parties.sides.texts, names.filter(names != ""))
    return pl.concat([part.rename("way") for part in parts])


def _told_chains(
    lines: pl.DataFrame, at: Ints, moves: Transfers, chains: Ints, names: pl.Series
) -> pl.DataFrame:
    """The lines of chains of one length."""
    hops = chains.shape[1]
    first, last = chains[:, 0], chains[:, -1]
    start, end = moves.earliest[first] // DAY_US, moves.earliest[last] // DAY_US
    stops = [moves.source[first], *(moves.target[chains[:, hop]] for hop in range(hops))]
    way = pl.DataFrame([names.gather(stop).alias(str(n)) for n, stop in enumerate(stops)])
    table = way.select(
        way=pl.concat_str(pl.all(), separator=" → "),
        key=pl.lit(f"{CHAIN} {hops} ") + pl.int_range(pl.len()).cast(pl.String),
        kind=pl.lit(CHAIN),
        hops=pl.lit(hops),
        out=pl.Series(moves.amount[first], dtype=pl.Int64),
        into=pl.Series(moves.amount[last], dtype=pl.Int64),
        days=pl.Series(np.maximum(end - start, 0), dtype=pl.Int64),
        account="0",
        file=pl.lit(0),
        sheet=pl.lit(""),
        start=pl.Series(start * DAY_US, dtype=pl.Int64),
        end=pl.Series((np.maximum(end, start) + 1) * DAY_US, dtype=pl.Int64),
    )
    rows = [table.with_columns(row=pl.Series(at[chains[:, hop]])) for hop in range(hops)]
    return pl.concat(rows).select(_SCHEMA.keys()).cast(_SCHEMA)  # type: ignore[arg-type]


def _repeated(
    lines: pl.DataFrame, parties: Parties, at: Ints, parameters: Mapping[str, Any]
) -> pl.DataFrame:
    """Lines of pairs of strangers, one paid and the other paying the same, again and again."""
    strange = at[parties.sides.given[at] < 0]
    owner = names_owner(lines[strange], parameters["own_names"]).to_numpy()
    at = strange[~owner]
    if not len(at):
        return pl.DataFrame(schema=_SCHEMA)
    out = lines["direction"].gather(at).to_numpy() == OUT
    book, amount = book_codes(lines)[at], lines["amount"].gather(at).to_numpy()
    group = codes(book, amount)
    earliest, latest = _times(lines, at)
    one, other = _following(np.flatnonzero(out), np.flatnonzero(~out), group, earliest, latest)
    soon = earliest[other] - latest[one] <= int(parameters["within_days"]) * DAY_US
    party = parties.party[at]
    apart = party[one] != party[other]
    one, other = one[soon & apart], other[soon & apart]
    pairs = pl.DataFrame(
        {"key": codes(book[one], party[one], party[other]), "one": one, "other": other}
    )
    times = pl.min_horizontal(pl.col("one").n_unique(), pl.col("other").n_unique()).over("key")
    pairs = pairs.with_columns(hops=times.cast(pl.Int64))
    pairs = pairs.filter(pl.col("hops") >= int(parameters["repeats"]))
    return _told_pairs(lines, at, pairs, party, _names(parties, lines), len(parties.sides.accounts))


def _following(
    outs: Ints, ins: Ints, group: Ints, earliest: Ints, latest: Ints
) -> tuple[Ints, Ints]:
    """Each outflow with the first MOST_TRIED incomes of its group that are not before it."""
    times, rank = np.unique(latest, return_inverse=True)
    ranks = len(times) + 1
    order = ins[np.argsort(group[ins] * ranks + rank[ins], kind="stable")]
    place = group[order] * ranks + rank[order]
    since = np.searchsorted(times, earliest[outs])
    start = np.searchsorted(place, group[outs] * ranks + since)
    stop = np.searchsorted(place, (group[outs] + 1) * ranks)
    count = np.minimum(stop - start, MOST_TRIED)
    one = np.repeat(outs, count)
    more = np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count)
    return one, order[np.repeat(start, count) + more]


def _told_pairs(
    lines: pl.DataFrame, at: Ints, pairs: pl.DataFrame, party: Ints, names: pl.Series, given: int
) -> pl.DataFrame:
    outs = pairs.select("key", "hops", place="one", is_out=True)
    ins = pairs.select("key", "hops", place="other", is_out=False)
    both = pl.concat([outs, ins]).unique()
    place = both["place"].to_numpy()
    columns = ("time", "amount", "account", "file", "sheet")
    told = pl.concat([both, lines.select(pl.col(columns).gather(at[place]))], how="horizontal")
    day = pl.col("time").dt.epoch("d").cast(pl.Int64)
    name = pl.Series("name", names.gather(party[place] + given))
    return (
        told.with_columns(name, row=pl.Series(at[place]))
        .with_columns(
            key=pl.lit(f"{REPEATED} ") + pl.col("key").cast(pl.String),
            kind=pl.lit(REPEATED),
            out=pl.col("amount").filter("is_out").sum().over("key"),
            into=pl.col("amount").filter(~pl.col("is_out")).sum().over("key"),
            days=(day.max() - day.min()).over("key"),
            way=pl.col("name").filter("is_out").first().over("key")
            + " → "
            + pl.col("name").filter(~pl.col("is_out")).first().over("key"),
            start=day.min().over("key") * DAY_US,
            end=(day.max().over("key") + 1) * DAY_US,
            file=pl.col("file").min().over("key"),
            sheet=pl.col("sheet").min().over("key"),
        )
        .select(_SCHEMA.keys())
        .cast(_SCHEMA)  # type: ignore[arg-type]
    )


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        CHAIN: "{out} went out and {into} came back to its owner after {hops} transfers within "
        "{days} days: {way}.",
        REPEATED: "{out} out to one party and {into} in from another in equal amounts, {hops} "
        "times within {days} days: {way}.",
    },
    "zh": {
        CHAIN: "转出 {out}，{days} 天内经 {hops} 笔转账后有 {into} 回到本人（本单位）：{way}。",
        REPEATED: "{days} 天内 {hops} 次付给一方后又从另一方收回同额资金，共付 {out}、收 "
        "{into}：{way}。",
    },
}
