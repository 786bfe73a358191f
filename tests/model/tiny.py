"""A model folder small enough to reckon by hand: logit = (sum of all bytes) / 255 - 2."""

from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from tradeglyph.model.artifact import weights_sha256, write_artifact
from tradeglyph.model.card import CalibrationCard, DataCard, ModelCard, PictureCard
from tradeglyph.picture.spec import DEFAULT


def tiny_onnx(
    name: str = "raster", shape: tuple[int, ...] = DEFAULT.shape, *, scale: float = 1 / 255
) -> bytes:
    """The bytes of `model.onnx`."""
    constants = {"scale": np.float32(scale), "shift": np.float32(-2)}
    nodes = [
        helper.make_node("Cast", [name], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["float", "axes"], ["sum"], keepdims=0),
        helper.make_node("Mul", ["sum", "scale"], ["scaled"]),
        helper.make_node("Add", ["scaled", "shift"], ["logit"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.UINT8, ["batch", *shape])],
        [helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["batch"])],
        [
            numpy_helper.from_array(np.array([1, 2, 3], dtype=np.int64), "axes"),
            *(numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()),
        ],
    )
    opset = helper.make_opsetid("", 18)
    return bytes(helper.make_model(graph, opset_imports=[opset], ir_version=10).SerializeToString())


def tiny_card(onnx: bytes, **changes: Any) -> ModelCard:
    """A card for it: probability = sigmoid(2 * logit - 1), threshold 0.5."""
    fields: dict[str, Any] = {
        "name": "tiny",
        "picture": PictureCard.of(DEFAULT),
        "threshold": 0.5,
        "prior": 0.01,
        "alert_budget": 0.001,
        "calibration": CalibrationCard(a=2.0, b=-1.0, prior=0.01),
        "data": DataCard(
            description="none",
            hash="0" * 64,
            windows=4,
            fraud=2,
            train=2,
            val=2,
            symbol_days=2,
            split="day",
            scenarios={"hacker": 2, "normal": 2},
        ),
        "metrics": {"roc_auc": 1.0},
        "training": {"arch": "none"},
        "versions": {"tradeglyph": "0.0.7"},
        "weights_sha256": weights_sha256(onnx),
    }
    return ModelCard(**{**fields, **changes})


def tiny_folder(folder: Path, **changes: Any) -> Path:
    """Write both into a new folder."""
    onnx = tiny_onnx()
    folder.mkdir()
    write_artifact(folder, onnx, tiny_card(onnx, **changes))
    return folder
