"""The how-to of the service: its files and its `curl` lines, on a real server."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.docs.commands import ROOT, files_of
from tests.service.test_serve import ended, serving

HOWTO = ROOT / "docs" / "howto" / "service.md"


def test_what_the_howto_shows_works(tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    files = files_of(HOWTO)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    lines = re.findall(r"^\$ (curl .*)$", HOWTO.read_text("utf-8"), re.MULTILINE)
    with serving(tmp_path, "--json") as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["address"]
        score, event, alerts = (
            json.loads(
                subprocess.run(
                    ["bash", "-c", line],
                    cwd=tmp_path,
                    env={**os.environ, "KEY": "tg_example", "URL": url},
                    capture_output=True,
                    check=True,
                    timeout=60,
                ).stdout
            )
            for line in lines
        )
        known = set(re.findall(r"^# TYPE (\w+)", httpx.get(f"{url}/metrics").text, re.MULTILINE))
        ended(process)
    # Three round trips from the low to the high.
    assert (score["decision"], score["key"]) == ("review", "event:withdrawal-77")
    assert event["key"] == "event:withdrawal-78"
    assert alerts["alerts"] == []
    asked = set(re.findall(r"tradeglyph_\w+", HOWTO.read_text("utf-8")))
    assert asked
    assert asked <= known


def test_both_languages_show_the_same_lines() -> None:
    chinese = HOWTO.with_name("service.zh-CN.md")
    english, other = (
        re.findall(r"^\$ [^\n]*$|^```python\n.*?^```$", path.read_text("utf-8"), re.M | re.S)
        for path in (HOWTO, chinese)
    )
    assert english == other
