import pytest

from tradeglyph.domain import errors
from tradeglyph.domain.errors import (
    ArtifactError,
    GateRefused,
    InputError,
    MissingExtra,
    RowError,
    RowErrors,
    TradeglyphError,
)


def test_exit_status_tells_whose_fault_it_is() -> None:
    assert TradeglyphError("x").exit_status == 1
    assert GateRefused("x").exit_status == 1
    for error in (InputError("x"), ArtifactError("x"), MissingExtra("p", "e"), RowErrors([], 0)):
        assert error.exit_status == 2


def test_the_tree_in_the_docstring_names_every_class() -> None:
    public = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, Exception)
    }
    drawn = {word for word in (errors.__doc__ or "").split() if word in public}
    assert drawn == public


def test_a_row_error_names_file_line_column_value_and_reason() -> None:
    row = RowError("t.csv", 7, "price", "-1", "must be positive")
    assert str(row) == "t.csv: line 7, column price: '-1': must be positive"


@pytest.mark.parametrize(("length", "cut"), [(40, False), (41, True)])
def test_long_values_are_cut(length: int, cut: bool) -> None:
    shown = str(RowError("t.csv", 1, "side", "v" * length, "unknown"))
    assert ("..." in shown) is cut
    assert ("v" * 37 in shown) is True


def test_row_errors_show_ten_and_count_the_rest() -> None:
    rows = [RowError("t.csv", line, "side", "x", "unknown") for line in range(2, 14)]
    lines = str(RowErrors(rows, total=25, remedy="use --map")).splitlines()
    assert len(lines) == 12
    assert lines[0].startswith("t.csv: line 2,")
    assert lines[9].startswith("t.csv: line 11,")
    assert lines[10] == "... and 15 more"
    assert lines[11] == "use --map"


def test_a_missing_extra_says_how_to_install_it() -> None:
    assert "pip install 'tradeglyph[train]'" in str(MissingExtra("torch", "train"))
