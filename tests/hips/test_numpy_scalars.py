"""What a derivative of numbers returns is NumPy's: with .item() and .shape, and inf for 1/0."""

import math
import pickle

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import (
    Value,
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    grad_named,
    hessian,
    hessian_vector_product,
    jacobian,
    jvp,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_jvp_reversemode,
    make_vjp,
    multigrad_dict,
    tensor_jacobian_product,
    value_and_grad,
    vjp,
)
from autograd.core import make_jvp as unary_make_jvp
from autograd.core import make_vjp as unary_make_vjp
from autograd.differential_operators import grad as operators_grad
from autograd.extend import defvjp, primitive
from autograd.tracer import getval


def cube(x):
    return x**3


def leaves(tree):
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (list, tuple)):
        return [leaf for item in tree for leaf in leaves(item)]
    return [tree]


RESULTS = {
    "grad": lambda x: grad(cube)(x),
    "grad of two": lambda x: grad(lambda x, y: x * y, (0, 1))(x, 3.0),
    "grad by name": lambda x: grad_named(cube, "x")(x),
    "grad of a dict": lambda x: grad(lambda d: d["a"] * d["b"][0])({"a": x, "b": [x]}),
    "grad of nothing": lambda x: grad(lambda x: Value(3.0) * 1.0)(x),
    "grad of grad": lambda x: grad(grad(cube))(x),
    "differential_operators.grad": lambda x: operators_grad(cube)(x),
    "multigrad_dict": lambda x: dict(multigrad_dict(cube)(x)),
    "value_and_grad": lambda x: value_and_grad(cube)(x),
    "value of an array's": lambda x: value_and_grad(lambda a: (a * a).sum())(np.array([x]))[0],
    "grad_and_aux": lambda x: grad_and_aux(lambda x: (cube(x), {"x": [x, x * x]}))(x),
    "elementwise_grad": lambda x: elementwise_grad(cube)(x),
    "deriv": lambda x: deriv(cube)(x),
    "jacobian": lambda x: jacobian(cube)(x),
    "jacobian of two": lambda x: jacobian(lambda x, y: (x * y, x), (0, 1))(x, x),
    "hessian": lambda x: hessian(cube)(x),
    "make_vjp": lambda x: [make_vjp(cube)(x)[0](1.0), make_vjp(cube)(x)[1]],
    "make_jvp": lambda x: make_jvp(cube)(x)(1.0),
    "make_jvp_reversemode": lambda x: make_jvp_reversemode(cube)(x)(1.0),
    "core.make_vjp": lambda x: [unary_make_vjp(cube, x)[0](1.0), unary_make_vjp(cube, x)[1]],
    "core.make_jvp": lambda x: unary_make_jvp(cube, x)(1.0),
    "vjp": lambda x: [vjp(cube, x)[0], vjp(cube, x)[1](1.0)],
    "jvp": lambda x: jvp(cube, (x,), (1.0,)),
    "make_hvp": lambda x: [make_hvp(cube)(x)[0](1.0), make_hvp(cube)(x)[1]],
    "make_ggnvp": lambda x: make_ggnvp(lambda x: x * np.ones(1))(x)(1.0),
    "hessian_vector_product": lambda x: hessian_vector_product(cube)(x, 1.0),
    "tensor_jacobian_product": lambda x: tensor_jacobian_product(cube)(x, 1.0),
    "getval": lambda x: getval([Value(x), Value(x) * 2]),
    "_value": lambda x: [Value(x)._value, (Value(x) * 2)._value],
}


@pytest.mark.parametrize("get", RESULTS.values(), ids=RESULTS)
@pytest.mark.parametrize("x", [2.0, np.float64(2.0)], ids=["float", "float64"])
def test_numbers_come_back_as_numpys(get, x):
    for y in leaves(get(x)):
        assert type(y) is np.float64
        assert (y.shape, y.ndim, y.dtype, type(y.item())) == ((), 0, float, float)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.longdouble, np.complex64])
def test_other_dtypes_stay(dtype):
    x = dtype(2)
    assert type(grad(lambda x: np.real(x * x))(x)) is dtype
    assert type(make_vjp(cube)(x)[1]) is dtype


def test_the_result_divides_and_overflows_as_numpys():
    zero, large = grad(lambda x: x * x)(0.0), grad(lambda x: 1e200 * x)(1.0)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert 1 / zero == np.inf
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert zero**-1 == np.inf
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert np.isnan(zero / zero)
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert large**2 == np.inf


def test_the_result_is_a_float_all_the_same():
    slope = grad(cube)(2.0)
    assert isinstance(slope, float)
    assert slope == 12.0
    assert (hash(slope), math.sqrt(slope)) == (hash(12.0), math.sqrt(12.0))
    assert f"{slope} {slope:.3f}" == "12.0 12.000"
    assert str([slope.item()]) == "[12.0]"
    assert pickle.loads(pickle.dumps(slope)) == slope


def test_what_a_result_already_was_it_stays():
    constants = {"steps": 3, "rate": 0.5, "name": "sgd", "none": None}
    _, rest = grad_and_aux(lambda x: (cube(x), constants))(2.0)
    assert {name: type(thing) for name, thing in rest.items()} == {
        "steps": int, "rate": float, "name": str, "none": type(None)
    }  # fmt: skip


def test_values_keep_pythons_floats():
    x = Value(3.0)
    y = x * x
    y.backward()
    assert {type(n) for n in (x.data, x.grad, y.data, y.grad, y.item())} == {float}
    assert type(Value(np.float64(3.0)).data) is float
    inner = grad(lambda z: z * x)(Value(1.0))
    assert type(inner) is Value
    assert type(inner.data) is float


def test_inside_the_function_x_is_a_value():
    def f(x):
        assert (x.shape, x.ndim, x.size, x.dtype) == ((), 0, 1, float)
        assert type(x.item()) is float
        assert not isinstance(x, float)
        with pytest.raises(TypeError, match=r"float\(\) of a Value would drop its gradient"):
            float(x)
        for y in (np.float64(2.0) * x, x * np.float64(2.0), np.float64(4.0) - x):
            assert isinstance(y, Value)
        return np.float64(2.0) * x + x * grad(cube)(1.0)

    assert grad(f)(3.0) == 5.0


def test_a_users_primitive_sees_numpys_numbers():
    seen = []

    @primitive
    def inverse(x):
        seen.append(x)
        return 1 / x

    @primitive
    def half(x):
        return x.sum() / 2

    defvjp(inverse, lambda ans, x: lambda g: seen.extend([ans, x, g]) or -g * ans**2)
    defvjp(half, lambda ans, x: lambda g: np.full(x.shape, g) / 2 + 0 * ans.item() * g.item())
    assert grad(lambda x: half(inverse(2 * x)))(0.5) == -1.0
    assert {type(x) for x in seen} == {np.float64}
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert value_and_grad(lambda x: inverse(x) + x)(0.0)[1] == -np.inf


@pytest.mark.parametrize("name", "sin exp add multiply power maximum sum mean dot sqrt".split())
def test_functions_of_numbers_are_numpys(name):
    for args in ((2.0,), (2.0, 3.0), ([2.0, 3.0],)):
        try:
            expected = getattr(np, name)(*args)
        except TypeError:
            continue
        found = getattr(anp, name)(*args)
        assert type(found) is type(expected)
        assert np.array_equal(found, expected)
