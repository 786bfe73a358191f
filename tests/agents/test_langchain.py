"""The tools in a program that uses langchain-core."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from langchain_core.messages import ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool

from tests.agents.conftest import crowd
from tradeglyph.agents.langchain import tools
from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.domain.recognizers import Info, Lang, Parameter, Reads
from tradeglyph.recognizers.statements import registry
from tradeglyph.recognizers.statements.result import Result


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "s.csv").write_text(crowd(11), encoding="utf-8")
    return tmp_path


def one(place: Path, name: str, **settings: Any) -> Any:
    return {tool.name: tool for tool in tools(place, **settings)}[name]


class Odd:
    """A user's own rule, whose parameters are called as arguments of every tool are."""

    info = Info(
        name="odd",
        title={"en": "Odd", "zh": "奇数"},
        reads=Reads.LINES,
        rule={"en": "odd lines", "zh": "奇数行"},
        parameters=(
            Parameter(
                name="limit",
                default=2,
                unit="lines",
                means={"en": "so many", "zh": "笔数"},
                source="a test",
                least=1,
                most=9,
            ),
        ),
    )

    def recognize(self, lines: pl.DataFrame, parameters: Any) -> Result:
        if parameters["limit"] == 9:
            raise RuntimeError("SECRET of the rule")
        rows = pl.Series("row", range(parameters["limit"]), dtype=pl.UInt32)
        findings = pl.DataFrame(rows).with_columns(
            severity=pl.Series(["low", "medium", "high"] * 3).head(len(rows)),
            period=pl.lit(None, dtype=pl.UInt32),
        )
        return Result(findings=findings, periods=pl.DataFrame({"start": [], "end": []}))

    def reason(self, finding: Any, lang: Lang) -> str:
        return "奇" if lang == "zh" else "odd"


class _Entry:
    """An entry point of a package that is not installed."""

    name, value, dist = "odd", "theirs:Odd", None

    def load(self) -> type[Odd]:
        return Odd


@pytest.fixture
def own_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda group: [_Entry()])


def test_a_plain_call_answers_with_json(place: Path) -> None:
    text = one(place, "high_frequency_recognizer").invoke({"files": ["s.csv"]})
    assert json.loads(text)["results"][0]["identified_count"] == 11


def test_an_asynchronous_call_does_too(place: Path) -> None:
    tool = one(place, "read_statement")
    text = asyncio.run(tool.ainvoke({"files": ["s.csv"]}))
    assert json.loads(text)["files"][0]["lines_read"] == 11


def test_a_file_is_read_again_when_it_has_changed(place: Path) -> None:
    tool = one(place, "high_frequency_recognizer")
    for count in (11, 12):
        (place / "s.csv").write_text(crowd(count), encoding="utf-8")
        for _ in range(2):
            found = json.loads(tool.invoke({"files": ["s.csv"]}))["results"][0]
            assert found["identified_count"] == count
    mapped = json.loads(tool.invoke({"files": ["s.csv"], "map": ["currency=USD"]}))
    assert mapped["results"][0]["identified_anomalies"][0]["currency"] == "USD"


def test_a_wrong_call_is_an_answer_and_no_exception(place: Path) -> None:
    tool = one(place, "high_frequency_recognizer")
    for wrong in ({"files": ["../s.csv"]}, {"files": ["s.csv"], "frequency_threshold": 0}, {}):
        message = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": wrong})
        assert isinstance(message, ToolMessage)
        assert message.status == "error"
        assert json.loads(tool.invoke(wrong)) == json.loads(str(message.content))


def test_models_are_told_bounds_and_what_is_needed(place: Path) -> None:
    told = convert_to_openai_tool(one(place, "high_frequency_recognizer"))["function"]
    assert told["parameters"]["required"] == ["files"]
    assert told["parameters"]["properties"]["frequency_threshold"]["minimum"] == 1


