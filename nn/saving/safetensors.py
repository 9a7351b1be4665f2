"""Arrays in a .safetensors file: the length of a header, the header in JSON, the numbers.

The format is that of https://github.com/huggingface/safetensors, which PyTorch's users save
weights in. The header gives the dtype, the shape and the place of each array.
"""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

BRAIN = "BF16"  # the upper half of a float32, which NumPy does not have
CODES = {
    "BOOL": "?", "U8": "u1", "I8": "i1", "U16": "<u2", "I16": "<i2", "U32": "<u4", "I32": "<i4",
    "U64": "<u8", "I64": "<i8", "F16": "<f2", "F32": "<f4", "F64": "<f8", "C64": "<c8",
    BRAIN: "<u2",
}  # fmt: skip
NAMES_OF_DTYPES = {np.dtype(code): name for name, code in CODES.items() if name != BRAIN}


def write_safetensors(file: BinaryIO, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays by name.

    Raises:
        ValueError: an array has a dtype that the format does not have.
    """
    header, end = {}, 0
    for name, x in arrays.items():
        code = NAMES_OF_DTYPES.get(x.dtype.newbyteorder("<"))
        if code is None:
            raise ValueError(
                f"save to a .npz file: {name} holds {x.dtype}, which a .safetensors file cannot"
            )
        start, end = end, end + x.nbytes
        header[name] = {"dtype": code, "shape": x.shape, "data_offsets": (start, end)}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers begin at a multiple of 8
    file.write(len(text).to_bytes(8, "little") + text)
    for x in arrays.values():
        file.write(x.astype(x.dtype.newbyteorder("<")).tobytes())


def safetensors_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays in a .safetensors file by name.

    Raises:
        ValueError: the file is damaged or of another kind.
    """
    content = path.read_bytes()
    try:
        start = 8 + int.from_bytes(content[:8], "little")
        if not 8 < start <= len(content):
            raise ValueError(f"a header of {start - 8:,} bytes does not fit into it")
        header = json.loads(content[8:start], object_pairs_hook=with_names_of_their_own)
        header.pop("__metadata__", None)
        places = sorted(entry["data_offsets"] for entry in header.values())
        ends = [0, *[end for _, end in places]]
        if ends != [*[begin for begin, _ in places], len(content) - start]:
            raise ValueError("its arrays do not lie one after the other, up to its end")
        return {name: one_array(name, content, start, **entry) for name, entry in header.items()}
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no whole .safetensors file: {error}") from error


def with_names_of_their_own(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return pairs as a dict; raise if a name is there twice."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name is there twice")
    return dict(pairs)


def one_array(
    name: str, content: bytes, start: int, dtype: str, shape: list[int], data_offsets: list[int]
) -> np.ndarray:
    """Return the array that an entry of the header describes."""
    if dtype not in CODES:
        raise ValueError(f"{name} holds {dtype!r:.20}, which NumPy does not have")
    begin, end = data_offsets
    kind = np.dtype(CODES[dtype])
    if prod(shape) * kind.itemsize != end - begin or min(shape, default=0) < 0:
        raise ValueError(f"{name} of shape {shape} and dtype {dtype} has {end - begin:,} bytes")
    numbers = np.frombuffer(content[start + begin : start + end], kind).reshape(shape)
    if dtype == BRAIN:
        return (numbers.astype("u4") << 16).view("f4")
    return numbers
