"""What a team's list of accounts no longer says."""

from pathlib import Path

import polars as pl

from tradeglyph.domain.instants import rfc3339
from tradeglyph.domain.lists import AccountLists, Mark

NAMED = 5
"""So many expired marks a line names of those there are."""


def expired_line(file: Path, lists: AccountLists, scores: pl.DataFrame) -> str | None:
    """How many marks of `lists`, read from `file`, ended before the last of the scored windows did.

    A mark that has ended says nothing of the windows after, so a team that relies on it must hear
    of it. `scores` has the columns of `domain.schema.SCORES`; None where nothing has ended.
    """
    if scores.is_empty():
        return None
    last = int(scores["window_end"].to_physical().max())  # type: ignore[arg-type]
    ended = lists.expired(last - 1)
    if not ended:
        return None
    named = ", ".join(_named(mark) for mark in ended[:NAMED])
    more = ", ..." if len(ended) > NAMED else ""
    return (
        f"{file}: {len(ended):,} of {len(lists.entries):,} marks have expired and say nothing of "
        f"later windows: {named}{more}"
    )


def _named(mark: Mark) -> str:
    until = "" if mark.expires is None else f" until {rfc3339(mark.expires)}"
    return f"{mark.account_id} ({mark.kind}{until})"
