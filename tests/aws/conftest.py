"""What tests of the AWS parts share."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def packaging() -> ModuleType:
    """The script behind `make lambda`."""
    path = Path(__file__).resolve().parents[2] / "deploy" / "aws" / "package.py"
    spec = importlib.util.spec_from_file_location("lambda_package", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
