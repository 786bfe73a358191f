"""`tradeglyph statement`: from files to a table or JSON."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import done, refused, tradeglyph
from tests.shared import shared
from tests.statements.real_files import COUNTS
from tradeglyph.domain.recognizers import Info, Lang, Reads
from tradeglyph.recognizers.statements import registry

HEADING = "账号,交易时间,收入,支出,余额,摘要,对方户名\n"
KEYS = {
    "recognition_type", "identified_count", "identified_anomalies", "recognition_status",
    "recognition_parameters", "statistics", "error", "recognizer", "periods",
}  # fmt: skip
OF_LINE = {
    "txId", "datetime", "txAmount", "txDirection", "txBalance", "txSummary", "txCounterparty",
    "account", "currency", "file", "sheet", "line", "reason", "severity", "check_type",
}  # fmt: skip
TITLES = [
    "高频交易异常识别", "大额交易异常识别", "偶发高额整数交易异常识别", "夜间交易异常识别",
    "过账交易异常识别", "余额连续性异常识别", "余额缺失异常识别", "长期未交易异常识别",
    "利息偏低异常识别",
]  # fmt: skip


def crowd(count: int) -> str:
    """So many payments of 10.05 in the hour from 14:00, each balance 10.05 below the one before."""
    rows = []
    for number in range(count):
        cents = 100_000_00 - 10_05 * (number + 1)
        balance = f"{cents // 100}.{cents % 100:02d}"
        rows.append(f"62220001,2025-03-04 14:{number:02d}:00,,10.05,{balance},消费,商户\n")
    return HEADING + "".join(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.csv").write_text(crowd(11), encoding="gb18030")
    return tmp_path


def results(folder: Path, *arguments: object) -> dict[str, Any]:
    found = done("statement", "s.csv", "--json", *arguments, cwd=folder)
    return {one["recognizer"]: one for one in json.loads(found.stdout)["results"]}


def test_the_keys_are_the_seeds_and_ten_in_an_hour_are_quiet(folder: Path) -> None:
    found = results(folder)
    assert [one["recognition_type"] for one in found.values()] == TITLES
    assert all(set(one) == KEYS for one in found.values())
    high = found["high_frequency"]
    assert (high["identified_count"], high["recognition_status"]) == (11, "完成")
    assert high["recognition_parameters"]["frequency_threshold"] == 10
    assert high["statistics"]["period_statistics"]["max_transactions_per_hour"] == 11
    assert (high["statistics"]["accounts"], high["statistics"]["accounts_with_findings"]) == (1, 1)
    assert [(one["lines"], one["start"]) for one in high["periods"]] == [
        (11, "2025-03-04 14:00:00")
    ]
    first = high["identified_anomalies"][0]
    assert set(first) == OF_LINE | {"period_info", "business_rule"}
    assert first["period_info"]["start_time"] == "14:00"
    assert first["period_info"]["amount_sum"] == 110.55
    assert (first["txAmount"], first["txBalance"], first["txDirection"]) == (
        10.05,
        99989.95,
        "支出",
    )
    assert (first["file"], first["sheet"], first["line"]) == ("s.csv", "", 2)
    assert (first["datetime"], first["severity"]) == ("2025-03-04 14:00:00", "high")
    assert first["check_type"] == "high_frequency_transaction"
    assert found["low_interest"]["recognition_status"] == "不适用"
    assert found["low_interest"]["error"].startswith("no line of interest")
    (folder / "s.csv").write_text(crowd(10), encoding="utf-8")
    assert results(folder)["high_frequency"]["identified_count"] == 0


def test_amounts_are_exact_and_have_two_decimals(folder: Path) -> None:
    row = "1,2025-03-06 02:10:00,,123456789012.30,,转账,\n"
    (folder / "s.csv").write_text(HEADING + row, encoding="utf-8")
    text = done("statement", "s.csv", "--format", "json", cwd=folder).stdout
    assert '"txAmount": 123456789012.30, ' in text
    assert '"txBalance": null, ' in text


@pytest.mark.parametrize(("lang", "wanted"), [("en", "more than the"), ("zh", "超过阈值")])
def test_reasons_are_in_the_language_asked_for(folder: Path, lang: str, wanted: str) -> None:
    high = results(folder, "--lang", lang)["high_frequency"]
    assert wanted in high["identified_anomalies"][0]["reason"]
    assert high["recognition_type"] == TITLES[0]


def test_the_table_says_what_was_read_and_found(folder: Path) -> None:
    text = done("statement", "s.csv", cwd=folder).stdout
    assert text.startswith("s.csv: 11 lines read + 0 rejected = 11 lines (1 heading, ")
    assert "txDate=交易时间 txIncome=收入 txExpense=支出 txBalance=余额" in text
    assert "High-frequency transactions (high_frequency): 11 lines in 1 of 1 account\n" in text
    assert "[high] line 2 62220001 2025-03-04 14:00:00 out 10.05: 11 transactions" in text
    assert "(and 10 more lines of it)" in text
    assert "not applicable: no line of interest" in text
    assert text.endswith("11 lines found by 1 of 9 recognizers\n")
    assert "\x1b" not in text


def test_the_table_in_chinese(folder: Path) -> None:
    text = done("statement", "s.csv", "--lang", "zh", cwd=folder).stdout
    assert text.startswith("s.csv：读取 11 行 + 拒绝 0 行 = 共 11 行流水（另有表头 1")
    assert "高频交易异常识别 high_frequency：11 笔，涉及 1 个账户中的 1 个" in text
    assert "[高] 第 2 行 62220001 2025-03-04 14:00:00 支出 10.05：" in text
    assert "（同一时段另有 10 笔）" in text
    assert "不适用：没有人民币活期存款结息交易" in text
    words = re.sub(
        r"[a-z_]+\.csv|tx\w+|account|csv|utf-8|gb18030|high_\w+|--map currency", "", text
    )
    assert not re.search(r"\b(lines|nothing|read|found)\b", words)


def test_lines_of_which_nothing_was_said_are_counted(folder: Path) -> None:
    """Nothing found among 2 lines with a time of day is not nothing found among 5."""
    (folder / "s.csv").write_text(crowd(2), encoding="utf-8")
    dates = "".join(f"交易,2025-03-0{day},,1.00,\n" for day in (3, 4, 5))
    (folder / "d.csv").write_text("摘要,交易日期,收入,支出,余额\n" + dates, encoding="utf-8")
    text = done("statement", "s.csv", "d.csv", cwd=folder).stdout
    assert (
        "High-frequency transactions (high_frequency): nothing found (2 accounts); "
        "3 lines not asked: no time of day\n"
    ) in text
    assert "3 lines not judged: no balance\n" in text
    zh = done("statement", "s.csv", "d.csv", "--lang", "zh", cwd=folder).stdout
    assert "未发现异常（2 个账户）；3 笔没有时刻，未判断\n" in zh


def test_letters_that_a_terminal_obeys_are_not_printed(folder: Path) -> None:
    rows = "1\x1b[2J,2025-03-06 02:10:00,,60000.00,,转账,\n"
    (folder / "s.csv").write_text(HEADING + rows, encoding="utf-8")
    text = done("statement", "s.csv", cwd=folder).stdout
    assert "02:10:00" in text
    assert "\x1b" not in text


def test_rejected_lines_are_counted_and_shown(folder: Path) -> None:
    bad = "62220001,2025-02-30 14:00:00,,1.00,1.00,消费,商户\n"
    (folder / "s.csv").write_text(crowd(3) + bad, encoding="utf-8")
    found = done("statement", "s.csv", "--json", cwd=folder)
    [file] = json.loads(found.stdout)["files"]
    assert (file["lines_read"], file["rejected"]) == (3, 1)
    assert "s.csv: 3 lines read + 1 rejected = 4 lines" in found.stderr
    assert "rejected: line 5" in done("statement", "s.csv", cwd=folder).stdout


def test_rules_profile_and_configuration(folder: Path) -> None:
    only = results(folder, "--rules", "balance_missing,high_frequency")
    assert list(only) == ["high_frequency", "balance_missing"]
    audit = results(folder, "--profile", "audit")["high_frequency"]
    assert audit["recognition_parameters"]["rolling_minutes"] == 60
    (folder / "c.toml").write_text(
        '[statements]\nprofile = "audit"\nrules = ["high_frequency", "large_amount"]\n'
        "[statements.high_frequency]\nfrequency_threshold = 11\n"
        "[statements.large_amount]\nthreshold = 0.29\n"
    )
    own = results(folder, "--config", "c.toml")
    assert list(own) == ["high_frequency", "large_amount"]
    assert own["high_frequency"]["identified_count"] == 0
    assert own["large_amount"]["recognition_parameters"]["threshold"] == 0.29
    seed = results(folder, "--config", "c.toml", "--profile", "seed")["high_frequency"]
    assert seed["recognition_parameters"]["rolling_minutes"] == 0


def test_the_environment_sets_parameters_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEGLYPH_STATEMENTS__HIGH_FREQUENCY__FREQUENCY_THRESHOLD", "11")
    assert results(folder)["high_frequency"]["identified_count"] == 0


def test_out_is_written_whole_and_status_3_says_that_something_was_found(folder: Path) -> None:
    alert = tradeglyph("statement", "s.csv", "--out", "f.json", "--fail-on-alert", cwd=folder)
    assert (alert.status, alert.stdout) == (3, "")
    assert "f.json: 11 lines found by 1 of 9 recognizers" in alert.stderr
    assert len(json.loads((folder / "f.json").read_text(encoding="utf-8"))["results"]) == 9
    done("statement", "s.csv", "--out", "f.txt", cwd=folder)
    assert "high_frequency" in (folder / "f.txt").read_text(encoding="utf-8")
    (folder / "s.csv").write_text(crowd(2), encoding="utf-8")
    done("statement", "s.csv", "--fail-on-alert", cwd=folder)


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("none.csv",), "none.csv"),
        (("s.csv", "--rules", "high_freq"), "no recognizer 'high_freq'"),
        (("s.csv", "--rules", ","), "--rules names no recognizer"),
        (("s.csv", "--format", "xlsx"), "--format xlsx: is no text; name a file"),
        (("s.csv", "--format", "table", "--json"), "--json and --format table"),
        (("s.csv", "--map", "amount=x"), "--map amount: no such field"),
        (("s.csv", "--lang", "fr"), "--lang fr: must be en or zh"),
        (("s.csv", "--config", "no.toml"), "--config no.toml: can't be read"),
        (("s.csv", "--out", "s.csv"), "--out s.csv: is the input s.csv"),
        (("s.csv", "--out", "."), "is a folder"),
        (("s.csv", "s.csv"), "named twice"),
        (("picture.xlsx",), "a picture (PNG), not a statement"),
        (("text.csv",), "text.csv: "),
        (("s.csv", "--config", "absurd.toml"), "frequency_threshold = 0: must be a whole number"),
        (("s.csv", "--config", "typo.toml"), "statements.high_freq: no such recognizer"),
        (("s.csv", "--config", "choice.toml"), "rates = 'dtaed': must be one of flat, dated"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_input_is_one_line_and_leaves_nothing(
    folder: Path, arguments: tuple[str, ...], wanted: str
) -> None:
    (folder / "picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (folder / "text.csv").write_text("nothing,here\nto,read\n")
    for name, table in (
        ("absurd", "high_frequency]\nfrequency_threshold = 0"),
        ("typo", "high_freq]\nfrequency_threshold = 3"),
        ("choice", 'low_interest]\nrates = "dtaed"'),
    ):
        (folder / f"{name}.toml").write_text(f"[statements.{table}\n")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    said = refused("statement", *arguments, cwd=folder)
    assert wanted in said
    assert "\n" not in said
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


class Broken:
    """A recognizer with a fault."""

    info = Info(
        name="broken",
        title={"en": "Broken", "zh": "故障"},
        reads=Reads.LINES,
        rule={"en": "none", "zh": "无"},
    )

    def recognize(self, lines: object, parameters: object) -> Any:
        raise ZeroDivisionError("by nothing")

    def reason(self, finding: object, lang: Lang) -> str:
        return ""


@pytest.fixture
def with_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "OURS", (Broken(), *registry.OURS))


@pytest.mark.usefixtures("with_broken")
def test_a_recognizer_that_fails_leaves_the_others_their_answers(folder: Path) -> None:
    ended = tradeglyph("statement", "s.csv", "--json", cwd=folder)
    assert ended.status == 1
    assert "error: broken: a fault of ours: ZeroDivisionError: by nothing" in ended.stderr
    broken, *others = json.loads(ended.stdout)["results"]
    assert (broken["recognition_status"], broken["identified_count"]) == ("失败", 0)
    assert broken["error"] == "ZeroDivisionError: by nothing"
    assert others[0]["identified_count"] == 11
    shown = tradeglyph("statement", "s.csv", "--fail-on-alert", cwd=folder)
    assert shown.status == 1
    assert "Broken (broken): FAILED" in shown.stdout


REAL = {name: lines for name, lines in COUNTS.items() if name.endswith(".csv")}


def test_real_exports_are_read_with_no_option_given(tmp_path: Path) -> None:
    root = shared("data/bank_cn_exports")
    paths = [root / name for name in REAL]
    found = json.loads(done("statement", *paths, "--json", cwd=tmp_path).stdout)
    assert [file["lines_read"] for file in found["files"]] == list(REAL.values())
    assert all(file["rejected"] == 0 for file in found["files"])
    assert {one["recognition_status"] for one in found["results"]} <= {"完成", "不适用"}
    named = [one for result in found["results"] for one in result["identified_anomalies"]]
    assert named
    assert all(isinstance(one["txAmount"], float) and one["reason"] for one in named)
    for lang in ("en", "zh"):
        text = done("statement", *paths, "--lang", lang, cwd=tmp_path).stdout
        assert all(name in text for name in REAL)


def test_berka_holds_within_a_tenth_and_hours_are_not_applicable(tmp_path: Path) -> None:
    """Balances rounded to 0.1 break a chain to the hundredth and hold to the tenth."""
    path = shared("data/bank_berka/trans_even_accounts.asc")
    (tmp_path / "loose.toml").write_text("[statements.balance_continuity]\ntolerance = 0.10\n")
    rules = ("--rules", "high_frequency,night_transaction,balance_continuity", "--json")
    shares = {}
    for tolerance, more in (("0.01", ()), ("0.10", ("--config", "loose.toml"))):
        found = json.loads(done("statement", path, *rules, *more, cwd=tmp_path).stdout)
        assert found["files"][0]["lines_read"] == 23_932
        high, night, continuity = found["results"]
        assert high["recognition_status"] == night["recognition_status"] == "不适用"
        statistics = continuity["statistics"]
        assert statistics["accounts"] == 591
        shares[tolerance] = 1 - statistics["accounts_with_findings"] / 591
    assert 0.27 < shares["0.01"] < 0.31
    assert shares["0.10"] > 0.95


def test_what_the_rules_for_auditors_could_not_judge_is_said(tmp_path: Path) -> None:
    fares = "2025-03-03,,3.00,地铁,CNY\n" * 2
    text = f"交易时间,收入,支出,摘要,币种\n{fares}2025-03-04,,300000.00,取现,EUR\n"
    (tmp_path / "s.csv").write_text(text, encoding="utf-8")
    rules = ("--rules", "duplicate_line,statutory_amount")
    told = done("statement", "s.csv", *rules, cwd=tmp_path).stdout
    assert "1 line undecided: equal to others" in told
    assert "1 line not asked: no amount or rate in currency" in told
