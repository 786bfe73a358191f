"""Asks a trained model through ONNX Runtime."""

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from tradeglyph.domain.errors import ArtifactError
from tradeglyph.model.artifact import Artifact

INPUT = "raster"
OUTPUT = "logit"

ANY_WIDTH = "columns"
"""Name of a raster's last dimension in a network that answers the same without the empty columns
at the right of a picture."""
_WORD = 8
"""Columns of a uint8 raster in one 64-bit word."""

BLOCK_BYTES = 400_000
"""Rasters given to the runtime at once: more falls out of the cache, less pays for the calls."""


class LogitModel:
    """A network from uint8 rasters to one logit each. May be used from several threads.

    The session is made at the first question, once, so that a model can be named and its card
    read without paying for the runtime.
    """

    def __init__(self, onnx: bytes, shape: tuple[int, ...], *, source: str, threads: int = 1):
        """
        Args:
            onnx: the bytes of `model.onnx`.
            shape: shape of one raster.
            source: what errors call the model.
            threads: threads inside one question (intra-op).
        """
        self._onnx = onnx
        self._shape = shape
        self._source = source
        self._threads = threads
        self._lock = threading.Lock()
        self._session: Any = None
        self._any_width = False
        """Known once there is a session."""

    def logit(self, raster: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Logits of fraud, shape (n,), for uint8 rasters of shape (n, *shape).

        Raises ArtifactError where the rasters are not what the model reads.
        """
        self._check(raster)
        session = self._open()
        logits = np.empty(len(raster), dtype=np.float32)
        if len(raster) == 1:  # as of a withdrawal
            (logits[:],) = session.run([OUTPUT], {INPUT: self._inked(raster)})
            return logits
        for rows, width in self._groups(raster):
            block = max(1, BLOCK_BYTES // (int(np.prod(self._shape[:-1])) * width))
            for first in range(0, len(rows), block):
                some = rows[first : first + block]
                part = np.ascontiguousarray(raster[some, ..., :width])
                (logits[some],) = session.run([OUTPUT], {INPUT: part})
        return logits

    def _inked(self, raster: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The one picture without the empty columns at its right, as `_groups` would cut it."""
        if not self._any_width:
            return np.ascontiguousarray(raster)
        columns = np.bitwise_or.reduce(raster.reshape(-1, self._shape[-1])).tobytes()
        used = len(columns.rstrip(b"\0"))
        return np.ascontiguousarray(raster[..., : max(1, -(-used // _WORD)) * _WORD])

    def _groups(self, raster: NDArray[np.uint8]) -> Iterator[tuple[NDArray[np.intp], int]]:
        """Rows to be asked together, and how many of their columns need to be read."""
        width = self._shape[-1]
        if not self._any_width:
            yield np.arange(len(raster)), width
            return
        # Eight columns are one word, so that the search is a few thousand words a picture.
        words = np.ascontiguousarray(raster).reshape(len(raster), -1, width).view(np.uint64)
        inked = np.bitwise_or.reduce(words, axis=1) != 0
        used = np.where(inked.any(axis=1), inked.shape[1] - inked[:, ::-1].argmax(axis=1), 1)
        for count in np.unique(used):
            yield np.flatnonzero(used == count), int(count) * _WORD

    def _check(self, raster: NDArray[np.uint8]) -> None:
        if raster.dtype != np.uint8 or raster.shape[1:] != self._shape:
            raise ArtifactError(
                f"{self._source}: reads uint8 rasters of shape (n, "
                f"{', '.join(map(str, self._shape))}), not {raster.dtype} of {raster.shape}; "
                "draw them with the picture spec on its card"
            )

    def _open(self) -> Any:
        with self._lock:
            if self._session is None:
                session = self._new_session()
                width = session.get_inputs()[0].shape[-1]
                self._any_width = width == ANY_WIDTH and self._shape[-1] % _WORD == 0
                self._session = session
        return self._session

    def _new_session(self) -> Any:
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = ort.InferenceSession(self._onnx, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the runtime's own classes share no base but this
            line = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ArtifactError(
                f"{self._source}: the runtime can't load it: {line}; train anew"
            ) from error
        self._check_session(session)
        return session

    def _check_session(self, session: Any) -> None:
        inputs = [(i.name, i.type, self._declared(i.shape[1:])) for i in session.get_inputs()]
        outputs = [(o.name, o.type) for o in session.get_outputs()]
        wanted = [(INPUT, "tensor(uint8)", self._shape)], [(OUTPUT, "tensor(float)")]
        if (inputs, outputs) != wanted:
            raise ArtifactError(
                f"{self._source}: takes {inputs} and gives {outputs}, not {wanted[0]} and "
                f"{wanted[1]}; train anew"
            )

    def _declared(self, shape: list[Any]) -> tuple[Any, ...]:
        """The shape of a raster that the network declares, its widest where any width will do."""
        return tuple(self._shape[-1] if size == ANY_WIDTH else size for size in shape)


class OnnxScorer:
    """A model folder as a `Scorer`."""

    def __init__(self, artifact: Artifact, threads: int = 1) -> None:
        self.artifact = artifact
        self._calibration = artifact.card.calibration.calibration
        self._model = LogitModel(
            artifact.onnx, artifact.spec.shape, source=str(artifact.folder), threads=threads
        )

    @property
    def name(self) -> str:
        """Name and the first 12 hex digits of the weights' SHA-256."""
        card = self.artifact.card
        return f"{card.name}@{card.weights_sha256[:12]}"

    @property
    def spec_hash(self) -> str:
        """Hash of the only picture spec it can read."""
        return self.artifact.card.picture.hash

    @property
    def threshold(self) -> float:
        """Probability above which a window is flagged."""
        return self.artifact.card.threshold

    def logit(self, raster: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What `model.onnx` answers, shape (n,). Raises ArtifactError for another picture."""
        return self._model.logit(raster)

    def probability(self, raster: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Calibrated probabilities in (0, 1), shape (n,). Raises ArtifactError as `logit`."""
        return self._calibration.apply(self.logit(raster))
