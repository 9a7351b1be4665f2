"""Arrays in a .npz file: a zip archive with a .npy file for each, as NumPy writes it."""

from __future__ import annotations

import zipfile
import zlib
from math import prod
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

SMALL = 2**26  # up to so many bytes, no matter how small the file is
LARGEST_RATIO_OF_SIZES = 100  # beyond that, numbers to what they take in the file
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def write_npz(file: BinaryIO, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays by name; the same arrays always give the same bytes."""
    archive = zipfile.ZipFile(file, "w")
    try:
        for name, x in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                npy.write_array(member, x, allow_pickle=False)
        archive.close()
    except BaseException:
        archive.fp = None  # given up: to close it would hide the error behind another
        raise


def npz_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays in a .npz file by name.

    Raises:
        ValueError: the file is damaged, of another kind, or made to do harm: it would take up far
            more memory than it has bytes, or holds objects, which only unpickling could read.
    """
    with open(path, "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                check_members(members, path.stat().st_size)
                return {m.filename.removesuffix(".npy"): array_in(archive, m) for m in members}
        except (
            zipfile.BadZipFile,
            EOFError,
            NotImplementedError,  # a way to compress that is unknown
            OSError,
            RuntimeError,  # a password
            ValueError,
            zlib.error,
        ) as error:
            raise ValueError(f"{path} is no whole .npz file of numbers: {error}") from error


def check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    """Raise ValueError if the files in an archive are not what NumPy writes."""
    names = [member.filename for member in members]
    if any(name.endswith("data.pkl") for name in names):
        raise ValueError(
            "PyTorch wrote it, with objects that only unpickling could read; write the numbers "
            "with safetensors.torch.save_file(model.state_dict(), 'model.safetensors')"
        )
    seen: set[str] = set()
    for name in names:
        if not (name.endswith(".npy") and name.isprintable()) or name in seen:
            raise ValueError(f"it holds {name!r:.60}, which is no array with a name of its own")
        seen.add(name)
    total = sum(member.file_size for member in members)
    if total > max(SMALL, LARGEST_RATIO_OF_SIZES * size):
        raise ValueError(
            f"its {size:,} bytes would become {total:,}, as in a file made to fill the memory"
        )


def array_in(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    """Return the array in one file of an archive."""
    with archive.open(member) as file:
        version = npy.read_magic(file)
        if version not in HEADERS:
            raise ValueError(f"{member.filename} has the unknown version {version}")
        shape, by_columns, dtype = HEADERS[version](file)
        if dtype.kind not in "biufc":
            raise ValueError(f"{member.filename} holds {dtype} and no numbers")
        size, there = prod(shape) * dtype.itemsize, member.file_size - file.tell()
        if size != there:
            raise ValueError(
                f"{member.filename} says it holds {size:,} bytes, and there are {there:,}"
            )
        numbers = np.frombuffer(file.read(), dtype)
        return numbers.reshape(shape, order="F" if by_columns else "C")
