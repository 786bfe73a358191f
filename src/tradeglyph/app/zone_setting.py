"""A time zone as a setting."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            "must be the IANA name of a time zone, such as Asia/Shanghai or UTC"
        ) from None
    return name


Zone = Annotated[str, AfterValidator(_known)]
