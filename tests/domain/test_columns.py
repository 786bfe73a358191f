from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from tradeglyph.domain.columns import taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Three:
    one: NDArray[np.float64]
    rows: NDArray[np.float64]
    names: tuple[str, ...]


THREE = Three(one=np.array([1.0, 2.0, 3.0]), rows=np.eye(3), names=("a", "b", "c"))


@pytest.mark.parametrize("index", [np.array([0, 2]), np.array([True, False, True])])
def test_elements_and_rows_are_taken_and_the_rest_stays(index: NDArray[np.intp]) -> None:
    some = taken(THREE, index)

    assert some.one.tolist() == [1.0, 3.0]
    assert some.rows.tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    assert some.names == THREE.names
    assert THREE.one.tolist() == [1.0, 2.0, 3.0]
