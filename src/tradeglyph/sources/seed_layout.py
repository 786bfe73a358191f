"""The seeds' folders of trades: `buy/buy_SYMBOL[_hacker]_N.csv` and `sell/sell_...`.

Each file holds `time,price` of one side of one account. The account is the file's stem without
its side, so that the two files of one account meet; the side comes from the folder; the quantity
is 1. Files of `_hacker` accounts are fraud, the others normal.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.batch import BROKEN, RawBatch

SIDES = ("buy", "sell")
_CLASS = "hacker"
_FILES_PER_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class SeedName:
    """What the name of a file says."""

    account_id: str
    symbol: str
    hacker: bool


def is_seed_layout(path: Path) -> bool:
    """Whether `path` is a folder with `buy` and `sell` in it."""
    return all((path / side).is_dir() for side in SIDES)


def seed_name(file: Path) -> SeedName:
    """Account, symbol and class of `buy_COIN_hacker_12.csv`: COIN_hacker_12, COIN, hacker.

    Raises InputError for another form of name.
    """
    side, _, account = file.stem.partition("_")
    rest, _, number = account.rpartition("_")
    if side != file.parent.name or not rest or not number.isdigit():
        raise InputError(
            f"{file}: the name must be {file.parent.name}_SYMBOL_N.csv"
            f" or {file.parent.name}_SYMBOL_{_CLASS}_N.csv"
        )
    symbol = rest.removesuffix(f"_{_CLASS}")
    return SeedName(account, symbol, hacker=symbol != rest)


def seed_files(path: Path) -> list[Path]:
    """The CSV files of both sides, in order of side and name.

    Raises InputError where there are none.
    """
    files = [file for side in SIDES for file in sorted((path / side).glob("*.csv"))]
    if not files:
        raise InputError(f"{path}: no .csv file in its folders buy and sell")
    return files


def seed_batches(path: Path, symbol: str | None) -> Iterator[RawBatch]:
    """All rows under `path`, as if they stood in few files with all columns.

    There may be thousands of files of a few rows; the csv module is quicker there than polars.
    `symbol` goes before the one in the names. Raises InputError for a file that is no text, is
    empty, or has a name of another form.
    """
    files = seed_files(path)
    for first in range(0, len(files), _FILES_PER_BATCH):
        yield _batch(path, files[first : first + _FILES_PER_BATCH], symbol)


def _batch(path: Path, files: list[Path], symbol: str | None) -> RawBatch:
    rows: list[tuple[str, ...]] = []
    broken: list[tuple[int, str, str]] = []
    for file in files:
        name = seed_name(file)
        constant = (name.account_id, symbol or name.symbol, file.parent.name, "1", str(file))
        for line, cells in _cells(file):
            if len(cells) != 2:
                reason = f"{len(cells)} cells, but the header has 2"
                broken.append((len(rows), ",".join(cells), reason))
            rows.append((str(line), *(*cells, "", "")[:2], *constant))
    titles = ["line", "time", "price", "account_id", "symbol", "side", "quantity", "file"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(titles, pl.String), orient="row")
    return RawBatch(
        file=str(path),
        cells=frame.drop("line", "file"),
        line=frame["line"].cast(pl.Int64),
        encoding="utf-8",
        broken=pl.DataFrame(broken, schema=BROKEN, orient="row"),
        file_of_row=frame["file"],
    )


def _cells(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text)
            header = [title.strip().lower() for title in next(reader, [])]
            if sorted(header) != ["price", "time"]:
                raise InputError(f"{file}: the columns must be time,price; it has {header}")
            turn = -1 if header[0] == "price" else 1
            for cells in reader:
                if cells:
                    yield reader.line_num, cells[::turn] if len(cells) == 2 else cells
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: the text is not UTF-8") from error
    except OSError as error:
        raise InputError(f"{file}: can't be read: {error.strerror}") from error
