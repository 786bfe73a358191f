"""The tools for any client of the Model Context Protocol, over stdin and stdout."""

import asyncio
import base64
import signal
from functools import partial
from typing import TYPE_CHECKING, Any

from tradeglyph import __version__
from tradeglyph.agents.stdin_lines import StdinLines
from tradeglyph.agents.tool import Reply, Tool, call
from tradeglyph.agents.tools import tools_over
from tradeglyph.agents.words import INSTRUCTIONS
from tradeglyph.agents.workplace import Workplace
from tradeglyph.domain.errors import MissingExtra

if TYPE_CHECKING:
    from mcp import types
    from mcp.server import Server

AT_ONCE = 2
"""Calls that are worked on at the same time; each reads its files whole. Others wait."""


def serve(place: Workplace) -> None:
    """Answers a client until it closes stdin, or a signal comes. Nothing but the protocol goes to
    stdout.

    Raises InputError as `tools_over` does, MissingExtra without mcp.
    """
    server = server_over(place)
    from mcp.server.stdio import stdio_server

    lines = StdinLines()

    async def run() -> None:
        given: Any = lines
        with lines.until_a_signal():
            async with stdio_server(given) as (reading, writing):
                await server.run(reading, writing, server.create_initialization_options())

    asyncio.run(run())
    if lines.ended_by is not None:
        signal.raise_signal(lines.ended_by)


def server_over(place: Workplace) -> "Server[Any]":
    """The server, for any transport.

    The schemas of arguments are those of the tools' own models, so the server is built below
    `MCPServer`, which would make them up from signatures.
    """
    try:
        from anyio import CapacityLimiter, to_thread
        from mcp import types
        from mcp.server import Server
        from mcp.shared.exceptions import MCPError
    except ImportError as error:
        raise MissingExtra("mcp", "agents") from error

    known = {tool.name: tool for tool in tools_over(place)}
    listed = [_listed(tool) for tool in known.values()]
    limiters: list[CapacityLimiter] = []

    async def on_list_tools(*_: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=listed)

    async def on_call_tool(_: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        tool = known.get(asked.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"no tool {asked.name[:80]!r}")
        if not limiters:
            limiters.append(CapacityLimiter(AT_ONCE))
        work = partial(call, tool, asked.arguments or {}, place)
        reply = await to_thread.run_sync(work, abandon_on_cancel=True, limiter=limiters[0])
        return _result(reply)

    return Server(
        "tradeglyph",
        version=__version__,
        title="tradeglyph",
        instructions=INSTRUCTIONS[place.lang],
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
    )


def _listed(tool: Tool) -> "types.Tool":
    from mcp import types

    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.model_json_schema(),
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.writes,
            destructive_hint=False,
            idempotent_hint=not tool.writes,
            open_world_hint=False,
        ),
    )


def _result(reply: Reply) -> "types.CallToolResult":
    from mcp import types

    content: list[types.ContentBlock] = [types.TextContent(type="text", text=reply.text)]
    if reply.picture is not None:
        data = base64.b64encode(reply.picture).decode("ascii")
        content.append(types.ImageContent(type="image", data=data, mime_type="image/png"))
    return types.CallToolResult(content=content, is_error=reply.failed)
