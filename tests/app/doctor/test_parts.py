"""Configuration, model, policy, queue and files."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from tests.app.doctor.examined import Shifted, codes, configure, examined, one
from tests.docs.commands import ROOT
from tradeglyph.app.doctor.check import Level
from tradeglyph.app.doctor.examine import status_of
from tradeglyph.app.doctor.files import room
from tradeglyph.app.doctor.texts import TEXTS, remedy, said
from tradeglyph.app.settings import OTHER_VARIABLES, Settings
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.queues.address import open_queue
from tradeglyph.sources.live.problems import Code

QUEUE = "sqlite:///tradeglyph-state/queue.db"


def test_with_nothing_configured_files_can_be_scored_and_nothing_is_made(folder: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
    checks = examined()
    assert codes(checks) == [
        "configuration_none",
        "model_ready",
        "policy_band",
        "policy_no_signals",
        "source_none",
        "source_none",
        "queue_new",
        "store_new",
        "room",
    ]
    assert codes(checks, Level.WARNING) == ["configuration_none", "source_none", "source_none"]
    assert status_of(checks) == 0
    assert list(folder.iterdir()) == []


def test_all_that_is_wrong_with_the_configuration_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    configure('lang = "fr"\n[stroe]\nurl = "x"\n[sources.trades]\npath = "x"\ntabel = "y"\n')
    monkeypatch.setenv("TRADEGLYPH_LANGUAGE", "zh")
    monkeypatch.setenv("TRADEGLYPH_DEBUG", "1")
    monkeypatch.setenv("TRADEGLYPH_QUEUE__URL", QUEUE)
    checks = examined()
    assert codes(checks) == [*3 * ["configuration_wrong"], "variable_unknown"]
    told = " ".join(said(check, "en") for check in checks)
    for name in ("lang", "stroe", "sources.trades.tabel", "TRADEGLYPH_LANGUAGE"):
        assert name in told
    assert "TRADEGLYPH_DEBUG" not in told
    assert status_of(checks) == 2


def test_every_variable_of_ours_is_known() -> None:
    sources = [*ROOT.glob("src/**/*.py"), *ROOT.glob("deploy/**/*.*"), ROOT / "Makefile"]
    text = "\n".join(
        file.read_text("utf-8") for file in sources if file.parent.name != "__pycache__"
    )
    names = set(re.findall(r"TRADEGLYPH_([A-Z_]*[A-Z])", text))
    settings = {name.upper() for name in Settings.model_fields}
    assert {name for name in names if name.partition("__")[0] not in settings} == set(
        OTHER_VARIABLES
    )


def test_a_model_that_is_not_what_its_card_says(ink: Path, folder: Path) -> None:
    shutil.copytree(ink, folder / "mine")
    configure('model = "mine"\n')
    ready = one(examined(), "model_ready")
    assert ready.values["model"].startswith("ink@")
    with (folder / "mine" / "model.onnx").open("ab") as file:
        file.write(b"x")
    checks = examined()
    assert "has changed since" in one(checks, "model_gone").values["what"]
    assert status_of(checks) == 2
    configure('model = "nowhere"\n')
    assert "no such model folder" in said(one(examined(), "model_gone"), "zh")


def test_the_policy_as_sentences() -> None:
    configure(
        "[policy]\nhold_signals = ['new_device', 'changed_password']\nyoung_address_hours = 24\n"
        "[[policy.bands]]\nbelow = 100\n[policy.bands.unanswered]\n"
        + "".join(
            f"{why} = 'let_through'\n"
            for why in ("source_gone", "stale_feed", "timed_out", "no_model")
        )
        + "no_candles = 'let_through'\ntoo_many_trades = 'let_through'\n"
        "[[policy.bands]]\nbelow = 5000\n[[policy.bands]]\n[policy.bands.unanswered]\n"
        "stale_feed = 'hold'\n"
    )
    checks = examined()
    bands = [check for check in checks if check.code == "policy_band"]
    assert [said(band, "en") for band in bands] == [
        "a withdrawal below 100: goes through where trades or candles can't be reached, or they are"
        " late, or it takes too long, or there is no model, or the account made no trades, or it"
        " made too few, or candles are missing, or there are too many trades; goes to a person"
        " where candles don't fit the trades, or trades of the account can't be read",
        "a withdrawal from 100 to below 5000: is delayed where trades or candles can't be reached,"
        " or they are late, or it takes too long, or there is no model; goes through where the"
        " account made no trades, or it made too few; goes to a person where candles are missing,"
        " or candles don't fit the trades, or there are too many trades, or trades of the account"
        " can't be read",
        "a withdrawal of 5000 or more, or of no said amount: is delayed where trades or candles"
        " can't be reached, or it takes too long, or there is no model; is held where they are"
        " late; goes through where the account made no trades, or it made too few; goes to a"
        " person where candles are missing, or candles don't fit the trades, or there are too many"
        " trades, or trades of the account can't be read",
    ]
    assert said(bands[2], "zh") == (
        "金额不低于 5000 或没有金额的提现：取不到成交或 K 线、处理超时、没有可用模型时延后；"
        "数据滞后时止付；账户没有成交、成交太少时放行；"
        "缺少 K 线、K 线与成交对不上、成交太多、账户的成交无法读取时转人工复核"
    )
    signals = "changed_password, new_device, address_age_hours < 24"
    assert one(checks, "policy_signals").values["signals"] == signals


def test_a_queue_that_nobody_empties() -> None:
    with closing(open_queue(QUEUE, clock=Shifted(-1260))) as queue:
        queue.send(["{}", "{}", "{}"])
        (first,) = queue.receive(1, wait_s=0, lease_s=60)
        queue.bury(first, "no user")
    checks = examined()
    ready = one(checks, "queue_ready").values
    assert (ready["waiting"], ready["leased"]) == (2, 0)
    assert one(checks, "queue_dead").values == {"dead": 1}
    # 1,260 s are 21 minutes.
    assert one(checks, "queue_late").values == {"minutes": 21}
    assert "retry --all" in remedy(one(checks, "queue_dead"), "zh")
    assert status_of(checks) == 0
    configure("[worker]\ndelay_limit_s = 3600\n")
    assert "queue_late" not in codes(examined())


def test_a_queue_that_another_program_has_locked(folder: Path) -> None:
    with closing(open_queue(QUEUE, clock=SystemClock())) as queue:
        queue.send(["{}"])
    assert "queue_locked" not in codes(examined())
    file = folder / "tradeglyph-state" / "queue.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        checks = examined()
    assert remedy(one(checks, "queue_locked"), "en").endswith("fuser tradeglyph-state/queue.db")
    assert status_of(checks) == 2


def test_a_service_that_others_reach_without_a_key() -> None:
    configure('[service]\nhost = "0.0.0.0"\n')
    checks = examined()
    assert "127.0.0.1" in remedy(one(checks, "service_open"), "en")
    assert status_of(checks) == 2
    key = f'{{name = "li", scopes = ["read"], sha256 = "{"0" * 64}", expires = {{}}}}'
    for expires, wanted in (
        ("2020-01-01T00:00:00Z", ["key_expired", "service_open"]),
        ("2999-01-01T00:00:00Z", []),
    ):
        line = key.replace("{}", expires)
        configure(f'[service]\nhost = "0.0.0.0"\nkeys = [{line}]\n')
        assert codes(examined(), part="service") == wanted
    configure('[service]\nhost = "localhost"\n')
    assert codes(examined(), part="service") == []


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ([("li wei", "a")], "a name is 1 to 64 letters"),
        ([("li.wei", "A")], "sha256 of li.wei is not 64 hex digits in lower case"),
        ([("li.wei", "a"), ("li.wei", "b")], "two keys are called li.wei"),
        ([("li.wei", "a"), ("wang", "a")], "one and the same sha256"),
    ],
)
def test_keys_that_the_service_would_refuse(keys: list[tuple[str, str]], wanted: str) -> None:
    lines = (
        f'{{name = "{name}", scopes = ["read"], sha256 = "{64 * digit}"}}' for name, digit in keys
    )
    configure(f"[service]\nkeys = [{', '.join(lines)}]\n")
    checks = examined()
    (wrong,) = (check for check in checks if check.part == "service")
    assert (wrong.code, wrong.level) == ("wrong", Level.FAULT)
    assert wanted in said(wrong, "en")
    assert 64 * keys[0][1] not in said(wrong, "en")
    assert status_of(checks) == 2


def test_a_queue_that_is_none(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "other.db")) as other:
        other.execute("CREATE TABLE t (x)")
        other.commit()
    configure('[queue]\nurl = "sqlite:///other.db"\n')
    (wrong,) = (check for check in examined() if check.part == "queue")
    assert (wrong.code, wrong.level) == ("wrong", Level.FAULT)
    assert "something else" in wrong.values["what"]


def test_who_may_read_the_files(folder: Path) -> None:
    with closing(open_queue(QUEUE, clock=SystemClock())) as queue:
        queue.send(["{}"])
        file = folder / "tradeglyph-state" / "queue.db"
        file.chmod(0o644)
        # Nobody else may enter the folder, as it was made.
        assert "file_private" in codes(examined())
        file.parent.chmod(0o755)
        opened = one(examined(), "file_open")
        assert "tradeglyph-state/queue.db" in opened.values["files"]
        assert remedy(opened, "en").startswith("chmod o-rwx tradeglyph-state/queue.db")
        for one_file in file.parent.iterdir():
            one_file.chmod(0o600)
        assert "file_private" in codes(examined())


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("postgresql://risk:s3cret@127.0.0.1:1/exchange?connect_timeout=1", True),
        ("postgresql://risk@127.0.0.1:1/exchange?password=s3cret", True),
        ("postgresql://risk@127.0.0.1:1/exchange", False),
    ],
)
def test_a_password_in_a_file_that_everybody_may_read(folder: Path, url: str, secret: bool) -> None:
    pytest.importorskip("psycopg", reason="needs the extra `serve`")
    configure(f'[store]\nurl = "{url}"\n')
    assert "password_open" not in codes(examined())
    (folder / "tradeglyph.toml").chmod(0o644)
    checks = examined()
    assert ("password_open" in codes(checks)) == secret
    told = "".join(said(c, "en") + said(c, "zh") + repr(c) for c in checks)
    assert "s3cret" not in told


def test_room_on_the_disk() -> None:
    assert room("/x", 5 << 30).code == "room"
    assert room("/x", (1 << 30) - 1).level is Level.WARNING
    assert room("/x", (1 << 26) - 1).level is Level.FAULT
    assert said(room("/x", 3 << 29), "en") == "/x: 1.50 GiB free"


@pytest.mark.parametrize("made", [False, True])
def test_one_file_for_queue_and_store(folder: Path, made: bool) -> None:
    pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
    configure(f'[queue]\nurl = "{QUEUE}"\n[store]\nurl = "sqlite:///{folder}/{QUEUE[10:]}"\n')
    if made:
        with closing(open_queue(QUEUE, clock=SystemClock())) as queue:
            queue.send(["{}"])
    found = one(examined(), "wrong")
    assert found.part == "store"
    assert "is the file of a queue; give the store its own" in said(found, "en")


def test_a_file_that_may_not_be_written(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anything")
    folder.chmod(0o500)
    try:
        assert codes(examined(), Level.FAULT) == ["file_closed", "file_closed"]
    finally:
        folder.chmod(0o700)


def test_a_fault_of_ours_is_said_as_such(folder: Path) -> None:
    class Broken:
        def now(self) -> int:
            raise ValueError("postgresql://risk:s3cret@h/d")

    (folder / "trades.csv").write_text(
        "account_id,symbol,time,side,price,quantity\na,X,2024-10-04T09:30:00Z,buy,1,1\n"
    )
    configure('[sources.trades]\npath = "trades.csv"\n')
    checks = examined(Broken())
    assert one(checks, "broken").values == {"kind": "ValueError"}
    assert status_of(checks) == 1


def test_without_the_packages_of_a_database_it_says_which_to_install(folder: Path) -> None:
    configure('[sources.trades]\nurl = "sqlite:///x.db"\ntable = "fills"\n')
    blocked = "import sys; sys.modules['sqlalchemy'] = sys.modules['boto3'] = None"
    script = f"{blocked}; from tradeglyph.__main__ import main; sys.argv[1:] = ['doctor']; main()"
    environment = {**os.environ, "TRADEGLYPH_QUEUE__URL": "sqs://events"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=60,
    )
    assert done.returncode == 2, done.stderr
    lines = done.stdout.splitlines()
    assert lines.count("        -> pip install 'tradeglyph[serve]'") == 2
    assert lines.count("        -> pip install 'tradeglyph[aws]'") == 1
    for told in (
        "trades: sqlalchemy is not installed",
        "store: sqlalchemy is not installed",
        "queue: boto3 is not installed",
    ):
        assert f"fault   {told}" in lines


def test_every_code_has_words_and_all_words_have_a_code() -> None:
    folder = ROOT / "src" / "tradeglyph" / "app" / "doctor"
    files = [file for file in folder.glob("*.py") if file.name != "texts.py"]
    literals = set(re.findall(r'"([a-z_]+)"', "\n".join(f.read_text("utf-8") for f in files)))
    problems = {f"source_{code}" for code in get_args(Code)}
    assert problems <= set(TEXTS)
    assert set(TEXTS) <= literals | problems
    for code, words in TEXTS.items():
        assert words.en.isascii(), code
        assert words.remedy_en.isascii(), code
        values = set(re.findall(r"{(\w+)", words.en + words.remedy_en))
        assert set(re.findall(r"{(\w+)", words.zh + words.remedy_zh)) <= values | {"columns"}, code
        assert re.search("[\u4e00-\u9fff]", words.zh), code
