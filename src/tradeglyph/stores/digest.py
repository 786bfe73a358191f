"""Keys of any length and any characters, as keys that every database can index."""

import base64
import hashlib

ALERT_ID_LENGTH = 26


def digest(text: str) -> str:
    """SHA-256 in hexadecimal. MySQL indexes no more than 3,072 bytes, and PostgreSQL no more than
    about 2,700; nothing is cut off, and which characters are equal is not left to a collation."""
    return hashlib.sha256(_bytes(text)).hexdigest()


def alert_id_of(event_key: str) -> str:
    """Id of the alert that the event opens: 26 letters and digits, the same at every attempt."""
    first = hashlib.sha256(b"alert\0" + _bytes(event_key)).digest()[:16]
    return base64.b32encode(first).decode().rstrip("=").lower()


def is_alert_id(text: str) -> bool:
    """Whether it looks like one."""
    return len(text) == ALERT_ID_LENGTH and all(
        c in "abcdefghijklmnopqrstuvwxyz234567" for c in text
    )


def _bytes(text: str) -> bytes:
    # JSON may hold half a surrogate pair, which is no character.
    return text.encode("utf-8", "surrogatepass")
