"""Which columns of a file are taken for which columns of a contract."""

from collections.abc import Mapping, Sequence

from tradeglyph.domain.schema import CANDLES, TRADES, Column
from tradeglyph.sources.options import OtherOptions

Taken = dict[str, tuple[str, ...]]


def choose_columns(
    contract: Sequence[Column],
    header: Sequence[str],
    mapping: Mapping[str, tuple[str, ...]],
    file: str,
) -> Taken:
    """Canonical column to the source columns it is taken from; absent ones are left out.

    A title counts for a column if it is its name or a synonym in any case. Blanks are not
    normalised: "Trade ID" is not `trade_id`, because spreadsheets round what stands under it.

    Args:
        contract: the columns that are wanted.
        header: the file's titles, unique.
        mapping: what the user mapped; it goes before what titles say.
        file: for the messages.

    Raises OtherOptions where a required column is missing, a mapped one isn't there, or two
    columns could be meant.
    """
    taken: Taken = {}
    for column in contract:
        sources = mapping.get(column.name) or _by_title(column, contract, header, file)
        if absent := [s for s in sources if s not in header]:
            said = f"{column.name}={'+'.join(sources)}"
            amiss = f"there is no column {absent[0]!r}; {_has(header)}"
            raise OtherOptions(
                f"{file}: --map {said}: {amiss}", f"{file}: columns of this source: {said}: {amiss}"
            )
        if sources:
            taken[column.name] = tuple(sources)
    _check_complete(contract, taken, header, file)
    return taken


def _by_title(
    column: Column, contract: Sequence[Column], header: Sequence[str], file: str
) -> tuple[str, ...]:
    titles = {column.name.lower(), *(s.lower() for s in column.synonyms)}
    found = [h for h in header if h.partition("#")[0].strip().lower() in titles]
    if len(found) > 1:
        named = " and ".join(repr(f) for f in found)
        raise _to_be_named(
            f"{file}: columns {named} could both be {column.name}", contract, [column.name]
        )
    return tuple(found)


def _check_complete(
    contract: Sequence[Column],
    taken: Taken,
    header: Sequence[str],
    file: str,
) -> None:
    missing = [c.name for c in contract if c.required and c.name not in taken]
    if missing:
        raise _to_be_named(
            f"{file}: no column for {', '.join(missing)}; {_has(header)}", contract, missing
        )


def _to_be_named(amiss: str, contract: Sequence[Column], names: Sequence[str]) -> OtherOptions:
    settings = ", ".join(f'{name} = "COLUMN"' for name in names)
    return OtherOptions(
        f"{amiss}; {_remedy(contract, names)}",
        f"{amiss}; name them by columns of this source, as in columns = {{{settings}}}",
    )


def _remedy(contract: Sequence[Column], names: Sequence[str]) -> str:
    """Only columns of trades and candles can be mapped on the command line."""
    texts = ",".join(f"{name}=COLUMN" for name in names)
    if contract is TRADES:
        return f"name the columns with --map {texts}"
    if contract is CANDLES:
        return (
            f"name the columns with --map {texts}, or beside --candles with --candles-map {texts}"
        )
    return f"rename the columns in the file: {', '.join(names)}"


def _has(header: Sequence[str]) -> str:
    shown = ", ".join(header[:40])
    return f"the file has: {shown}" + (", ..." if len(header) > 40 else "")
