"""Whether a line's other side is one of a list of parties: by name or account, masked or whole."""

from collections.abc import Iterator, Sequence

import polars as pl

EXACT, ACCOUNT, CONTAINED, MENTIONED, TAIL, MASKED = (
    *("exact", "account", "contained", "mentioned", "tail", "masked"),
)
WAYS = (EXACT, ACCOUNT, CONTAINED, TAIL, MASKED, MENTIONED)
"""From the surest on."""
SURE = (EXACT, ACCOUNT)
SHORTEST = 4
"""Letters of a party's name from which on a longer name may contain it (a branch, a shop)."""
SHORTEST_MENTION = 3
"""Letters from which on a summary may mention it: 张三 is in 张三丰."""
WHOLE_ACCOUNT = 10
"""Digits from which on an account number is whole; fewer are its tail."""
_ACCOUNT = r"^(?:尾号|账号|卡号)?[0-9*]{4,}$"


def normalised(texts: pl.Expr) -> pl.Expr:
    """One width, one case, no spaces, brackets or points: （ and ( are one, as are Ａ and a."""
    plain = texts.str.normalize("NFKC").str.to_lowercase()
    return plain.str.replace_all(
        r"[\s()\[\]{}<>【】〔〕《》·•・.,，。、_\-'\"]", ""
    ).str.replace_all(r"[*×●]+", "*")


def listed(parties: Sequence[str]) -> pl.DataFrame:
    """`party` (number in the list), `key` (normalised), `is_account`."""
    keys = pl.DataFrame({"key": list(parties)}, schema={"key": pl.String})
    return (
        keys.select(normalised(pl.col("key")))
        .with_row_index("party")
        .with_columns(
            is_account=pl.col("key").str.contains(_ACCOUNT),
        )
        .with_columns(
            key=pl.when("is_account")
            .then(pl.col("key").str.replace(r"^(?:尾号|账号|卡号)", ""))
            .otherwise("key")
        )
        .filter(pl.col("key").str.contains(r"[^*]"))
    )


def by_name(names: pl.Series, parties: pl.DataFrame) -> pl.DataFrame:
    """Which of the distinct names (normalised) are which parties: `text`, `party`, `way`."""
    texts = pl.DataFrame({"text": names}).filter(pl.col("text").str.contains(r"[^*]"))
    people = parties.filter(~pl.col("is_account"))
    veiled = pl.col("key").str.contains("*", literal=True)
    plain = people.filter(~veiled)
    equal = texts.join(plain, left_on="text", right_on="key").select(
        "text", "party", pl.lit(EXACT).alias("way")
    )
    masked = texts.filter(pl.col("text").str.contains("*", literal=True))
    found = [equal, _containing(texts, plain, SHORTEST, CONTAINED)]
    found += _masked(masked, plain, "key")
    found += _masked(people.filter(veiled), texts.join(masked, on="text", how="anti"), "text")
    both = masked.join(people.filter(veiled), left_on="text", right_on="key")
    found.append(both.select("text", "party", pl.lit(MASKED).alias("way")))
    return pl.concat(found)


def by_account(accounts: pl.Series, parties: pl.DataFrame) -> pl.DataFrame:
    """Which of the distinct accounts (normalised) are which parties: `text`, `party`, `way`."""
    texts = pl.DataFrame({"text": accounts}).filter(pl.col("text").str.contains(r"[0-9]{4}"))
    texts = texts.with_columns(number=pl.col("text").str.replace(r"^(?:尾号|账号|卡号)", ""))
    keys = parties.filter("is_account").select("party", "key")
    equal = texts.join(keys, left_on="number", right_on="key").select(
        "text", "party", pl.lit(ACCOUNT).alias("way")
    )
    ends = _ends(texts.select("text", "number"), "number")
    own = _ends(keys, "key").rename({"head": "own_head", "tail": "own_tail", "whole": "own_whole"})
    pairs = ends.join(own, left_on="last", right_on="last").filter(
        ~(pl.col("whole") & pl.col("own_whole"))
        & _one_ends_with("tail", "own_tail")
        & _one_starts_with("head", "own_head")
    )
    return pl.concat([equal, pairs.select("text", "party", pl.lit(TAIL).alias("way"))])


