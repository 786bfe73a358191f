"""Letters that a reader can't see, made visible.

A file may hold controls that turn the direction of the text around them, take no room at all, or
end a line: a name that reads otherwise than it is written is what a report must not pass on.
"""

from collections.abc import Mapping

_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Unicode Standard Annex 9, section 2: directional formatting characters."""
_NO_ROOM = (0x00AD, 0x200B, 0x2028, 0x2029, 0x2060, 0xFEFF)
_CONTROLS = (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0))
"""All but tabulators and line breaks."""
_NO_TEXT = range(0xD800, 0xE000)
"""Half pairs, which stand for bytes of a file's name that are no text, and can't be written."""
_SHOWN: Mapping[int, str] = {
    code: f"[U+{code:04X}]" for code in (*_BIDI, *_NO_ROOM, *_CONTROLS, *_NO_TEXT)
}


def visible(text: str) -> str:
    """The text with each such letter as its number: a right-to-left override is `[U+202E]`."""
    return text.translate(_SHOWN)
