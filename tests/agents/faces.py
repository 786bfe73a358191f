"""The faces that offer the tools, as one seam: a client of each, asked in the same way."""

import base64
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from anyio.from_thread import BlockingPortal, start_blocking_portal
from langchain_core.tools import StructuredTool
from mcp import ClientSession, StdioServerParameters, stdio_client

from tradeglyph.agents.langchain import tools


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a call."""

    answer: dict[str, Any]
    failed: bool
    picture: bytes | None = None


class Face(Protocol):
    """One way to the tools."""

    def schemas(self) -> Mapping[str, dict[str, Any]]:
        """The JSON Schema of each tool's arguments, by its name."""

    def descriptions(self) -> Mapping[str, str]:
        """What each tool says of itself."""

    def call(self, name: str, **arguments: Any) -> Said:
        """Ask one tool."""


class LangChain:
    """The tools as langchain-core runs them."""

    def __init__(self, offered: list[StructuredTool]) -> None:
        self._tools = {tool.name: tool for tool in offered}

    def schemas(self) -> Mapping[str, dict[str, Any]]:
        found = {}
        for name, tool in self._tools.items():
            assert isinstance(tool.args_schema, type)
            found[name] = tool.args_schema.model_json_schema()
        return found

    def descriptions(self) -> Mapping[str, str]:
        return {name: tool.description for name, tool in self._tools.items()}

    def call(self, name: str, **arguments: Any) -> Said:
        asked = {"type": "tool_call", "id": "1", "name": name, "args": arguments}
        message = self._tools[name].invoke(asked)
        picture = (message.artifact or {}).get("picture")
        return Said(json.loads(message.content), message.status == "error", picture)


class Mcp:
    """The tools as a client of the real process has them."""

    def __init__(self, session: ClientSession, portal: BlockingPortal) -> None:
        self.session, self.portal = session, portal
        self._tools = {tool.name: tool for tool in portal.call(session.list_tools).tools}

    def schemas(self) -> Mapping[str, dict[str, Any]]:
        return {name: tool.input_schema for name, tool in self._tools.items()}

    def descriptions(self) -> Mapping[str, str]:
        return {name: tool.description or "" for name, tool in self._tools.items()}

    def call(self, name: str, **arguments: Any) -> Said:
        return said(self.portal.call(self.session.call_tool, name, arguments))


def said(result: Any) -> Said:
    """A result of the protocol."""
    text, *others = result.content
    pictures = [base64.b64decode(one.data) for one in others if one.type == "image"]
    assert len(pictures) == len(others)
    return Said(json.loads(text.text), bool(result.is_error), *pictures)


def command(folder: Path, *arguments: str) -> list[str]:
    """The process that an MCP client starts."""
    return [sys.executable, "-m", "tradeglyph", "mcp", "--folder", str(folder), *arguments]


@contextmanager
def mcp_face(folder: Path, *arguments: str) -> Iterator[Mcp]:
    """A client over stdio, and the process that it has started."""
    program, *rest = command(folder, *arguments)
    process = StdioServerParameters(command=program, args=rest, env=dict(os.environ), cwd=folder)

    @asynccontextmanager
    async def connected() -> Any:
        async with stdio_client(process) as streams, ClientSession(*streams) as session:
            await session.initialize()
            yield session

    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(connected()) as session,
    ):
        yield Mcp(session, portal)


def langchain_face(folder: Path, **settings: Any) -> LangChain:
    """Tools in this process."""
    return LangChain(tools(folder, **settings))
