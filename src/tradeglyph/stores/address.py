"""The address of a store, as its user writes it and as others may see it."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from tradeglyph.domain.errors import InputError

_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}
_FORMS = "sqlite:///FILE, postgresql://..., mysql://... or dynamodb://TABLE"


def sql_url(address: str) -> URL:
    """The URL with the driver that is meant. Raises InputError where it is not one of ours."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # The text may hold a password: it is not said back.
        raise InputError(f"the store's address is not a URL; it should be {_FORMS}") from None
    if "@" in (url.host or ""):
        # What is taken for the host begins with the rest of the password.
        raise InputError(
            "the store's address has more than one @; write one in a password or a user as %40"
        )
    driver = _DRIVERS.get(url.drivername.split("+")[0])
    if driver is None:
        raise InputError(f"a store at {url.drivername}:// is not known; it should be {_FORMS}")
    if driver == "sqlite" and url.database in (None, "", ":memory:"):
        raise InputError("a store in memory would forget its alerts; name a file: sqlite:///FILE")
    if driver != "sqlite" and not url.database:
        raise InputError(f"{shown(url)}: names no database; add its name after the last /")
    return url.set(drivername=driver)


def shown(url: URL) -> str:
    """The address for messages: no user, no password, no options."""
    kind = url.drivername.split("+")[0]
    host = url.host or ""
    host = f"[{host}]" if ":" in host else host
    port = f":{url.port}" if url.port else ""
    return f"{kind}://{host}{port}/{url.database or ''}"


def secrets_of(url: URL) -> tuple[str, ...]:
    """What must not stand in a message: the password, wherever it is written."""
    hidden = [url.password, *(v for k, v in url.query.items() if "pass" in k.lower())]
    return tuple(str(secret) for secret in hidden if secret)
