"""Planted: wrong derivatives, and right ones that are hard to check, to judge checkers by."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.planted import (
    edges,
    far,
    handwritten,
    hard_foreign,
    hard_kinks,
    hard_numbers,
    hard_programs,
    hidden,
    narrow,
    orders,
    scale,
    shapes,
    state,
)
from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

Cases = Callable[[Library], Iterator[Case]]

WRONG: dict[str, Cases] = {
    "sign, factor, term": scale.wrong,
    "shape, axis, place": shapes.wrong,
    "large arrays": shapes.wrong_in_large,
    "points and branches": edges.wrong,
    "orders, modes, incoming gradients, precision": orders.wrong,
    "complex numbers": orders.wrong_complex,
    "state": state.wrong,
    "far out": far.wrong,
    "one among many": hidden.one_among_many,
    "form": hidden.forms,
    "periods and stairs": hidden.periodic,
    "second call": hidden.second_call,
    "by hand": handwritten.wrong,
    "for one part of a checker": narrow.wrong,
}
RIGHT: dict[str, Cases] = {
    "by hand": handwritten.right,
    "by hand, with manners": hard_foreign.right,
    "low precision": hard_numbers.precision,
    "size": hard_numbers.size,
    "borders and saturation": hard_numbers.borders,
    "kinks, jumps and ties": hard_kinks.right,
    "linear algebra": hard_programs.linear_algebra,
    "complex numbers": hard_programs.complex_numbers,
    "forms": hard_programs.forms,
    "programs": hard_programs.programs,
    "for one part of a checker": narrow.right,
}
