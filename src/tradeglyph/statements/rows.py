"""The rows of a section: what each of them is, and the lines among them."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tradeglyph.domain.statements import IN, NEUTRAL, OUT
from tradeglyph.statements.amounts import parse_amounts
from tradeglyph.statements.columns import Plan
from tradeglyph.statements.currencies import currency_codes
from tradeglyph.statements.dates import DATE_LIKE, DateRule, parse_dates, parse_times
from tradeglyph.statements.direction_words import parse_directions, takes_back
from tradeglyph.statements.facts import OPENING_WORDS, TOTAL_WORDS
from tradeglyph.statements.field_names import Field
from tradeglyph.statements.options import Sign

_NO_TEXT = r"^[-—/\s]*$"
_MIXED = (
    r"^(?P<name>.*?)[\s:：/|,]*(?P<account>[0-9*]{8,}[0-9a-zA-Z]?)$",
    r"^(?P<account>[0-9*]{8,})[\s:：/|,]+(?P<name>.+)$",
)
"""A name and an account in one cell: `张三 6222020200011112222`, `6222020200011112222/张三`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the cells of a section are read."""

    dates: DateRule
    decimal: str
    sign: Sign | None
    """Of a column of signed amounts; None where direction or two columns say it."""
    words: Mapping[str, int]
    currency: str
    """Where no cell names one."""


def read_rows(cells: pl.DataFrame, plan: Plan, rules: Rules, *, delimited: bool) -> pl.DataFrame:
    """Of the rows below a heading line: `kind` (`line`, `reject`, `note` or `blank`), `fault` (a
    key of `texts.REASONS`) and `at` (position of the column at fault) of rejects, the columns of a
    line (`LINES` but for file, sheet, line, account, owner and period), and `cell_account`,
    `cell_owner`, `masked`, `unread`, `remark`, `flipped`, `neutral_blank` for what is to be said.

    `cells` are clean.
    """
    parts = [
        _times(cells, plan, rules),
        _money(cells, plan, rules),
        _balance(cells, plan, rules),
        _currency(cells, plan, rules),
        _texts(cells, plan),
        _shape(cells, plan, delimited=delimited),
    ]
    rows = pl.concat(parts, how="horizontal").with_columns(fault=_fault())
    note = _note(rows)
    rows = rows.with_columns(
        kind=pl.when("empty")
        .then(pl.lit("blank"))
        .when(note)
        .then(pl.lit("note"))
        .when(pl.col("fault") != "")
        .then(pl.lit("reject"))
        .otherwise(pl.lit("line"))
    )
    return rows.with_columns(at=_column_at_fault(plan))


def _column(cells: pl.DataFrame, position: int | None) -> pl.Series:
    if position is None or position >= cells.width:
        return pl.Series("", [""]).new_from_index(0, cells.height)
    return cells[str(position)]


def _times(cells: pl.DataFrame, plan: Plan, rules: Rules) -> pl.DataFrame:
    """`time`, `clock`, `date_text`, `bad_time`."""
    found: pl.DataFrame | None = None
    for position in plan.fields[Field.DATE]:
        texts = _column(cells, position)
        blank = texts.str.contains(_NO_TEXT)
        parsed = parse_dates(texts, rules.dates).with_columns(
            date_text=texts.set(blank, ""), blank=blank
        )
        found = parsed if found is None else _first_filled(found, parsed)
    assert found is not None  # noqa: S101  a plan has a column of dates
    clock = parse_times(_column(cells, plan.one(Field.TIME)))
    both = found.drop("blank").with_columns(clock)
    apart = ~pl.col("clock") & pl.col("seconds").is_not_null()
    seconds = pl.when(apart).then("seconds").otherwise(0) * 1_000_000
    return both.select(
        time=pl.col("time") + seconds.cast(pl.Duration("us")),
        clock=(pl.col("clock") | apart) & pl.col("time").is_not_null(),
        date_text="date_text",
        bad_time=~pl.col("blank") & pl.col("seconds").is_null() & ~pl.col("clock"),
    )


def _first_filled(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Rows of the first column of dates, and of the second where the first is empty."""
    blank = first["blank"]
    names = first.columns
    return pl.DataFrame({name: second[name].zip_with(blank, first[name]) for name in names})


def _money(cells: pl.DataFrame, plan: Plan, rules: Rules) -> pl.DataFrame:
    """`minor` (signed by direction), `direction`, `back` (taken back), `money_fault`, `no_money`,
    `remark`, `flipped`, `neutral_blank`, `wrong_side` (whether the fault is in the expense)."""
    if plan.one(Field.AMOUNT) is None:
        return _pair(cells, plan, rules)
    amount = _amounts(cells, plan, Field.AMOUNT, rules)
    if plan.one(Field.DIRECTION) is None:
        return _signed(amount, rules)
    texts = _column(cells, plan.one(Field.DIRECTION))
    return _directed(amount, texts, rules)


def _amounts(cells: pl.DataFrame, plan: Plan, field: Field, rules: Rules) -> pl.DataFrame:
    position = plan.one(field)
    scale = 1 if position is None else plan.scale(position)
    return parse_amounts(_column(cells, position), decimal=rules.decimal, scale=scale)


