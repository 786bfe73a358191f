"""Models of arguments, put together from named ones that several tools share."""

from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from tradeglyph.agents.card_arguments import Unsaid, without_default
from tradeglyph.agents.tool import Arguments
from tradeglyph.agents.words import ARGUMENTS
from tradeglyph.domain.recognizers import Lang, Profile
from tradeglyph.results.page import Page

MOST_FILES, MOST_TEXTS = 20, 60
MOST_LIMIT = 200
"""Entries that one answer shows of a list."""
_Text = Annotated[str, Field(min_length=1, max_length=1_000)]
_Texts = Annotated[list[_Text], Field(max_length=MOST_TEXTS)]
_Files = Annotated[list[_Text], Field(min_length=1, max_length=MOST_FILES)]
_Share = Annotated[float, Field(strict=True, ge=0, le=1)]
_Offset = Annotated[int, Field(strict=True, ge=0, le=100_000_000)]

_KINDS: dict[str, Any] = {
    "files": _Files,
    "statement_map": _Texts,
    "profile": Literal[tuple(map(str, Profile))],
    "rules": _Texts,
    "threshold": _Share,
    "map": _Texts,
    "candles_map": _Texts,
    "on_error": Literal["stop", "skip"],
    "drop_duplicates": Annotated[bool, Field(strict=True)],
    "candle_label": Literal["start", "end"],
}
"""Of the arguments that are no plain texts."""


def needed(word: str, lang: Lang) -> Any:
    """An argument that every call must have; `word` is its name in the words."""
    return (Annotated[_kind(word), Field(description=ARGUMENTS[word][lang])], ...)


def optional(word: str, lang: Lang) -> Any:
    """An argument that a call may leave out, or set to null."""
    said = Field(description=ARGUMENTS[word][lang], json_schema_extra=without_default)
    kind = _kind(word)
    return (Annotated[kind | Unsaid, said], None)


def paged(limit: int, lang: Lang, *, most: int = MOST_LIMIT) -> dict[str, Any]:
    """`limit` and `offset`."""
    bounded = Annotated[int, Field(strict=True, ge=1, le=most)]
    return {
        "limit": (bounded, Field(default=limit, description=ARGUMENTS["limit"][lang])),
        "offset": (_Offset, Field(default=0, description=ARGUMENTS["offset"][lang])),
    }


def page_of(arguments: Any) -> Page:
    """The page that a call asked for."""
    return Page(offset=arguments.offset, limit=arguments.limit)


def model_of(
    name: str, fields: dict[str, Any], base: type[Arguments] = Arguments
) -> type[Arguments]:
    """The model, called `name`."""
    model: type[Arguments] = create_model(name, __base__=base, **fields)
    return model


def _kind(word: str) -> Any:
    return _KINDS.get(word, _Text)
