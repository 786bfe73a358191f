"""The models inside the package, and how a command line names a model."""

from importlib.resources import files
from pathlib import Path

from tradeglyph.domain.errors import InputError
from tradeglyph.model.artifact import CARD_FILE, load_artifact
from tradeglyph.model.onnx import OnnxScorer


def shipped_names() -> list[str]:
    """Names of the models inside the package, sorted."""
    return sorted(card.parent.name for card in _folder().glob(f"*/{CARD_FILE}"))


def shipped(name: str) -> Path:
    """The folder of a model inside the package. Raises InputError for an unknown name."""
    names = shipped_names()
    if name not in names:
        raise InputError(f"no shipped model is called {name!r}; there are: {_listed(names)}")
    return _folder() / name


def open_model(name_or_path: str | Path, *, threads: int = 1) -> OnnxScorer:
    """A model by the name of a shipped one, else by the path of its folder.

    A shipped name wins over a folder of the same name; `./default` means the folder.
    Raises InputError where there is neither, ArtifactError where the folder must not be used.
    """
    if str(name_or_path) in shipped_names() and not isinstance(name_or_path, Path):
        return OnnxScorer(load_artifact(shipped(str(name_or_path))), threads)
    path = Path(name_or_path)
    if not path.exists():
        raise InputError(
            f"{name_or_path}: no such model folder, and no shipped model of that name; "
            f"there are: {_listed(shipped_names())}"
        )
    return OnnxScorer(load_artifact(path), threads)


def _folder() -> Path:
    return Path(str(files("tradeglyph.model"))) / "shipped"


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"
