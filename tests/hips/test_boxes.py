"""What programs take HIPS autograd apart with: boxes made by hand, registries, rooms."""

import numpy as onp
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import autograd.numpy as np
from autograd import Value, grad
from autograd.builtins import DictBox, SequenceBox
from autograd.core import VJPNode, VSpace, backward_pass, vspace
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.numpy.numpy_vspaces import ArrayVSpace
from autograd.tracer import Box, isbox, new_box, trace_stack

moderate = st.floats(-3, 3)


def entered(x):
    """Return `x` as programs make it the start of a derivative."""
    return new_box(x, 0, VJPNode.new_root())


# -- boxes made by hand -----------------------------------------------------------------------


@given(st.lists(moderate, min_size=1, max_size=4))
def test_backward_pass_leads_to_what_new_box_made(numbers):
    x = onp.array(numbers)
    box = entered(x)
    y = np.sum(np.sin(box) * x) + 1.0
    assert isbox(box) and (box._value == x).all()
    assert backward_pass(1.0, y._node) == pytest.approx(grad(lambda v: np.sum(np.sin(v) * x))(x))


@given(moderate, moderate)
def test_a_box_of_a_container_has_a_gradient_of_its_form(a, b):
    box = entered({"w": onp.array([a, b]), "b": b})
    assert isinstance(box, DictBox)
    gradient = backward_pass(1.0, (np.sum(box["w"] ** 2) + 3 * box["b"])._node)
    assert gradient["w"].tolist() == [2 * a, 2 * b] and gradient["b"] == 3
    assert isinstance(entered((a, [b])), SequenceBox)


@given(moderate)
def test_a_gradient_that_is_a_value_has_a_graph(x):
    box = entered(x)
    first = backward_pass(Value(1.0), (box**3)._node)
    assert backward_pass(1.0, first._node) == pytest.approx(6 * x)


@given(moderate)
def test_a_box_inside_another_derivative(x):
    def slope(outer):
        box = entered(outer)
        return backward_pass(Value(1.0), (box**3 * outer)._node)  # 3 x² · x

    assert grad(slope)(x) == pytest.approx(9 * x**2)


def test_an_entry_no_result_depends_on():
    box = entered((1.0, 2.0))
    assert backward_pass(1.0, (box[1] * 2)._node) == (0.0, 2.0)
    with pytest.raises(ValueError, match=r"use v\.backward"):
        backward_pass(1.0, (Value(2.0) * 2)._node)


def test_whether_a_function_depends_on_its_argument():
    with trace_stack.new_trace() as level:
        start = new_box((2.0, 3.0), level, VJPNode.new_root())
        ends = [f(*start) for f in (lambda x, y: x * y, lambda x, y: 1.0)]
    assert [isbox(end) and end._trace == start._trace for end in ends] == [True, False]


# -- registries -------------------------------------------------------------------------------


class Marked(onp.ndarray):
    """An array class of a program's own."""


def test_a_class_of_arrays_is_differentiated_once_registered():
    ArrayBox.register(Marked)
    Box.type_mappings[Marked] = lambda x, trace, node: ArrayBox(x)
    x = onp.arange(3.0).view(Marked)
    assert grad(lambda v: np.sum(v**2))(x).tolist() == [0.0, 2.0, 4.0]


def test_a_class_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match="make it a dataclass"):
        ArrayBox.register(str)


def test_a_type_with_a_space_of_its_own(monkeypatch):
    monkeypatch.setattr(VSpace, "mappings", {})
    VSpace.mappings[Marked] = lambda x: ArrayVSpace(onp.zeros(2))
    assert vspace(onp.zeros(3).view(Marked)).size == 2
    ArrayVSpace.register(Marked)
    assert vspace(onp.zeros(3).view(Marked)).size == 3


def test_rooms_of_names_are_attributes():
    assert np.numpy_boxes.ArrayBox is ArrayBox
    assert np.numpy_vspaces.ArrayVSpace is ArrayVSpace
    assert np.numpy_vjps.unbroadcast and np.numpy_wrapper.metadata
    assert autograd.scipy.special.expit(0.0) == 0.5
    x = onp.arange(6.0).reshape(3, 2)
    assert (np.linalg._dot(np.linalg.T(Value(x)), x).data == x.T @ x).all()


@given(moderate)
def test_operators_on_functions_of_one_argument(x):
    vjp, y = autograd.differential_operators._make_vjp(lambda v: v**2, x)
    assert y == x**2 and vjp(autograd.differential_operators.vspace(y).ones()) == 2 * x
    assert autograd.differential_operators._make_jvp(lambda v: v**2, x)(1.0) == (x**2, 2 * x)
