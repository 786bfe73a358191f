import pytest

from tradeglyph.drawing.alert_curve import Line, alert_curve, log_ticks


def chart(*lines: Line):  # type: ignore[no-untyped-def]
    return alert_curve(lines, title="t", x_label="x", y_label="y")


def test_ends_of_the_axes_are_ends_of_the_plot() -> None:
    line = Line(name="all", points=[(0.0, 0.1), (1.0, 0.0), (100.0, 1.0)], dots=[(10.0, 0.5)])
    drawn = chart(line)
    (only,) = drawn.lines
    # The point without an alert has no place on a logarithmic axis.
    x, y = drawn.x, drawn.y
    assert only.points == f"{x.start:.1f},{y.start:.1f} {x.end:.1f},{y.end:.1f}"
    (dot,) = only.dots
    assert dot == (pytest.approx((x.start + x.end) / 2), pytest.approx((y.start + y.end) / 2))
    assert [tick.label for tick in drawn.x_ticks] == ["1", "10", "100"]
    assert [tick.label for tick in drawn.y_ticks][::5] == ["0%", "100%"]


def test_a_dot_without_an_alert_stands_at_the_left() -> None:
    drawn = chart(Line(name="all", points=[(1.0, 0.0), (100.0, 1.0)], dots=[(0.0, 0.0)]))
    assert drawn.lines[0].dots[0][0] == drawn.x.start


def test_the_first_line_is_on_top_and_entries_do_not_overlap() -> None:
    names = [f"a long name of a line {number}" for number in range(6)]
    drawn = chart(*(Line(name=name, points=[(1.0, 0.5), (5.0, 1.0)]) for name in names))
    assert [line.name for line in drawn.lines] == names[::-1]
    assert len({(line.colour, line.dash) for line in drawn.lines}) == 6
    assert len({line.legend for line in drawn.lines}) == 6
    assert max(line.legend[1] for line in drawn.lines) < drawn.height


@pytest.mark.parametrize("points", [[], [(0.0, 0.0)], [(2.0, 1.0)]])
def test_hardly_anything_to_draw(points: list[tuple[float, float]]) -> None:
    assert len(chart(Line(name="all", points=points)).x_ticks) > 2


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1, 1000, [1, 10, 100, 1000]),
        (0.5, 40, [0.5, 1, 2, 5, 10, 20]),
        (3, 30, [5, 10, 20]),
        (0.02, 3, [0.1, 1]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    shown = log_ticks(low, high)
    if len(ticks) > 2:
        assert shown == pytest.approx(ticks)
    else:
        assert set(ticks) < set(shown)