def _pair(cells: pl.DataFrame, plan: Plan, rules: Rules) -> pl.DataFrame:
    income = _amounts(cells, plan, Field.INCOME, rules)
    expense = _amounts(cells, plan, Field.EXPENSE, rules)
    expense = expense.with_columns(minor=_without_decoration(expense["minor"]))
    both = income.rename(lambda name: f"in_{name}").hstack(
        expense.rename(lambda name: f"out_{name}")
    )
    inflow, outflow = pl.col("in_minor").fill_null(0), pl.col("out_minor").fill_null(0)
    net = inflow - outflow
    # A zero is on the side that it is written on; on both, it is an inflow.
    zero = pl.when(pl.col("in_minor").is_null()).then(OUT).otherwise(IN)
    fault = (
        pl.when((inflow != 0) & (outflow != 0))
        .then(pl.lit("both_sides"))
        .when(pl.col("in_fault") != "")
        .then("in_fault")
        .when(pl.col("out_fault") != "")
        .then("out_fault")
        .when(pl.col("in_masked") | pl.col("out_masked"))
        .then(pl.lit("masked"))
        .when(pl.col("in_minor").is_null() & pl.col("out_minor").is_null())
        .then(pl.lit("no_amount"))
        .otherwise(pl.lit(""))
    )
    back = (inflow < 0) | (outflow < 0)
    return both.select(
        minor=net.abs(),
        direction=pl.when(net == 0).then(zero).otherwise(net.sign()).cast(pl.Int8),
        back=back,
        money_fault=fault,
        no_money=pl.col("in_blank") & pl.col("out_blank"),
        remark=pl.col("in_remark") | pl.col("out_remark"),
        flipped=back,
        neutral_blank=pl.lit(value=False),
        wrong_side=(pl.col("in_fault") == "") & (pl.col("out_fault") != ""),
    )


def _without_decoration(minor: pl.Series) -> pl.Series:
    """A column of outflows that are all written with a minus says no more than its heading."""
    return minor.abs() if (minor.fill_null(0) <= 0).all() else minor


