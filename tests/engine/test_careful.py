"""0 · inf: 0 in a branch that was not taken, and never a finite wrong number elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    Primitive,
    Value,
    checkpoint,
    grad,
    hessian,
    jacobian,
    jvp,
    make_hvp,
    make_vjp,
)

# -- branches: the derivative is that of the taken branch alone ------------------------------------

SMOOTH = {
    "x": lambda x: 1.0 * x,
    "square": np.square,
    "sin": np.sin,
    "cube": lambda x: (x + 2.0) ** 3,
    "constant": lambda x: 0.0 * x + 2.0,
}
# A function, a point where it or a slope is NaN or infinite, and one where it is smooth.
TROUBLE = {
    "sqrt": (np.sqrt, 0.0, 0.5),
    "sqrt of a negative": (np.sqrt, -0.3, 0.5),
    "cbrt": (np.cbrt, 0.0, 0.5),
    "log": (np.log, 0.0, 0.5),
    "log of a negative": (np.log, -1.0, 0.5),
    "infinite second slope": (lambda x: x**1.5, 0.0, 0.5),
    "power": (lambda x: x**0.5, 0.0, 0.5),
    "x log x": (lambda x: x * np.log(x), 0.0, 0.5),
    "arccos": (np.arccos, 1.0, 0.5),
    "arccosh": (np.arccosh, 1.0, 2.0),
    "arctanh": (np.arctanh, 1.0, 0.5),
    "1 / x": (lambda x: 1 / x, 0.0, 0.5),
    "x / |x|": (lambda x: x / np.sqrt(x * x), 0.0, 0.5),
    "|x|": (lambda x: np.sqrt(np.square(x)), 0.0, 0.5),
    "exp log": (lambda x: np.exp(np.log(x)), 0.0, 0.5),
    "checkpoint": (checkpoint(lambda x: np.sqrt(x) * np.cos(x)), 0.0, 0.5),
    "two": (lambda x: np.sqrt(x) * np.sqrt(1 - x), 1.0, 0.5),
}


def written(take, a, b):
    y = 1.0 * b
    y[take] = a[take]
    return y


def in_turn(take, a, b):
    return np.stack([b, a])[take.astype(int), np.arange(take.size)]


CHOICES = {
    "where": np.where,
    "where not": lambda take, a, b: np.where(~take, b, a),
    "select": lambda take, a, b: np.select([take], [a], b),
    "choose": lambda take, a, b: np.choose(take.astype(int), [b, a]),
    "index": in_turn,
    "along an axis": lambda take, a, b: np.take_along_axis(
        np.stack([b, a]), take.astype(int)[None], 0
    )[0],
    "written": written,
    "joined": lambda take, a, b: np.concatenate([a[take], b[~take]])[
        np.argsort(np.argsort(~take, stable=True))
    ],
}
AFTER = {
    "itself": lambda y: y,
    "square": np.square,
    "sum": lambda y: np.sum(y, keepdims=True),
    "matrix": lambda y: np.arange(2.0 * y.size).reshape(2, y.size) @ y,
    "cancelling": lambda y: np.stack([2 * y[-1], -y[-1]]),
    "outer": lambda y: (y[:, None] * y).ravel(),
    "einsum": lambda y: np.einsum("i,j->j", y, np.cos(y)),
    "reversed": lambda y: y[::-1] * y,
    "column": lambda y: np.tanh(y[:, None]).T[0],
    "centred": lambda y: y - np.mean(y),
    "sums": np.cumsum,
    "softmax": autograd.softmax,
    "product": lambda y: np.prod(y, keepdims=True),
    "sorted": lambda y: np.sort(y)[:1],
    "padded": lambda y: np.pad(np.sin(y), 1)[1:],
    "checkpoint": checkpoint(lambda y: np.sin(y) * y[0]),
    "Primitive": Primitive("mine", np.sin, vjps=[lambda g, y, x: g * np.cos(x)]),
}


@st.composite
def branches(draw):
    """Draw (a program with branches, the same with the taken ones alone, a point)."""
    smooth = SMOOTH[draw(st.sampled_from(sorted(SMOOTH)))]
    trouble, bad, good = TROUBLE[draw(st.sampled_from(sorted(TROUBLE)))]
    choose = CHOICES[draw(st.sampled_from(sorted(CHOICES)))]
    after = AFTER[draw(st.sampled_from(sorted(AFTER)))]
    take = np.array(draw(st.lists(st.booleans(), min_size=2, max_size=3)))

    def alone(x):
        return np.stack([smooth(v) if ok else trouble(v) for ok, v in zip(take, x, strict=True)])

    return (
        lambda x: after(choose(take, smooth(x), trouble(x))),
        lambda x: after(alone(x)),
        np.where(take, bad, good),
    )


def twice_backward(f, x):
    v = Value(x)
    f(v).backward(create_graph=True)
    first, _ = v.grad, v.zero_grad()
    first.backward(np.ones(x.shape))
    return np.stack([first.data, np.zeros(x.shape) if v.grad is None else v.grad])


def in_columns(f, x):
    return np.stack([jvp(f, (x,), (unit,))[1] for unit in np.eye(x.size)], axis=-1)


def in_rows(f, x):
    rows = range(f(x).size)
    return np.stack([grad(lambda x, i=i: f(x)[i])(x) for i in rows])


def weighted(f):
    return lambda x: np.sum((y := f(x)) * np.linspace(1.0, 2.0, y.size))


WAYS = {
    "rows": in_rows,
    "columns": in_columns,
    "jacobian": lambda f, x: jacobian(f)(x),
    "backward twice": lambda f, x: twice_backward(weighted(f), x),
    "hessian": lambda f, x: hessian(weighted(f))(x),
    "hvp": lambda f, x: make_hvp(weighted(f))(x)[0](np.ones(x.size)),
    "forward over backward": lambda f, x: in_columns(grad(weighted(f)), x),
    "forward over forward": lambda f, x: in_columns(lambda x: jvp(f, (x,), (x * 0 + 1.0,))[1], x),
}


@np.errstate(all="ignore")
@pytest.mark.parametrize("way", WAYS)
@given(drawn=branches())
def test_a_branch_that_was_not_taken_has_no_slope(way, drawn):
    f, alone, x = drawn
    np.testing.assert_allclose(WAYS[way](f, x), WAYS[way](alone, x), rtol=1e-9, atol=1e-12)


@np.errstate(all="ignore")
def test_results_do_not_cancel_in_forward_mode():
    """Their gradients are added up, times numbers without any relation."""
    x, along = np.array([-0.3, 0.25]), np.array([0.0, 1.0])

    def root(x):
        return np.where(x > 0, np.sqrt(x), x)[1]

    def change(f):
        return jvp(f, (x,), (along,))[1]

    assert change(lambda x: np.stack([2 * root(x), -root(x)])).tolist() == [2, -1]
    assert change(lambda x: (root(x), -root(x))) == (1, -1)
    assert change(lambda x: [root(x), np.stack([-2 * root(x), root(x)])])[1].tolist() == [-2, 1]
    assert change(grad(lambda x: 2 * root(x) - root(x))).tolist() == [0, -2]
    assert jacobian(lambda x: np.stack([2 * root(x), -root(x), x[1]]))(x).tolist() == [
        [0, 2],
        [0, -1],
        [0, 1],
    ]


# -- two ops whose slopes are 0 and infinite: right or not finite ----------------------------------

# A function, a point where its slope is infinite, its value there, and where to go from there.
STEEP = {
    "sqrt": (np.sqrt, 0.0, 0.0, 1),
    "power": (lambda x: x**0.5, 0.0, 0.0, 1),
    "fourth root": (lambda x: x**0.25, 0.0, 0.0, 1),
    "cbrt": (np.cbrt, 0.0, 0.0, 1),
    "arccos": (np.arccos, 1.0, 0.0, -1),
    "arccosh": (np.arccosh, 1.0, 0.0, 1),
    "log": (np.log, 0.0, -np.inf, 1),
    "log1p": (np.log1p, -1.0, -np.inf, 1),
    "arctanh": (np.arctanh, 1.0, np.inf, -1),
    "1 / x": (lambda x: 1 / x, 0.0, np.inf, 1),
}
# Functions whose slope is 0 at this value.
FLAT = {
    0.0: {
        "square": np.square,
        "u * u": lambda u: u * u,
        "cube": lambda u: u**3.0,
        "fourth": lambda u: u**4,
        "cos": np.cos,
        "cosh": np.cosh,
        "bell": lambda u: np.exp(-u * u),
        "u tanh u": lambda u: u * np.tanh(u),
        "einsum": lambda u: np.einsum("i,i->i", u, np.sin(u)),
        "root": lambda u: np.sqrt(1 + u * u),
        "product": lambda u: np.prod(np.stack([u, u]), axis=0),
        "matmul": lambda u: (u[:, None, None] @ u[:, None, None])[:, 0, 0],
        "difference": lambda u: u - np.sin(u),
        "nanmax": lambda u: (m := np.nanmax(np.stack([u, 0.0 * np.ones(u.size)]), axis=0)) * m,
        "mod": lambda u: np.mod(u, 1.0) * np.mod(u, 1.0),
        "log cosh": lambda u: np.logaddexp(u, -u),
        "branch": lambda u: np.where(u > 1, u, np.square(u)),
        "larger": lambda u: np.maximum(np.square(u), -1),
    },
    -np.inf: {
        "exp": np.exp,
        "exp2": np.exp2,
        "expm1": np.expm1,
        "sigmoid": autograd.sigmoid,
        "softplus": autograd.softplus,
        "logaddexp": lambda u: np.logaddexp(u, 0.0),
        "logsumexp": lambda u: autograd.logsumexp(np.stack([u, 0.0 * np.exp(u)]), axis=0),
        "tanh": np.tanh,
        "1 / u": lambda u: 1 / u,
    },
    np.inf: {
        "exp": lambda u: np.exp(-u),
        "1 / u": lambda u: 1 / u,
        "tanh": np.tanh,
        "arctan": np.arctan,
    },
}


def of_its_own(f):
    """The function as an op, whose rule starts a walk of its own."""
    return Primitive("own", f, vjps=[lambda g, y, x: make_vjp(f)(x)[0](g)])


AROUND = {
    "nothing": lambda f: f,
    "checkpoint": checkpoint,
    "a Primitive": of_its_own,
    "a matrix": lambda f: lambda u: np.array([[1.0, 2.0], [0.5, 1.0]]) @ f(u) + u - u,
    "a column": lambda f: lambda u: f(u[:, None].ravel()),
    "parts": lambda f: lambda u: np.concatenate([f(u[:1]), f(u[1:])]),
    "cancelling": lambda f: lambda u: np.stack([2 * f(u)[0], -f(u)[0], f(u)[1]]),
}


@st.composite
def compositions(draw):
    """Draw (a program, a point with a singular first entry, one next to it)."""
    inner, x, value, side = STEEP[draw(st.sampled_from(sorted(STEEP)))]
    outer = FLAT[value][draw(st.sampled_from(sorted(FLAT[value])))]
    around = AROUND[draw(st.sampled_from(sorted(AROUND)))]
    inside = AROUND[draw(st.sampled_from(["nothing", "checkpoint", "a Primitive", "parts"]))]
    f, g = around(outer), inside(inner)
    points = [np.array([x + side * step, x + side / 4]) for step in (0.0, 1e-10)]
    return lambda x: f(g(x)), *points


FIRST = np.array([1.0, 0.0])
BY_THE_FIRST_ENTRY = {
    "backward": lambda f, x: grad(lambda x: np.sum(f(x)))(x)[0],
    "forward": lambda f, x: np.sum(jvp(f, (x,), (FIRST,))[1]),
    "of a leaf": lambda f, x: twice_backward(lambda x: np.sum(f(x)), x)[0, 0],
    "hessian": lambda f, x: hessian(lambda x: np.sum(f(x)))(x)[0, 0],
    "of a leaf, twice": lambda f, x: twice_backward(lambda x: np.sum(f(x)), x)[1, 0],
    "forward over backward": lambda f, x: jvp(grad(lambda x: np.sum(f(x))), (x,), (FIRST,))[1][0],
}


@np.errstate(all="ignore")
@pytest.mark.parametrize("way", BY_THE_FIRST_ENTRY)
@given(drawn=compositions())
def test_what_two_ops_leave_open_is_no_finite_number(way, drawn):
    f, x, near = drawn
    found = BY_THE_FIRST_ENTRY[way](f, x)
    assert not np.isfinite(found) or found == pytest.approx(
        BY_THE_FIRST_ENTRY[way](f, near), rel=1e-3
    )


@np.errstate(all="ignore")
@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: np.arccos(x) ** 2, 1.0),
        (lambda x: np.sqrt(x) ** 2, 0.0),
        (lambda x: np.mod(np.sqrt(x), 1.0) * np.mod(np.sqrt(x), 1.0), 0.0),
        (lambda x: (m := np.nanmax(np.stack([np.sqrt(x), 0.0]))) * m, 0.0),
        (lambda x: np.exp(np.log(x)), 0.0),
        (lambda x: autograd.logsumexp(np.log(x) + np.array([0.0, -1.0])), np.array([0.0, 1.0])),
    ],
)
def test_the_limit_is_not_known(f, x):
    assert np.isnan(grad(f)(x)).any()
    assert np.isnan(jvp(f, (x,), (np.ones_like(x),))[1])


# -- masks: a zero that stays ----------------------------------------------------------------------

MASK = np.array([0.0, 1.0])
MASKED = {
    "a constant": lambda x: MASK * np.sqrt(x),
    "of whole numbers": lambda x: np.array([0, 1]) * np.sqrt(x),
    "a quotient": lambda x: 2 * MASK / (1 + 1 / (2 - np.sqrt(x))),
    "a comparison": lambda x: (x > 0) * np.sqrt(x),
    "a comparison as floats": lambda x: (x > 0).astype(float) * np.sqrt(x),
    "a where": lambda x: np.where(x > 0, 1.0, 0.0) * np.sqrt(x),
    "the other way": lambda x: (1 - np.where(x > 0, 0.0, 1.0)) * np.sqrt(x),
    "of two": lambda x: np.where(x > 0, 1.0, 0.0) * (x < 9) * np.sqrt(x),
    "a branch": lambda x: np.where(x > 0, x, 0.0) * np.sqrt(x),
    "maximum": lambda x: np.maximum(x - 1, 0.0) * np.sqrt(x),
    "relu, squared": lambda x: autograd.relu(x - 1) ** 2 * np.sqrt(x),
    "clip": lambda x: np.clip(x - 1, 0.0, 9.0) * np.sqrt(x),
    "a sum": lambda x: (np.maximum(x - 1, 0.0) + np.where(x > 2, x, 0.0)) * np.sqrt(x),
    "floor": lambda x: np.floor(x / 4) * np.sqrt(x),
    "sign": lambda x: (1 + np.sign(x - 2)) * np.sqrt(x),
    "heaviside": lambda x: np.heaviside(x, 0.0) * np.sqrt(x),
    "a matrix": lambda x: np.diag(MASK) @ np.sqrt(x),
    "a matrix that moves": lambda x: np.diag(np.maximum(x - 1, 0.0)) @ np.sqrt(x),
    "einsum": lambda x: np.einsum("i,i->i", MASK, np.sqrt(x)),
    "convolution": lambda x: np.convolve(np.sqrt(x), MASK)[2:],
    "repeated": lambda x: np.repeat(np.sqrt(x), 2)[2:],
    "a sum of some": lambda x: np.sum(np.sqrt(x), where=x > 0, keepdims=True),
    "inside": lambda x: np.sqrt(np.maximum(x - 1, 0.0)),
    "of one": lambda x: np.sqrt(np.max(x, keepdims=True)),
}


@np.errstate(all="ignore")
@pytest.mark.parametrize("name", MASKED)
@pytest.mark.parametrize("way", ["rows", "columns", "hessian", "forward over backward"])
def test_masks(name, way):
    f, x = MASKED[name], np.array([0.0, 4.0])
    found = WAYS[way](f, x)
    np.testing.assert_allclose(found, WAYS[way](lambda x: f(np.stack([0.0, x[1]])), x))


@np.errstate(all="ignore")
def test_partial_derivatives_hold_the_other_arguments_fixed():
    w, x = Value([0.0, 1.0]), Value([0.0, 4.0])
    np.sum(w * np.sqrt(x)).backward()
    assert x.grad.tolist() == [0.0, 0.25]
    assert grad(lambda w, x: w * np.sqrt(x), 1)(0.0, 0.0) == 0.0
    # but not within a rule: the arguments of a checkpoint may depend on each other
    product = checkpoint(lambda w, x: w * x)
    assert np.isnan(grad(lambda t: product(np.sqrt(t), np.sqrt(t)))(0.0))
    # and not if the derivative is differentiated again
    assert grad(lambda w: grad(lambda x: w * np.sqrt(x))(0.0))(0.0) == np.inf


@np.errstate(all="ignore")
def test_a_zero_that_moves_at_a_finite_rate():
    x = np.array([0.0, 4.0])
    np.testing.assert_array_equal(grad(lambda x: np.sum(x * np.sqrt(x)))(x), [0.0, 3.0])
    np.testing.assert_array_equal(grad(lambda x: x[0] * np.sqrt(x[0] + x[1] - 4))(x), [0.0, 0.0])
    assert np.isnan(grad(lambda x: np.sqrt(x * x))(0.0))  # an infinite slope above it
    assert np.isnan(grad(lambda x: np.sqrt(x) * np.sqrt(x))(0.0))


@np.errstate(all="ignore")
def test_relu_at_zero_is_no_choice():
    assert not np.isfinite(grad(lambda x: autograd.relu(np.sqrt(x)))(0.0))
    assert not np.isfinite(hessian(lambda x: autograd.relu(np.sqrt(x)))(0.0))


@np.errstate(all="ignore")
def test_a_direction_that_leaves_an_entry_out():
    x = np.array([0.0, 4.0])
    assert jvp(np.sqrt, (x,), (np.array([0.0, 1.0]),))[1].tolist() == [0.0, 0.25]
    assert jacobian(np.sqrt)(x).tolist() == [[np.inf, 0.0], [0.0, 0.25]]
    v = Value(x)
    np.sqrt(v).backward(np.array([0.0, 1.0]))
    assert v.grad.tolist() == [0.0, 0.25]


def test_ops_of_a_user():
    """A choice that multiplies by 0 must say so; one that leaves entries out is seen."""
    forward = lambda x: np.maximum(x, 0.0)  # noqa: E731
    multiplied = Primitive("relu", forward, vjps=[lambda g, y, x: g * (x > 0)])
    said = Primitive(
        "relu", forward, vjps=[lambda g, y, x: g * (x > 0)], selects=lambda y, x: x != 0
    )
    left_out = Primitive("relu", forward, vjps=[lambda g, y, x: np.where(x > 0, g, 0.0)])
    with np.errstate(all="ignore"):
        for op, first in ((multiplied, np.nan), (said, 0.0), (left_out, 0.0)):
            found = grad(lambda x, op=op: np.sum(op(np.log(x))))(np.array([0.0, 2.0]))
            np.testing.assert_array_equal(found, [first, 0.5])


@np.errstate(all="ignore")
def test_an_op_in_a_branch_that_was_not_taken_at_all():
    length = Primitive("length", lambda x: np.sqrt(x @ x), vjps=[lambda g, y, x: g * x / y])
    x = Value([0.0, 0.0])
    np.where(x[0] > 0, length(x), 0.0).backward()
    assert x.grad.tolist() == [0.0, 0.0]


@np.errstate(all="ignore")
def test_forward_functions_of_a_user_run_once():
    seen = []

    def forward(x):
        seen.append(x)
        return np.maximum(x - 5.0, 0.0)

    hinge = Primitive("hinge", forward, vjps=[lambda g, y, x: g * (x > 5)])
    x = Value([0.0, 4.0])
    np.sum(hinge(np.sqrt(x)) * np.sqrt(x)).backward()
    assert len(seen) == 1


def test_large_results_that_were_let_go():
    x = np.repeat([0.0, 4.0], 10_000)

    def f(x):
        return autograd.relu((np.sqrt(x + 0.0) * 1.0 + 0.0) - 1.0) * 1.0

    with np.errstate(all="ignore"):
        slopes = grad(lambda x: np.sum(f(x)))(x)
        np.testing.assert_array_equal(slopes, np.repeat([0.0, 0.25], 10_000))
        np.testing.assert_array_equal(jvp(f, (x,), (np.ones(x.size),))[1], slopes)
        assert np.isnan(grad(lambda x: np.sum((np.sqrt(x + 0.0) * 1.0) ** 2))(x)[0])
