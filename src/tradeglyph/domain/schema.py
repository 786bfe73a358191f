"""Column contracts of the files people bring and the files we write.

Names, synonyms and kinds only; reading and writing is done by `sources` and `results`.
The Chinese names are those that brokers' terminals print over their trade lists (成交明细).
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "time", "side", "price", "quantity", "number", "count"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract."""

    name: str
    kind: Kind
    required: bool = False
    synonyms: tuple[str, ...] = ()
    """Other header texts taken for this column, compared in lower case."""


TRADES: tuple[Column, ...] = (
    Column("account_id", "text", True, (
        "资金账号", "资金帐号", "资金账户", "客户号", "客户代码", "账号", "帐号", "账户",
        "股东代码",
    )),
    Column("symbol", "text", False, ("证券代码", "股票代码", "代码", "交易对", "合约", "合约代码")),
    Column("time", "time", True, ("成交时间", "成交日期时间", "时间", "交易时间")),
    Column("side", "side", True, (
        "买卖方向", "买卖标志", "买卖类别", "方向", "操作", "业务名称", "委托方向",
    )),
    Column("price", "price", True, ("成交价格", "成交均价", "成交价", "价格")),
    Column("quantity", "quantity", True, ("成交数量", "成交股数", "成交量", "数量")),
    Column("trade_id", "text", False, ("成交编号", "成交序号")),
    Column("counterparty_id", "text", False, ("对手方", "对手账号", "对方账号")),
    Column("order_id", "text", False, ("委托编号", "合同编号", "委托序号")),
    Column("fee", "number", False, ("手续费", "佣金")),
    Column("currency", "text", False, ("币种",)),
)  # fmt: skip

CANDLES: tuple[Column, ...] = (
    Column("symbol", "text", False, ("证券代码", "股票代码", "代码", "交易对")),
    Column("time", "time", True, ("date", "timestamps", "时间", "日期")),
    Column("high", "price", True, ("最高", "最高价")),
    Column("low", "price", True, ("最低", "最低价")),
    Column("open", "price", False, ("开盘", "开盘价")),
    Column("close", "price", False, ("收盘", "收盘价")),
    Column("volume", "number", False, ("成交量",)),
    Column("accounts", "count", False, ()),
)

LABELS: tuple[Column, ...] = (
    Column("account_id", "text", True),
    Column("symbol", "text", True),
    Column("scenario", "text", True),
    Column("label", "text", True),
    Column("role", "text"),
    Column("window_start", "time"),
)

SCORES: tuple[str, ...] = (
    "account_id",
    "symbol",
    "window_start",
    "window_end",
    "trade_count",
    "probability",
    "flagged",
    "verdict",
    "role",
    "transferred",
    "reason",
    "model",
)

# The last two of each are the words of margin accounts (信用账户).
BUY_WORDS: frozenset[str] = frozenset(
    {"buy", "b", "买入", "买", "证券买入", "融资买入", "担保品买入"}
)
SELL_WORDS: frozenset[str] = frozenset(
    {"sell", "s", "卖出", "卖", "证券卖出", "融券卖出", "担保品卖出"}
)
