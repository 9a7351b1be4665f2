"""A program of steps on floats alone as one native function."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import c_double, c_int, c_void_p
from struct import Struct
from typing import Any

import numpy as np

from autograd.compiling.errors import NoNativeError
from autograd.compiling.llvm.builtin import as_builtin, builtin, python_itself, shows_types
from autograd.compiling.llvm.engine import Callback, Native
from autograd.compiling.llvm.frame import Frame, copy_number, has_place, number
from autograd.compiling.llvm.terms import Writer
from autograd.compiling.node import Node
from autograd.compiling.passes.constants import is_constant
from autograd.compiling.passes.unroll import ENTRY, JOINED
from autograd.compiling.text import OtherwiseError

MOST_STEPS = 50_000


def on_floats(
    nodes: list[Node], sources: list[Node], guards: list[tuple[Node, Any]], results: list[Node]
) -> tuple[Callable[..., tuple], str]:
    """Return a function of the numbers of sources, which returns those of results, and its text.

    Args:
        nodes: the graph, each node after those that it takes.
        sources, results: the nodes that it begins and ends with.
        guards: nodes that must give these numbers; else the program is not that of the call.

    Raises:
        NoNativeError: a step is none on floats.
        ImportError: there is no LLVM.
    """
    if len(nodes) > MOST_STEPS:
        raise NoNativeError(f"{len(nodes):,} steps")
    parts = [x for node in results for x in parts_of(node)]
    frame = Frame(nodes, guards, [x for x in parts if isinstance(x, Node)])
    text = printed(frame, nodes, sources, parts)
    floats = all(type(x.sample) in (float, np.float64) for x in (*sources, *results))
    alone = floats and not frame.callbacks and shows_types()
    whole = text + as_builtin(len(sources), len(parts)) if alone else text
    native = Native(whole, 0, frame.callbacks, python_itself() if alone else {})
    function = native.function("program", c_int, c_void_p, c_void_p, quick=True)
    program: Any = called(function, frame.callbacks, sources, results, len(parts))
    if alone:
        program.native = builtin(native)
    return program, text


def printed(frame: Frame, nodes: list[Node], sources: list[Node], parts: list[Any]) -> str:
    """Return the text of the native function: numbers come in at one address and go to another."""
    w = Writer({})
    w.lines += ["entry:", f"%frame = alloca [{max(len(frame.slots), 1)} x double]"]
    entries = {(n.args[0], n.params["place"]): n for n in nodes if n.op is ENTRY}
    for i, node in enumerate(incoming(sources, entries)):
        if node in frame.slots:
            copy_number(w, "%given", i, "%frame", frame.slots[node])
    for i in range(len(frame.pieces)):
        fault = w.emit(f"call i1 @piece_{i}(ptr %frame)", None).name
        w.lines += [f"br i1 {fault}, label %stop, label %after_{i}", f"after_{i}:"]
    for i, x in enumerate(parts):
        if isinstance(x, Node) and not is_constant(x):
            copy_number(w, "%frame", frame.slots[x], "%out", i)
        else:
            number(w, x, "%out", i)
    w.lines += ["ret i32 0", "stop:", "ret i32 1"]
    return frame.text("i32 @program(ptr noalias %given, ptr noalias %out)", w)


def incoming(sources: list[Node], entries: dict[Any, Node]) -> list[Any]:
    """Return the nodes of the numbers that come in, numbers before entries of arrays."""
    for source in sources:
        if not has_place(source) and not np.ndim(source.sample):
            raise NoNativeError(f"numbers of type {type(source.sample).__name__}")
    arrays = [x for x in sources if np.ndim(x.sample)]
    found = [x for x in sources if not np.ndim(x.sample)]
    return found + [entries.get((x, i)) for x in arrays for i in range(x.sample.size)]


def called(
    function: Any,
    callbacks: list[Callback],
    sources: list[Node],
    results: list[Node],
    count: int,
) -> Callable[..., tuple]:
    """Return the function of Python that hands numbers to the native one and takes its results."""
    names = {source: f"v{i}" for i, source in enumerate(sources)}
    single = [names[x] for x in sources if not np.ndim(x.sample)]
    scope = {
        "Out": c_double * max(count, 1), "pack": Struct(f"{len(single)}d").pack,
        "native": function, "Otherwise": OtherwiseError, "array": np.array, "pending": pending,
        "float64": np.float64, "bool_": np.bool_, "callbacks": callbacks, "asarray": np.asarray,
    }  # fmt: skip
    given = [f"pack({', '.join(single)})"] if single else []
    given += [f"asarray({names[x]}, float64).tobytes()" for x in sources if np.ndim(x.sample)]
    found, at = [], 0
    for i, node in enumerate(results):
        size = len(parts_of(node))
        if node.op is JOINED:
            shape = node.params["shape"]
            kind = "bool_" if node.sample.dtype == bool else "float64"
            found.append(f"array(out[{at}:{at + size}], {kind}).reshape({shape})")
        elif not np.ndim(node.sample):
            kind = {np.float64: "float64", np.bool_: "bool_"}.get(type(node.sample), "")
            found.append(f"{kind}(out[{at}])" if kind else f"out[{at}]")
        elif node in names:
            found.append(names[node])
        else:
            scope[f"c{i}"] = node.sample
            found.append(f"c{i}")
        at += size
    stopped = "pending(callbacks); raise Otherwise" if callbacks else "raise Otherwise"
    text = (
        f"def program({', '.join(names.values())}):\n"
        f"    out = Out()\n"
        f"    if native({' + '.join(given) or 'None'}, out): {stopped}\n"
        f"    return ({', '.join(found)}{',' if found else ''})\n"
    )
    exec(compile(text, "<compiled>", "exec"), scope)
    program: Any = scope["program"]
    return program


def pending(callbacks: list[Callback]) -> None:
    """Raise what came up in a function of Python while native code ran, such as Ctrl-C."""
    for callback in callbacks:
        error = callback.taken()
        if error is not None:
            raise error


def parts_of(node: Node) -> list[Any]:
    """Return the numbers that a result is made of; none for an array that is not computed."""
    if node.op is JOINED:
        return list(node.args)
    return [] if np.ndim(node.sample) and node.op is None else [node]
