"""Which lines name another account, and which of those accounts' statements are given too.

Banks print the other side's account whole, masked (`6222****1234`) or as a tail (`尾号1234`), and
some name a card by its last four digits alone. Two texts fit each other where the digits that both
show are the same.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tradeglyph.recognizers.statements.books import Ints

STRANGE, SEVERAL = -1, -2
"""In place of a given account's number: it fits none of them, or more than one."""
MOST_ALIKE = 64
"""Given accounts with the same last four digits, at most, that a masked text is held against: of
more than so many it can't say which it is anyway."""
_TAIL = 4
_CARD = 12
"""Digits that an account has at least for four digits alone to be its tail: numbers of four digits
are whole accounts where all accounts are short."""
_TAIL_SAID = r"(?:尾号(?:为|是)?[:：]?\s*[*＊xX]*|银行\s*[(（]|[*＊]{2,}\s*)([0-9]{4})(?:[^0-9]|$)"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSides:
    """Of each line: its own account, and the other side's where it names one."""

    own: Ints
    """Number of its account among those given; STRANGE where the file names none."""
    other: Ints
    """Number of the text that names the other side's account; -1 where none does."""
    given: Ints
    """Number of the given account that the text fits, or STRANGE or SEVERAL."""
    texts: pl.Series
    """By `other`: the text, without spaces and hyphens."""
    accounts: pl.Series
    """By `own` and `given`: the given accounts' names, sorted."""


def other_sides(lines: pl.DataFrame) -> OtherSides:
    """What the lines say of accounts. O(n) but for distinct texts, of which O(d log d)."""
    names = lines["account"].unique().sort()
    names = names.filter(names != "")
    own = _numbers(lines["account"], names)
    said = _said(lines)
    texts = said.unique().sort()
    texts = texts.filter(texts != "")
    other = _numbers(said, texts)
    fits = _fitting(texts, names)
    given = np.full(len(lines), STRANGE, dtype=np.int64)
    given[other >= 0] = fits[other[other >= 0]]
    return OtherSides(own=own, other=other, given=given, texts=texts, accounts=names)


def plain(texts: pl.Expr) -> pl.Expr:
    """An account's text as it is compared: without spaces and hyphens, in capitals."""
    bare = texts.str.replace_all(r"[\s\-－]", "").str.replace_all("＊", "*", literal=True)
    return bare.str.to_uppercase()


def _numbers(texts: pl.Series, known: pl.Series) -> Ints:
    """Positions in `known` (distinct); -1 for others."""
    if not len(known):
        return np.full(len(texts), -1, dtype=np.int64)
    if len(known) == 1:
        return np.where((texts == known[0]).to_numpy(), 0, -1).astype(np.int64)
    kinds = pl.Enum(known)
    codes = texts.cast(kinds, strict=False).to_physical().cast(pl.Int64).fill_null(-1)
    numbers: Ints = codes.to_numpy()
    return numbers


def _said(lines: pl.DataFrame) -> pl.Series:
    """The text that names the other side's account: its column, or else a tail in name or summary;
    empty where there is none."""
    column = lines["counterparty_account"]
    distinct = pl.DataFrame({"text": column.unique()})
    bare = distinct.with_columns(bare=plain(pl.col("text")))
    nothing = pl.col("bare").str.contains(r"^[0*]+$")
    bare = bare.with_columns(bare=pl.when(nothing).then(pl.lit("")).otherwise("bare"))
    if (bare["text"] != bare["bare"]).any():
        column = column.replace_strict(bare["text"], bare["bare"], return_dtype=pl.String)
    mentions = pl.concat_str("counterparty", "summary", separator=" ")
    likely = mentions.str.contains_any(["尾号", "银行(", "银行（", "**", "＊＊"])
    at = lines.select(((pl.lit(column) == "") & likely).arg_true()).to_series()
    if not len(at):
        return column
    tails = lines[at.to_numpy()].select("**" + mentions.str.extract(_TAIL_SAID, 1)).to_series()
    return column.scatter(at, tails.fill_null(""))


