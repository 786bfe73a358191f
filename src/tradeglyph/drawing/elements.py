"""Elements of inline SVG: text escaped, hidden letters made visible, numbers short.

Every mark has presentation attributes, so a chart stands alone, and a class, so a page can theme
it (CSS wins over presentation attributes). No ids, scripts or references.
"""

from collections.abc import Sequence
from html import escape

from tradeglyph.drawing.visible import visible

INK = "#57606a"
GRID = "#d8dee4"


def tag(name: str, *children: str, **attributes: object) -> str:
    """An element; `_` in an attribute's name stands for `-`, and `kind` for `class`."""
    named = (
        ("class" if key == "kind" else key.replace("_", "-"), value)
        for key, value in attributes.items()
        if value not in (None, "")
    )
    head = name + "".join(f' {key}="{escape(plain(value))}"' for key, value in named)
    return f"<{head}>{''.join(children)}</{name}>" if children else f"<{head}/>"


def plain(value: object) -> str:
    """A number as an attribute has it, with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def text(content: str, x: float, y: float, **attributes: object) -> str:
    """Words at a place."""
    style: dict[str, object] = {"kind": "c-text", "fill": INK, "font_size": 12, **attributes}
    return tag("text", escape(visible(content)), x=float(x), y=float(y), **style)


def tip(content: str) -> str:
    """What is shown over the element that this is a child of."""
    return tag("title", escape(visible(content)))


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight line."""
    style: dict[str, object] = {"kind": "c-grid", "stroke": GRID, **attributes}
    return tag("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), **style)


def path(points: Sequence[str], **attributes: object) -> str:
    """Pieces of one path."""
    return tag("path", d="".join(points), **attributes)


def document(title: str, width: float, height: float, *children: str) -> str:
    """The `<svg>` element."""
    return tag(
        "svg",
        tip(title),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plain(float(width))} {plain(float(height))}",
        width=float(width),
        height=float(height),
        role="img",
        aria_label=visible(title),
        kind="chart",
        font_family="system-ui, sans-serif",
    )


def text_width(text: str, size: float = 12) -> float:
    """About how wide a text is in pixels: a CJK character is an em, others a little over half."""
    return sum(size if ord(char) > 0x2E7F else size * 0.56 for char in text)
