"""The one list of tools, which every face offers."""

from typing import Any

from tradeglyph.agents.arguments import model_of, page_of, paged
from tradeglyph.agents.market_tools import ENDINGS as MARKET
from tradeglyph.agents.market_tools import market_tools
from tradeglyph.agents.readings import ENDINGS as STATEMENTS
from tradeglyph.agents.statement_tools import statement_tools
from tradeglyph.agents.tool import Reply, Tool, as_json
from tradeglyph.agents.words import NOTE, TITLES, tool_words
from tradeglyph.agents.workplace import Workplace

LISTED, MOST_LISTED = 100, 500
"""Files that one answer names: unless a call says otherwise, and at most."""


def tools_over(place: Workplace) -> tuple[Tool, ...]:
    """All tools, in the order that a user reads them.

    Raises InputError where a recognizer of a user's package can't be loaded or be a tool.
    """
    return (_listing(place), *statement_tools(place), *market_tools(place))


def _listing(place: Workplace) -> Tool:
    def run(asked: Any) -> Reply:
        entries = place.folder.entries({*STATEMENTS, *MARKET})
        page = page_of(asked)
        some = entries[page.offset : page.offset + page.limit]
        files = [{"file": one.name, "bytes": one.size, "may_be": _uses(one.name)} for one in some]
        told = page.told({"files": len(entries)})
        return Reply(text=as_json({"note": NOTE[place.lang], "files": files, "page": told}))

    return Tool(
        name="list_files",
        title=TITLES["list_files"][place.lang],
        description=tool_words("list_files", place.lang),
        arguments=model_of("ListFilesInput", paged(LISTED, place.lang, most=MOST_LISTED)),
        run=run,
    )


def _uses(name: str) -> list[str]:
    kinds = {"statement": STATEMENTS, "market": MARKET}
    return [use for use, endings in kinds.items() if name.lower().endswith(tuple(endings))]
