"""How a worker says what happens."""

from collections.abc import Callable

Tell = Callable[[str, dict[str, object]], None]
"""Gets what happened and figures of it: never an account or a body."""


def silent(_: str, __: dict[str, object]) -> None:
    """Say it to nobody."""
