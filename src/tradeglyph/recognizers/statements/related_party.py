"""Lines whose other side is one of a list of related parties that the user gives."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from tradeglyph.domain.recognizers import (
    Info,
    Lang,
    NotApplicable,
    Parameter,
    Profile,
    Reads,
    Severity,
)
from tradeglyph.domain.statements import IN, OUT
from tradeglyph.recognizers.statements.books import NO_PERIODS
from tradeglyph.recognizers.statements.card_parameters import words
from tradeglyph.recognizers.statements.figures import money, units
from tradeglyph.recognizers.statements.party_names import (
    SURE,
    WAYS,
    by_account,
    by_name,
    listed,
    mentions,
    normalised,
)
from tradeglyph.recognizers.statements.result import Result

STANDARD = "企业会计准则第36号——关联方披露; 中国注册会计师审计准则第1323号——关联方"
INFO: Final = Info(
    name="related_party",
    title={"en": "Related party", "zh": "关联方往来识别"},
    reads=Reads.LINES,
    rule={
        "en": "Lines whose other side is one of the parties that the user names, by name or "
        "account, masked ones told apart.",
        "zh": "对方户名或账号属于用户给出的关联方名单；经脱敏而只能部分比对的另行注明。",
    },
    parameters=(
        words(
            "parties",
            (),
            "names and account numbers (or their tails) of related parties; empty: not applicable",
            "关联方的户名、账号或账号尾号；留空则不适用",
            f"{STANDARD}: the list is the auditor's",
        ),
        Parameter(
            name="masked",
            default=True,
            unit="yes or no",
            means={
                "en": "also masked names, of which some letters show, and tails of accounts; "
                "both may be others'",
                "zh": "脱敏户名（如张*三）和账号尾号相符的也列出，可能并非同一方",
            },
            source="this project's: wallets and banks mask names and accounts",
        ),
        Parameter(
            name="summaries",
            default=True,
            unit="yes or no",
            means={
                "en": "also summaries that mention a party",
                "zh": "摘要中提到关联方的也列出",
            },
            source="this project's: banks often put the other side into the summary",
        ),
    ),
    profiles=frozenset({Profile.AUDIT}),
)


class RelatedParty:
    """Lines of related parties.

    What is open is decided so:
    - Names and accounts are compared without width, case, spaces, brackets and points:
      甲（北京）有限公司 is 甲(北京) 有限公司. A text of the list that is digits and stars, with
      尾号 before it or not, is an account or its tail; anything else is a name.
    - Sure (medium): the same name, or the same account number.
    - To be looked at (low): a longer name that contains the party's (a branch); a tail of at least
      four digits, and what a masked account shows, that fit; a masked name whose letters fit (张*三
      fits 张小三, and others); a summary that mentions the party (three letters or more). A masked
      name may fit several parties and is then told of each.
    - Of a line and party the surest way is told. All lines count, reversals too, which do not enter
      the sums.
    - No party given is not applicable: an empty answer would be read as none found.

    SOURCE: 企业会计准则第36号; 中国注册会计师审计准则第1323号. O(n), and distinct texts times
    parties for masked ones.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `party` (as the user wrote it), `way`, `text`
        (what it was found in), `amount` (minor units), `direction`. Statistics: by party and
        currency, sums received and paid, lines, and how many of them are not sure."""
        parties = parameters["parties"]
        if not parties:
            return NotApplicable(
                reason={
                    "en": "no related parties given (statements.related_party.parties)",
                    "zh": "未给出关联方名单（statements.related_party.parties）",
                }
            )
        found = _found(lines, parameters)
        told = lines.select(
            pl.col("amount", "direction", "currency", "reversal").gather(found["row"])
        )
        found = pl.concat([found, told], how="horizontal")
        sure = pl.when(pl.col("way").is_in(SURE)).then(pl.lit(Severity.MEDIUM.value))
        names = pl.DataFrame({"party": parties}).with_row_index("number")
        findings = found.join(names, left_on="party", right_on="number").select(
            "row",
            sure.otherwise(pl.lit(Severity.LOW.value)).alias("severity"),
            pl.lit(None, dtype=pl.UInt32).alias("period"),
            pl.col("party_right").alias("party"),
            *("way", "text", "amount", "direction"),
            pl.col("party").alias("number"),
        )
        return Result(
            findings=findings.sort("row", "number").drop("number"),
            periods=NO_PERIODS,
            statistics={"by_party": _by_party(found, parties)},
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """Which party, by what, and how much."""
        said = _SAID[lang]
        return said[finding["way"]].format(
            **{
                **finding,
                "amount": money(finding["amount"]),
                "side": said.get(str(finding["direction"]), said["0"]),
            }
        )


def _found(lines: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """`row`, `party` (number), `way` and `text` of each line and party, by the surest way."""
    parties = listed(parameters["parties"])
    ways = [
        _lines_of(lines["counterparty"], parties, "name"),
        _lines_of(lines["counterparty_account"], parties, "account"),
    ]
    if parameters["summaries"]:
        ways.append(_lines_of(lines["summary"], parties, "summary"))
    order = {way: number for number, way in enumerate(WAYS)}
    found = pl.concat(ways).with_columns(
        sure=pl.col("way").replace_strict(order, return_dtype=pl.Int64)
    )
    if not parameters["masked"]:
        found = found.filter(~pl.col("way").is_in(["masked", "tail"]))
    return (
        found.sort("row", "party", "sure")
        .unique(["row", "party"], keep="first", maintain_order=True)
        .drop("sure")
    )


def _lines_of(texts: pl.Series, parties: pl.DataFrame, what: str) -> pl.DataFrame:
    """Lines by a text of theirs, each distinct one looked at once."""
    distinct = pl.DataFrame({"text": texts}).filter(pl.col("text") != "").unique()
    plain = distinct.with_columns(key=normalised(pl.col("text")))
    match = {"name": by_name, "account": by_account, "summary": mentions}[what]
    ways = match(plain["key"].unique(), parties).rename({"text": "key"})
    hits = plain.join(ways, on="key").select("text", "party", "way").unique()
    rows = texts.alias("text").to_frame().with_row_index("row")
    some = rows.filter(pl.col("text").is_in(hits["text"].unique().implode()))
    return some.join(hits, on="text").select("row", "party", "way", "text")


def _by_party(found: pl.DataFrame, parties: Sequence[str]) -> list[dict[str, Any]]:
    """Sums of each party, in the order of the list, those that were not found too."""
    kept = ~pl.col("reversal")
    sums = (
        found.group_by("party", "currency")
        .agg(
            lines=pl.len(),
            received=pl.col("amount").filter(kept & (pl.col("direction") == IN)).sum(),
            paid=pl.col("amount").filter(kept & (pl.col("direction") == OUT)).sum(),
            not_sure=(~pl.col("way").is_in(SURE)).sum(),
        )
        .sort("party", "currency")
    )
    told = []
    for number, party in enumerate(parties):
        own = sums.filter(pl.col("party") == number).drop("party").to_dicts()
        money_told = [
            one | {"received": units(one["received"]), "paid": units(one["paid"])} for one in own
        ]
        told.append({"party": party, "currencies": money_told})
    return told


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "exact": "{amount} {side} {party}, a related party.",
        "account": "{amount} {side} the account of a related party: {party}.",
        "contained": "{amount} {side} “{text}”, whose name contains that of {party}, a related "
        "party.",
        "tail": "{amount} {side} the account “{text}”, which fits {party}, a related party, as far "
        "as it is shown: to be confirmed.",
        "masked": "{amount} {side} “{text}”, a masked name that fits {party}, a related party, and "
        "may be another's: to be confirmed.",
        "mentioned": "{amount}; the summary “{text}” mentions {party}, a related party.",
        "1": "received from",
        "-1": "paid to",
        "0": "moved with",
    },
    "zh": {
        "exact": "{side}关联方“{party}” {amount}。",
        "account": "{side}关联方账户 {party} {amount}。",
        "contained": "{side}“{text}” {amount}，户名包含关联方“{party}”。",
        "tail": "{side}账户“{text}” {amount}，与关联方 {party} 已显示部分相符，须核实。",
        "masked": "{side}“{text}” {amount}，脱敏户名与关联方“{party}”相符，"
        "可能并非同一方，须核实。",
        "mentioned": "金额 {amount}，摘要“{text}”提到关联方“{party}”。",
        "1": "收到",
        "-1": "支付给",
        "0": "往来",
    },
}
