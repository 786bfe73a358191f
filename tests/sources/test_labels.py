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


HEADER = "account_id,symbol,scenario,label,window_start\n"
DAY = "2024-01-02T00:00:00Z"


def test_fraud_and_normal_of_one_window_contradict_each_other(tmp_path: Path) -> None:
    path = _csv(
        tmp_path,
        HEADER + f"A,C,x,fraud,{DAY}\nB,C,x,normal,\nA,C,x,NORMAL,{DAY}\n"
        f"B,C,x,normal,\nB,C,x,fraud,\nA,C,x,fraud,2024-01-02T08:00:00+08:00\n",
    )
    with pytest.raises(RowErrors) as caught:
        read_labels(path)
    assert str(caught.value).splitlines() == [
        f"{path}: line 4, column label: 'normal': line 2 says fraud of the same window of A, C",
        f"{path}: line 6, column label: 'fraud': line 3 says normal of the same window of B, C",
        "Only one of the two can be true: keep that row.",
    ]


def test_a_contradiction_in_another_file(tmp_path: Path) -> None:
    for name, label in (("a.csv", "fraud"), ("b.csv", "normal")):
        (tmp_path / name).write_text(f"{HEADER}A,C,x,{label},{DAY}\n")
    with pytest.raises(RowErrors, match=r"b\.csv: line 2, .*: line 2 of .*a\.csv says fraud"):
        read_labels(tmp_path)


def test_repeats_and_exceptions_contradict_nothing(tmp_path: Path) -> None:
    path = _csv(
        tmp_path,
        HEADER + f"A,C,x,fraud,{DAY}\nA,C,x,fraud,{DAY}\nA,C,x,normal,\nA,D,x,normal,{DAY}\n"
        "A,C,x,normal,2024-01-03T00:00:00Z\nB,C,x,normal,\n",
    )
    assert read_labels(path).height == 6


def test_a_missing_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column for label"):
        read_labels(_csv(tmp_path, "account_id,symbol,scenario\nA,C,x\n"))


@pytest.mark.parametrize(
    "text",
    [
        "account_id,symbol,scenario,label\nA,COIN,hacker,maybe\n",
        "account_id,symbol,window_start,disposition\nA,X,2026-01-02T00:00:00Z,perhaps\n",
    ],
    ids=["labels", "dispositions"],
)
def test_bad_rows_are_to_be_mended_since_no_option_skips_them(tmp_path: Path, text: str) -> None:
    with pytest.raises(RowErrors, match="Mend the labels") as caught:
        read_labels(_csv(tmp_path, text))
    assert "--on-error" not in str(caught.value)
