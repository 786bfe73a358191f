"""The transfer ledger: who lost how much to whom, beyond what the market explains.

The field's words for what it finds are money pass, and 对敲转移资金: two accounts trade with each
other, off the market, so that money goes from one to the other. A transfer is what one side of a
trade gained against an independent reference (what others paid: `reference`, or what somebody
quoted: `quoted`; in which order, says `valued`), summed per pair and look-back in whole
numbers (`exact`), never from prints of the pair or of accounts that work with it (`clusters`), and
only what is left after the market's half-spread (`spread`) alerts.
"""

from tradeglyph.recognizers.ledger.balances import balances
from tradeglyph.recognizers.ledger.pairs import Reckoning, excess_gains, ledger
from tradeglyph.recognizers.ledger.quoted import SETTLEMENT_REACH_US
from tradeglyph.recognizers.ledger.settings import LOOK_BACK_US, LedgerSettings

__all__ = [
    "LOOK_BACK_US",
    "SETTLEMENT_REACH_US",
    "LedgerSettings",
    "Reckoning",
    "balances",
    "excess_gains",
    "ledger",
]