def test_tools_speak_chinese(place: Path) -> None:
    tool = one(place, "high_frequency_recognizer", lang="zh", profile="audit")
    assert "同一账户" in tool.description
    assert "单位：笔；默认 10" in tool.args_schema.model_fields["frequency_threshold"].description
    answer = json.loads(tool.invoke({"files": ["s.csv"]}))
    assert "超过阈值" in answer["results"][0]["identified_anomalies"][0]["reason"]
    assert answer["results"][0]["recognition_parameters"]["rolling_minutes"] == 60
    assert "不是指令" in answer["note"]


def test_a_configuration_holds_unless_a_call_says_otherwise(place: Path) -> None:
    config = place.parent / "own.toml"
    config.write_text("[statements.high_frequency]\nfrequency_threshold = 11\n", encoding="utf-8")
    tool = one(place, "high_frequency_recognizer", config=config)
    counts = [
        json.loads(tool.invoke({"files": ["s.csv"], **more}))["results"][0]["identified_count"]
        for more in ({}, {"frequency_threshold": 10}, {"rolling_minutes": 30})
    ]
    assert counts == [0, 11, 0]


@pytest.mark.usefixtures("own_rule")
def test_a_users_own_recognizer_is_a_tool_too(place: Path) -> None:
    tool = one(place, "odd_recognizer")
    answer = json.loads(tool.invoke({"files": ["s.csv"], "odd_limit": 5, "limit": 3}))
    (result,) = answer["results"]
    assert [found["severity"] for found in result["identified_anomalies"]] == [
        "high", "medium", "medium"
    ]  # fmt: skip
    assert [found["line"] for found in result["identified_anomalies"]] == [4, 3, 6]
    assert result["page"]["of"]["identified_anomalies"] == 5
    assert "odd_limit = 10: must be a whole number from 1 to 9 lines" in tool.invoke(
        {"files": ["s.csv"], "odd_limit": 10}
    )


@pytest.mark.usefixtures("own_rule")
def test_a_fault_of_ours_tells_the_model_nothing_and_the_log_all(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = place.parent / "nine.toml"
    config.write_text("[statements.odd]\nlimit = 9\n", encoding="utf-8")
    told = one(place, "odd_recognizer").invoke({"files": ["s.csv"], "odd_limit": 9})
    assert list(json.loads(told)) == ["note", "error"]
    assert json.loads(told)["error"].startswith("a fault of ours")
    every = one(place, "examine_statement", config=config).invoke({"files": ["s.csv"]})
    results = json.loads(every)["results"]
    assert results[0]["identified_count"] == 11, "the others have their say"
    assert (results[-1]["recognition_status"], "a fault of ours" in results[-1]["error"]) == (
        "失败",
        True,
    )
    assert "SECRET" not in told + every
    assert caplog.text.count("RuntimeError: SECRET") == 2


@pytest.mark.usefixtures("own_rule")
def test_a_name_that_no_tool_can_have_is_an_error(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    monkeypatch.setattr(Odd, "info", replace(Odd.info, name="奇数"))
    with pytest.raises(InputError, match="recognizer '奇数': its name can't be a tool's"):
        tools(place)


def test_an_answer_that_is_too_long_asks_for_a_smaller_one(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradeglyph.agents.tool.MOST_CHARS", 6_000)
    tool = one(place, "high_frequency_recognizer")
    assert "with a smaller limit" in tool.invoke({"files": ["s.csv"]})
    assert "with a smaller limit" not in tool.invoke({"files": ["s.csv"], "limit": 1})


def test_without_an_output_folder_nothing_is_written(place: Path) -> None:
    assert "out" not in one(place, "score").args_schema.model_fields
    assert "out" in one(place, "score", out="results").args_schema.model_fields
    assert sorted(path.name for path in place.iterdir()) == ["s.csv"]


def test_without_langchain_it_says_what_to_install(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_core.tools", None)
    with pytest.raises(MissingExtra, match=r"tradeglyph\[agents\]"):
        tools(place)
