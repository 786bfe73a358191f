"""Is there a configuration, and is all of it known?"""

import os
from collections.abc import Iterator

from tradeglyph.app.doctor.check import Check, fault, good, warning
from tradeglyph.app.settings import OTHER_VARIABLES, PREFIX, Settings, config_file, read_settings

PART = "configuration"


def look() -> Iterator[Check]:
    """The file and the environment; every fault in them."""
    settings, faults = read_settings()
    file = config_file()
    if settings is not None and file.is_file():
        yield good(PART, "configuration_read", file=str(file))
    elif settings is not None:
        yield warning(PART, "configuration_none", file=str(file))
    for what in faults:
        yield fault(PART, "configuration_wrong", what=what)
    for name in sorted(os.environ):
        if _is_unknown(name):
            yield warning(PART, "variable_unknown", name=name)


def _is_unknown(name: str) -> bool:
    if not name.upper().startswith(PREFIX):
        return False
    said = name[len(PREFIX) :].upper()
    known = {field.upper() for field in Settings.model_fields}
    return not (
        said.partition("__")[0] in known or said in OTHER_VARIABLES or said.startswith("TEST_")
    )
