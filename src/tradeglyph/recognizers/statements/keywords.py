"""Words of a line that speak for or against it: data, matched on summary and counterparty.

SOURCE: salary, bonus, reimbursement, goods payment and rent are those of the rules' seed; the
others follow the summaries of Chinese banks' own exports and, for high risk, what banks watch for
under 中国人民银行令〔2006〕第2号 and 〔2016〕第3号: gambling, underground banking, cashing
out, lending.
The choice is this project's own: a word is a hint for a person, never a proof.
"""

import re
from collections.abc import Sequence

import polars as pl

REASONABLE = (
    *("工资", "薪资", "薪酬", "薪金", "奖金", "年终奖", "绩效", "津贴", "补贴", "社保", "公积金"),
    *("养老金", "退休金", "报销", "差旅费", "货款", "采购款", "工程款", "服务费", "租金", "房租"),
    *("物业费", "水费", "电费", "税款", "缴税", "退税", "保险理赔", "赔款", "拆迁款", "购房款"),
    *("首付", "学费", "医疗费", "salary", "payroll", "wage", "wages", "bonus", "reimbursement"),
    *("goods payment", "rent", "pension", "tuition", "tax refund"),
)
"""A background that explains a large amount."""

HIGH_RISK = (
    *("赌", "博彩", "彩票代购", "套现", "刷单", "跑分", "洗钱", "地下钱庄", "换汇", "虚拟货币"),
    *("比特币", "泰达币", "USDT", "网贷", "民间借贷", "高利贷", "过桥", "拆借", "垫资", "代持"),
    *("走账", "过账", "资金归集", "gambling", "casino", "betting", "bitcoin", "crypto", "cash out"),
    *("bridge loan", "hawala"),
)
"""Words that make a line graver."""

WEALTH = (
    *(
        "理财",
        "基金申购",
        "基金赎回",
        "申购",
        "赎回",
        "大额存单",
        "结构性存款",
        "通知存款",
        "定期存款",
    ),
    *("银证转账", "证券转", "国债", "wealth product", "fund purchase", "fund redemption"),
    *("term deposit", "securities transfer"),
)
"""Money put into or taken out of the owner's own investments (理财)."""

OWN_NAME = (
    *("本人", "同名", "自有账户", "自有资金划转", "行内互转本人", "账户互转", "own account"),
    *("own transfer", "same name"),
)
"""Transfers between accounts of one name."""

INTEREST = ("结息", "利息", "存款利息", "interest")
"""Lines of interest; SOURCE: the rules' seed."""

NOT_DEPOSIT = (
    *("税", "贷", "借款", "借据", "罚息", "欠息", "逾期", "透支", "还款", "还息", "贴息", "贴现"),
    *("定期", "理财", "存单", "债", "tax", "loan", "penalty", "overdraft", "mortgage", "bond"),
    "overdue",
)
"""Interest that is not a demand deposit's: taxes on it, loans, penalties, and deposits or products
that pay another rate."""


def told() -> pl.Expr:
    """What a line says of its purpose: summary and other side."""
    return pl.concat_str("summary", "counterparty", separator=" ")


def first_word(texts: pl.Expr, words: Sequence[str]) -> pl.Expr:
    """The first of `words` in each text, as it stands there; null for none.

    Latin letters match in either case and as whole words only: "rent" is not in "current". Of
    words that begin together the longest counts.
    """
    if not words:
        return pl.lit(None, dtype=pl.String)
    return texts.str.extract(_pattern(words), 0)


def has_word(texts: pl.Expr, words: Sequence[str]) -> pl.Expr:
    """Whether `first_word` finds one."""
    if not words:
        return pl.lit(value=False)
    if not any(word.isascii() for word in words):
        return texts.str.contains_any(list(words), ascii_case_insensitive=True)
    return texts.str.contains(_pattern(words))


def struck_out(texts: pl.Expr, words: Sequence[str]) -> pl.Expr:
    """The texts without `words`, which are found as `first_word` finds them."""
    return texts.str.replace_all(_pattern(words), "") if words else texts


def _pattern(words: Sequence[str]) -> str:
    """A regular expression for any of `words`.

    Its word boundaries are those of Latin letters, since to Unicode 在KTV消费 is one word.
    """
    parts = (
        rf"(?-u:\b){re.escape(word)}(?-u:\b)" if word.isascii() else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    )
    return f"(?i)(?:{'|'.join(parts)})"
