"""What a column of a statement can be taken for."""

from enum import StrEnum


class Field(StrEnum):
    """Fields of a line, by the names that `--map` knows them by."""

    DATE = "txDate"
    """The day, or day and time in one cell. `datetime` is another name for it."""
    TIME = "txTime"
    INCOME = "txIncome"
    EXPENSE = "txExpense"
    AMOUNT = "txAmount"
    DIRECTION = "txDirection"
    BALANCE = "txBalance"
    CURRENCY = "txCurrency"
    SUMMARY = "txSummary"
    COUNTERPARTY = "txCounterparty"
    COUNTERPARTY_ACCOUNT = "txCounterpartyAccount"
    ID = "txId"
    ACCOUNT = "account"
    OWNER = "owner"
    """The name of the account's owner."""


SEVERAL = frozenset({Field.DATE, Field.SUMMARY})
"""Fields that several columns may be taken for: the first date that is there counts, and texts are
joined."""
