"""Numbers of `tradeglyph.toml` from the file to the outcome, and to the record of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import done, refused
from tests.cli.files import table
from tests.cli.test_explain import robbed
from tests.drawing.html import Page

FILES = ("--trades", "t.csv", "--candles", "k.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    robbed(tmp_path)
    return tmp_path


def configure(folder: Path, text: str) -> None:
    (folder / "tradeglyph.toml").write_text(text)


def scored(folder: Path, ink: Path) -> tuple[dict[str, dict[str, str]], Any, str]:
    """Rows by account, the summary, and what stderr says."""
    run = done("score", *FILES, "--model", ink, "--out", "s.csv", "--json", cwd=folder)
    rows = {row["account_id"]: row for row in table(folder / "s.csv")}
    return rows, json.loads(run.stdout), run.stderr


def explained(folder: Path, ink: Path, *more: object) -> Any:
    options = ("--account", "T", "--symbol", "X", "--model", ink, "--json", *more)
    return json.loads(done("explain", *FILES, *options, cwd=folder).stdout)


def test_more_accounts_than_there_are_leave_no_reference(folder: Path, ink: Path) -> None:
    """Twenty others trade: ten are a reference, thirty are not there."""
    rows, summary, said = scored(folder, ink)
    assert (rows["T"]["verdict"], rows["T"]["transferred"]) == ("hold", "800.0")
    assert summary["rules"] == {}
    assert "rules" not in said
    configure(folder, "[ledger]\naccounts = 30\n")
    rows, summary, said = scored(folder, ink)
    assert rows["T"]["verdict"] != "hold"
    assert "no independent price" in rows["T"]["reason"]
    assert summary["rules"] == {"ledger.accounts": 30}
    assert "rules: ledger.accounts = 30" in said


def test_a_longer_look_back_sees_the_week_before_last(folder: Path, ink: Path) -> None:
    """The same again ten days later."""
    trades = (folder / "t.csv").read_text()
    _, *rows = trades.replace("2026-01-02", "2026-01-12").replace(",m", ",n").splitlines()
    (folder / "t.csv").write_text(trades + "\n".join(rows) + "\n")
    candles = (folder / "k.csv").read_text()
    _, *bars = candles.replace("2026-01-02", "2026-01-12").splitlines()
    (folder / "k.csv").write_text(candles + "\n".join(bars) + "\n")
    week = explained(folder, ink, "--window", "2026-01-12")
    assert (week["money"]["trades"], week["money"]["look_back"]) == (8, "7d")
    assert week["replay"]["rules"] == "default"
    assert "in 7 days" in Page((folder / "explained" / "explanation.html").read_text()).words
    configure(folder, '[ledger]\nlook_back = "14d"\n')
    both = explained(folder, ink, "--window", "2026-01-12")
    assert (both["money"]["trades"], both["money"]["look_back"]) == (16, "14d")
    assert both["money"]["pair"]["lost"]["middle"] == pytest.approx(2 * 804)
    assert both["replay"]["rules"] == 'ledger.look_back = "14d"'
    page = Page((folder / "explained" / "explanation.html").read_text())
    assert "in 14 days" in page.words
    assert 'ledger.look_back = "14d"' in page.words
    alike = {key for key in both["replay"] if both["replay"][key] == week["replay"][key]}
    assert alike == set(both["replay"]) - {"rules"}


def test_fewer_self_trades_are_named_and_the_reason_says_so(folder: Path, ink: Path) -> None:
    with (folder / "t.csv").open("a") as file:
        for at in range(3):
            for side in ("buy", "sell"):
                file.write(f"S,X,2026-01-02T10:0{at}:05Z,{side},100,1,s{at},0\n")
    rows, *_ = scored(folder, ink)
    assert "Self-trades" not in rows["S"]["reason"]
    configure(folder, "[wash]\nself_trades = 3\n")
    rows, *_ = scored(folder, ink)
    assert "Criterion: 3 or more a day (as configured; " in rows["S"]["reason"]
    assert "Self-trades" in " ".join(explained(folder, ink, "--account", "S")["reasons"])


def test_an_evaluation_records_all_of_them(folder: Path, ink: Path) -> None:
    (folder / "l.csv").write_text(
        "account_id,symbol,scenario,label\nT,X,hacker,fraud\nC1,X,day_trader,normal\n"
    )
    evaluate = ("evaluate", *FILES, "--labels", "l.csv", "--model", ink, "--out", "e")
    done(*evaluate, cwd=folder)
    before = json.loads((folder / "e" / "metrics.json").read_text())
    configure(folder, '[ledger]\naccounts = 30\n[wash]\nwindows = ["1h", "1d"]\n')
    done(*evaluate, cwd=folder)
    after = json.loads((folder / "e" / "metrics.json").read_text())
    assert before["rules"]["ledger"]["accounts"] == 10
    assert after["rules"]["ledger"] == before["rules"]["ledger"] | {"accounts": 30}
    assert after["rules"]["wash"] == before["rules"]["wash"] | {"windows": ["1h", "1d"]}
    (held, not_held) = (
        {row["scenario"]: row for row in metrics["verdicts_with"]}["hacker"]["hold"]
        for metrics in (before, after)
    )
    assert held != not_held


@pytest.mark.parametrize(
    "command",
    [
        ("score", "--out", "s.csv"),
        ("explain", "--account", "T", "--symbol", "X"),
        ("evaluate", "--labels", "l.csv", "--out", "e"),
        ("backtest", "--out", "b"),
    ],
    ids=lambda command: command[0],
)
def test_an_absurd_number_stops_every_command(folder: Path, command: tuple[str, ...]) -> None:
    configure(folder, "[wash]\ntrips = 0\n")
    said = refused(command[0], *FILES, *command[1:], cwd=folder)
    assert said == "error: tradeglyph.toml: wash.trips: must be 1 or more"
