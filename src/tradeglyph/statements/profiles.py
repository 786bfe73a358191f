"""Layouts of banks, as data: what the content of a file alone can't tell."""

import functools
import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tradeglyph.domain.errors import InputError
from tradeglyph.statements.field_names import Field as Name
from tradeglyph.statements.headings import heading_key
from tradeglyph.statements.options import DateOrder, Sign


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Match(_Table):
    """How a layout is known. All that is given must hold; nothing of a file's name is looked at."""

    headings: tuple[str, ...] = ()
    """All of them stand in the heading line."""
    text: tuple[str, ...] = ()
    """All of them stand above the heading line."""

    @model_validator(mode="after")
    def _says_something(self) -> "Match":
        if not self.headings and not self.text:
            raise ValueError("headings or text must be given")
        return self


class Reading(_Table):
    """How its cells are read."""

    sign: Sign | None = None
    date_format: str | None = None
    """As `strptime` has it, for days only."""
    date_order: DateOrder | None = None
    decimal: str = Field(default=".", pattern=r"^[.,]$")
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")


class Directions(_Table):
    """Words of its direction column, beside the common ones."""

    into: tuple[str, ...] = Field(default=(), alias="in")
    out: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()


class Profile(_Table):
    """One layout."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    match: Match
    columns: dict[Name, tuple[str, ...]] = {}
    """Headings by field; they go before the common table's."""
    reading: Reading = Reading()
    directions: Directions = Directions()

    def fits(self, headings: Iterable[str], above: str) -> bool:
        """Whether a file with these headings, and this text above them, has this layout."""
        keys = {heading_key(heading) for heading in headings}
        wanted = {heading_key(heading) for heading in self.match.headings}
        return wanted <= keys and all(text in above for text in self.match.text)

    @property
    def strictness(self) -> int:
        """Number of things that must hold; of two layouts that fit, the stricter one is meant."""
        return len(self.match.headings) + len(self.match.text)


def load_profiles(folder: Path | None) -> tuple[Profile, ...]:
    """The shipped layouts and those in `folder`; one of the same name there stands in for ours.

    Raises InputError for a folder that isn't there and a file that isn't a layout.
    """
    if folder is None:
        return shipped_profiles()
    if not folder.is_dir():
        raise InputError(f"{folder}: no folder with profiles of statements")
    own = [_parsed(path.read_bytes(), str(path)) for path in sorted(folder.glob("*.toml"))]
    by_name = {profile.name: profile for profile in [*shipped_profiles(), *own]}
    return tuple(by_name.values())


@functools.cache
def shipped_profiles() -> tuple[Profile, ...]:
    """Layouts that come with the package."""
    folder = files("tradeglyph.statements").joinpath("profiles")
    found = sorted(folder.iterdir(), key=lambda entry: entry.name)
    toml = [entry for entry in found if entry.name.endswith(".toml")]
    return tuple(_parsed(entry.read_bytes(), entry.name) for entry in toml)


def pick_profile(
    profiles: Sequence[Profile], headings: Iterable[str], above: str, wanted: str | None
) -> Profile | None:
    """The layout named `wanted`, or the strictest that fits; None where none does.

    Raises InputError for a name that isn't known.
    """
    if wanted is not None:
        named = {profile.name: profile for profile in profiles}
        if wanted not in named:
            known = ", ".join(sorted(named))
            raise InputError(f"--map profile={wanted}: no such layout; known: {known}")
        return named[wanted]
    headings = tuple(headings)
    fitting = [profile for profile in profiles if profile.fits(headings, above)]
    return max(fitting, key=lambda profile: profile.strictness, default=None)


def _parsed(data: bytes, where: str) -> Profile:
    try:
        return Profile.model_validate(tomllib.loads(data.decode("utf-8-sig")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{where}: not a TOML file: {error}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        at = ".".join(map(str, fault["loc"])) or "the file"
        raise InputError(f"{where}: {at}: {fault['msg']}") from error
