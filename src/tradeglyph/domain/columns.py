"""Frozen records whose fields are columns, one element or row for each of n things."""

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def taken(record: Record, index: NDArray[np.intp] | NDArray[np.bool_]) -> Record:
    """The record of those at `index`; what is no array stays as it is."""
    columns: dict[str, Any] = {field.name: getattr(record, field.name) for field in fields(record)}
    arrays = [name for name, values in columns.items() if isinstance(values, np.ndarray)]
    return replace(record, **{name: columns[name][index] for name in arrays})
