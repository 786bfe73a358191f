"""Words of rejects, notices and assumptions, in English and Chinese."""

from collections.abc import Mapping

from tradeglyph.domain.recognizers import Words
from tradeglyph.statements.summary import Notice

REASONS: Mapping[str, Words] = {
    "extra_cells": {
        "en": "more cells than headings: a separator inside a text or amount?",
        "zh": "单元格多于表头列数：文字或金额中是否含有分隔符？",
    },
    "no_date": {"en": "no date", "zh": "缺少日期"},
    "bad_date": {
        "en": "not a date that exists, or not in a known form",
        "zh": "日期不存在或格式无法识别",
    },
    "bad_time": {"en": "not a time of day", "zh": "不是有效的时间"},
    "no_amount": {"en": "no amount", "zh": "缺少金额"},
    "not_an_amount": {"en": "not an amount", "zh": "不是有效的金额"},
    "comma_decimal": {
        "en": "a comma before the decimals; pass --map decimal=, if all amounts are written so",
        "zh": "以逗号作小数点；如全部金额都这样书写，请使用 --map decimal=,",
    },
    "too_large": {
        "en": "more than 12 digits before, or 6 behind the point",
        "zh": "小数点前超过12位或小数点后超过6位",
    },
    "too_fine": {"en": "finer than a hundredth", "zh": "小于分的金额"},
    "masked": {"en": "the amount is masked", "zh": "金额已被遮盖"},
    "both_sides": {"en": "both an inflow and an outflow", "zh": "收入与支出同时有金额"},
    "no_direction": {
        "en": "it isn't said whether this is an inflow or an outflow",
        "zh": "未说明是收入还是支出",
    },
    "bad_direction": {
        "en": "neither inflow nor outflow in a known word; add the word to a profile",
        "zh": "无法识别的收支标志；可在版式文件中添加该词",
    },
    "bad_currency": {"en": "an unknown currency", "zh": "未知币种"},
}


def notice(code: str, en: str, zh: str) -> Notice:
    """A notice of one kind, in both languages."""
    return Notice(code=code, words={"en": en, "zh": zh})


def masked(count: int) -> Notice:
    """Balances of which digits are hidden."""
    return notice(
        "masked_balance",
        f"{count} balances are masked and were taken as missing",
        f"{count} 笔余额被遮盖，按缺失处理",
    )


def rounded(heading: str, count: int, line: int, value: str) -> Notice:
    """Long numbers, such as accounts, that a spreadsheet has rounded."""
    return notice(
        "rounded_number",
        f"{heading}: {count} long numbers were rounded by a spreadsheet, so that several may look "
        f"alike (line {line}: {value}); ask for the file as the bank gave it out",
        f"“{heading}”列有 {count} 个长号码已被电子表格舍去尾数，不同号码可能变得相同"
        f"（第 {line} 行：{value}）；请取得银行的原始文件",
    )


def unread_balances(count: int, line: int, value: str) -> Notice:
    """Balances that are no amounts."""
    return notice(
        "unread_balance",
        f"{count} balances can't be read and were taken as missing (first: line {line}, {value!r})",
        f"{count} 笔余额无法识别，按缺失处理（首个：第 {line} 行，“{value}”）",
    )


def remarks(count: int, line: int, value: str) -> Notice:
    """Amounts with a text in brackets."""
    return notice(
        "amount_remark",
        f"{count} amounts bear a remark in brackets, which was left out (first: line {line}, "
        f"{value!r})",
        f"{count} 笔金额带有括号说明，已忽略说明（首个：第 {line} 行，“{value}”）",
    )


def no_table(sheet: str, rows: int) -> Notice:
    """A sheet without a heading line."""
    return notice(
        "no_table",
        f"sheet {sheet}: no heading line; its {rows} rows hold no lines",
        f"工作表 {sheet}：未找到表头，其 {rows} 行未作为流水读取",
    )


def copied(sheet: str, before: str, count: int) -> Notice:
    """A sheet that repeats another."""
    return notice(
        "copied_sheet",
        f"sheet {sheet}: its {count} lines are those of sheet {before}, and were left out",
        f"工作表 {sheet}：其 {count} 笔与工作表 {before} 完全相同，已略去",
    )


def control_count(said: str, claimed: int, found: int) -> Notice:
    """A number of lines that doesn't agree."""
    return notice(
        "control_count",
        f"the file says {said!r}: {claimed} lines, but {found} were read",
        f"文件载明“{said}”，即 {claimed} 笔，实际读取 {found} 笔",
    )


def control_sum(said: str, claimed: int, found: int) -> Notice:
    """A sum that doesn't agree."""
    return notice(
        "control_sum",
        f"the file says {said!r}: {_money(claimed)}, but the lines come to {_money(found)}",
        f"文件载明“{said}”，即 {_money(claimed)}，而明细合计为 {_money(found)}",
    )


def no_lines() -> Notice:
    """A heading line with nothing below it."""
    return notice("no_lines", "the heading line has no lines below it", "表头下方没有任何流水记录")


def neutral_blank(count: int) -> Notice:
    """Lines of a wallet with an empty 收/支."""
    return notice(
        "blank_direction",
        f"{count} lines have an empty direction and were taken as not counted (neutral)",
        f"{count} 笔收支栏为空，按不计收支（中性）处理",
    )


def flipped(count: int) -> Notice:
    """Negative amounts beside a direction."""
    return notice(
        "negative_amount",
        f"{count} lines have a negative amount and were read as taken back (reversal)",
        f"{count} 笔金额为负，按红字冲回处理，方向取反",
    )


def assumed_currency(code: str) -> Words:
    """No currency is named."""
    return {
        "en": f"currency: {code}, since the file names none (--map currency=... says another)",
        "zh": f"币种：文件未注明，按 {code} 处理（可用 --map currency=... 指定）",
    }


def assumed_year(last: str) -> Words:
    """Dates without a year."""
    return {
        "en": f"dates have no year: the latest that isn't after {last} was taken",
        "zh": f"日期不含年份：取不晚于 {last} 的最近年份",
    }


def assumed_sign(positive_out: bool, why: Words) -> Words:
    """What a positive number means."""
    en, zh = ("spent", "支出") if positive_out else ("received", "收入")
    return {
        "en": f"positive amounts are {en}: {why['en']} (--map sign=in or out says another)",
        "zh": f"正数金额为{zh}：{why['zh']}（可用 --map sign=in 或 out 指定）",
    }


def assumed_direction(heading: str) -> Words:
    """A column that was taken for the direction by its cells alone."""
    return {
        "en": f"column {heading!r} says inflow or outflow in every line, and was taken for that",
        "zh": f"“{heading}”列每行均为收支方向，据此判断方向",
    }


def assumed_one_side(heading: str) -> Words:
    """A file of inflows or of outflows alone."""
    return {
        "en": f"{heading!r} is the only column of amounts: all lines are of that side",
        "zh": f"仅有“{heading}”一列金额：全部流水均为该方向",
    }


def _money(minor: int) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"
