"""Forms: how each op is written in ONNX, a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.graphs.onnx.elementwise import ELEMENTWISE
from autograd.graphs.onnx.joining import JOINING
from autograd.graphs.onnx.places import PLACES
from autograd.graphs.onnx.products import PRODUCTS
from autograd.graphs.onnx.reductions import REDUCTIONS

# By op: a function of the writer, the result, and the arguments of the op; it returns the name of
# what it wrote.
FORMS: dict[Any, Callable[..., str]] = ELEMENTWISE | JOINING | PLACES | PRODUCTS | REDUCTIONS
