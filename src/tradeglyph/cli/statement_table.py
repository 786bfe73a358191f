"""An examination of statements for people: what was read, then what each recognizer says."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TextIO

import polars as pl

from tradeglyph.cli.account_table import account_lines
from tradeglyph.domain.recognizers import Lang, NotApplicable, Profile, Severity
from tradeglyph.recognizers.statements.ask import Answer
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.result import Result

if TYPE_CHECKING:
    from rich.console import Console

    from tradeglyph.app.statement import Examination
    from tradeglyph.statements.summary import ColumnTaken, FileSummary

SHOWN = 5
"""Findings of a recognizer, and rejected lines of a file, that are shown."""
_CONTROL = dict.fromkeys((*range(32), 127, *range(128, 160)), "�")
"""Letters that would do something to a terminal."""
_GRAVITY = {Severity.HIGH.value: 0, Severity.MEDIUM.value: 1, Severity.LOW.value: 2}

_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "lines": "{path}: {read:,} lines read + {rejected:,} rejected = {lines:,} lines",
        "others": " ({header} heading, {preamble} above it, {notes} notes, {blank} blank)",
        "form": "  {form}{layout}; {accounts}",
        "layout": ", layout {layout}",
        "accounts": "{count:,} accounts",
        "account": "account {name}",
        "no_account": "no account named",
        "taken": "  taken for: {columns}",
        "unused": "  not used: {columns}",
        "reject": "  rejected: {sheet}line {line}, {column}: {value!r}: {reason}",
        "more_rejects": "  ... and {count:,} more rejected",
        "warning": "  warning: {text}",
        "assumed": "  assumed: {text}",
        "found": "{count:,} lines in {concerned:,} of {accounts:,} accounts",
        "none": "nothing found ({accounts:,} accounts)",
        "not_applicable": "not applicable: {reason}",
        "failed": "FAILED, a fault of ours: {error}",
        "place": "{sheet}line {line}",
        "more": "    ... and {count:,} more lines; --format json has all of them",
        "also": " (and {count:,} more lines of it)",
        "sum": "{count:,} lines found by {rules} of {asked} recognizers",
        "lines_without_time_of_day": "{count:,} lines not asked: no time of day",
        "lines_without_balance": "{count:,} lines not judged: no balance",
        "lines_of_wallets": "{count:,} lines not asked: wallets print no balances",
        "not_judged": "{count:,} lines of interest not judged",
        "silenced_by_keyword": "{count:,} lines silenced by a keyword",
        "lines_in_other_currencies": "{count:,} lines not asked: no amount or rate in currency",
        "undecided": "{count:,} lines undecided: equal to others, no time, number, balance",
        "statements_not_judged": "{count:,} accounts not judged: too few amounts, or too alike",
        "high": "high", "medium": "medium", "low": "low",
        "1": "in", "-1": "out", "0": "neutral",
    },
    "zh": {
        "lines": "{path}：读取 {read:,} 行 + 拒绝 {rejected:,} 行 = 共 {lines:,} 行流水",
        "others": "（另有表头 {header}、表头之上 {preamble}、说明合计 {notes}、空行 {blank}）",
        "form": "  {form}{layout}；{accounts}",
        "layout": "，版式 {layout}",
        "accounts": "{count:,} 个账户",
        "account": "账户 {name}",
        "no_account": "未载明账号",
        "taken": "  各列识别为：{columns}",
        "unused": "  未使用：{columns}",
        "reject": "  拒绝：{sheet}第 {line} 行，{column}：“{value}”：{reason}",
        "more_rejects": "  …… 另有 {count:,} 行被拒绝",
        "warning": "  注意：{text}",
        "assumed": "  推定：{text}",
        "found": "{count:,} 笔，涉及 {accounts:,} 个账户中的 {concerned:,} 个",
        "none": "未发现异常（{accounts:,} 个账户）",
        "not_applicable": "不适用：{reason}",
        "failed": "失败，程序故障：{error}",
        "place": "{sheet}第 {line} 行",
        "more": "    …… 另有 {count:,} 笔，用 --format json 查看全部",
        "also": "（同一时段另有 {count:,} 笔）",
        "sum": "{asked} 个识别器中有 {rules} 个发现异常，共 {count:,} 笔流水",
        "lines_without_time_of_day": "{count:,} 笔没有时刻，未判断",
        "lines_without_balance": "{count:,} 笔没有余额，未判断",
        "lines_of_wallets": "{count:,} 笔属支付账户，本无余额，未判断",
        "not_judged": "{count:,} 笔结息未判断",
        "silenced_by_keyword": "{count:,} 笔因关键词未报",
        "lines_in_other_currencies": "{count:,} 笔币种没有标准或折算率，未判断",
        "undecided": "{count:,} 笔相同流水无时刻、流水号或余额可辨，未判断",
        "statements_not_judged": "{count:,} 个账户金额笔数或跨度不足，未判断",
        "high": "高", "medium": "中", "low": "低",
        "1": "收入", "-1": "支出", "0": "中性",
    },
}  # fmt: skip


_LEFT_OUT = (
    *("lines_without_time_of_day", "lines_without_balance", "lines_of_wallets"),
    *("not_judged", "silenced_by_keyword", "lines_in_other_currencies", "undecided"),
    "statements_not_judged",
)
"""Statistics that say of which lines nothing was said."""


def print_examination(found: "Examination", lang: Lang, file: TextIO) -> None:
    """All of it, to `file`; in colours where that is a terminal."""
    from rich.console import Console

    console = Console(file=file, highlight=False, soft_wrap=True, markup=False, emoji=False)
    for summary in found.statements.files:
        console.print(file_line(summary, lang), style="bold")
        for line in _file(summary, lang):
            console.print(clean(line))
    console.print()
    for answer in found.answers:
        _print_answer(console, found, answer, lang)
    console.print()
    if found.profile is Profile.AUDIT:
        for line in account_lines(found.accounts(), lang):
            console.print(clean(line))
        console.print()
    console.print(found_line(found, lang), style="bold")


def file_line(summary: "FileSummary", lang: Lang) -> str:
    """How many lines of a file were read and rejected."""
    rows, words = summary.rows, _WORDS[lang]
    counted = words["lines"].format(
        path=summary.path,
        read=rows.read,
        rejected=rows.rejected,
        lines=rows.read + rows.rejected,
    )
    others = {name: getattr(rows, name) for name in ("header", "preamble", "notes", "blank")}
    return clean(_singular(counted + words["others"].format(**others)))


def found_line(found: "Examination", lang: Lang) -> str:
    """How many lines were found, by how many recognizers; a line counts once."""
    rows = [one.findings["row"] for one in found.answers if one.findings is not None]
    count = pl.concat(rows).n_unique() if rows else 0
    rules = sum(one.count > 0 for one in found.answers)
    said = _WORDS[lang]["sum"].format(count=count, rules=rules, asked=len(found.answers))
    return _singular(said)


def clean(text: str) -> str:
    """Without letters that a terminal would obey."""
    return text.translate(_CONTROL)


def _file(summary: "FileSummary", lang: Lang) -> Iterator[str]:
    words = _WORDS[lang]
    form = " ".join(part for part in (summary.kind.upper(), summary.encoding) if part)
    layout = words["layout"].format(layout=summary.layout) if summary.layout else ""
    yield words["form"].format(form=form, layout=layout, accounts=_accounts(summary, lang))
    yield words["taken"].format(columns=_columns(summary.columns))
    unused = dict.fromkeys(one.heading for one in summary.columns if not one.field and one.heading)
    if unused:
        yield words["unused"].format(
            columns="、".join(unused) if lang == "zh" else ", ".join(unused)
        )
    for one in summary.rejects[:SHOWN]:
        yield words["reject"].format(
            sheet=_sheet(one.sheet),
            line=one.line,
            column=one.column,
            value=one.value,
            reason=one.reason[lang],
        )
    if summary.rows.rejected > SHOWN:
        yield words["more_rejects"].format(count=summary.rows.rejected - SHOWN)
    for notice in summary.notices:
        yield words["warning"].format(text=notice.words[lang])
    for assumed in summary.assumptions:
        yield words["assumed"].format(text=assumed[lang])


def _accounts(summary: "FileSummary", lang: Lang) -> str:
    names, words = summary.accounts, _WORDS[lang]
    if len(names) > 1:
        return words["accounts"].format(count=len(names))
    return words["account"].format(name=names[0]) if names and names[0] else words["no_account"]


def _columns(columns: "tuple[ColumnTaken, ...]") -> str:
    """In the form that `--map` takes; sheets of equal columns are one."""
    taken: dict[str, list[str]] = {}
    for one in columns:
        heading = one.heading or f"#{one.position}"
        if one.field and heading not in taken.setdefault(one.field, []):
            taken[one.field].append(heading)
    return " ".join(f"{field}={','.join(headings)}" for field, headings in taken.items())


def _sheet(name: str) -> str:
    return f"{name} " if name else ""


def _print_answer(console: "Console", found: "Examination", answer: Answer, lang: Lang) -> None:
    words, info = _WORDS[lang], answer.recognizer.info
    outcome = answer.outcome
    if isinstance(outcome, Result):
        said, style = _counted(found, answer, outcome, lang), "bold" if answer.count else ""
    elif isinstance(outcome, NotApplicable):
        said, style = words["not_applicable"].format(reason=outcome.reason[lang]), "dim"
    else:
        said, style = words["failed"].format(error=outcome), "bold red"
    title = {"en": f"{info.title['en']} ({info.name}): ", "zh": f"{info.title['zh']} {info.name}："}
    console.print(clean(title[lang] + said), style=style)
    if isinstance(outcome, Result) and answer.count:
        for line in _findings(found, answer, outcome, lang):
            console.print(line)


def _counted(found: "Examination", answer: Answer, result: Result, lang: Lang) -> str:
    from tradeglyph.results.statement_json import accounts_of

    accounts, concerned = accounts_of(result, found.statements.lines)
    words = _WORDS[lang]
    said = words["found" if answer.count else "none"].format(
        count=answer.count, concerned=concerned, accounts=accounts
    )
    counts = {name: result.statistics.get(name) for name in _LEFT_OUT}
    rest = [words[name].format(count=count) for name, count in counts.items() if count]
    return _singular(("；" if lang == "zh" else "; ").join([said, *rest]))


def _singular(text: str) -> str:
    """With "1 line" for "1 lines"."""
    return re.sub(r"(?<![\d,])1 (line|account|recognizer)s", r"1 \1", text)


def _findings(found: "Examination", answer: Answer, result: Result, lang: Lang) -> Iterator[str]:
    """The gravest; of those in one period the first stands for all."""
    from tradeglyph.results.statement_json import findings_with_lines

    grave = result.findings.with_columns(
        _gravity=pl.col("severity").replace_strict(_GRAVITY, default=3),
        _of=pl.when(pl.col("period").is_null())
        .then(-1 - pl.int_range(pl.len(), dtype=pl.Int64))
        .otherwise(pl.col("period").cast(pl.Int64)),
    ).with_columns(_same=pl.len().over("_of"))
    first = grave.unique("_of", keep="first", maintain_order=True)
    first = first.sort("_gravity", maintain_order=True).head(SHOWN)
    shown = Result(findings=first.drop("_gravity", "_of"), periods=result.periods)
    several = len(found.statements.files) > 1
    for finding, line in findings_with_lines(shown, found.statements.lines):
        path = f"{found.statements.files[line['file']].path} " if several else ""
        said = _line(line, finding, lang) + ("：" if lang == "zh" else ": ")
        yield clean(f"  {path}{said}{_reason(answer, finding, lang)}")
    rest = answer.count - int(first["_same"].sum())
    if rest > 0:
        yield _singular(_WORDS[lang]["more"].format(count=rest))


def _line(line: Mapping[str, Any], finding: Mapping[str, Any], lang: Lang) -> str:
    words = _WORDS[lang]
    place = words["place"].format(sheet=_sheet(line["sheet"]), line=line["line"])
    time = f"{line['time']:%Y-%m-%d %H:%M:%S}" if line["clock"] else f"{line['time']:%Y-%m-%d}"
    parts = [place, line["account"], time, words[str(line["direction"])], money(line["amount"])]
    return " ".join(filter(None, [f"[{words[finding['severity']]}]", *parts]))


def _reason(answer: Answer, finding: Mapping[str, Any], lang: Lang) -> str:
    reason = answer.recognizer.reason(finding, lang)
    more = finding["_same"] - 1
    return reason + (_singular(_WORDS[lang]["also"].format(count=more)) if more else "")
