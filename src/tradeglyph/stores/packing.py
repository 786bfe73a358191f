"""Exhibits as bytes of a database: compressed where it pays, in parts that any server takes."""

import zlib
from collections.abc import Iterator, Sequence

PART = 1 << 20
"""Bytes. A MySQL server refuses a statement over its `max_allowed_packet`, 16 MB as delivered."""
PAYS = 0.9
"""Share of the size that is left, under which it is kept compressed."""


def packed(content: bytes) -> tuple[str, list[bytes]]:
    """How it was packed, and the parts, at least one."""
    small = zlib.compress(content, 6)
    if len(small) < PAYS * len(content):
        return "zlib", list(_parts(small))
    return "", list(_parts(content))


def unpacked(packing: str, parts: Sequence[bytes]) -> bytes:
    """The content."""
    whole = b"".join(parts)
    return zlib.decompress(whole) if packing == "zlib" else whole


def _parts(content: bytes) -> Iterator[bytes]:
    for start in range(0, max(1, len(content)), PART):
        yield content[start : start + PART]
