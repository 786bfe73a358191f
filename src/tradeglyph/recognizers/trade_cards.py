"""Cards of the trade recognizers, so that one list says all that the product can recognise.

Written out and not taken from their settings, which would import them where statements alone are
asked about; a test holds the two together. Their parameters are set in sections of their own
(`[ledger]`, `[wash]`), whose names these are.
"""

from tradeglyph.domain.recognizers import Info, Parameter, Reads

_VICTOR = "Victor & Weintraud 2021, detecting and quantifying wash trading"
_LEDGER = "the ledger's specification"
_SHFE = "SHFE, DCE, ZCE, CFFEX: rules on abnormal trading behaviours, five self-trades in a day"
_MAR = "Delegated Regulation (EU) 2016/522, annex II, section 1"

PICTURE = Info(
    name="picture",
    title={"en": "Picture of an account's trades", "zh": "交易图像识别"},
    reads=Reads.TRADES,
    rule={
        "en": "a network sees in the picture of a day's fills whether money was moved by trading",
        "zh": "由神经网络从账户一日成交的图像判断是否借交易转移资产",
    },
)
"""Its threshold is the model card's."""

TRANSFER_LEDGER = Info(
    name="transfer_ledger",
    title={"en": "Transfer ledger", "zh": "对敲转移资金账"},
    reads=Reads.TRADES,
    rule={
        "en": "who lost how much to whom in their trades, beyond what the market explains",
        "zh": "成交双方之间超出市场所能解释的资金转移",
    },
    parameters=(
        Parameter(
            name="accounts",
            default=10,
            unit="accounts",
            means={
                "en": "accounts that a reference price needs",
                "zh": "参考价格所需的账户数",
            },
            source=_LEDGER,
            least=3,
            most=1_000,
        ),
        Parameter(
            name="spreads",
            default=3.0,
            unit="half-spreads",
            means={
                "en": "only what is over so many half-spreads counts",
                "zh": "超过多少个半价差才计入",
            },
            source=_LEDGER,
            least=0,
            most=100,
        ),
        Parameter(
            name="priced_share",
            default=0.5,
            unit="share",
            means={
                "en": "of a pair's quantity, what must have a reference price",
                "zh": "一对账户的成交量中必须有参考价格的比例",
            },
            source=_LEDGER,
            least=0,
            most=1,
        ),
    ),
    accounts_together=True,
)

WASH_VOLUME = Info(
    name="wash_volume",
    title={"en": "Wash volume", "zh": "虚假成交量（对倒）"},
    reads=Reads.TRADES,
    rule={
        "en": "volume that changed nobody's position and gained nothing",
        "zh": "不改变任何人持仓、也不带来收益的成交量",
    },
    parameters=(
        Parameter(
            name="self_trades",
            default=5,
            unit="trades",
            means={
                "en": "self-trades of one owner, symbol and day that are named",
                "zh": "同一实控人同一标的当日自成交次数",
            },
            source=_SHFE,
            least=1,
        ),
        Parameter(
            name="margin",
            default=0.01,
            unit="share",
            means={
                "en": "net position over mean trade size up to which it counts as closed",
                "zh": "净持仓与平均成交量之比，不超过则视为已平",
            },
            source=_VICTOR,
            least=0,
            most=0.5,
        ),
        Parameter(
            name="set_share",
            default=0.5,
            unit="share",
            means={
                "en": "of what a set of accounts trades, what must be among themselves",
                "zh": "账户组成交量中彼此之间成交的最低比例",
            },
            source=_MAR,
            least=0,
            most=1,
        ),
    ),
    accounts_together=True,
)

ACCOUNT_DAY = Info(
    name="account_day",
    title={"en": "Account's day", "zh": "账户当日合并识别"},
    reads=Reads.TRADES,
    rule={
        "en": "all symbols of an account's day in one picture, so that small transfers add up",
        "zh": "将账户当日所有标的合并成一幅图像，使分散的小额转移得以累计",
    },
)

TRADE_CARDS = (PICTURE, TRANSFER_LEDGER, WASH_VOLUME, ACCOUNT_DAY)
"""In the order that they are asked."""
