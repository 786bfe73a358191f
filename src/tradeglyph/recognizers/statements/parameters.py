"""Parameters of recognizers: a profile's defaults, a user's values over them, all in their bounds.

A user writes `[statements.<recognizer>]` in `tradeglyph.toml`. Money is written in units of the
currency, at most two decimals, and handed on in minor units: an auditor thinks 50,000 yuan, and
5,000,000 fen is what gets a zero too many.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import Info, Parameter, Profile
from tradeglyph.domain.statements import MINOR

MONEY = "minor units"
"""`Parameter.unit` of money."""


def profile_of(text: str) -> Profile:
    """The profile that a user named.

    Raises InputError where there is none of that name.
    """
    try:
        return Profile(text)
    except ValueError:
        known = ", ".join(Profile)
        raise InputError(f"statements.profile = {text!r}: must be one of {known}") from None


def default_of(parameter: Parameter, profile: Profile) -> Any:
    """What holds where the user says nothing, as recognizers take it."""
    mended = profile is Profile.AUDIT and parameter.audit is not None
    return parameter.audit if mended else parameter.default


def settled(
    info: Info, profile: Profile = Profile.SEED, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """All parameters of a card, as its recognizer takes them.

    Args:
        given: what the user wrote, over the defaults of the profile.

    Raises InputError where a name is none of the card's, or a value is of another kind than the
    default or out of its bounds; says the recognizer, the parameter, the value and the bounds.
    """
    known = {parameter.name: parameter for parameter in info.parameters}
    for name in given or {}:
        if name not in known:
            names = ", ".join(known) or "none"
            raise InputError(
                f"statements.{info.name}.{name}: no such parameter; {info.name} has: {names}"
            )
    values = {name: default_of(parameter, profile) for name, parameter in known.items()}
    read = {name: _read(info, known[name], value) for name, value in (given or {}).items()}
    return values | read


def settled_all(
    infos: Iterable[Info], profile: Profile, sections: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Per recognizer: all its parameters.

    Args:
        sections: the tables under `[statements]`, one per recognizer.

    Raises InputError as `settled` does, and where a section is no recognizer's.
    """
    cards = {info.name: info for info in infos}
    for name, section in sections.items():
        if name not in cards:
            raise InputError(
                f"statements.{name}: no such recognizer; there are: {', '.join(cards)}"
            )
        if not isinstance(section, Mapping):
            raise InputError(f"statements.{name} = {section!r}: must be a table of parameters")
    return {name: settled(info, profile, sections.get(name)) for name, info in cards.items()}


def written(parameter: Parameter, value: Any) -> Any:
    """A value as a user writes it: money in units of the currency, lists for tuples."""
    if isinstance(value, tuple):
        return list(value)
    if parameter.unit != MONEY or isinstance(value, bool):
        return value
    whole, rest = divmod(value, MINOR)
    return whole if rest == 0 else value / MINOR


def bounds(parameter: Parameter) -> str:
    """What a value must be, in words: `a whole number from 1 to 100,000 lines`."""
    default = parameter.default
    if isinstance(default, bool):
        return "true or false"
    if parameter.choices:
        return f"one of {', '.join(parameter.choices)}"
    if isinstance(default, str):
        return "a text that is not empty"
    if not isinstance(default, int | float):
        return "a list of texts, none of them empty"
    if parameter.unit == MONEY:
        kind, unit = "an amount with at most two decimals", ""
    else:
        kind = "a whole number" if isinstance(default, int) else "a number"
        unit = f" {parameter.unit}"
    return f"{kind} {_range(parameter)}{unit}"


def _range(parameter: Parameter) -> str:
    least, most = (
        None if bound is None else f"{written(parameter, bound):,}"
        for bound in (parameter.least, parameter.most)
    )
    if most is None:
        return f"of {least} or more" if least is not None else "of any size"
    return f"from {least} to {most}" if least is not None else f"of {most} or less"


def _read(info: Info, parameter: Parameter, value: Any) -> Any:
    read = _of_kind(parameter, value)
    if read is None or not within(parameter, read):
        raise InputError(
            f"statements.{info.name}.{parameter.name} = {value!r}: must be {bounds(parameter)}"
        )
    return read


def within(parameter: Parameter, value: Any) -> bool:
    """Whether a value, as recognizers take it, is a number inside the bounds, or no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    least = -math.inf if parameter.least is None else parameter.least
    most = math.inf if parameter.most is None else parameter.most
    return least <= value <= most


def _of_kind(parameter: Parameter, value: Any) -> Any:
    """The value in the kind of the default; None where it is of another."""
    default = parameter.default
    if isinstance(default, bool):
        return value if isinstance(value, bool) else None
    if parameter.choices:
        return value if value in parameter.choices else None
    if isinstance(default, str):
        return value if isinstance(value, str) and value.strip() else None
    if not isinstance(default, int | float):
        return _texts(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    if parameter.unit == MONEY:
        return _minor_units(value)
    if isinstance(default, int):
        return value if isinstance(value, int) else None
    return float(value)


def _minor_units(value: float) -> int | None:
    """Exactly: 0.29 is 29, and 0.295 is none."""
    minor = Decimal(str(value)) * MINOR
    return int(minor) if minor == minor.to_integral_value() else None


def _texts(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    good = all(isinstance(text, str) and text.strip() for text in value)
    return tuple(value) if good else None
