"""Whether the other side of a line is the owner of its account."""

from collections.abc import Sequence

import polars as pl

from tradeglyph.recognizers.statements.card_parameters import words

OWN_NAMES = words(
    "own_names",
    (),
    "further names of the owner, beside the one that a statement says",
    "流水所载户名之外的本人（本单位）名称",
    "given by the user",
)


def names_owner(lines: pl.DataFrame, own_names: Sequence[str] = ()) -> pl.Series:
    """Along the lines: whether the counterparty has the name that the file gives the account's
    owner, or one of `own_names`; spaces and the case of letters don't matter.

    A namesake can't be told from the owner.
    """
    name, owner = pl.col("counterparty"), pl.col("owner").fill_null("")
    pairs = lines.lazy().select(name, owner).filter(name != "").unique().collect()
    given = ["".join(one.split()).lower() for one in own_names]
    bare, bare_owner = _bare(name), _bare(pl.col("owner"))
    own = pairs.filter(((pl.col("owner") != "") & (bare == bare_owner)) | bare.is_in(given))
    if own.is_empty():
        return pl.Series([False]).new_from_index(0, len(lines))
    if own["owner"].n_unique() == 1 and pairs["owner"].n_unique() == 1:
        return lines["counterparty"].is_in(own["counterparty"].implode())
    joined = lines.select(name, owner).join(
        own.with_columns(own=True), on=["counterparty", "owner"], how="left", maintain_order="left"
    )
    return joined["own"].fill_null(value=False)


def _bare(name: pl.Expr) -> pl.Expr:
    return name.str.replace_all(r"[\s　]", "").str.to_lowercase()
