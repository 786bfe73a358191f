"""What is too large for an item of DynamoDB: compressed, in parts, under the hash of its bytes.

Parts are written before the transaction that mentions them, so they don't count towards its 4 MB.
Their key has the event and the hash in it: writing them again changes nothing, and two processes
with different bytes for the same event don't mix theirs. Where the transaction then fails, the
parts lie unread until the event is tried again.
"""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tradeglyph.stores.aws_client import told
from tradeglyph.stores.dynamodb_table import key, key_text

PART = 350_000
"""Bytes of a part; an item holds 400 KB, keys and names included."""
_STEP = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Where some bytes are."""

    partition: str
    parts: int


def compressed(content: bytes, most: int) -> bytes | None:
    """`content` compressed with zlib; None where that is more than `most` bytes, found out without
    compressing the rest."""
    deflate = zlib.compressobj(6)
    chunks: list[bytes] = []
    size = 0
    for start in range(0, len(content), _STEP):
        chunks.append(deflate.compress(content[start : start + _STEP]))
        size += len(chunks[-1])
        if size > most:
            return None
    chunks.append(deflate.flush())
    return b"".join(chunks) if size + len(chunks[-1]) <= most else None


def put_blob(client: Any, table: str, event: str, packed: bytes) -> Blob:
    """Write bytes that belong to an event. Raises StoreGone."""
    partition = f"X{key_text(event)}#{hashlib.sha256(packed).hexdigest()}"
    parts = list(_parts(packed))
    with told(table):
        for number, part in enumerate(parts):
            item = key(partition, f"{number:06d}") | {"content": {"B": part}}
            client.put_item(TableName=table, Item=item)
    return Blob(partition=partition, parts=len(parts))


def get_blob(client: Any, table: str, blob: Blob) -> bytes | None:
    """The bytes as they were before they were compressed; None where a part has been deleted.
    Raises StoreGone."""
    found: list[bytes] = []
    with told(table):
        for number in range(blob.parts):
            answer = client.get_item(
                TableName=table, Key=key(blob.partition, f"{number:06d}"), ConsistentRead=True
            )
            if "Item" not in answer:
                return None
            found.append(answer["Item"]["content"]["B"])
    return zlib.decompress(b"".join(found))


def _parts(packed: bytes) -> Iterator[bytes]:
    for start in range(0, len(packed), PART):
        yield packed[start : start + PART]
