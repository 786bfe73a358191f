"""`tradeglyph alerts` and `tradeglyph store`."""

import getpass
import json
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")

from tests.cli.command import done, refused, tradeglyph
from tests.stores.investigations import NOW, investigation
from tradeglyph.cli import alert_words
from tradeglyph.domain.findings import Decision, Exhibit, Unanswered
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.stores.opening import open_store

DEFAULT = "sqlite:///tradeglyph-state/alerts.db"


@pytest.fixture
def alert_id(tmp_path: Path) -> str:
    """The second of two alerts in the default store of the folder."""
    files = (
        Exhibit(name="picture-COIN.png", media_type="image/png", content=b"\x89PNG\0"),
        Exhibit(name="trades.csv", media_type="text/csv", content=b"a,b\r\n"),
    )
    address = f"sqlite:///{tmp_path}/tradeglyph-state/alerts.db"
    with closing(open_store(address)) as store:
        store.record([investigation("k1", account="first")], NOW)
        hold = investigation("k2", account="A\x1b[31m", decision=Decision.HOLD, exhibits=files)
        (recorded,) = store.record([hold], NOW + 60_000_000)
    return str(recorded.alert_id)


def test_no_alerts_at_all(tmp_path: Path) -> None:
    said = done("alerts", "list", cwd=tmp_path)
    assert (said.stdout, said.stderr) == ("", "there are no alerts\n")
    assert (tmp_path / "tradeglyph-state" / "alerts.db").is_file()
    assert done("alerts", "list", "--lang", "zh", cwd=tmp_path).stderr == "没有告警\n"


def test_a_list_page_by_page(tmp_path: Path, alert_id: str) -> None:
    first = done("alerts", "list", "--most", 1, cwd=tmp_path)
    # NOW is 2023-11-14 22:13:20 UTC.
    assert (
        first.stdout
        == f"{alert_id}  2023-11-14T22:14:20Z  open  hold  A\\x1b[31m  three round trips\n"
    )
    cursor = first.stderr.split("--cursor ")[1].strip()
    second = done("alerts", "list", "--most", 1, "--cursor", cursor, "--lang", "zh", cwd=tmp_path)
    assert second.stdout.endswith(
        "  2023-11-14T22:13:20Z  待处理  人工复核  first  three round trips\n"
    )
    assert second.stderr == ""
    page = json.loads(done("alerts", "list", "--json", "--most", 1, cwd=tmp_path).stdout)
    assert page["cursor"] == cursor
    assert [alert["alert_id"] for alert in page["alerts"]] == [alert_id]
    by_account = done("alerts", "list", "--account", "first", "--status", "open", cwd=tmp_path)
    assert len(by_account.stdout.splitlines()) == 1
    assert done("alerts", "list", "--status", "dismissed", cwd=tmp_path).stdout == ""
    assert "--cursor" in refused("alerts", "list", "--cursor", "x", cwd=tmp_path)


def test_an_alert_with_its_exhibits(tmp_path: Path, alert_id: str) -> None:
    said = done("alerts", "show", alert_id, "--out", "seen", cwd=tmp_path)
    assert (tmp_path / "seen" / "picture-COIN.png").read_bytes() == b"\x89PNG\0"
    assert (tmp_path / "seen" / "trades.csv").read_bytes() == b"a,b\r\n"
    assert said.stderr == "seen/picture-COIN.png\nseen/trades.csv\nseen/alert.json\n"
    lines = said.stdout.splitlines()
    assert "  window: 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z" in lines
    assert "  decision: hold" in lines
    at = lines.index("    - COIN: hold, beneficiary, 12 fills")
    assert lines[at + 1 : at + 3] == [
        "        the money: at least 1,234.57 moved from one account to another, beyond what the "
        "market explains",
        "        the picture: it looks like a transfer (probability 0.3000)",
    ]
    assert said.stdout.count("three round trips") == 1
    whole = json.loads((tmp_path / "seen" / "alert.json").read_text("utf-8"))
    assert whole == json.loads(done("alerts", "show", alert_id, "--json", cwd=tmp_path).stdout)
    assert "    - 2023-11-14T22:14:20Z tradeglyph opened [k2]" in lines
    assert "\x1b" not in said.stdout
    chinese = done("alerts", "show", alert_id, "--lang", "zh", cwd=tmp_path).stdout
    assert "  处置：止付" in chinese.splitlines()
    assert "笔成交" in chinese