def _fitting(texts: pl.Series, names: pl.Series) -> Ints:
    """Of each text: the number of the one given account that it fits, or STRANGE or SEVERAL."""
    given = _known_forms(names)
    asked = _parts(pl.DataFrame({"text": texts})).with_row_index("asked")
    whole = asked.join(given.filter(~pl.col("masked")), left_on="text", right_on="form")
    found = whole.filter(~pl.col("masked")).select("asked", "number").unique()
    left = asked.filter(~pl.col("asked").is_in(found["asked"].implode()))
    masked = _masked_fits(left, given)
    fits = np.full(len(texts), STRANGE, dtype=np.int64)
    both = pl.concat([found, masked]).group_by("asked").agg(pl.col("number").unique())
    both = both.select(
        "asked",
        pl.when(pl.col("number").list.len() == 1)
        .then(pl.col("number").list.first())
        .otherwise(SEVERAL)
        .alias("number"),
    )
    fits[both["asked"].to_numpy()] = both["number"].to_numpy()
    return fits


def _known_forms(names: pl.Series) -> pl.DataFrame:
    """`number`, `form` and its parts, for every form that a given account may be named by: an
    account with the number of a sub-account behind it is also known without."""
    table = pl.DataFrame({"name": names, "number": np.arange(len(names), dtype=np.int64)})
    whole = table.select("number", plain(pl.col("name")).alias("text"))
    main = table.select("number", plain(pl.col("name").str.extract(r"^(.{8,})-\w{1,6}$", 1)))
    forms = pl.concat([whole, main.rename({"name": "text"}).drop_nulls()])
    return _parts(forms).rename({"text": "form"})


def _parts(forms: pl.DataFrame) -> pl.DataFrame:
    """With `masked`, `head` and `tail`: what a text shows of the account."""
    text = pl.col("text")
    short = text.str.contains(r"^[0-9]{4}$")
    return forms.with_columns(
        masked=text.str.contains("*", literal=True) | short,
        short=short,
        head=pl.when(short).then(pl.lit("")).otherwise(text.str.extract(r"^([^*]*)", 1)),
        tail=text.str.extract(r"([^*]*)$", 1),
    )


def _masked_fits(asked: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """`asked`, `number`: texts and accounts of which at least one is masked and that fit."""

    def keyed(table: pl.DataFrame) -> pl.DataFrame:
        tail = pl.col("tail")
        return table.filter(tail.str.len_chars() >= _TAIL).with_columns(end=tail.str.tail(_TAIL))

    asked, given = keyed(asked), keyed(given)
    crowded = given.filter(pl.len().over("end") > MOST_ALIKE)["end"].unique()
    several = asked.filter(pl.col("masked") & pl.col("end").is_in(crowded.implode()))
    given = given.filter(~pl.col("end").is_in(crowded.implode()))
    pairs = asked.join(given, on="end", suffix="_of").filter(pl.col("masked") | pl.col("masked_of"))
    heads = pl.min_horizontal(pl.col("head", "head_of").str.len_chars())
    tails = pl.min_horizontal(pl.col("tail", "tail_of").str.len_chars())
    length, of = pl.col("text").str.len_chars(), pl.col("form").str.len_chars()
    shown = pl.col("head").str.len_chars() + pl.col("tail").str.len_chars()
    shown_of = pl.col("head_of").str.len_chars() + pl.col("tail_of").str.len_chars()
    long_enough = (pl.col("masked") | (length >= shown_of)) & (pl.col("masked_of") | (of >= shown))
    a_card = ~pl.col("short") | pl.col("masked_of") | (of >= _CARD)
    a_card &= ~pl.col("short_of") | pl.col("masked") | (length >= _CARD)
    fits = pairs.filter(
        (pl.col("head").str.head(heads) == pl.col("head_of").str.head(heads))
        & (pl.col("tail").str.tail(tails) == pl.col("tail_of").str.tail(tails))
        & long_enough
        & a_card
    )
    return pl.concat(
        [
            fits.select("asked", "number"),
            several.select("asked", pl.lit(SEVERAL, dtype=pl.Int64).alias("number")),
        ]
    ).unique()
