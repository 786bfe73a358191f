"""What a team knows of accounts marks what `score` and `explain` say, and silences nothing."""

import json
from pathlib import Path

import pytest

from tests.cli.command import done, refused
from tests.cli.files import CANDLES, market, table

HEADER = "account_id,kind,reason,group,expires\n"
MARKS = HEADER + (
    "A,household,one address,smith,\n"
    "A,own,KYC file 7,7,\n"
    "A,market_maker,contract of 2026,,\n"
    "A,exempt,treasury desk,,2026-01-02\n"
    "B,exempt,error account,,2025-12-31\n"
)
"""A's exemption ends between its two windows, B's before its only one."""


def scored(folder: Path, ink: Path, *more: object) -> tuple[list[dict[str, str]], str]:
    """Rows of the scores, all windows flagged, and what stderr said."""
    files = market(folder)
    # A candle so small that every trip is a fifth of it: none is too little to be reviewed.
    (folder / "k.csv").write_text(CANDLES.replace(",100\n", ",5\n"))
    result = done("score", *files, "--model", ink, "--threshold", 0, "--out", "s.csv",
                  *more, cwd=folder)  # fmt: skip
    return table(folder / "s.csv"), result.stderr


def test_every_kind_of_mark_is_said_and_changes_no_verdict(tmp_path: Path, ink: Path) -> None:
    bare, _ = scored(tmp_path, ink)
    (tmp_path / "lists.csv").write_text(MARKS)
    marked, _ = scored(tmp_path, ink, "--lists", "lists.csv")
    judged = ("account_id", "window_start", "probability", "flagged", "verdict", "role")
    assert [[row[key] for key in judged] for row in marked] == [
        [row[key] for key in judged] for row in bare
    ]
    assert {row["verdict"] for row in marked} == {"review"}
    first, second, other = (row["reason"] for row in marked)
    for words in (
        "listed: one household, group smith (one address)",
        "listed: under one person's control, group 7 (KYC file 7)",
        "listed: market maker (contract of 2026)",
    ):
        assert words in first
        assert words in second
    # 2026-01-02 is the last day on which the exemption holds.
    assert "listed: exempt (treasury desk)" in first
    assert "exempt" not in second
    assert "listed" not in other


def test_expired_marks_are_counted_and_named(tmp_path: Path, ink: Path) -> None:
    (tmp_path / "lists.csv").write_text(MARKS)
    _, said = scored(tmp_path, ink, "--lists", "lists.csv")
    assert (
        "lists.csv: 2 of 5 marks have expired and say nothing of later windows: "
        "A (exempt until 2026-01-03T00:00:00Z), B (exempt until 2026-01-01T00:00:00Z)"
    ) in said
    (tmp_path / "lists.csv").write_text(HEADER + "A,exempt,treasury desk,,2026-01-03\n")
    _, said = scored(tmp_path, ink, "--lists", "lists.csv")
    assert "expired" not in said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,exempt,treasury desk,,\n", "column expires: '': an exemption needs an end"),
        ("A,exempt,,,2026-01-02\n", "column reason: "),
    ],
)
def test_an_exemption_needs_reason_and_end(row: str, said: str, tmp_path: Path, ink: Path) -> None:
    (tmp_path / "lists.csv").write_text(HEADER + row)
    error = refused("score", *market(tmp_path), "--model", ink, "--out", "s.csv",
                    "--lists", "lists.csv", cwd=tmp_path)  # fmt: skip
    assert f"lists.csv: line 2, {said}" in error
    assert not (tmp_path / "s.csv").exists()


def test_marks_are_said_in_an_explanation(tmp_path: Path, ink: Path) -> None:
    (tmp_path / "lists.csv").write_text(MARKS)
    result = done("explain", *market(tmp_path), "--model", ink, "--account", "A", "--symbol", "X",
                  "--window", "2026-01-02", "--lists", "lists.csv", "--lang", "zh", "--json",
                  cwd=tmp_path)  # fmt: skip
    reasons = " ".join(json.loads(result.stdout)["reasons"])
    for words in ("同一家庭（smith 组）", "实际控制关系账户（7 组）", "做市商", "豁免"):
        assert f"名单：{words}" in reasons
