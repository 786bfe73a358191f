"""Words of a summary that say how money moved: as cash, or across the border. Data.

SOURCE: summaries of Chinese banks' own exports; what counts as cash follows article 5 (1) of
中国人民银行令〔2016〕第3号. The choice of words is this project's own: a hint, never a proof.
"""

from collections.abc import Sequence

import polars as pl

from tradeglyph.recognizers.statements.card_parameters import words
from tradeglyph.recognizers.statements.keywords import has_word, struck_out

CASH_WORDS = (
    *(
        "现金",
        "存现",
        "取现",
        "现存",
        "现取",
        "现支",
        "现钞",
        "取款",
        "存款机",
        "自助存款",
        "自助取款",
    ),
    *("柜台", "柜面", "ATM", "cash"),
)
"""提现 is none of them: money that leaves a wallet for a bank is a transfer."""

NOT_CASH = (
    *("现金管理", "现金宝", "现金红利", "现金分红", "现金股利", "现金红包", "现金券", "现金返还"),
    *("现金奖励", "现金分期", "现金贷", "现金流", "现金等价物", "非现金", "返现", "取现手续费"),
    *("取现费", "取款手续费", "现金手续费", "ATM手续费", "ATM转账", "ATM转", "柜台转账"),
    *("柜面转账", "柜台转", "柜面转", "柜台汇款", "柜面汇款", "柜台手续费", "柜面手续费"),
    *("cash back", "cashback", "cash management", "cash dividend", "cash advance fee"),
)
"""Phrases that have such a word and mean something else: products, rewards, fees, transfers."""

BORDER_WORDS = (
    *("跨境", "境外", "国际汇款", "外汇汇款", "境外汇款", "国外汇款", "电汇境外", "汇往境外"),
    *("SWIFT", "cross-border", "overseas", "international transfer", "foreign transfer"),
)

CASH_PARAMETERS = (
    words(
        "cash_words",
        CASH_WORDS,
        "words in the summary that say cash",
        "摘要中表示现金的词",
        "payment_words.py",
    ),
    words(
        "not_cash",
        NOT_CASH,
        "phrases that have such a word and mean no cash",
        "含上述词但并非现金收支的用语",
        "payment_words.py",
    ),
)


def is_cash(summaries: pl.Series, words: Sequence[str], not_words: Sequence[str]) -> pl.Series:
    """Which summaries say cash, once phrases that mean something else are struck out."""
    text = pl.col("text")
    said = summaries.alias("text").to_frame().with_row_index("at").filter(has_word(text, words))
    if said.height:
        said = said.with_columns(struck_out(text, not_words)).filter(has_word(text, words))
    marks = pl.zeros(len(summaries), dtype=pl.Boolean, eager=True)
    return marks.scatter(said["at"], values=True)
