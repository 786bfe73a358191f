"""strptime formats, in the dialect of the parser underneath."""

import re


def chrono_format(text: str) -> str:
    """A Python strptime format for polars, which counts `%f` in nanoseconds and wants `%.f`."""
    return re.sub(r"(?<!%)%f", "%6f", text.replace(".%f", "%.f"))


def has_offset(text: str) -> bool:
    """Whether the format reads an offset from UTC."""
    return re.search(r"%(#|:{1,3})?z|%\+|%s", text) is not None


def ends_in_zone_name(text: str) -> bool:
    """Whether the last thing in the format is a zone's name, such as EST."""
    return text.rstrip().endswith("%Z")
