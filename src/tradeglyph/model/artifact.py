"""A model folder: `model.onnx` and `card.json`, and the reasons not to use one."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tradeglyph.domain.errors import ArtifactError
from tradeglyph.model.card import ModelCard, PictureCard
from tradeglyph.picture.spec import SPECS, PictureSpec

WEIGHTS_FILE = "model.onnx"
CARD_FILE = "card.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A folder that was read and may be used."""

    folder: Path
    card: ModelCard
    onnx: bytes

    @property
    def spec(self) -> PictureSpec:
        """The picture that the model reads."""
        return SPECS[self.card.picture.name]


def weights_sha256(onnx: bytes) -> str:
    """SHA-256 of the bytes of `model.onnx`, in hex."""
    return hashlib.sha256(onnx).hexdigest()


def write_artifact(folder: Path, onnx: bytes, card: ModelCard) -> None:
    """Write the two files into an existing folder; give a staging folder to have both or none.

    Raises ValueError where the card is not the card of these weights.
    """
    if card.weights_sha256 != weights_sha256(onnx):
        raise ValueError("the card was written for other weights")
    text = card.to_json()
    (folder / WEIGHTS_FILE).write_bytes(onnx)
    (folder / CARD_FILE).write_text(text, encoding="utf-8")


def load_artifact(path: Path) -> Artifact:
    """Read a model folder.

    Raises ArtifactError where a file is missing, the card can't be read, the weights are not
    those of the card, or the model reads another picture than this version draws.
    """
    card = _read_card(path)
    onnx = _read(path, WEIGHTS_FILE)
    if weights_sha256(onnx) != card.weights_sha256:
        raise ArtifactError(
            f"{path}: {WEIGHTS_FILE} has changed since its card was written; "
            "copy the folder again from where it was trained, or train anew"
        )
    _check_spec(path, card)
    return Artifact(folder=path, card=card, onnx=onnx)


def _read(folder: Path, name: str) -> bytes:
    if not folder.is_dir():
        raise ArtifactError(f"{folder}: no such folder; name a folder with {WEIGHTS_FILE} in it")
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        reason = f"{name} is missing; name a folder that `tradeglyph train` wrote"
    except OSError as error:
        reason = f"{name} can't be read: {error.strerror}"
    raise ArtifactError(f"{folder}: {reason}")


def _read_card(folder: Path) -> ModelCard:
    content = _read(folder, CARD_FILE)
    try:
        return ModelCard.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the file"
        raise ArtifactError(
            f"{folder}: {CARD_FILE} can't be used: {where}: {first['msg']}; "
            "copy the folder again from where it was trained, or train anew"
        ) from error


def _check_spec(folder: Path, card: ModelCard) -> None:
    made_for = card.picture
    spec = SPECS.get(made_for.name)
    if spec is not None and spec.hash == made_for.hash:
        if made_for != PictureCard.of(spec):
            raise ArtifactError(
                f"{folder}: {CARD_FILE} can't be used: picture.fields are not those of spec "
                f"{spec.name} {spec.hash}; copy the folder again from where it was trained"
            )
        return
    drawn = f"draws {spec.name} {spec.hash}" if spec else f"knows only {', '.join(SPECS)}"
    maker = card.versions.get("tradeglyph", "that made it")
    raise ArtifactError(
        f"{folder}: reads picture spec {made_for.name} {made_for.hash}, but this version {drawn}; "
        f"train anew, or use tradeglyph {maker}"
    )
