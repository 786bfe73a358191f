import polars as pl

from tradeglyph.recognizers.statements.rolling import crowds


def lines(*placed: tuple[int, int]) -> pl.DataFrame:
    book, us = zip(*placed, strict=True) if placed else ((), ())
    schema = {"book": pl.Int64, "us": pl.Int64}
    return pl.DataFrame({"book": book, "us": us}, schema=schema).with_row_index("row")


def test_windows_that_share_a_line_are_one_crowd() -> None:
    # Any [t, t + 10) with three lines: 0-8 and 8-16 meet in the line at 8.
    crowd = crowds(
        lines((1, 0), (1, 4), (1, 8), (1, 12), (1, 16), (1, 40)), width_us=10, threshold=2
    )
    assert crowd["row"].to_list() == [0, 1, 2, 3, 4]
    assert set(crowd["span"]) == {0}
    assert (crowd["start"][0], crowd["end"][0], crowd["peak"][0]) == (0, 17, 3)


def test_crowds_side_by_side_stay_two() -> None:
    crowd = crowds(lines(*[(1, t) for t in (0, 1, 2, 12, 13, 14, 15)]), width_us=10, threshold=2)
    assert crowd["span"].to_list() == [0, 0, 0, 1, 1, 1, 1]
    assert crowd["peak"].to_list() == [3, 3, 3, 4, 4, 4, 4]


def test_books_never_meet() -> None:
    assert crowds(lines((1, 0), (1, 1), (2, 1), (2, 2)), width_us=10, threshold=2).height == 0
    both = crowds(lines((2, 5), (1, 0), (2, 5), (1, 0)), width_us=10, threshold=1)
    assert both.select("row", "span").rows() == [(1, 0), (3, 0), (0, 1), (2, 1)]


def test_nothing_is_no_crowd() -> None:
    assert crowds(lines(), width_us=10, threshold=1).height == 0
    assert crowds(lines((1, 0)), width_us=10, threshold=5).height == 0
