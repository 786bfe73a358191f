"""From a torch network to the bytes of `model.onnx`, checked for parity."""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from tradeglyph.domain.errors import TradeglyphError
from tradeglyph.learning.train import predict
from tradeglyph.model.onnx import ANY_WIDTH, INPUT, OUTPUT, LogitModel
from tradeglyph.picture.spec import PictureSpec

OPSET = 18
IR_VERSION = 10
"""The newest that every onnxruntime since 1.20 reads."""
TOLERANCE = 1e-4
"""Greatest difference of two logits, for logits up to 1; beyond, relative to the logit."""
CHATTER = ("torch.onnx", "torch.export", "onnxscript", "onnx_ir")


def export_onnx(net: nn.Module, spec: PictureSpec, rasters: NDArray[np.uint8]) -> bytes:
    """Export a network; input `raster` (uint8, any number of them), output `logit` (float32).

    The weights are inside the bytes. Everything that names files or lines of the exporting
    machine is taken out, so that equal networks give equal bytes.

    Args:
        net: in evaluation mode, on the CPU.
        spec: the picture that it reads.
        rasters: real rasters, shape (n, *spec.shape), for the parity check.

    Raises TradeglyphError where onnxruntime does not answer as torch does.
    """
    example = torch.zeros((2, *spec.shape), dtype=torch.uint8)
    dynamic = {0: torch.export.Dim("batch")}
    if getattr(net, "any_width", False):
        dynamic[len(spec.shape)] = torch.export.Dim(ANY_WIDTH)
    with _silence():
        program = torch.onnx.export(
            net.eval(),
            (example,),
            dynamo=True,
            dynamic_shapes=(dynamic,),
            input_names=[INPUT],
            output_names=[OUTPUT],
            opset_version=OPSET,
            external_data=False,
            verbose=False,
        )
        model = program.model_proto
    content = _bare(model).SerializeToString(deterministic=True)
    check_parity(content, net, spec, rasters)
    return content


def check_parity(
    content: bytes, net: nn.Module, spec: PictureSpec, rasters: NDArray[np.uint8]
) -> float:
    """The greatest difference between onnxruntime's logits and torch's, relative above 1.

    Asked with real rasters, with random ones, and with one alone. Raises TradeglyphError where
    it is above `TOLERANCE`.
    """
    noise = np.random.default_rng(0).integers(0, 256, (3, *spec.shape), dtype=np.uint8)
    model = LogitModel(
        content, spec.shape, source="the exported network", threads=torch.get_num_threads()
    )
    differences = []
    for batch in (rasters, noise, noise[:1]):
        wanted = predict(net, batch)
        differences.append(np.abs(model.logit(batch) - wanted) / np.maximum(1.0, np.abs(wanted)))
    worst = float(np.concatenate(differences).max())
    if not worst <= TOLERANCE:
        raise TradeglyphError(
            f"the exported network answers otherwise than the trained one: logits differ by "
            f"{worst:.2g}, more than {TOLERANCE:g}; try another version of torch or onnxscript"
        )
    return worst


def _bare(model: onnx.ModelProto) -> onnx.ModelProto:
    """Take out source lines and paths, and state the format's version."""
    model.ir_version = IR_VERSION
    model.doc_string = ""
    del model.metadata_props[:]
    graph = model.graph
    for part in (graph, *graph.node, *graph.initializer, *graph.input, *graph.output):
        part.doc_string = ""
        del part.metadata_props[:]
    for part in graph.value_info:
        part.doc_string = ""
        del part.metadata_props[:]
    return model


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """The exporter talks on stdout, in warnings and in logs; none of it is for our users."""
    loggers = [logging.getLogger(name) for name in CHATTER]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
