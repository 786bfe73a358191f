"""`tradeglyph statement --format html`: the page as a reader sees it."""

import re
from pathlib import Path

import pytest

from tests.cli.command import Done, done, refused, tradeglyph
from tests.drawing.html import EVIL, Page

pytest.importorskip("jinja2", reason="needs the extra `plot`")

HEADING = "账号,交易时间,收入,支出,余额,摘要,对方户名\n"
EVIL_CELL = EVIL.replace('"', '""')
FIELDS = "账号,交易时间,收入,支出,余额,摘要,对方户名"


def row(time: str, out: str, balance: str, summary: str = "消费", other: str = "商户") -> str:
    return f'62220001,{time},,{out},{balance},"{summary}","{other}"\n'


def crowd(count: int) -> str:
    """So many payments of 10.00 in the hour from 14:00; balances follow."""
    return "".join(
        row(f"2025-03-04 14:{at:02d}:00", "10.00", f"{100_000 - 10 * (at + 1)}.00")
        for at in range(count)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    night = row("2025-03-06 02:10:00", "60000.00", "39890.00", f"转账{EVIL_CELL}", "gpj.\u202eexe")
    (tmp_path / "s.csv").write_text(HEADING + crowd(11) + night, encoding="utf-8")
    return tmp_path


def html(folder: Path, *arguments: object) -> str:
    done("statement", "s.csv", "--out", "o.html", *arguments, cwd=folder)
    return (folder / "o.html").read_text(encoding="utf-8")


def flagged(text: str) -> list[str]:
    """Numbers of the lines that are marked as found, in the order of the page."""
    return re.findall(r'class="flagged [^>]*><th scope="row">.*?</span> (\d+)', text)


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("en", ["12 of 12 lines to ask about", "11 transactions in the hour from 2025-03-04 14:00",
                "in the night, 02:00 to 05:00", "Not applicable: no line of interest",
                "nothing found"]),
        ("zh", ["共 12 笔流水，其中 12 笔有疑点", "2025-03-04 14:00 至 2025-03-04 15:00",
                "处于夜间时段 02:00 至 05:00", "不适用：没有人民币活期存款结息交易", "未发现异常"]),
    ],
)  # fmt: skip
def test_every_finding_is_on_the_page(folder: Path, lang: str, wanted: list[str]) -> None:
    text = html(folder, "--lang", lang)
    page = Page(text)
    for words in wanted:
        assert words in page.words
    [root] = page.named("html")
    assert root["lang"] == ("en" if lang == "en" else "zh-CN")
    lines = flagged(text)
    assert lines[:11] == [str(line) for line in range(2, 13)]
    assert lines.count("13") >= 1


def test_a_period_is_one_finding_with_its_lines_in_context(folder: Path) -> None:
    text = html(folder, "--rules", "high_frequency")
    cases = re.findall(r"<article.*?</article>", text, re.DOTALL)
    assert len(cases) == 1
    # Eleven lines of the hour, and of those behind it the one that there is.
    numbers = re.findall(r'<th scope="row">(?:<span.*?</span> )?(\d+)', cases[0])
    assert numbers == [str(line) for line in range(2, 14)]
    assert len(flagged(cases[0])) == 11


def test_what_a_file_says_is_text_and_nothing_is_loaded(folder: Path) -> None:
    text = html(folder)
    page = Page(text)
    assert EVIL in page.words
    assert page.named("script") == page.named("img") == page.named("link") == []
    assert "gpj.[U+202E]exe" in page.words
    assert "\u202e" not in text
    policies = [one["content"] for one in page.named("meta") if "http-equiv" in one]
    assert policies[0] is not None
    assert policies[0].startswith("default-src 'none'")
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes), tag
        for name in ("href", "src", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, attributes)
    assert "url(" not in text
    assert "@import" not in text
    assert set(re.findall(r"https?://[^\"' <]+", text)) == {"http://www.w3.org/2000/svg"}


def test_links_lead_somewhere(folder: Path) -> None:
    page = Page(html(folder))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {(one["href"] or "")[1:] for one in page.named("a")}
    assert targets <= set(ids)
    assert any(target.startswith("f") for target in targets)


def test_the_same_statement_gives_the_same_page(folder: Path) -> None:
    assert html(folder) == html(folder)


def test_it_goes_to_stdout_as_json_does(folder: Path) -> None:
    found: Done = done("statement", "s.csv", "--format", "html", cwd=folder)
    assert found.stdout.startswith("<!doctype html>")
    assert "12 lines read + 0 rejected" in found.stderr
    assert "lines found by" in found.stderr
    alert = tradeglyph("statement", "s.csv", "--out", "o.html", "--fail-on-alert", cwd=folder)
    assert alert.status == 3
    assert (folder / "o.html").read_text("utf-8") == found.stdout


def test_dates_alone_have_no_hours(folder: Path) -> None:
    lines = "".join(row(f"2025-03-0{day}", "1.00", f"{100 - day}.00") for day in range(3, 7))
    (folder / "s.csv").write_text(HEADING + lines, encoding="utf-8")
    page = Page(html(folder))
    assert "Hour by day: not applicable. The statement says no time of day" in page.words
    assert len(page.named("svg")) == 1
    assert "Nothing found in 4 lines." in page.words


def test_without_balances_the_net_flow_is_drawn(folder: Path) -> None:
    lines = "".join(row(f"2025-03-0{day} 09:00:00", "1.00", "") for day in range(3, 7))
    (folder / "s.csv").write_text(HEADING + lines, encoding="utf-8")
    page = Page(html(folder, "--lang", "zh"))
    assert "累计净流量" in page.words
    assert "4 笔中只有 0 笔载有余额" in page.words
    assert "流水未载余额" in page.words


def test_rejected_lines_and_notices_are_said(folder: Path) -> None:
    bad = row("2025-02-30 14:00:00", "1.00", "1.00")
    (folder / "s.csv").write_text(HEADING + crowd(3) + bad, encoding="utf-8")
    page = Page(html(folder))
    assert "line 5, 交易时间" in page.words
    assert "2025-02-30 14:00:00" in page.words
    assert "currency: CNY, since the file names none" in page.words


def test_a_table_without_lines_is_a_page_too(folder: Path) -> None:
    (folder / "s.csv").write_text(HEADING, encoding="utf-8")
    page = Page(html(folder))
    assert "Nothing found in 0 lines." in page.words
    assert page.named("svg") == []


def test_nothing_is_written_where_a_file_can_not_be_read(folder: Path) -> None:
    refused("statement", "none.csv", "--out", "o.html", cwd=folder)
    assert not (folder / "o.html").exists()
