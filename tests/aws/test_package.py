"""What `make lambda` puts into the function. That the wheels fit is seen when it runs."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def listed(packaging: Any) -> set[str]:
    lines = packaging.REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def test_every_requirement_has_its_version(packaging: Any) -> None:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = {line.partition("==")[0].strip().lower() for line in constraints.splitlines()}
    assert listed(packaging) <= pinned


def test_requirements_are_complete(packaging: Any) -> None:
    """With --no-deps: what a listed package needs is listed, or is in Lambda's runtime."""
    metadata = pytest.importorskip("importlib.metadata")
    names = listed(packaging)
    for name in names:
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            pytest.skip(f"needs {name}")
        for line in needed:
            requirement, _, marker = line.partition(";")
            other = re.match(r"[\w.-]+", requirement.strip())
            assert other is not None
            # Markers are of extras, of other systems and of older Pythons.
            if not marker:
                assert other[0].lower().replace("_", "-") in names, f"{name} needs {other[0]}"


def test_polars_is_not_listed(packaging: Any) -> None:
    """A test of the handler runs it without."""
    assert "polars" not in listed(packaging)


def test_size_is_that_of_all_files(packaging: Any, tmp_path: Path) -> None:
    (tmp_path / "python" / "deep").mkdir(parents=True)
    (tmp_path / "python" / "a").write_bytes(b"x" * 1000)
    (tmp_path / "python" / "deep" / "b").write_bytes(b"y" * 24)
    assert packaging.size_of(tmp_path) == 1024


def test_equal_files_give_equal_zips(packaging: Any, tmp_path: Path) -> None:
    contents = []
    for number in range(2):
        folder = tmp_path / str(number) / "layer"
        (folder / "python").mkdir(parents=True)
        for name in ("b.py", "a.so") if number else ("a.so", "b.py"):
            (folder / "python" / name).write_bytes(name.encode())
        (folder / "python" / "a.so").chmod(0o600)
        packaging.zip_folder(folder)
        contents.append(folder.with_name("layer.zip").read_bytes())
    assert contents[0] == contents[1]
    with zipfile.ZipFile(tmp_path / "0" / "layer.zip") as zipped:
        assert zipped.namelist() == ["python/a.so", "python/b.py"]
        assert zipped.read("python/b.py") == b"b.py"
        # Anybody may read it, and load it.
        assert zipped.getinfo("python/a.so").external_attr >> 16 & 0o555 == 0o555


def test_too_large_ends_with_a_status(
    packaging: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def install(folder: Path, machine: str) -> None:
        assert machine == "aarch64"
        folder.mkdir(parents=True)
        (folder / "wheel.so").write_bytes(b"x" * 2_000_000)

    monkeypatch.setattr(packaging, "OUT", ROOT / "build" / tmp_path.name)
    monkeypatch.setattr(packaging, "install", install)
    try:
        assert packaging.main(["arm64"]) == 0
        said = capsys.readouterr()
        assert re.match(r"arm64: \d+\.\d MB unzipped of 250, in build/", said.out)
        assert said.err == ""
        monkeypatch.setattr(packaging, "LIMIT", 2_000_000)
        assert packaging.main(["arm64"]) == 1
        assert "too large" in capsys.readouterr().err
    finally:
        packaging.shutil.rmtree(packaging.OUT)
    assert packaging.main(["sparc"]) == 2
    assert "sparc: no architecture" in capsys.readouterr().err
