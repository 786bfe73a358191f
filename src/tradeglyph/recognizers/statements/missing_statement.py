"""Own accounts that appear as the other side and whose statements were not given."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import (
    Info,
    Lang,
    NotApplicable,
    Profile,
    Reads,
    Severity,
)
from tradeglyph.domain.statements import IN, NEUTRAL
from tradeglyph.recognizers.statements.books import book_codes
from tradeglyph.recognizers.statements.card_parameters import amount, words
from tradeglyph.recognizers.statements.figures import money, units
from tradeglyph.recognizers.statements.given_accounts import STRANGE, OtherSides, other_sides
from tradeglyph.recognizers.statements.keywords import OWN_NAME, first_word
from tradeglyph.recognizers.statements.own_names import OWN_NAMES, names_owner
from tradeglyph.recognizers.statements.result import Result

SOURCE = (
    "中国注册会计师审计准则第1312号——函证 and ISA 505: all bank accounts are confirmed, those with "
    "no balance too, so all must be known; 审计准则问题解答第12号——货币资金审计 asks for the "
    "list of accounts opened"
)
LISTED = 20
"""Accounts that statistics name, those with the largest sums."""
INFO = Info(
    name="missing_statement",
    title={"en": "Own account without a statement", "zh": "本人账户流水缺失识别"},
    reads=Reads.LINES,
    rule={
        "en": "Money moved to or from an account of the owner's own whose statement was not given.",
        "zh": "与本人（本单位）名下其他账户往来，而该账户的流水未提供。",
    },
    parameters=(
        words(
            "own_words",
            OWN_NAME,
            "words in the summary of a transfer between accounts of one's own",
            "摘要中表示本人账户互转的词",
            "keywords.py",
        ),
        OWN_NAMES,
        amount(
            "least",
            0,
            "accounts that less went through, in and out together, are left out",
            "往来合计低于此数的账户不报",
            SOURCE + ": no account is too small to be known",
        ),
    ),
    profiles=frozenset({Profile.AUDIT}),
    accounts_together=True,
)
UNKNOWN = NotApplicable(
    reason={
        "en": "no line names the other side's account",
        "zh": "没有任何一笔列出对方账号",
    }
)
NO_OWNER = NotApplicable(
    reason={
        "en": "no statement says its owner's name, and no line that it is a transfer of one's own; "
        "set own_names",
        "zh": "流水未载明户名，也没有注明本人互转的交易；可用 own_names 给出户名",
    }
)


class MissingStatement:
    """Lines between a given account and one of the owner's own that is not given.

    What the rule leaves open is decided so:
    - The other side is the owner's own where its name is the name that the line's statement gives
      its owner (or one of `own_names`), or where the summary has a word of `own_words`. 转存 is no
      such word: banks also write it of any money that comes in. By the name it is `high`, though
      a namesake can't be told apart; by a word alone `medium`.
    - Accounts are compared whole, or, where one is masked or only its last four digits are given
      (尾号1234), by the digits that both show. What fits any given account is given, even if it
      fits several.
    - An own transfer that names no account can't be told to be missing; it is counted.
    - NEUTRAL lines and reversals take no part. A finding's sums are those of all lines of its
      account with that other account, per currency; a period spans them.

    SOURCE: `SOURCE` in this file. O(n).
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `other` (account), `name`, `word` (null: the
        name says it), `count` lines, `into` and `out` sums in minor units, `first`, `last` (dates),
        `given` (accounts that were)."""
        sides = other_sides(lines)
        if not len(sides.texts):
            return UNKNOWN
        own = _own_transfers(lines, parameters)
        owners = lines["owner"].is_not_null() & (lines["owner"] != "")
        if own.is_empty() and not owners.any() and not parameters["own_names"]:
            return NO_OWNER
        own = own.with_columns(book=pl.Series(book_codes(lines)[own["row"]], dtype=pl.Int64))
        missing = _missing(own, sides)
        missing = missing.filter(pl.col("into") + pl.col("out") >= int(parameters["least"]))
        keys = ["book", "other"]
        periods = missing.unique(keys).sort("account", "currency", "file", "sheet", "other")
        periods = periods.with_row_index("period")
        findings = missing.join(periods.select("period", *keys), on=keys).select(
            "row",
            pl.when(pl.col("word").is_null())
            .then(pl.lit(Severity.HIGH.value))
            .otherwise(pl.lit(Severity.MEDIUM.value))
            .alias("severity"),
            "period",
            "other",
            pl.col("counterparty").alias("name"),
            "word",
            "count",
            "into",
            "out",
            "first",
            "last",
            pl.lit(len(sides.accounts), dtype=pl.UInt32).alias("given"),
        )
        return Result(
            findings=findings.sort("row"),
            periods=periods.select(
                "account",
                "currency",
                pl.col("first").cast(pl.Datetime("us")).alias("start"),
                pl.col("last").dt.offset_by("1d").cast(pl.Datetime("us")).alias("end"),
            ),
            statistics={
                "own_transfers": len(own),
                "own_transfers_without_account": int(
                    (sides.other[own["row"].to_numpy()] < 0).sum()
                ),
                "accounts_given": len(sides.accounts),
                "missing": _listed(periods),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the account, the sums, and why it is the owner's."""
        said = _SAID[lang]
        why = said["name"] if finding["word"] is None else said["word"]
        return said["reason"].format(
            why=why.format(name=finding["name"], word=finding["word"]),
            other=finding["other"],
            given=finding["given"],
            count=finding["count"],
            first=finding["first"],
            last=finding["last"],
            into=money(finding["into"]),
            out=money(finding["out"]),
        )


