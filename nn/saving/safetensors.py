"""Arrays in a .safetensors file, as PyTorch's users exchange them, by the safetensors package."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

CODES = {
    "BOOL": "?", "U8": "u1", "I8": "i1", "U16": "<u2", "I16": "<i2", "U32": "<u4", "I32": "<i4",
    "U64": "<u8", "I64": "<i8", "F16": "<f2", "F32": "<f4", "F64": "<f8", "C64": "<c8",
}  # fmt: skip
BRAIN = "BF16"  # the upper half of a float32, which NumPy does not have
NAMES_OF_DTYPES = {np.dtype(code): name for name, code in CODES.items()}


def write_safetensors(file: BinaryIO, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays by name.

    Raises:
        ValueError: an array has a dtype that the format does not have.
        ModuleNotFoundError: the safetensors package is not installed.
    """
    for name, x in arrays.items():
        if x.dtype.newbyteorder("<") not in NAMES_OF_DTYPES:
            raise ValueError(
                f"save to a .npz file: {name} holds {x.dtype}, which a .safetensors file cannot"
            )
    little = {name: np.array(x, x.dtype.newbyteorder("<"), order="C") for name, x in arrays.items()}
    file.write(package().numpy.save(little))


def safetensors_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays in a .safetensors file by name.

    Raises:
        ValueError: the file is damaged, of another kind, or of a dtype that NumPy does not have.
        ModuleNotFoundError: the safetensors package is not installed.
    """
    safetensors = package()
    try:
        entries = safetensors.deserialize(path.read_bytes())
        return {name: one_array(name, **entry) for name, entry in entries}
    except (safetensors.SafetensorError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no whole .safetensors file: {error}") from error


def one_array(name: str, dtype: str, shape: list[int], data: bytes) -> np.ndarray:
    """Return the array of an entry."""
    if dtype == BRAIN:
        return (np.frombuffer(data, "<u2").reshape(shape).astype("u4") << 16).view("f4")
    if dtype not in CODES:
        raise ValueError(f"{name} holds {dtype!r:.20}, which NumPy does not have")
    return np.frombuffer(data, CODES[dtype]).reshape(shape)


def package() -> Any:
    """Return the safetensors package."""
    try:
        import safetensors
        import safetensors.numpy
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            ".safetensors files need a package: pip install 'chainrule[safetensors]'; a .npz file "
            "needs none",
            name="safetensors",
        ) from error
    return safetensors
