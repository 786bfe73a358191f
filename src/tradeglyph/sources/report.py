"""What a reader did with a file, for the person who gave it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """Counts over all files under `path`. Reports of the blocks of one reading add up."""

    path: Path
    encoding: str
    """Of text files, such as `utf-8`; the format's name for typed files."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Canonical column to what it was taken from: column titles, or a remark in brackets."""
    rows_read: int = 0
    rejected: int = 0
    repeats_dropped: int = 0
    """Rows whose key had been seen: dropped."""
    possible_duplicates: int = 0
    """Rows equal to an earlier one, without a key to tell."""
    duplicates_dropped: bool = False
    """Whether those were dropped."""
    without_account: int = 0
    """Fills of nobody known: kept under the account_id ""."""
    ambiguous_times: int = 0
    """Local times that the clock showed twice; the earlier instant was taken."""

    def lines(self) -> list[str]:
        """Lines for stderr; counts of what did not occur are left out."""
        renamed = {name: source for name, source in self.columns.items() if name != source}
        taken = ", ".join(f"{name} from {source}" for name, source in renamed.items())
        lines = [f"{self.path}: {self.rows_read:,} rows read ({self.encoding})"]
        if taken:
            lines.append(f"  columns: {taken}")
        outcome = "dropped" if self.duplicates_dropped else "kept (--drop-duplicates drops them)"
        notes = (
            (self.rejected, "rows rejected"),
            (self.repeats_dropped, "repeats dropped"),
            (self.possible_duplicates, f"possible duplicates (identical rows) {outcome}"),
            (self.without_account, "rows without account_id: kept, under the account ''"),
            (self.ambiguous_times, "local times that occur twice: the earlier was taken"),
        )
        return lines + [f"  {count:,} {note}" for count, note in notes if count]


def total(reports: Iterable[ReadReport]) -> ReadReport:
    """One report for all blocks of one reading; at least one is needed."""
    first, *rest = reports
    for report in rest:
        first = replace(
            first,
            rows_read=first.rows_read + report.rows_read,
            rejected=first.rejected + report.rejected,
            repeats_dropped=first.repeats_dropped + report.repeats_dropped,
            possible_duplicates=first.possible_duplicates + report.possible_duplicates,
            without_account=first.without_account + report.without_account,
            ambiguous_times=first.ambiguous_times + report.ambiguous_times,
        )
    return first
