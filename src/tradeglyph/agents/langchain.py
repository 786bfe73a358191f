"""The tools for LangChain.

from tradeglyph.agents.langchain import tools

agent_tools = tools("statements")
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradeglyph.agents.tool import Tool, call, faults, refusal
from tradeglyph.agents.tools import tools_over
from tradeglyph.agents.workplace import Workplace, workplace
from tradeglyph.domain.errors import MissingExtra

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool


def tools(
    root: str | Path,
    *,
    lang: str | None = None,
    profile: str | None = None,
    config: str | Path | None = None,
    out: str | None = None,
) -> "list[StructuredTool]":
    """One `StructuredTool` per tool, over the files of the folder `root` alone.

    A tool answers with JSON. What is wrong with a call, too, is an answer for the model (a
    `ToolMessage` with status `error`), never an exception. The artifact of `explain` is
    `{"picture": PNG}`; that of the others is None.

    Args:
        lang: `en` or `zh`; without, the configuration's.
        profile: `seed` or `audit`; without, the configuration's.
        config: a configuration file; without, `tradeglyph.toml` in the working folder.
        out: a folder below `root` where results may be written; without, nothing is.

    Raises InputError where the folder or the configuration is wrong, MissingExtra without
    langchain-core.
    """
    place = workplace(root, lang=lang, profile=profile, config=config, out=out)
    return [_offered(tool, place) for tool in tools_over(place)]


def _offered(tool: Tool, place: Workplace) -> "StructuredTool":
    try:
        from langchain_core.tools import StructuredTool, ToolException
    except ImportError as error:
        raise MissingExtra("langchain-core", "agents") from error

    def run(**given: Any) -> tuple[str, dict[str, bytes] | None]:
        reply = call(tool, given, place)
        if reply.failed:
            raise ToolException(reply.text)
        return reply.text, None if reply.picture is None else {"picture": reply.picture}

    def wrong(error: Any) -> str:
        return refusal(faults(tool, error), place).text

    return StructuredTool(
        name=tool.name,
        description=tool.description,
        args_schema=tool.arguments,
        func=run,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=wrong,
        metadata={"title": tool.title, "writes": tool.writes},
    )