def _own_transfers(lines: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Lines with the owner on both sides: `row`, `word` (null where the name says so) and their
    own columns."""
    words = parameters["own_words"]
    summary, moved = pl.col("summary"), (pl.col("direction") != NEUTRAL) & ~pl.col("reversal")
    likely = (
        summary.str.contains_any(words, ascii_case_insensitive=True) if words else pl.lit(False)
    )
    some = (
        lines.with_columns(named=names_owner(lines, parameters["own_names"]))
        .lazy()
        .with_row_index("row")
        .filter(moved & (pl.col("named") | likely))
        .collect()
    )
    word = pl.when(~pl.col("named")).then(first_word(summary, words))
    return some.with_columns(word=word).filter(pl.col("named") | pl.col("word").is_not_null())


def _missing(own: pl.DataFrame, sides: OtherSides) -> pl.DataFrame:
    """The own transfers with an account that is not given, and the sums of all lines between it and
    their account."""
    row = own["row"].to_numpy()
    texts = pl.Series("other", sides.texts, dtype=pl.String)
    strange = (sides.other[row] >= 0) & (sides.given[row] == STRANGE)
    row = row[strange]
    into = pl.col("amount").filter(pl.col("direction") == IN).sum()
    keys = ("book", "other")
    return (
        own.filter(pl.Series(strange))
        .with_columns(texts[sides.other[row]], date=pl.col("time").dt.date())
        .with_columns(
            pl.len().over(*keys).cast(pl.UInt32).alias("count"),
            into.over(*keys).alias("into"),
            (pl.col("amount").sum() - into).over(*keys).alias("out"),
            pl.col("date").min().over(*keys).alias("first"),
            pl.col("date").max().over(*keys).alias("last"),
        )
    )


def _listed(periods: pl.DataFrame) -> Sequence[Mapping[str, Any]]:
    """The missing accounts, those with the largest sums first; amounts in units."""
    largest = periods.with_columns(total=pl.col("into") + pl.col("out"))
    largest = largest.sort("total", "period", descending=[True, False]).head(LISTED)
    return [
        {
            "account": one["account"],
            "other": one["other"],
            "currency": one["currency"],
            "in": units(one["into"]),
            "out": units(one["out"]),
            "lines": one["count"],
            "first": one["first"],
            "last": one["last"],
        }
        for one in largest.iter_rows(named=True)
    ]


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "name": "has the owner's name, {name}",
        "word": 'is called own by "{word}"',
        "reason": "The other side {why}; its account {other} is none of the {given} given "
        "(lines: {count}, {first} to {last}; {into} in and {out} out).",
    },
    "zh": {
        "name": "与本账户户名相同（{name}）",
        "word": "按摘要“{word}”为本人账户",
        "reason": "对方{why}，其账号 {other} 不在已提供的 {given} 个账户之内：{first} 至 {last} 共 "
        "{count} 笔，转入 {into}，转出 {out}。",
    },
}
