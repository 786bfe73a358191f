from pathlib import Path

import pytest

from tests.model.tiny import tiny_folder
from tradeglyph.domain.errors import ArtifactError, InputError
from tradeglyph.model import shipped as module
from tradeglyph.model.artifact import load_artifact
from tradeglyph.model.shipped import open_model, shipped, shipped_names


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder with the models `default` and `seed`."""
    (tmp_path / "shipped").mkdir()
    tiny_folder(tmp_path / "shipped" / "default", name="the-shipped-one")
    tiny_folder(tmp_path / "shipped" / "seed")
    monkeypatch.setattr(module, "files", lambda package: tmp_path)
    return tmp_path / "shipped"


def test_names_and_folders(wheel: Path) -> None:
    assert shipped_names() == ["default", "seed"]
    assert shipped("seed") == wheel / "seed"


def test_an_unknown_name_lists_the_known(wheel: Path) -> None:
    with pytest.raises(InputError, match="'best'; there are: default, seed"):
        shipped("best")


def test_opens_by_name(wheel: Path) -> None:
    assert open_model("default").name.startswith("the-shipped-one@")


def test_opens_a_folder(wheel: Path, tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "mine", name="mine")
    assert open_model(folder).name.startswith("mine@")
    assert open_model(str(folder)).name.startswith("mine@")


def test_a_name_means_the_shipped_one_and_a_path_the_folder(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_folder(tmp_path / "default", name="mine")
    monkeypatch.chdir(tmp_path)
    assert open_model("default").name.startswith("the-shipped-one@")
    assert open_model("./default").name.startswith("mine@")
    assert open_model(Path("default")).name.startswith("mine@")


def test_neither_name_nor_folder(wheel: Path) -> None:
    with pytest.raises(InputError, match=r"models/x: no such model folder.*default, seed"):
        open_model("models/x")


def test_a_folder_without_a_model(wheel: Path, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"card\.json is missing"):
        open_model(tmp_path)


def test_what_is_in_the_package_can_be_used() -> None:
    for name in shipped_names():
        assert load_artifact(shipped(name)).card.name == name
