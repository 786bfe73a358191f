"""Money that comes in and soon goes out again (过账)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.domain.statements import IN, OUT
from tradeglyph.recognizers.statements.books import ADDRESS, NO_PERIODS, Ints, book_codes
from tradeglyph.recognizers.statements.card_parameters import (
    amount,
    keywords_silence,
    reasonable,
    seed_rule,
    words,
    yes_or_no,
)
from tradeglyph.recognizers.statements.clock import HOUR_US
from tradeglyph.recognizers.statements.figures import money, units
from tradeglyph.recognizers.statements.keywords import (
    OWN_NAME,
    WEALTH,
    first_word,
    told,
)
from tradeglyph.recognizers.statements.pass_matching import Fit, Moves, pairs, parts
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.sums import ratio

SEED = seed_rule("pass_through")
FLOW = (
    "中国人民银行令〔2006〕第2号 article 11 (1): funds that come in together and go out in parts "
    "within a short time; the figure is this project's"
)
PLAIN, OWN, PRODUCT, REASON = "plain", "own_name", "wealth", "reasonable"
INFO = Info(
    name="pass_through",
    title={"en": "Pass-through", "zh": "过账交易异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "A large income that leaves again within days as one outflow of about its amount, or "
        "as several that add up to it, without a word that explains it.",
        "zh": "大额收入在数日内以金额相近的一笔（或合计相近的数笔）支出转走，又无合理背景关键词。",
    },
    parameters=(
        amount(
            "least",
            10_000_000,
            "incomes from this on",
            "收入不低于此数",
            SEED,
            least=1,
        ),
        Parameter(
            name="within",
            default=0.01,
            unit="share",
            means={
                "en": "outflow and income differ by at most this share of the income",
                "zh": "支出与收入之差不超过收入的此比例",
            },
            source=SEED,
            least=0,
            most=0.5,
        ),
        Parameter(
            name="least_hours",
            default=1.0,
            audit=0.0,
            unit="hours",
            means={
                "en": "the outflow is at least so much later; 0 is at once",
                "zh": "支出至少晚于收入的小时数；0 表示即进即出也算",
            },
            source=SEED,
            least=0,
            most=24 * 366,
        ),
        Parameter(
            name="most_days",
            default=7.0,
            unit="days",
            means={"en": "and at most so much later", "zh": "支出至多晚于收入的天数"},
            source=SEED,
            least=0,
            most=366,
        ),
        Parameter(
            name="most_parts",
            default=1,
            audit=10,
            unit="outflows",
            means={
                "en": "an income may leave in so many outflows that add up to it",
                "zh": "一笔收入可拆成几笔支出转走",
            },
            source=FLOW,
            least=1,
            most=100,
        ),
        Parameter(
            name="least_part",
            default=0.05,
            unit="share",
            means={
                "en": "an outflow under this share of the income is no part of it",
                "zh": "低于收入此比例的支出不视为其中一部分",
            },
            source=FLOW,
            least=0.001,
            most=0.5,
        ),
        yes_or_no(
            "apart",
            "tell transfers between own accounts and wealth products apart, as "
            "low; ordinary lines are matched first",
            "本人账户互转和理财单列并降低严重程度，其他交易优先匹配",
            "this project's: what a bank auditor would set apart",
            default=False,
            audit=True,
        ),
        words(
            "own_names",
            (),
            "names of the owner, which as counterparties are own accounts",
            "户主名称；对方为其名者视为本人账户",
            "given by the user",
        ),
        keywords_silence("pass_through"),
        reasonable(),
    ),
)


class PassThrough:
    """Large incomes that leave again within days.

    What the rule leaves open is decided so:
    - Each income and each outflow is used once. In order of time, each outflow takes the free
      income that it fits best: the nearest in amount, of equals the oldest. Ties go by the lines'
      addresses in their files, so that no order of lines changes the answer.
    - Both bounds of the gap and of the share are included: exactly 1 hour, 7 days, 1 %.
    - A book (an account in one currency) of which any line lacks a time of day is read by days: a
      gap is a number of dates. At least an hour later is then at least the next date, since of
      one date nobody can tell; with 0 hours the same date counts, in either order.
    - With `keywords_silence`, lines with a reasonable word take no part. Without, ordinary lines
      are matched first, then those that `apart` tells or words explain with what is left, as low.
    - With `most_parts`, incomes that no single outflow carries away are held against runs of
      outflows in order of time, each of at least `least_part` of the income: smaller ones are
      everyday payments between.
    - NEUTRAL lines and reversals take no part.

    SOURCE: the seed's table of nine rules; parts after 中国人民银行令〔2006〕第2号 article 11 (1).
    Costs are bounded in `pass_matching`.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `side` (`in` or `out`), `income` and `outflow`
        (all parts) in minor units, `parts`, `gap` from income to last outflow (Duration), `dated`
        (gap in dates), `kind` (`plain`, `own_name`, `wealth` or `reasonable`), `word` that says so.
        A period is one pass-through; it ends a second (dated: a day) after its last outflow."""
        moves = _moves(lines, parameters)
        incomes = moves.filter(
            (pl.col("direction") == IN) & (pl.col("amount") >= parameters["least"])
        )
        outflows = moves.filter(pl.col("direction") == OUT)
        passed = _passed(incomes, outflows, parameters)
        findings, periods = _findings(incomes, outflows, passed)
        return Result(
            findings=findings,
            periods=periods,
            statistics={
                "incomes": len(incomes),
                "passed": len(passed),
                "passed_amount": units(int(incomes["amount"][[one for one, _ in passed]].sum())),
                "in_parts": sum(len(outs) > 1 for _, outs in passed),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the income, what left, how soon, and the word that explains it."""
        said = _SAID[lang]["parts" if finding["parts"] > 1 else "one"].format(
            income=money(finding["income"]),
            outflow=money(finding["outflow"]),
            parts=finding["parts"],
            gap=_gap(finding, lang),
        )
        if finding["kind"] != PLAIN:
            said += _KINDS[lang][finding["kind"]].format(word=finding["word"])
        return said + ("." if lang == "en" else "。")


