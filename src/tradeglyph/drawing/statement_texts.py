"""The words that only the page of statements has, in English and Chinese; `texts` has the rest."""

from collections.abc import Callable, Mapping

from tradeglyph.drawing.texts import text
from tradeglyph.recognizers.reasons import Lang

STATEMENT_TEXTS: Mapping[str, tuple[str, str]] = {
    # Head
    "title": ("Bank statement report", "银行流水审查报告"),
    "said": (
        "{count} of {lines} lines to ask about: {high} high, {medium} medium, {low} low.",
        "共 {lines} 笔流水，其中 {count} 笔有疑点：高 {high} 笔、中 {medium} 笔、低 {low} 笔。",
    ),
    "said_nothing": (
        "Nothing found in {lines} lines.",
        "共 {lines} 笔流水，未发现疑点。",
    ),
    "said_of": (
        "{found} of {asked} recognizers found something; {not_applicable} not applicable.",
        "{asked} 个识别器中 {found} 个有发现，{not_applicable} 个不适用。",
    ),
    "said_failed": (
        "{failed} failed by a fault of ours.",
        "{failed} 个因程序故障未能完成。",
    ),
    "limits_of_findings": (
        "A finding is a line to ask about, not a verdict. The explanation may be harmless; what "
        "the statement does not contain can't be found in it.",
        "每项发现都是待核实的疑点，不是结论，其原因可能完全正当；"
        "流水里没有的内容，本报告也无从发现。",
    ),
    "more_files": ("and {count} more files", "另有 {count} 个文件"),
    # Files
    "files_title": ("How the files were read", "文件读取情况"),
    "file": ("File", "文件"),
    "form": ("Form", "格式"),
    "holder": ("Holder", "户名"),
    "read": ("Lines read", "读取行数"),
    "rejected": ("Rejected", "拒绝行数"),
    "lines_of_file": ("Lines in the file", "流水总行数"),
    "warning": ("Warning", "注意"),
    "assumption": ("Assumed", "推定"),
    "reject": ("Rejected", "拒绝"),
    "more_rejects": (
        "{count} more were rejected; --format json names them.",
        "另有 {count} 行被拒绝，用 --format json 查看。",
    ),
    "more_notices": (
        "{count} more warnings; --format json has all of them.",
        "另有 {count} 条，用 --format json 查看全部。",
    ),
    "files_left_out": (
        "{count} more files are not listed; --format json has all of them.",
        "另有 {count} 个文件未列出，用 --format json 查看全部。",
    ),
    # Index
    "accounts_title": ("Accounts", "账户一览"),
    "accounts_caption": (
        "{accounts} accounts and currencies, those with findings first. {pages} have a page below.",
        "共 {accounts} 个账户（按币种分列），有疑点的排在前面，其中 {pages} 个另有单页。",
    ),
    "accounts_left_out": (
        "{count} more accounts are not in this table; --format json has their findings.",
        "另有 {count} 个账户未列入本表，其疑点用 --format json 查看。",
    ),
    "accounts_rest": ("The other {count} accounts", "其余 {count} 个账户"),
    "no_account": ("No account named", "未载明账号"),
    "currency": ("Currency", "币种"),
    "period": ("Period", "期间"),
    "lines": ("Lines", "笔数"),
    "inflow": ("Inflow", "收入"),
    "outflow": ("Outflow", "支出"),
    "net": ("Net", "净额"),
    "neutral_of_lines": ("of them neutral, in no sum: {count}", "其中中性 {count} 笔，不计入合计"),
    "with_findings": ("with findings: {count}", "有疑点 {count} 笔"),
    "high": ("high", "高"),
    "medium": ("medium", "中"),
    "low": ("low", "低"),
    "high_severity": ("high severity", "高风险"),
    "medium_severity": ("medium severity", "中风险"),
    "low_severity": ("low severity", "低风险"),
    # One account
    "closing": ("Last balance", "期末余额"),
    "lowest": ("lowest {amount} on {day}", "最低 {amount}（{day}）"),
    "printed_by": ("printed by {known} of {lines} lines", "{lines} 笔中 {known} 笔载有余额"),
    "no_balance": ("no line prints one", "流水未载余额"),
    "balance_title": ("Balance of {account}", "{account} 余额走势"),
    "balance_caption": (
        "The balance as printed, after each line.",
        "每笔之后的账面余额，取自流水原文。",
    ),
    "net_title": ("Cumulative net flow of {account}", "{account} 累计净流量"),
    "net_caption": (
        "Income less outflow up to each line, from zero: {known} of {lines} lines print a balance, "
        "too few to draw it.",
        "自零起逐笔累计的收入减支出：{lines} 笔中只有 {known} 笔载有余额，不足以画出余额走势。",
    ),
    "marks_caption": (
        "Marks are lines with findings; numbers are those of the list below.",
        "标记为有疑点的流水，编号对应下方清单。",
    ),
    "marks_left_out": (
        "{count} more lines with findings are not marked, the gravest are; --format json has all.",
        "仅标出较重的，另有 {count} 笔有疑点的未标，用 --format json 查看全部。",
    ),
    "hours_title": ("When: hour of the day by {column}", "交易时段：小时 × {column}"),
    "hours_untimed": (
        "{count} lines say no time of day and are not in it.",
        "另有 {count} 笔没有时刻，未计入。",
    ),
    "no_hours": (
        "Hour by day: not applicable. The statement says no time of day: only dates, or 00:00:00 "
        "throughout.",
        "交易时段图不适用：流水没有时刻，只有日期，或时刻全为 00:00:00。",
    ),
    "column_day": ("day", "日"),
    "column_week": ("week (from Monday)", "周（周一起）"),
    "column_month": ("month", "月"),
    "column_quarter": ("quarter", "季"),
    "column_year": ("year", "年"),
    "column_years": ("years", "多年"),
    "unit_lines": ("lines", "笔"),
    "gravest_title": ("The gravest", "最应核实的流水"),
    "gravest_none": ("No findings on this account.", "本账户未发现疑点。"),
    "also": ("Also found by: {titles}", "另见：{titles}"),
    "gravest_line": ("line {line}", "第 {line} 行"),
    "further_title": ("Further figures", "更多统计"),
    # Findings
    "findings_title": ("What was asked, and what was found", "识别器与发现"),
    "findings_caption": (
        "Every recognizer that was asked. Lines count once, by their gravest finding.",
        "全部识别器。一笔流水只计一次，按其最重的一项计。",
    ),
    "recognizer": ("Recognizer", "识别器"),
    "status": ("Result", "结果"),
    "found": ("{count} lines", "{count} 笔"),
    "nothing": ("nothing found", "未发现异常"),
    "not_applicable_status": ("not applicable", "不适用"),
    "failed": ("failed", "失败"),
    "not_applicable_why": ("Not applicable: {why}", "不适用：{why}"),
    "failed_why": (
        "Failed, a fault of ours and not of the file: {why}",
        "失败，程序故障，与文件无关：{why}",
    ),
    "settings": ("Parameters", "参数"),
    "setting": ("Parameter", "参数"),
    "value": ("Value", "取值"),
    "means": ("Meaning", "含义"),
    "no_settings": ("It has no parameters.", "无参数。"),
    "statistics": ("Statistics (lists are in the JSON)", "统计（明细列表见 JSON）"),
    "of_period": ("{start} to {end}", "{start} 至 {end}"),
    "findings_of": ("{count} lines", "{count} 笔"),
    "place_line": ("line {line}", "第 {line} 行"),
    "place_lines": ("lines {lines}", "第 {lines} 行"),
    "more_lines": ("and {count} more", "另有 {count} 行"),
    "shown_of_period": (
        "{count} lines of it are not shown; --format json has all.",
        "另有 {count} 笔未列出，用 --format json 查看全部。",
    ),
    "findings_left_out": (
        "{count} more findings are not shown, the gravest are; --format json has all of them.",
        "仅列出较重的，另有 {count} 项未列出，用 --format json 查看全部。",
    ),
    "line": ("Line", "行"),
    "time": ("Time", "时间"),
    "direction": ("In/out", "收支"),
    "amount": ("Amount", "金额"),
    "balance": ("Balance", "余额"),
    "summary": ("Summary", "摘要"),
    "counterparty": ("Counterparty", "对方"),
    "in": ("in", "收入"),
    "out": ("out", "支出"),
    "neutral": ("neutral", "中性"),
    "skipped": ("{count} lines between", "间隔 {count} 笔"),
    "flagged": ("found", "疑点"),
    "context_caption": (
        "With two lines before and after of the same account, as they stand in the file.",
        "含同一账户前后各两笔，按文件原有顺序。",
    ),
    "cut": ("… (+{count} characters)", "……（另有 {count} 字）"),
    # Units of parameters
    "unit_minor units": ("units of the currency", "货币单位（元）"),
    "unit_lines_setting": ("lines", "笔"),
    "unit_days": ("days", "天"),
    "unit_hours": ("hours", "小时"),
    "unit_minutes": ("minutes", "分钟"),
    "unit_share": ("share", "比例"),
    "unit_share a year": ("share a year", "年化比例"),
    "unit_words": ("words", "关键词"),
    "unit_yes or no": ("yes or no", "是/否"),
    "unit_months": ("months", "个月"),
    "unit_times": ("times", "次"),
    "unit_transfers": ("transfers", "笔转账"),
    "unit_powers of ten": ("powers of ten", "个数量级"),
    "unit_choice": ("choice", "选项"),
    "unit_outflows": ("outflows", "笔支出"),
    "unit_times the mean": ("times the mean", "倍均值"),
    "unit_times the mean or median": ("times the mean or median", "倍均值或中位数"),
}


def statement_text(key: str, lang: Lang, /, **values: object) -> str:
    """As `text`, with the page's own words before those of all pages."""
    if key not in STATEMENT_TEXTS:
        return text(key, lang, **values)
    words = STATEMENT_TEXTS[key][0 if lang == "en" else 1]
    return words.format(**values) if values else words


def statement_speaker(lang: Lang) -> Callable[..., str]:
    """`statement_text` in one language."""

    def speak(key: str, /, **values: object) -> str:
        return statement_text(key, lang, **values)

    return speak


def unit_text(unit: str, lang: Lang) -> str:
    """A parameter's unit; one that is not known as it stands."""
    key = "unit_lines_setting" if unit == "lines" else f"unit_{unit}"
    return statement_text(key, lang) if key in STATEMENT_TEXTS else unit
