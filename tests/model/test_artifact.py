import json
from pathlib import Path

import pytest

from tests.model.tiny import tiny_card, tiny_folder, tiny_onnx
from tradeglyph.domain.errors import ArtifactError
from tradeglyph.model.artifact import load_artifact, write_artifact
from tradeglyph.model.card import PictureCard
from tradeglyph.picture.spec import DEFAULT


def test_reads_what_was_written(tmp_path: Path) -> None:
    artifact = load_artifact(tiny_folder(tmp_path / "m"))
    assert artifact.onnx == tiny_onnx()
    assert artifact.card == tiny_card(tiny_onnx())
    assert artifact.spec is DEFAULT
    assert sorted(p.name for p in artifact.folder.iterdir()) == ["card.json", "model.onnx"]


def test_writes_nothing_for_a_card_of_other_weights(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="other weights"):
        write_artifact(tmp_path, tiny_onnx(), tiny_card(b"other"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("position", [0, 100, -1])
def test_a_changed_byte_is_refused(tmp_path: Path, position: int) -> None:
    folder = tiny_folder(tmp_path / "m")
    content = bytearray((folder / "model.onnx").read_bytes())
    content[position] ^= 1
    (folder / "model.onnx").write_bytes(content)
    _refused(folder, "model.onnx has changed since its card was written")


@pytest.mark.parametrize("name", ["model.onnx", "card.json"])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = tiny_folder(tmp_path / "m")
    (folder / name).unlink()
    _refused(folder, f"{name} is missing")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    _refused(tmp_path / "none", "no such folder")


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("x")
    _refused(tmp_path / "m", "no such folder")


def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "m")
    (folder / "model.onnx").unlink()
    (folder / "model.onnx").mkdir()
    _refused(folder, "can't be read")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "Invalid JSON"), ("[]", "the file"), ("{}", "name: Field required")],
)
def test_a_card_that_is_none(tmp_path: Path, text: str, reason: str) -> None:
    folder = tiny_folder(tmp_path / "m")
    (folder / "card.json").write_text(text)
    _refused(folder, reason)


def test_a_wrong_field_is_named(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "m")
    card = json.loads((folder / "card.json").read_text())
    card["calibration"]["a"] = -1
    (folder / "card.json").write_text(json.dumps(card))
    _refused(folder, "calibration.a")


def test_another_picture_is_refused(tmp_path: Path) -> None:
    other = PictureCard.of(DEFAULT).model_copy(update={"hash": "0" * 16})
    folder = tiny_folder(tmp_path / "m", picture=other)
    _refused(folder, f"default {'0' * 16}", DEFAULT.hash, "train anew, or use tradeglyph 0.0.7")


def test_fields_that_are_not_those_of_the_hash_are_refused(tmp_path: Path) -> None:
    card = PictureCard.of(DEFAULT)
    other = card.model_copy(update={"fields": card.fields | {"height": 7}})
    _refused(tiny_folder(tmp_path / "m", picture=other), "picture.fields", DEFAULT.hash)


def test_a_picture_nobody_knows_is_refused(tmp_path: Path) -> None:
    other = PictureCard.of(DEFAULT).model_copy(update={"name": "spiral"})
    _refused(tiny_folder(tmp_path / "m", picture=other), "spiral", "knows only default, seed")


def _refused(folder: Path, *words: str) -> None:
    with pytest.raises(ArtifactError) as caught:
        load_artifact(folder)
    line = str(caught.value)
    assert line.startswith(f"{folder}: ")
    assert "\n" not in line
    for word in words:
        assert word in line