def mentions(summaries: pl.Series, parties: pl.DataFrame) -> pl.DataFrame:
    """Which of the distinct summaries (normalised) mention which parties' names."""
    plain = parties.filter(~pl.col("is_account") & ~pl.col("key").str.contains("*", literal=True))
    return _containing(pl.DataFrame({"text": summaries}), plain, SHORTEST_MENTION, MENTIONED)


def _containing(texts: pl.DataFrame, parties: pl.DataFrame, least: int, way: str) -> pl.DataFrame:
    """Texts that hold a party's name and more."""
    long = parties.filter(pl.col("key").str.len_chars() >= least)
    if long.is_empty():
        return _none()
    held = pl.col("text").str.extract_many(long["key"].unique().to_list(), overlapping=True)
    some = texts.filter(pl.col("text").str.contains_any(long["key"].unique().to_list()))
    pairs = some.select("text", key=held).explode("key").unique()
    return (
        pairs.filter((pl.col("text") != pl.col("key")) | pl.lit(way == MENTIONED))
        .join(long, on="key")
        .select("text", "party", pl.lit(way).alias("way"))
    )


def _masked(veiled: pl.DataFrame, whole: pl.DataFrame, name: str) -> Iterator[pl.DataFrame]:
    """Pairs of a masked text and a whole one that it may stand for: its known letters are the
    first, the last, and some between.

    The list's side is short, and gone through party by party.
    """
    if veiled.is_empty() or whole.is_empty():
        return
    of_list, many = (whole, veiled) if name == "key" else (veiled, whole)
    for party, key in of_list.select("party", "key").iter_rows():
        yield many.filter(_stands_for(name, key)).select(
            "text", pl.lit(party, dtype=pl.UInt32).alias("party"), pl.lit(MASKED).alias("way")
        )


def _stands_for(name: str, key: str) -> pl.Expr:
    veiled, whole = (
        (pl.col("text"), pl.lit(key)) if name == "key" else (pl.lit(key), pl.col("text"))
    )
    head, tail = veiled.str.extract(r"^([^*]*)\*"), veiled.str.extract(r"\*([^*]*)$")
    middle = veiled.str.extract(r"\*(.*)\*").str.replace_all("*", "", literal=True).fill_null("")
    known = head.str.len_chars() + tail.str.len_chars()
    inner = whole.str.slice(head.str.len_chars(), whole.str.len_chars() - known)
    return (
        whole.str.starts_with(head)
        & whole.str.ends_with(tail)
        & (whole.str.len_chars() > known)
        & ((middle == "") | inner.str.contains(middle, literal=True))
    )


def _ends(some: pl.DataFrame, column: str) -> pl.DataFrame:
    """With the digits before and after a mask, the last four, and whether the number is whole."""
    number = pl.col(column)
    bare = ~number.str.contains("*", literal=True)
    tail = pl.when(bare).then(number).otherwise(number.str.extract(r"\*([0-9]*)$"))
    whole = bare & (number.str.len_chars() >= WHOLE_ACCOUNT)
    head = pl.when(bare).then(pl.lit("")).otherwise(number.str.extract(r"^([0-9]*)\*"))
    return (
        some.with_columns(head=pl.when(whole).then(number).otherwise(head), tail=tail, whole=whole)
        .filter(pl.col("tail").str.contains(r"^[0-9]{4,}$"))
        .with_columns(last=pl.col("tail").str.slice(-4))
    )


def _one_ends_with(one: str, other: str) -> pl.Expr:
    return pl.col(one).str.ends_with(pl.col(other)) | pl.col(other).str.ends_with(pl.col(one))


def _one_starts_with(one: str, other: str) -> pl.Expr:
    return pl.col(one).str.starts_with(pl.col(other)) | pl.col(other).str.starts_with(pl.col(one))


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={"text": pl.String, "party": pl.UInt32, "way": pl.String})
