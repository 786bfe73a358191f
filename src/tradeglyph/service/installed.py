"""Whether the packages that the service needs are there."""

from importlib.util import find_spec

from tradeglyph.domain.errors import MissingExtra

PACKAGES = ("fastapi", "httptools", "prometheus_client", "structlog", "uvicorn")


def check_installed() -> None:
    """Raises MissingExtra for the first package that is not; ask before importing the rest."""
    for package in PACKAGES:
        if find_spec(package) is None:
            raise MissingExtra(package, "serve")
