"""Dispositions as labels."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tradeglyph.domain.errors import InputError, RowErrors
from tradeglyph.sources.labels import LABEL_DTYPES, read_labels, speaks_of_all

START = "2026-01-02T00:00:00Z"
HEADER = "account_id,symbol,window_start,probability,role,disposition\n"
DAY = datetime(2026, 1, 2, tzinfo=UTC)


def written(folder: Path, text: str, name: str = "reviewed.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_scores_with_a_column_more(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEADER + f"A,X,{START},0.9,beneficiary,Confirmed\n"
        f"B,X,{START},0.8,victim,dismissed\n"
        f"C,X,{START},0.1,,\n",
    )
    labels = read_labels(path)
    assert dict(labels.schema) == LABEL_DTYPES
    # The role is the score's, which is nobody's where there was no fraud.
    assert labels.rows() == [
        ("A", "X", "confirmed", "fraud", "beneficiary", DAY),
        ("B", "X", "dismissed", "normal", "", DAY),
    ]
    assert not speaks_of_all(path)


def test_chinese_words_and_a_scenario(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "资金账号,证券代码,window_start,核查结论,场景\n"
        f"001,600000,{START},属实,drip\n002,600000,{START},误报,\n003,600000,{START},排除,\n",
    )
    labels = read_labels(path)
    assert labels["label"].to_list() == ["fraud", "normal", "normal"]
    assert labels["scenario"].to_list() == ["drip", "dismissed", "dismissed"]


def test_what_a_person_found_stands_before_a_label(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    written(folder, "account_id,symbol,scenario,label\nA,X,hacker,fraud\n", "a.csv")
    written(folder, HEADER + f"A,X,{START},0.9,,dismissed\n", "b.csv")
    labels = read_labels(folder)
    assert labels.select("scenario", "label", "window_start").rows() == [
        ("dismissed", "normal", DAY),
        ("hacker", "fraud", None),
    ]
    assert speaks_of_all(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + f"A,X,{START},0.9,,perhaps\n",
         "line 2, column disposition: 'perhaps': must be confirmed or dismissed, or empty"),
        (HEADER + "A,X,,0.9,,confirmed\n", "line 2, column window_start: "),
        (HEADER + f"A,X,{START},0.9,,\n", "no row has a disposition: write confirmed or dismissed"),
        ("account_id,symbol,disposition\nA,X,confirmed\n", "no column for window_start"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises((InputError, RowErrors)) as error:
        read_labels(written(tmp_path, text))
    assert said in str(error.value)


def test_two_people_who_disagree(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    written(folder, HEADER + f"A,X,{START},0.9,,\nA,X,{START},0.9,,属实\n", "a.csv")
    written(folder, HEADER + f"A,X,{START},0.9,,confirmed\nA,X,{START},0.9,,误报\n", "b.csv")
    with pytest.raises(RowErrors) as caught:
        read_labels(folder)
    assert str(caught.value).splitlines()[:-1] == [
        f"{folder}/b.csv: line 3, column disposition: 'dismissed': line 3 of {folder}/a.csv says "
        "confirmed of the same window of A, X"
    ]


def test_a_file_with_labels_is_one_of_labels(tmp_path: Path) -> None:
    path = written(
        tmp_path, "account_id,symbol,scenario,label,disposition\nA,X,hacker,fraud,dismissed\n"
    )
    assert speaks_of_all(path)
    assert read_labels(path)["label"].to_list() == ["fraud"]