def test_why_money_is_held_that_no_picture_shows() -> None:
    finding = investigation("k", decision=Decision.HOLD).findings[0]
    calm = replace(finding, flagged=False, probability=0.00001)
    (_, money, picture, reason) = alert_words._finding(calm, (), "en")
    assert "1,234.57 moved from one account" in money
    assert picture.endswith(
        "nothing conspicuous (probability < 0.0001); where the other sides are known, the money "
        "decides"
    )
    assert reason == "    three round trips"
    blind = replace(calm, verdict=Verdict.REVIEW, transferred=None, probability=None)
    (_, picture, _) = alert_words._finding(blind, (), "zh")
    assert picture.endswith("成交太少或缺少 K 线，看不出什么")


@pytest.mark.parametrize("why", list(Unanswered))
def test_every_reason_for_no_answer_has_words(tmp_path: Path, why: Unanswered) -> None:
    answer = replace(
        investigation("k"), verdict=None, unanswered=why, findings=(), decision=Decision.REVIEW
    )
    with closing(open_store(f"sqlite:///{tmp_path}/tradeglyph-state/alerts.db")) as store:
        (recorded,) = store.record([answer], NOW)
    for lang, key in (("en", "  no answer: "), ("zh", "  无结论原因：")):
        shown = done("alerts", "show", recorded.alert_id, "--lang", lang, cwd=tmp_path).stdout
        assert key in shown
        assert str(why) not in shown
    # It had no answer, and there is none to make again.
    assert "another event_id" in refused("alerts", "replay", recorded.alert_id, cwd=tmp_path)


def test_an_alert_for_a_machine(tmp_path: Path, alert_id: str) -> None:
    known = json.loads(done("alerts", "show", alert_id, "--json", cwd=tmp_path).stdout)
    assert known["account_id"] == "A\x1b[31m"
    assert known["opened_at"] == "2023-11-14T22:14:20Z"
    assert known["findings"][0]["probability"] == 0.1 + 0.2
    assert known["replay"] == {"model": "default@0123abcd", "version": "0.1.0"}
    assert known["trail"][0]["action"] == "opened"


def test_closing_is_in_the_trail(tmp_path: Path, alert_id: str) -> None:
    note = ("--note", "两个账户，一台设备")
    stale = refused(
        "alerts", "close", alert_id, "--as", "confirmed", *note, "--version", 7, cwd=tmp_path
    )
    assert "look at it again" in stale
    said = [
        done("alerts", *words, *note, cwd=tmp_path).stderr
        for words in (
            ("close", alert_id, "--as", "confirmed"),
            ("close", alert_id, "--as", "confirmed", "--lang", "zh"),
            ("close", alert_id, "--as", "dismissed", "--who", "ann"),
        )
    ]
    assert said[0] == f"{alert_id}: confirmed\n"
    assert f"此前已经是“已确认”（{getpass.getuser()}，" in said[1]
    assert f"dismissed; it was confirmed before ({getpass.getuser()}, " in said[2]
    known = json.loads(done("alerts", "show", alert_id, "--json", cwd=tmp_path).stdout)
    assert known["status"] == "dismissed"
    told = [(line["who"], line["action"], line["note"]) for line in known["trail"][1:]]
    assert told == [
        *2 * [(getpass.getuser(), "confirmed", "两个账户，一台设备")],
        ("ann", "dismissed", "两个账户，一台设备"),
    ]


def test_a_closed_alert_is_reopened_once(tmp_path: Path, alert_id: str) -> None:
    arguments = ("reopen", alert_id, "--note", "new facts")
    assert "nothing to reopen" in refused("alerts", *arguments, cwd=tmp_path)
    done("alerts", "close", alert_id, "--as", "dismissed", "--note", "known", cwd=tmp_path)
    said = done("alerts", *arguments, cwd=tmp_path).stderr
    assert said.startswith(f"{alert_id}: open; it was dismissed before (")
    known = json.loads(done("alerts", "show", alert_id, "--json", cwd=tmp_path).stdout)
    assert known["status"] == "open"
    assert [line["action"] for line in known["trail"]] == ["opened", "dismissed", "reopened"]


