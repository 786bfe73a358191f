"""API keys: who may do what. Only hashes of keys are kept."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tradeglyph.domain.errors import InputError

PREFIX = "tg_"
"""So that a key is found where it should not be, by people and by secret scanners."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


class Scope(StrEnum):
    """What a key allows."""

    SCORE = "score"
    """Ask for scores, and send events."""
    READ = "read"
    """Read alerts with their pictures and trails."""
    REVIEW = "review"
    """Decide on alerts."""
    ADMIN = "admin"
    """All of these."""


def new_key() -> str:
    """A random key of 256 bits."""
    return PREFIX + secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    """SHA-256 in hex. A key is random and long, so that no salt and no slow hash is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One key as the configuration holds it. Raises InputError where it can't be one."""

    name: str
    """Of who holds it: what an alert's trail says."""
    sha256: str
    """In hex, of the key's text."""
    scopes: frozenset[Scope]
    expires: int | None = None
    """Microseconds UTC: from then on it is no key; None: never."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InputError(
                "service.keys: a name is 1 to 64 letters, digits and . _ @ -, and begins with a "
                "letter or digit"
            )
        if not _SHA256.fullmatch(self.sha256):
            raise InputError(
                f"service.keys: sha256 of {self.name} is not 64 hex digits in lower case; "
                "`tradeglyph key new` prints the line"
            )
        if not self.scopes:
            raise InputError(f"service.keys: {self.name} has no scopes; give score, read or review")

    def allows(self, scope: Scope) -> bool:
        """Whether it may be used for this."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


class ApiKeys:
    """All keys of a service. Raises InputError where two have one name, or two names one key."""

    def __init__(self, keys: Iterable[ApiKey] = ()) -> None:
        self._keys = tuple(keys)
        names = [key.name for key in self._keys]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"service.keys: two keys are called {name}: give each its own")
        holders: dict[str, str] = {}
        for key in self._keys:
            other = holders.setdefault(key.sha256, key.name)
            if other != key.name:  # whose scopes hold, and whom would a trail name?
                raise InputError(
                    f"service.keys: {other} and {key.name} have one and the same sha256: "
                    "make each a key of its own with `tradeglyph key new`"
                )

    def __len__(self) -> int:
        return len(self._keys)

    def __repr__(self) -> str:
        return f"<{len(self._keys)} API keys>"

    def usable(self, now: int) -> bool:
        """Whether there is a key at all that has not expired."""
        return any(key.expires is None or now < key.expires for key in self._keys)

    def find(self, presented: str, now: int) -> ApiKey | None:
        """The key with this text that has not expired at `now` (microseconds UTC).

        All keys are compared, each in constant time, so that the time taken tells nothing.
        """
        digest = hashlib.sha256(presented.encode("utf-8", "surrogateescape")).hexdigest()
        found: ApiKey | None = None
        for key in self._keys:
            if hmac.compare_digest(key.sha256, digest):
                found = key
        if found is not None and found.expires is not None and now >= found.expires:
            return None
        return found
