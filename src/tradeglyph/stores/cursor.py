"""Where the next page of alerts begins."""

import base64
import binascii

from tradeglyph.stores.digest import is_alert_id


def cursor_of(opened_at: int, alert_id: str) -> str:
    """The place after this alert."""
    return base64.urlsafe_b64encode(f"{opened_at}.{alert_id}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> tuple[int, str]:
    """`opened_at` and `alert_id` of the last alert seen. Raises ValueError for another text."""
    try:
        text = base64.b64decode(
            cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        ).decode("ascii")
        opened_at, _, alert_id = text.partition(".")
        place = int(opened_at), alert_id
    except (binascii.Error, UnicodeError, ValueError):
        raise ValueError("the cursor is not one that a page ended with") from None
    # Exactly what was given away: not another spelling of the same number or base64.
    if not is_alert_id(alert_id) or abs(place[0]) >= 1 << 63 or cursor_of(*place) != cursor:
        raise ValueError("the cursor is not one that a page ended with")
    return place