def test_one_account_has_one_open_alert(tmp_path: Path, alert_id: str) -> None:
    done("alerts", "close", alert_id, "--as", "dismissed", "--note", "known", cwd=tmp_path)
    with closing(open_store(f"sqlite:///{tmp_path}/tradeglyph-state/alerts.db")) as store:
        store.record([investigation("k3", account="A\x1b[31m")], NOW)
    again = refused("alerts", "reopen", alert_id, "--note", "x", cwd=tmp_path)
    assert "is open for the same account and window; go on there" in again


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("close", "nobody", "--as", "dismissed", "--note", " "), "--note: is empty"),
        (("replay", "nobody"), "nobody: no such alert"),
        (("show", "nobody"), "nobody: no such alert"),
        (("close", "nobody", "--as", "dismissed", "--note", "x"), "nobody: no such alert"),
        (("close", "nobody", "--as", "open", "--note", "x"), "--as"),
        (("close", "nobody", "--as", "dismissed"), "--note"),
        (("close", "nobody", "--as", "dismissed", "--note", "x", "--who", " "), "--who"),
        (("list", "--store", "ftp://x"), "ftp:// is not known"),
        (("list", "--most", "0"), "--most"),
    ],
)
def test_wrong_arguments(tmp_path: Path, arguments: tuple[str, ...], wanted: str) -> None:
    assert wanted in refused("alerts", *arguments, cwd=tmp_path)


def test_an_exhibit_never_lies_outside(tmp_path: Path) -> None:
    bad = Exhibit(name="../evil", media_type="x", content=b"x")
    with closing(open_store(f"sqlite:///{tmp_path}/a.db")) as store:
        (recorded,) = store.record([investigation("k", exhibits=(bad,))], NOW)
    arguments = ("show", recorded.alert_id, "--store", "sqlite:///a.db", "--out", "seen")
    assert "no plain file name" in refused("alerts", *arguments, cwd=tmp_path)
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path / "seen").exists()


def test_a_store_that_is_gone_is_status_1(tmp_path: Path) -> None:
    address = "postgresql://me:hunter2@127.0.0.1:1/alerts"
    gone = tradeglyph("alerts", "list", "--store", address, cwd=tmp_path)
    assert gone.status == 1
    assert gone.stderr.startswith("error: the store can't be reached now: postgresql://127.0.0.1:1")
    assert "hunter2" not in gone.stderr


def test_the_store_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "tradeglyph.toml").write_text('[store]\nurl = "sqlite:///other.db"\n')
    assert done("store", "current", cwd=tmp_path).stdout == "base\n"
    assert done("store", "upgrade", cwd=tmp_path).stderr == "the store is at 0002\n"
    assert (tmp_path / "other.db").is_file()
    assert done("store", "downgrade", "0001", cwd=tmp_path).stderr == "the store is at 0001\n"
    assert done("store", "current", cwd=tmp_path).stdout == "0001\n"
    assert "run: tradeglyph store upgrade" in refused("alerts", "list", cwd=tmp_path)
    assert "--lose-alerts" in refused("store", "downgrade", "base", cwd=tmp_path)
    done("store", "downgrade", "base", "--lose-alerts", cwd=tmp_path)
    assert done("store", "current", cwd=tmp_path).stdout == "base\n"
    assert "no versions" in refused("store", "upgrade", "--store", "dynamodb://t", cwd=tmp_path)


@pytest.mark.parametrize(
    ("package", "address"),
    [
        ("sqlalchemy", DEFAULT),
        ("alembic", DEFAULT),
        ("psycopg", "postgresql://127.0.0.1:1/alerts"),
        ("pymysql", "mysql://127.0.0.1:1/alerts"),
    ],
)
def test_what_is_not_installed_is_named(tmp_path: Path, package: str, address: str) -> None:
    # A process of its own, in which the package can't be imported.
    (tmp_path / "start.py").write_text(
        f"import runpy, sys\nsys.modules[{package!r}] = None\n"
        "runpy.run_module('tradeglyph', run_name='__main__', alter_sys=True)\n"
    )
    command = [sys.executable, "start.py", "alerts", "list", "--store", address]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 2, said.stderr
    wanted = f"error: {package} is not installed; install it with: pip install 'tradeglyph[serve]'"
    assert said.stderr.strip() == wanted
