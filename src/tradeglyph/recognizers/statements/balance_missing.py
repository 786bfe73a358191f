"""Missing balances: lines that don't say what was left, so that nothing can be recomputed.

Every line without a balance is a finding, whether the statement has no such column, the cell is
empty or it is masked: lines don't say which. Decided where the rule leaves it open:

- Accounts are apart, and so are an account's currencies, which have balances of their own.
- Profile `audit` is not applicable to wallets (支付宝, 微信, 京东 and the like), which print no
  balances. The lines of an account are taken for a wallet's where not one has a balance and either
  one of them is 中性 (不计收支 or `/`: a bank prints receipts and payments only), or at least half
  of them have a word in summary or counterparty that wallets write and banks don't. No bank or file
  is known by its name. A wallet's lines with neither are named as any other's: this errs on the
  side of asking. The result says which accounts were taken for wallets.
- Profile `seed` keeps the rule as it was written: every line.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Reads, Severity
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.books import book_codes
from tradeglyph.recognizers.statements.card_parameters import seed_rule, words, yes_or_no
from tradeglyph.recognizers.statements.keywords import has_word, told
from tradeglyph.recognizers.statements.result import Result

WALLET_WORDS = (
    "扫二维码付款", "二维码收款", "微信红包", "亲属卡", "赞赏码", "已收钱", "支付成功",
    "已存入零钱", "提现已到账", "充值完成", "已全额退款", "交易关闭",
)  # fmt: skip
"""Kinds and states of transactions as the exports of payment services print them."""
_AUDIT = "payment services print no balances in their exports"

INFO: Final = Info(
    name="balance_missing",
    title={"en": "Missing balances", "zh": "余额缺失异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "lines without a balance",
        "zh": "没有余额列，或余额为空的记录",
    },
    parameters=(
        yes_or_no(
            "ask_wallets",
            "whether wallets, which print no balances, are asked for them",
            "对本就不提供余额的支付账户（钱包）是否也要求余额",
            f"{seed_rule('balance_missing')}; {_AUDIT}",
            default=True,
            audit=False,
        ),
        words(
            "wallet_words",
            WALLET_WORDS,
            "words that only wallets write; half of the lines with one show a wallet",
            "只有支付账户才写的词；半数以上记录含有即视为支付账户",
            "exports of payment services; the choice is this project's",
        ),
    ),
)


class BalanceMissing:
    """The rule of this file."""

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Lines without a balance, but for wallets."""
        owned = lines.select(
            "balance", "direction", "summary", "counterparty", book=pl.Series(book_codes(lines))
        ).with_row_index("row")
        accounts = _accounts(owned)
        if parameters["ask_wallets"]:
            wallets = accounts.clear()
        else:
            wallets = _wallets(owned, accounts, parameters["wallet_words"])
        if wallets.height and wallets.height == accounts.height:
            return _only_wallets(wallets)
        asked = accounts.join(wallets, on="book", how="anti").filter(pl.col("missing") > 0)
        return _result(lines, owned, asked, wallets)

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """How many of the account's lines have none."""
        count, missing = finding["lines"], finding["missing"]
        if lang == "zh":
            if missing == count:
                return f"本笔没有余额；该账户 {count} 笔均没有余额，无法复算"
            return f"本笔没有余额；该账户 {count} 笔中有 {missing} 笔缺失，无法复算"
        if missing == count:
            return f"no balance, as on all {count} lines of the account: nothing can be recomputed"
        return f"no balance, as on {missing} of the account's {count} lines: it can't be recomputed"


def _accounts(owned: pl.DataFrame) -> pl.DataFrame:
    return owned.group_by("book").agg(
        pl.len().alias("lines"),
        pl.col("balance").null_count().alias("missing"),
        (pl.col("direction") == NEUTRAL).any().alias("neutral"),
        pl.col("row").min(),
    )


def _wallets(owned: pl.DataFrame, accounts: pl.DataFrame, words: tuple[str, ...]) -> pl.DataFrame:
    """Those of the accounts that are wallets by their lines."""
    bare = accounts.filter(pl.col("missing") == pl.col("lines"))
    spoken = owned.filter(pl.col("book").is_in(bare["book"].implode()))
    worded = spoken.group_by("book").agg(has_word(told(), words).sum().alias("worded"))
    return bare.join(worded, on="book").filter(
        pl.col("neutral") | (2 * pl.col("worded") >= pl.col("lines"))
    )


def _only_wallets(wallets: pl.DataFrame) -> NotApplicable:
    count, lines = wallets.height, wallets["lines"].sum()
    return NotApplicable(
        reason={
            "en": f"all {count} accounts ({lines} lines) are wallets by their lines: "
            "payment services print no balances",
            "zh": f"全部 {count} 个账户（{lines} 行）从内容看均为支付账户（钱包），本就不提供余额",
        }
    )


def _result(
    lines: pl.DataFrame, owned: pl.DataFrame, asked: pl.DataFrame, wallets: pl.DataFrame
) -> Result:
    bare = owned.filter(pl.col("balance").is_null()).join(
        asked.select("book", "lines", "missing"), on="book"
    )
    periods = _periods(lines, bare, asked)
    findings = bare.join(
        periods.select("book").with_row_index("period"), on="book"
    ).select(
        "row", pl.lit(Severity.HIGH.value).alias("severity"), "period", "lines", "missing"
    )  # fmt: skip
    names = lines["account"].gather(wallets["row"]).unique().sort()
    return Result(
        findings=findings.sort("row"),
        periods=periods.drop("book"),
        statistics={
            "total_transactions": lines.height,
            "missing_balances": lines["balance"].null_count(),
            "accounts_without_any_balance": asked.filter(
                pl.col("missing") == pl.col("lines")
            ).height,
            "wallets": list(names),
            "lines_of_wallets": int(wallets["lines"].sum()),
        },
    )


def _periods(lines: pl.DataFrame, bare: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """One row per account: from its first line without a balance to just after its last one."""
    times = lines.select(pl.col("time").gather(bare["row"]))
    spans = pl.concat([bare.select("book"), times], how="horizontal").group_by("book").agg(
        pl.col("time").min().alias("start"),
        (pl.col("time").max() + pl.duration(microseconds=1)).alias("end"),
    )  # fmt: skip
    whose = lines.select(pl.col("account", "currency", "file", "sheet").gather(asked["row"]))
    named = pl.concat([whose, asked.select("book", "lines", "missing")], how="horizontal")
    return named.join(spans, on="book").sort("account", "currency", "file", "sheet").select(
        "account", "currency", "start", "end", "lines", "missing", "book"
    )  # fmt: skip