def _signed(amount: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    way = -1 if rules.sign is Sign.OUT else 1
    minor = pl.col("minor")
    zero = pl.when("signed").then(IN).otherwise(way)
    return _said(amount, minor.abs()).with_columns(
        direction=pl.when(amount["minor"] == 0)
        .then(amount.select(zero.alias("zero"))["zero"])
        .otherwise(amount["minor"].sign() * way)
        .cast(pl.Int8),
    )


def _directed(amount: pl.DataFrame, texts: pl.Series, rules: Rules) -> pl.DataFrame:
    way = parse_directions(texts, rules.words)
    blank = texts == ""
    wallet = texts.head(10_000).is_in(["收入", "支出", "不计收支"]).any()
    neutral_blank = blank if wallet else blank & False
    way = way.zip_with(
        ~neutral_blank, pl.Series([NEUTRAL], dtype=pl.Int8).new_from_index(0, len(way))
    )
    minor = amount["minor"]
    written_minus = minor.filter(way == OUT).fill_null(0)
    decorated = bool((written_minus <= 0).all())
    back = (minor < 0) & ((way == IN) | ((way == OUT) & (not decorated)))
    back = back.fill_null(value=False)
    fault = (
        pl.when(pl.col("money_fault") != "")
        .then("money_fault")
        .when(pl.lit(blank & ~neutral_blank))
        .then(pl.lit("no_direction"))
        .when(pl.lit(way.is_null()))
        .then(pl.lit("bad_direction"))
        .otherwise(pl.lit(""))
    )
    return _said(amount, pl.col("minor").abs()).with_columns(
        fault.alias("money_fault"),
        way.zip_with(~back, -way).alias("direction"),
        back.alias("back"),
        back.alias("flipped"),
        neutral_blank.alias("neutral_blank"),
    )


def _said(amount: pl.DataFrame, minor: pl.Expr) -> pl.DataFrame:
    """What one column of amounts says."""
    fault = (
        pl.when("blank")
        .then(pl.lit("no_amount"))
        .when("masked")
        .then(pl.lit("masked"))
        .otherwise("fault")
    )
    no = pl.lit(value=False)
    return amount.select(
        minor=minor,
        direction=pl.lit(None, dtype=pl.Int8),
        back=no,
        money_fault=fault,
        no_money="blank",
        remark="remark",
        flipped=no,
        neutral_blank=no,
        wrong_side=no,
    )


def _balance(cells: pl.DataFrame, plan: Plan, rules: Rules) -> pl.DataFrame:
    parsed = _amounts(cells, plan, Field.BALANCE, rules)
    return parsed.select(
        balance="minor", masked="masked", unread=pl.col("fault") != "", no_balance="blank"
    )


def _currency(cells: pl.DataFrame, plan: Plan, rules: Rules) -> pl.DataFrame:
    """`currency` (null for one that isn't known)."""
    texts = _column(cells, plan.one(Field.CURRENCY))
    key = texts.str.normalize("NFKC").str.to_uppercase().str.replace_all(r"\s|\(.*\)$", "")
    codes = key.replace_strict(dict(currency_codes()), default=None, return_dtype=pl.String)
    blank = texts.str.contains(_NO_TEXT)
    named = codes.zip_with(~blank, pl.Series([rules.currency]).new_from_index(0, len(codes)))
    return pl.DataFrame({"currency": named})


def _texts(cells: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """`summary`, `counterparty`, `counterparty_account`, `tx_id`, `cell_account`, `cell_owner`,
    `reversal`."""

    def told(position: int | None) -> pl.Series:
        texts = _column(cells, position)
        return texts.set(texts.str.contains(_NO_TEXT), "")

    parts = [told(at).alias(str(n)) for n, at in enumerate(plan.fields.get(Field.SUMMARY, ()))]
    spaced = [pl.when(part != "").then(" " + part).otherwise(pl.lit("")) for part in parts]
    summary = pl.concat_str(spaced) if spaced else pl.lit("")
    account = told(plan.one(Field.COUNTERPARTY_ACCOUNT))
    name = told(plan.one(Field.COUNTERPARTY))
    if plan.one(Field.COUNTERPARTY_ACCOUNT) is None:
        name, account = _apart(name)
    texts = pl.DataFrame(
        {
            "counterparty": name,
            "counterparty_account": account,
            "tx_id": told(plan.one(Field.ID)),
            "cell_account": told(plan.one(Field.ACCOUNT)),
            "cell_owner": told(plan.one(Field.OWNER)),
        }
    )
    return texts.with_columns(summary=summary.str.strip_chars_start(" ")).with_columns(
        reversal=takes_back(pl.col("summary"))
    )


def _apart(mixed: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Names and accounts that share their cells; an account is empty where there is none."""
    parts = [mixed.str.extract_groups(pattern).struct.unnest() for pattern in _MIXED]
    none = pl.Series([""]).new_from_index(0, mixed.len())
    account, name = none, mixed
    for part in parts:
        found = part["account"].is_not_null() & (account == "")
        account = part["account"].zip_with(found, account)
        name = part["name"].zip_with(found, name)
    return name, account


def _shape(cells: pl.DataFrame, plan: Plan, *, delimited: bool) -> pl.DataFrame:
    """`empty`, `extra` (cells behind the last heading), `total` and `opening` (words of rows that
    are no lines), `filled`."""
    names = cells.columns
    surplus = names[len(plan.headings) :] if delimited and plan.headings else []
    extra = pl.any_horizontal(pl.col(surplus) != "") if surplus else pl.lit(value=False)
    filled = pl.sum_horizontal((pl.all() != "").cast(pl.UInt16))
    heads = [pl.col(name) for name in names[:12]]
    spoken = pl.concat_str(heads, separator=" ")
    return cells.select(
        empty=filled == 0,
        extra=extra,
        total=spoken.str.contains(TOTAL_WORDS),
        opening=spoken.str.contains(OPENING_WORDS),
        filled=filled,
    )


def _note(rows: pl.DataFrame) -> pl.Series:
    """Rows that are no lines, and weren't meant to be: totals, carried balances, remarks."""
    undated = pl.col("time").is_null() & ~pl.col("date_text").str.contains(DATE_LIKE)
    remark = pl.col("no_money") & pl.col("no_balance")
    sole = pl.col("filled") == 1
    carried = pl.col("opening") & pl.col("no_money")
    return rows.select(note=(undated & (pl.col("total") | remark | sole)) | carried)["note"]


def _fault() -> pl.Expr:
    return (
        pl.when("extra")
        .then(pl.lit("extra_cells"))
        .when(pl.col("time").is_null() & (pl.col("date_text") == ""))
        .then(pl.lit("no_date"))
        .when(pl.col("time").is_null())
        .then(pl.lit("bad_date"))
        .when("bad_time")
        .then(pl.lit("bad_time"))
        .when(pl.col("money_fault") != "")
        .then("money_fault")
        .when(pl.col("currency").is_null())
        .then(pl.lit("bad_currency"))
        .otherwise(pl.lit(""))
    )


def _column_at_fault(plan: Plan) -> pl.Expr:
    """Position of the column that a reject's fault is in; null for the whole line."""

    def of(*fields: Field) -> pl.Expr:
        found = next((at for field in fields if (at := plan.one(field)) is not None), None)
        return pl.lit(found, dtype=pl.Int32)

    fault = pl.col("fault")
    return (
        pl.when(fault.is_in(["no_date", "bad_date"]))
        .then(of(Field.DATE))
        .when(fault == "bad_time")
        .then(of(Field.TIME))
        .when(fault.is_in(["no_direction", "bad_direction"]))
        .then(of(Field.DIRECTION))
        .when(fault == "bad_currency")
        .then(of(Field.CURRENCY))
        .when(fault == "extra_cells")
        .then(pl.lit(len(plan.headings), dtype=pl.Int32))
        .when(fault.is_in(["no_amount", "both_sides"]))
        .then(of(Field.AMOUNT))
        .when("wrong_side")
        .then(of(Field.EXPENSE))
        .otherwise(of(Field.AMOUNT, Field.INCOME))
    )
