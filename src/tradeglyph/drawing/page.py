"""What both pages share: the templates, and pictures as part of the page."""

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from typing import Any

from tradeglyph.domain.errors import MissingExtra
from tradeglyph.drawing.texts import speaker
from tradeglyph.drawing.visible import visible
from tradeglyph.recognizers.reasons import Lang


def render(template: str, view: Mapping[str, Any], lang: Lang) -> str:
    """The page of a template, everything escaped but `Markup`.

    Raises MissingExtra where jinja2 is not installed.
    """
    try:
        import jinja2  # noqa: F401
    except ImportError as error:
        raise MissingExtra("jinja2", "plot") from error
    return str(_environment(lang).get_template(template).render(view))


@cache
def _environment(lang: Lang) -> Any:
    """Keeps its templates compiled, which takes longer than all else in a page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tradeglyph", "drawing/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Imported templates see globals, not the view.
    environment.globals["t"] = speaker(lang)
    return environment


def _seen(value: Any) -> Any:
    """Text with its hidden letters made visible; markup and all else as it is."""
    return visible(value) if type(value) is str else value


def trusted(svg: str) -> Any:
    """Our own SVG as markup that is not escaped again. Never for text that a user gave."""
    try:
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtra("jinja2", "plot") from error
    return Markup(svg)  # noqa: S704 - drawn by `svg`, which escapes


def data_uri(png: bytes) -> str:
    """A PNG as the address of itself."""
    return "data:image/png;base64," + b64encode(png).decode()


def verdict_class(verdict: str) -> str:
    """The CSS class of a verdict; empty for a word that is none."""
    return f"verdict-{verdict}" if verdict in ("quiet", "review", "hold") else ""
