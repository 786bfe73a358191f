"""XML of workbooks: what others wrote is read without entities, and written anew.

Only elements and attributes of the spreadsheet's own namespace pass. What others add to it
(drawings, links to other files, controls) has namespaces of its own, or is left out by name.
"""

import functools
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAINS = (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
"""Of ECMA-376 as it is written (transitional), and strict."""
_SPACE = "http://www.w3.org/XML/1998/namespace space"
MAX_CHARS = 32_767
"""Characters of a cell, as Excel counts: units of UTF-16."""
_MARKUP = re.compile("[&<>\r]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;", '"': "&quot;"}
_SPECIAL = re.compile(
    "[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_"
)


class Unreadable(Exception):  # noqa: N818  says what happened
    """A workbook that is written in a way that is not known here."""


def xml_text(text: str) -> str:
    """A text as the content of a cell. Characters that XML can't hold are written as Excel writes
    them, `_x0001_`, and a text that looks like that is escaped itself (ECMA-376, ST_Xstring)."""
    return text if text.isalnum() else _SPECIAL.sub(_escaped, text)


def raw_text(text: str) -> str:
    """A text from XML, as XML again."""
    return _MARKUP.sub(lambda found: _ENTITIES[found[0]], text) if _MARKUP.search(text) else text


def attribute(text: str) -> str:
    """A text as the value of an attribute, in double quotes."""
    return xml_text(text).replace('"', "&quot;")


def cut(text: str) -> str:
    """What of a text a cell of Excel can hold."""
    if len(text) <= MAX_CHARS // 2:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * MAX_CHARS:
        return text
    return units[: 2 * (MAX_CHARS - 1)].decode("utf-16-le", "ignore") + "…"


def reader(
    start: Callable[[str, dict[str, str]], Any],
    end: Callable[[str], Any],
    text: Callable[[str], Any],
) -> expat.XMLParserType:
    """A parser that gives names as `namespace local`, and refuses entities."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    return parser


@functools.lru_cache(maxsize=512)
def local(name: str) -> str:
    """The name within the spreadsheet's namespace; empty for another namespace's."""
    space, _, own = name.rpartition(" ")
    return own if space in _MAINS else ""


def tree(data: bytes) -> Element:
    """A small part as a tree; names are `namespace local`.

    Raises expat.ExpatError for what is no XML, Unreadable for XML with a document type.
    """
    builder = TreeBuilder()
    parser = reader(builder.start, builder.end, builder.data)
    parser.Parse(data, True)
    return builder.close()


def kept(element: Element, without: Collection[str] = ()) -> str:
    """A spreadsheet's element, written anew; `without`: names of elements to leave out."""
    name = local(element.tag)
    if not name or name in without:
        return ""
    inside = raw_text(element.text or "") + "".join(kept(child, without) for child in element)
    return f"<{name}{attributes(element.attrib)}>{inside}</{name}>"


def attributes(given: Mapping[str, str]) -> str:
    """The attributes without a namespace, and `xml:space`, each with a space before it."""
    own = ((name, value) for name, value in given.items() if " " not in name)
    written = "".join(f' {name}="{_quoted(value)}"' for name, value in own)
    return written + (' xml:space="preserve"' if given.get(_SPACE) == "preserve" else "")


class Copy:
    """Elements of the spreadsheet's namespace as they go by, written anew."""

    def __init__(self, without: Collection[str] = ()) -> None:
        self._without = frozenset(without)
        self._parts: list[str] = []
        self._skipped = 0

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """An element begins."""
        own = local(name)
        if self._skipped or not own or own in self._without:
            self._skipped += 1
        else:
            self._parts.append(f"<{own}{attributes(given)}>")

    def end(self, name: str) -> None:
        """An element ends."""
        if self._skipped:
            self._skipped -= 1
        else:
            self._parts.append(f"</{local(name)}>")

    def text(self, text: str) -> None:
        """A text between them."""
        if not self._skipped:
            self._parts.append(raw_text(text))

    def take(self) -> str:
        """All since the last time."""
        taken = "".join(self._parts)
        self._parts.clear()
        return taken


def _escaped(found: re.Match[str]) -> str:
    text = found[0]
    if text in _ENTITIES:
        return _ENTITIES[text]
    return f"_x{ord(text):04X}_" if len(text) == 1 else f"_x005F{text}"


def _quoted(value: str) -> str:
    escaped = raw_text(value).replace('"', "&quot;")
    return escaped.replace("\n", "&#10;").replace("\t", "&#9;")


def _refuse(*_: object) -> None:
    raise Unreadable("a document type")
