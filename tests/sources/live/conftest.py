"""Databases of each kind, each test in one of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database that may be written to."""
    if request.param == "sqlite":
        pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
        yield f"sqlite:///{tmp_path}/trades.db"
        return
    with request.getfixturevalue(request.param).database() as url:
        yield url