def _moves(lines: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """The lines that may take part, sorted by book, time and address, with what they are."""
    least = float(parameters["least"])
    share = parameters["least_part"] if parameters["most_parts"] > 1 else 1 - parameters["within"]
    by_direction = (pl.col("direction") == IN) & (pl.col("amount") >= parameters["least"]) | (
        pl.col("direction") == OUT
    ) & (pl.col("amount") >= int(least * share))
    take = lines.select(by_direction & ~pl.col("reversal")).to_series().to_numpy()
    at = np.flatnonzero(take)
    book = book_codes(lines) if len(at) else np.zeros(len(lines), dtype=np.int64)
    dated = np.zeros(int(book.max(initial=0)) + 1, dtype=bool)
    dated[book[~lines["clock"].to_numpy()]] = True
    time = pl.col("time").to_physical()
    moves = lines[at].with_columns(
        row=pl.Series(at, dtype=pl.UInt32),
        book=pl.Series(book[at], dtype=pl.Int64),
        dated=pl.Series(dated[book[at]], dtype=pl.Boolean),
    )
    moves = moves.with_columns(
        pl.when("dated").then(time - time % DAY_US).otherwise(time).alias("at")
    )
    moves = _with_kind(moves.filter(_both_directions()), parameters)
    if parameters["keywords_silence"]:
        moves = moves.filter(pl.col("explained").is_null())
    return moves.sort("book", "at", *ADDRESS)


def _both_directions() -> pl.Expr:
    return pl.col("direction").n_unique().over("book") > 1


def _with_kind(moves: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """The moves with the word that says each kind, null for none."""
    apart = parameters["apart"]
    own = pl.when(pl.col("counterparty").is_in(parameters["own_names"])).then("counterparty")
    words = moves.with_columns(
        first_word(told(), OWN_NAME if apart else ()).alias(OWN),
        first_word(told(), WEALTH if apart else ()).alias(PRODUCT),
        first_word(told(), parameters["reasonable"]).alias("explained"),
    )
    return words.with_columns(pl.coalesce(own, OWN).alias(OWN)) if apart else words


def _passed(
    incomes: pl.DataFrame, outflows: pl.DataFrame, parameters: Mapping[str, Any]
) -> list[tuple[int, list[int]]]:
    """Positions of each income that left, and of its outflows: ordinary lines before others."""
    passed: list[tuple[int, list[int]]] = []
    named = pl.any_horizontal(pl.col(OWN, PRODUCT, "explained").is_not_null()).any()
    some_told = incomes.select(named).item() or outflows.select(named).item()
    for ordinary in (True, False) if some_told else (True,):
        ins = _left(incomes, [one for one, _ in passed], ordinary=ordinary)
        outs = _left(outflows, [out for _, some in passed for out in some], ordinary=ordinary)
        taken = _single(incomes, outflows, ins, outs, parameters)
        passed += taken
        if parameters["most_parts"] > 1:
            ins = np.setdiff1d(ins, [one for one, _ in taken])
            outs = np.setdiff1d(outs, [out for _, some in taken for out in some])
            passed += _in_parts(incomes, outflows, ins, outs, parameters)
    return passed


def _left(moves: pl.DataFrame, used: Sequence[int], *, ordinary: bool) -> Ints:
    free = np.ones(len(moves), dtype=bool)
    free[np.array(used, dtype=np.int64)] = False
    if ordinary:
        plain = moves.select(pl.all_horizontal(pl.col(OWN, PRODUCT, "explained").is_null()))
        free &= plain.to_series().to_numpy()
    return np.flatnonzero(free)


def _single(
    incomes: pl.DataFrame,
    outflows: pl.DataFrame,
    ins: Ints,
    outs: Ints,
    parameters: Mapping[str, Any],
) -> list[tuple[int, list[int]]]:
    fit = _fit(incomes, ins, parameters)
    fitting = pairs(_as_moves(incomes).at(ins), _as_moves(outflows).at(outs), fit)
    return [(int(ins[one]), [int(outs[out])]) for one, out in fitting]


def _in_parts(
    incomes: pl.DataFrame,
    outflows: pl.DataFrame,
    ins: Ints,
    outs: Ints,
    parameters: Mapping[str, Any],
) -> list[tuple[int, list[int]]]:
    fitting = parts(
        _as_moves(incomes).at(ins),
        _as_moves(outflows).at(outs),
        _fit(incomes, ins, parameters),
        ratio(parameters["least_part"]),
        int(parameters["most_parts"]),
    )
    return [(int(ins[one]), [int(outs[out]) for out in some]) for one, some in fitting]


def _fit(
    incomes: pl.DataFrame,
    ins: Ints,
    parameters: Mapping[str, Any],
) -> Fit:
    exact = round(parameters["least_hours"] * HOUR_US)
    whole = -(-exact // DAY_US) * DAY_US
    return Fit(
        share=ratio(parameters["within"]),
        least_gap=np.where(incomes["dated"].to_numpy()[ins], whole, exact),
        most_gap=round(parameters["most_days"] * DAY_US),
    )


def _as_moves(moves: pl.DataFrame) -> Moves:
    return Moves(
        book=moves["book"].to_numpy(),
        time=moves["at"].to_numpy(),
        amount=moves["amount"].to_numpy(),
    )


def _findings(
    incomes: pl.DataFrame, outflows: pl.DataFrame, passed: list[tuple[int, list[int]]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    passed = sorted(passed)
    number = [at for at, (_, outs) in enumerate(passed) for _ in outs]
    ins = incomes[[one for one, _ in passed]].with_columns(
        period=pl.Series(range(len(passed)), dtype=pl.UInt32), side=pl.lit("in")
    )
    outs = outflows[[out for _, some in passed for out in some]].with_columns(
        period=pl.Series(number, dtype=pl.UInt32), side=pl.lit("out")
    )
    both = pl.concat([ins, outs])
    is_in, is_out = pl.col("side") == "in", pl.col("side") == "out"
    one = (
        both.group_by("period")
        .agg(
            pl.col("account").first(),
            pl.col("dated").first(),
            pl.col("at").filter(is_in).first().alias("start"),
            pl.col("at").filter(is_out).max().alias("end"),
            pl.col("amount").filter(is_in).sum().alias("income"),
            pl.col("amount").filter(is_out).sum().alias("outflow"),
            is_out.sum().cast(pl.UInt32).alias("parts"),
            *(pl.col(name).drop_nulls().first() for name in (OWN, PRODUCT, "explained")),
        )
        .sort("period")
    )
    one = one.with_columns(
        _named().alias("kind"), pl.coalesce(OWN, PRODUCT, "explained").alias("word")
    )
    findings = (
        both.select("row", "side", "period")
        .join(one, on="period")
        .select(
            "row",
            pl.when(pl.col("kind") == PLAIN)
            .then(pl.lit(Severity.HIGH.value))
            .otherwise(pl.lit(Severity.LOW.value))
            .alias("severity"),
            "period",
            "side",
            "income",
            "outflow",
            "parts",
            (pl.col("end") - pl.col("start")).cast(pl.Duration("us")).alias("gap"),
            "dated",
            "kind",
            "word",
        )
        .sort("row")
    )
    last = pl.when("dated").then(DAY_US).otherwise(1_000_000)
    periods = one.select(
        "account",
        pl.col("start").cast(pl.Datetime("us")),
        (pl.col("end") + last).cast(pl.Datetime("us")).alias("end"),
        "income",
        "outflow",
    )
    return findings, periods if len(periods) else NO_PERIODS


def _named() -> pl.Expr:
    return (
        pl.when(pl.col(OWN).is_not_null())
        .then(pl.lit(OWN))
        .when(pl.col(PRODUCT).is_not_null())
        .then(pl.lit(PRODUCT))
        .when(pl.col("explained").is_not_null())
        .then(pl.lit(REASON))
        .otherwise(pl.lit(PLAIN))
    )


def _gap(finding: Mapping[str, Any], lang: Lang) -> str:
    seconds = round(finding["gap"].total_seconds())
    days, rest = divmod(seconds, 86_400)
    hours, minutes = divmod(rest // 60, 60)
    if finding["dated"]:
        return _GAPS[lang]["dates"].format(days=days) if days else _GAPS[lang]["date"]
    if days:
        return _GAPS[lang]["days"].format(days=days, hours=hours)
    return _GAPS[lang]["hours"].format(hours=hours, minutes=minutes)


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "one": "{income} came in and {outflow} left {gap}",
        "parts": "{income} came in and {outflow} left in {parts} outflows, the last {gap}",
    },
    "zh": {
        "one": "收入 {income}，{gap}转出 {outflow}",
        "parts": "收入 {income}，{gap}分 {parts} 笔合计转出 {outflow}",
    },
}
_GAPS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "dates": "{days} dates later",
        "date": "on the same date",
        "days": "{days} d {hours} h later",
        "hours": "{hours} h {minutes} min later",
    },
    "zh": {
        "dates": "{days} 天后",
        "date": "同日",
        "days": "{days} 天 {hours} 小时后",
        "hours": "{hours} 小时 {minutes} 分钟后",
    },
}
_KINDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        OWN: "; “{word}” says that the other side is the owner's",
        PRODUCT: "; “{word}” says that it is a wealth product",
        REASON: "; “{word}” may explain it",
    },
    "zh": {
        OWN: "；“{word}”显示对方为本人账户",
        PRODUCT: "；“{word}”显示为理财产品",
        REASON: "；含关键词“{word}”，或有合理背景",
    },
}
