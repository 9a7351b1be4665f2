"""Backward passes that would reach no leaf, ops without rules, results that are no numbers."""

import numpy as np
import pytest

from autograd import Primitive, Value, debug, no_grad

X = [1.0, 4.0]
OPS = {
    "unary": np.sqrt,
    "binary": lambda x: x * 2.0,
    "two Values": lambda x: x * x,
    "reduction": np.sum,
    "view": np.ravel,
}


@pytest.mark.parametrize("watched", [False, True], ids=["", "watched"])
@pytest.mark.parametrize("data", [4.0, X], ids=["scalar", "array"])
@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_what_no_grad_made_has_nothing_to_differentiate(op, data, watched):
    x = Value(data)
    if watched:
        with debug(), no_grad():
            y = op(x)
    else:
        with no_grad():
            y = op(x)
    with pytest.raises(ValueError, match=r"computed inside no_grad\(\), so it has no history"):
        y.backward(np.ones(y.shape))
    assert not np.any(x.grad)


def test_what_detach_made_has_nothing_to_differentiate():
    y = Value(3.0) * 2
    with pytest.raises(ValueError, match=r"detach\(\) made this Value.*on the original"):
        y.detach().backward()
    with pytest.raises(ValueError, match=r"detach\(\) made this Value"):
        Value(X).detach().backward(np.ones(2))


def test_a_new_graph_may_begin_with_it():
    with no_grad():
        unrecorded = Value(3.0) * 2
    for leaf in (unrecorded, (Value(3.0) * 2).detach()):
        assert leaf.op is None and leaf.parents == () and leaf.args == () and leaf.params == {}
        (leaf * leaf).backward()
        assert leaf.grad == 12
        leaf.zero_grad()
        leaf.data = 1.0
        (leaf * leaf).backward(create_graph=True)
        assert leaf.grad.data == 2


def test_a_leaf_made_of_a_number_is_its_own_variable():
    x = Value(3.0)
    x.backward()
    assert x.grad == 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda x: np.zeros_like(x).sum(), "since full_like has no derivative"),
        (lambda x: np.sqrt(Value(np.array([1, 4]))).sum(), "would give no leaf a gradient"),
        (lambda x: np.where(x > 2, 1.0, 0.0).sum(), "since greater has no derivative"),
    ],
)
def test_a_result_that_depends_on_no_float(make, words):
    x = Value(X)
    with pytest.raises(ValueError, match=words):
        make(x).backward()
    (x.sum() + make(x)).backward()
    assert x.grad.tolist() == [1, 1]


@pytest.mark.parametrize(
    "options", [{}, {"arity": 1}, {"elementwise": True, "domain": [(0, 1)]}], ids=str
)
def test_an_op_declared_without_a_derivative(options):
    stairs = Primitive("stairs", np.floor, vjps=None, **options)
    assert stairs.vjps == ()
    x = Value(2.5)
    with pytest.raises(ValueError, match="since stairs has no derivative"):
        stairs(x).backward()
    (stairs(x) * x).backward()
    assert x.grad == 2


def rule(g, y, *args):
    return g


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"vjps": []},
        {"vjps": [None]},
        {"vjps": [rule], "arity": 2},
        {"vjps": [rule, 1.0], "arity": 2},
        {"vjps": [rule], "elementwise": True, "domain": [(0, 1)] * 2},
        {"vjps": [], "arity": 1},
    ],
)
def test_an_op_whose_rules_are_missing_is_refused(options):
    with pytest.raises(TypeError, match=r"the op mine needs vjps .* or vjps=None"):
        Primitive("mine", np.hypot, **options)


@pytest.mark.parametrize("arity", [0, 2])
def test_an_argument_without_a_rule_must_be_a_number(arity):
    scale = Primitive("scale", np.multiply, vjps=[lambda g, y, x, k: g * k, None], arity=arity)
    x = Value(2.0)
    scale(x, 3.0).backward()
    assert x.grad == 3
    with pytest.raises(TypeError, match="scale has no derivative with respect to argument 1"):
        scale(x, Value(3.0)).backward()
    row = Value(X)
    scale(row, Value(np.array([2, 3]))).sum().backward()
    assert row.grad.tolist() == [2, 3]


@pytest.mark.parametrize("arity", [0, 1])
@pytest.mark.parametrize("result", [None, "a", [1.0], (1.0,), {}, print])
@pytest.mark.parametrize("x", [Value(1.0), Value(X)], ids=["scalar", "array"])
def test_an_op_that_returns_no_number(result, arity, x):
    odd = Primitive("odd", lambda x: result, vjps=[rule], arity=arity)
    with pytest.raises(TypeError, match=r"an op computes a number or an array.* returned"):
        odd(x)


def test_numbers_of_pythons_are_numbers():
    def of(result):
        return Primitive("plain", lambda x: result, vjps=[lambda g, y, x: g])(Value(1.0))

    assert [type(of(x).data) for x in (3, True, 1j)] == [float, np.bool_, np.complex128]
    assert of(3).data == 3
