"""What a positive number means, in a column of amounts with no direction beside it."""

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import Words
from tradeglyph.statements.amounts import parse_amounts
from tradeglyph.statements.columns import Plan
from tradeglyph.statements.field_names import Field
from tradeglyph.statements.headings import Headings
from tradeglyph.statements.options import Sign
from tradeglyph.statements.texts import assumed_sign

_REPAID = r"(?i)还款|payment.{0,3}thank|payment received|repayment|autopay"
"""A payment to a card: money that comes in, whatever its sign."""
_SHOWN = 6
"""Words of a column that an error shows."""
_ENOUGH = 0.9
"""Share of neighbouring lines whose balances must move as the amounts say."""


def sign_of(
    cells: pl.DataFrame, plan: Plan, table: Headings, decimal: str, *, card: bool, where: str
) -> tuple[Sign, Words | None]:
    """The convention of a column of signed amounts, and why, where that isn't evident.

    A bank account's minus is an outflow. On a credit card, payments to the card say it; without
    any, what is spent is positive, as cards have it. Amounts without any sign are understood only
    if the balances rise, or fall, by them.
    Raises InputError where nothing tells.
    """
    amount = plan.fields[Field.AMOUNT][0]
    parsed = parse_amounts(cells[str(amount)], decimal=decimal)
    minor = parsed["minor"]
    if card:
        return _of_card(cells, plan, minor)
    if not minor.drop_nulls().len() or parsed["signed"].any():
        return Sign.IN, None
    _ask_of_codes(cells, plan, table, where)
    sign = _by_balance(cells, plan, minor, decimal)
    if sign is None:
        raise InputError(
            f"{where}: no sign and no column says whether the amounts under "
            f"{plan.heading(amount)!r} came in or went out. Pass --map txDirection=COLUMN, or "
            "--map sign=in or --map sign=out if all of them are of one side. Columns found: "
            + ", ".join(f"#{at} {heading}" for at, heading in enumerate(plan.headings, 1))
        )
    why: Words = {"en": "the balances move so", "zh": "余额变动与之相符"}
    return sign, assumed_sign(sign is Sign.OUT, why)


def _ask_of_codes(cells: pl.DataFrame, plan: Plan, table: Headings, where: str) -> None:
    """Raises InputError for a column that is called one of directions and whose words aren't known,
    since what it says must not be passed over."""
    used = {at for positions in plan.fields.values() for at in positions}
    for at, heading in enumerate(plan.headings[: cells.width]):
        if at in used or {field for field, _ in table.known(heading)} != {Field.DIRECTION}:
            continue
        said = cells[str(at)].unique().sort()
        if (said := said.filter(said != "").head(_SHOWN)).len():
            words = ", ".join(map(repr, said))
            raise InputError(
                f"{where}: column {heading!r} says {words}, and which of them came in or went out "
                "isn't known. Pass --map in=WORD --map out=WORD (several with commas)"
            )


def _of_card(cells: pl.DataFrame, plan: Plan, minor: pl.Series) -> tuple[Sign, Words]:
    texts = [pl.col(str(at)) for at in plan.fields.get(Field.SUMMARY, ())]
    if texts:
        repaid = cells.select(pl.any_horizontal([text.str.contains(_REPAID) for text in texts]))
        signs = minor.filter(repaid.to_series()).drop_nulls().sign()
        total = int(signs.sum())
        if total:
            why: Words = {"en": "payments to the card have the other sign", "zh": "还款为相反符号"}
            if total > 0:
                why = {"en": "payments to the card are positive", "zh": "还款为正数"}
            return (Sign.IN if total > 0 else Sign.OUT), assumed_sign(total < 0, why)
    usual: Words = {"en": "this is a credit card's statement", "zh": "此为信用卡账单"}
    return Sign.OUT, assumed_sign(positive_out=True, why=usual)


def _by_balance(cells: pl.DataFrame, plan: Plan, minor: pl.Series, decimal: str) -> Sign | None:
    position = plan.one(Field.BALANCE)
    if position is None or position >= cells.width:
        return None
    balance = parse_amounts(cells[str(position)], decimal=decimal)["minor"]
    both = pl.DataFrame({"amount": minor, "balance": balance}).drop_nulls()
    step = both["balance"].diff()
    if both.height < 2:
        return None
    moves = {
        Sign.IN: (step == both["amount"], -step == both["amount"].shift(1)),
        Sign.OUT: (-step == both["amount"], step == both["amount"].shift(1)),
    }
    for sign, orders in moves.items():
        if any(float(held.mean() or 0) >= _ENOUGH for held in orders):  # type: ignore[arg-type]
            return sign
    return None
