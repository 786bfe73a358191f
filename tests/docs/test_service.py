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
from tradeglyph.service.operations import OPERATIONS
from tradeglyph.service.schemas import ScoreAnswer
from tradeglyph.service.server import PORT

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
    shown = re.search(r"^```text\n(.*?)^```$", HOWTO.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert shown is not None
    assert alerts == json.loads(shown[1])
    asked = set(re.findall(r"tradeglyph_\w+", HOWTO.read_text("utf-8")))
    assert asked
    assert asked <= known


@pytest.mark.parametrize("name", ["service.md", "service.zh-CN.md"])
def test_the_table_of_scopes_is_the_services(name: str) -> None:
    text = HOWTO.with_name(name).read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z]+) (/\S+)` \| (\S+) \|$", text, re.MULTILINE)
    assert rows == [
        (one.method, one.path, f"`{one.scope.value}`" if one.scope else "-") for one in OPERATIONS
    ]


@pytest.mark.parametrize("name", ["service.md", "service.zh-CN.md"])
def test_ports_are_those_that_are_served(name: str) -> None:
    text = HOWTO.with_name(name).read_text("utf-8")
    assert f"{PORT}" in text[: text.index("```json")]
    sagemaker = re.findall(r'endpoint_url="http://127\.0\.0\.1:(\d+)"', text)
    container = (ROOT / "deploy" / "docker" / "entrypoint.sh").read_text("utf-8")
    assert sagemaker == re.findall(r"SAGEMAKER_BIND_TO_PORT:-(\d+)", container)
    scraped = re.findall(r'targets: \["127\.0\.0\.1:(\d+)"\]', text)
    assert scraped == [str(PORT)]
    examples = set(re.findall(r"`(record|kept|repeated|pending|queued|failed)`", text))
    (outcomes,) = (
        arm["enum"]
        for arm in ScoreAnswer.model_json_schema()["properties"]["record"]["anyOf"]
        if "enum" in arm
    )
    assert examples == {"record", *outcomes}


def test_both_languages_show_the_same_lines() -> None:
    chinese = HOWTO.with_name("service.zh-CN.md")
    english, other = (
        re.findall(r"^\$ [^\n]*$|^```python\n.*?^```$", path.read_text("utf-8"), re.M | re.S)
        for path in (HOWTO, chinese)
    )
    assert english == other
