from tests.recognizers.statements.frames import frame
from tradeglyph.recognizers.statements.clock import clocked


def test_only_lines_with_a_time_of_day_are_kept() -> None:
    told = clocked(
        frame(
            [
                {"time": "2025-03-04", "account": "stamped"},
                {"time": "2025-03-04", "account": "dates", "clock": False},
                {"time": "2025-03-04", "account": "runs"},
                {"time": "2025-03-04 00:00:01", "account": "runs"},
                {"time": "2025-03-04", "account": "runs", "clock": False},
            ]
        )
    )
    assert told.lines["row"].to_list() == [2, 3]
    assert (told.books, told.left_out, told.without) == (3, 3, ("dates", "stamped"))
    assert told.missing() is None


def test_nothing_is_not_the_same_as_no_clock() -> None:
    assert clocked(frame([])).missing() is None
    bare = clocked(frame([{"time": "2025-03-04", "clock": False}]))
    missing = bare.missing()
    assert missing is not None
    assert missing.reason["en"] == (
        "no time of day: none of the 1 lines (1 accounts) says one other than 00:00:00"
    )


def test_a_date_with_a_wrong_clock_does_not_make_it_run() -> None:
    # A line that says no time of day may still hold one, made up by whoever read it.
    odd = clocked(frame([{"time": "2025-03-04 12:00", "clock": False}, {"time": "2025-03-04"}]))
    assert odd.missing() is not None
