"""Labels."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tradeglyph.domain.errors import InputError, RowErrors
from tradeglyph.sources.labels import LABEL_DTYPES, read_labels


def _csv(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text)
    return path


def test_required_columns_alone(tmp_path: Path) -> None:
    labels = read_labels(_csv(tmp_path, "account_id,symbol,scenario,label\nA,COIN,hacker,Fraud\n"))
    assert dict(labels.schema) == LABEL_DTYPES
    assert labels.row(0) == ("A", "COIN", "hacker", "fraud", "", None)


def test_role_and_window_may_be_given_for_some(tmp_path: Path) -> None:
    text = (
        "account_id,symbol,scenario,label,role,window_start\n"
        "A,COIN,hacker,fraud,beneficiary,2024-01-02T00:00:00Z\nB,COIN,scalper,normal,,\n"
    )
    labels = read_labels(_csv(tmp_path, text))
    assert labels["role"].to_list() == ["beneficiary", ""]
    assert labels["window_start"].to_list() == [datetime(2024, 1, 2, tzinfo=UTC), None]


def test_another_label_is_an_error_of_its_row(tmp_path: Path) -> None:
    path = _csv(tmp_path, "account_id,symbol,scenario,label\nA,C,x,fraud\nA,C,x,maybe\n")
    with pytest.raises(RowErrors, match="line 3, column label: 'maybe': must be fraud or normal"):
        read_labels(path)


def test_a_missing_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column for label"):
        read_labels(_csv(tmp_path, "account_id,symbol,scenario\nA,C,x\n"))
