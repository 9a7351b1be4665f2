"""The files that data sets come in: IDX, as MNIST has them, and CSV."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

GZIP = b"\x1f\x8b"
LARGEST = 1032  # deflate makes nothing smaller by more than this factor
DTYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}  # by code in an IDX file

Labelled = tuple[np.ndarray, np.ndarray]


def mnist(folder: Any) -> tuple[Labelled, Labelled]:
    """Return the images and labels of MNIST, or of a set in the same files, such as Fashion-MNIST.

    LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998.

    Args:
        folder: where train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
            t10k-labels-idx1-ubyte lie, each gzipped (.gz) or not.

    Returns:
        (images, labels) for training and (images, labels) for testing. Images are float32 from 0
        to 1 of shape (n, rows, columns), labels are ints.

    Raises:
        FileNotFoundError: one of the files is missing.
        ValueError: one is damaged, or there are more images than labels or fewer.

    Example:
        >>> mnist("/no/such/folder")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        FileNotFoundError: there is no train-images-idx3-ubyte.gz in /no/such/folder, ...
    """
    return images_and_labels(folder, "train"), images_and_labels(folder, "t10k")


def images_and_labels(folder: Any, part: str) -> Labelled:
    """Return one of the two parts of MNIST."""
    images, labels = (
        read_idx(found(folder, f"{part}-{n}")) for n in ("images-idx3", "labels-idx1")
    )
    if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels):
        raise ValueError(
            f"{folder}: {part} should hold as many images as labels, not images of shape "
            f"{images.shape} and labels of shape {labels.shape}"
        )
    return np.divide(images, 255, dtype=np.float32), labels.astype(int)


def found(folder: Any, name: str) -> Path:
    """Return the path of an IDX file in a folder, under one of the names that are in use."""
    names = [f"{name}-ubyte.gz", f"{name}-ubyte", f"{name.replace('-idx', '.idx')}-ubyte"]
    for path in (Path(folder) / name for name in names):
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"there is no {names[0]} in {folder}, nor {names[1]}: give the folder that holds the files "
        "of MNIST"
    )


def read_idx(path: Any) -> np.ndarray:
    """Return the array that an IDX file holds, gzipped or not.

    The file begins with two bytes 0, a code for the dtype, the number of axes, and the length of
    each axis in four bytes; then come the numbers, all with the most significant byte first.

    Args:
        path: of the file.

    Raises:
        ValueError: the file is of another kind, cut off, or holds more or less than it says.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "labels")
        ...     _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]))
        ...     read_idx(path)
        array([7, 8, 9], dtype=uint8)
    """
    with open(path, "rb") as file:
        zipped = file.read(2) == GZIP
        limit = file.seek(0, io.SEEK_END) * (LARGEST if zipped else 1)
        file.seek(0)
        try:
            return idx(gzip.open(file) if zipped else file, limit)  # type: ignore[arg-type]
        except (EOFError, OSError, ValueError, zlib.error) as error:
            raise ValueError(f"{path} is no whole IDX file: {error}") from error


def idx(file: BinaryIO, limit: int) -> np.ndarray:
    """Return the array in an open IDX file, of at most `limit` bytes."""
    start = file.read(4)
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in DTYPES:
        raise ValueError(f"it begins with {start.hex(' ')}, not with 00 00 and a dtype")
    lengths = file.read(4 * start[3])
    if len(lengths) < 4 * start[3]:
        raise ValueError("it ends within the lengths of its axes")
    shape, dtype = tuple(np.frombuffer(lengths, ">u4").tolist()), np.dtype(DTYPES[start[2]])
    size = prod(shape) * dtype.itemsize
    if size > limit:
        raise ValueError(f"it says it holds {size:,} bytes, for which it is too small")
    numbers = file.read(size + 1)
    if len(numbers) != size:
        more = "more" if len(numbers) > size else f"{len(numbers):,}"
        raise ValueError(f"it says it holds {size:,} bytes of numbers, and there are {more}")
    return np.frombuffer(numbers, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def read_csv(path: Any, target: str | int | None = None, delimiter: str = ",") -> Any:
    """Return the numbers in a CSV file, and one of its columns apart as the target.

    A first line that is not all numbers names the columns.

    Args:
        path: of the file, in UTF-8.
        target: the name or the number of the column to predict, which may hold names of classes;
            None for none.
        delimiter: what stands between two cells.

    Returns:
        X of shape (rows, columns); with a target, (X, y), where y is an array of floats or, if one
        of them is no number, of strings.

    Raises:
        ValueError: a cell is no number, a line has another number of cells, or there is no such
            column; the message names the line.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "scores.csv")
        ...     _ = path.write_text("sleep,study,score\\n8,2,75\\n6,5,82\\n")
        ...     read_csv(path, target="score")
        (array([[8., 2.],
               [6., 5.]]), array([75., 82.]))
    """
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file, delimiter=delimiter)
        lines = [(reader.line_num, row) for row in reader if row]
    if not lines:
        raise ValueError(f"{path} is empty")
    first = lines[0][1]
    named = not all(map(is_number, first))
    names = first if named else list(map(str, range(len(first))))
    for line, row in lines:
        if len(row) != len(names):
            raise ValueError(f"{path}, line {line} has {len(row)} cells instead of {len(names)}")
    rows = lines[named:]
    if target is None:
        return numbers_in(path, rows, names, range(len(names)))
    place = column_of(path, names, target)
    rest = [i for i in range(len(names)) if i != place]
    cells = [row[place] for _, row in rows]
    y = np.array(cells, dtype=float if all(map(is_number, cells)) else str)
    return numbers_in(path, rows, names, rest), y


def column_of(path: Any, names: list[str], target: str | int) -> int:
    """Return the number of the column of the target."""
    if isinstance(target, str) and target in names:
        return names.index(target)
    if isinstance(target, int) and -len(names) <= target < len(names):
        return target % len(names)
    raise ValueError(f"{path} has no column {target!r}; it has {', '.join(names)}")


def numbers_in(
    path: Any, rows: list[tuple[int, list[str]]], names: list[str], columns: Sequence[int]
) -> np.ndarray:
    """Return some columns of the rows as an array of numbers."""
    for line, row in rows:
        for i in columns:
            if not is_number(row[i]):
                raise ValueError(
                    f"{path}, line {line}, column {names[i]} holds {row[i]!r:.40}, which is no "
                    "number; replace it, or leave the line out"
                )
    return np.array([[float(row[i]) for i in columns] for _, row in rows])


def is_number(cell: str) -> bool:
    """Whether a cell holds a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True
