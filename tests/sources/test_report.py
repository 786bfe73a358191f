"""Reports of readings."""

from pathlib import Path

from tradeglyph.sources.report import ReadReport, total


def test_lines_say_what_occurred_and_nothing_else() -> None:
    report = ReadReport(
        path=Path("t.csv"),
        encoding="utf-8",
        columns={"account_id": "User"},
        rows_read=4000,
        possible_duplicates=9,
    )
    assert report.lines() == [
        "t.csv: 4,000 rows read (utf-8)",
        "  columns: account_id from User",
        "  9 possible duplicates (identical rows) kept (--drop-duplicates drops them)",
    ]


def test_reports_of_blocks_add_up() -> None:
    blocks = [
        ReadReport(path=Path("t"), encoding="utf-8", rows_read=10, rejected=1, repeats_dropped=2),
        ReadReport(path=Path("t"), encoding="utf-8", repeats_dropped=3, possible_duplicates=4),
    ]
    whole = total(blocks)
    assert (whole.rows_read, whole.rejected) == (10, 1)
    assert (whole.repeats_dropped, whole.possible_duplicates) == (5, 4)
