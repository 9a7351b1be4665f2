"""compile: indices that are arguments or are computed, alone and among others."""

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, fori_loop, grad, scan, vmap
from autograd.compiling.reading import numbers

C = np.array([1.0, -2.0, 0.5])


def put(x, index, w):
    """Return a copy of x with w written to an index."""
    y = Value(1.0 * x) if not isinstance(x, Value) else 1.0 * x
    y[index] = w
    return y


def put_more(x, index, w):
    """Return a copy of x with w added at an index."""
    y = Value(1.0 * x) if not isinstance(x, Value) else 1.0 * x
    np.add.at(y, index, w)
    return y


# Of x of shape (3, 4), and of i and j, each three ints below 3, which may repeat.
READS = {
    "rows": lambda x, i, j: x[i],
    "one of each row": lambda x, i, j: x[np.arange(3), i],
    "two computed parts": lambda x, i, j: x[i, j] * 2,
    "a negative part": lambda x, i, j: x[-i, j + 1],
    "beside a slice": lambda x, i, j: x[:, i],
    "beside a part of a slice": lambda x, i, j: x[i, 1:3],
    "beside None and dots": lambda x, i, j: x[..., i, None],
    "an entry": lambda x, i, j: x[i[0], j[1]],
    "of a constant": lambda x, i, j: Value(np.eye(4))[i] + x,
    "from an argsort": lambda x, i, j: x[np.argsort(-x[:, 0]), i],
    "in a scan": lambda x, i, j: scan(lambda h, k: (h * x[k, j].sum(), h), 1.0, i)[1],
    "in a long loop": lambda x, i, j: fori_loop(0, 600, lambda t, h: np.sin(h * x[i[0], j]), C),
    "in a vmap": lambda x, i, j: vmap(lambda k: x[k, j])(i),
    "log-probabilities": lambda x, i, j: nn.log_softmax(x)[np.arange(3), i],
    "np.bincount": lambda x, i, j: x[:, :3] / np.maximum(np.bincount(i, minlength=3), 1),
}
WRITES = {
    "rows": lambda w, x, i, j: put(x, i, w[:, None]),
    "two computed parts": lambda w, x, i, j: put(x, (i, j), w),
    "beside a slice": lambda w, x, i, j: put(x, (slice(None), i), w),
    "added to rows": lambda w, x, i, j: put_more(x, i, w[:, None]),
    "added at two computed parts": lambda w, x, i, j: put_more(x, (i, j), w),
    "weights of np.bincount": lambda w, x, i, j: np.bincount(i, weights=w, minlength=3),
}


def of_x(f):
    return lambda x, i, j: grad(lambda x: np.sum(np.sin(f(x, i, j))))(x)


def of_w(f):
    return lambda x, i, j: grad(lambda w: np.sum(np.sin(f(w, x, i, j))))(C)


def again(f):
    return lambda x, i, j: grad(lambda x: np.sum(f(x, i, j) ** 2))(x)


PROGRAMS = READS | {f"slope of {name}": of_x(f) for name, f in READS.items()}
PROGRAMS |= {f"slope of the slope of {name}": again(of_x(f)) for name, f in READS.items()}
PROGRAMS |= {f"written: {name}": of_w(f) for name, f in WRITES.items()}
PROGRAMS |= {f"written, slope of x: {name}": of_x(lambda x, i, j, f=f: f(C * x[0, 0], x, i, j))
             for name, f in WRITES.items()}  # fmt: skip


@pytest.mark.parametrize("target", ["numpy", "auto"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_one_program_is_right_for_all_indices_also_for_those_that_repeat(name, target):
    f = PROGRAMS[name]
    compiled = autograd.compile(f, target=target)
    for seed in range(8):
        rng = np.random.default_rng(seed)
        x, (i, j) = rng.normal(size=(3, 4)), rng.integers(0, 3, (2, 3))
        if seed < 2:  # the program is compared with the function for these, which do not repeat
            i, j = rng.permutation(3), rng.permutation(3)
        found, expected = numbers(compiled(x, i, j)), numbers(f(x, i, j))
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)
    assert compiled.show().startswith(f"{f.__name__}: 1 program")


@pytest.mark.parametrize("target", ["numpy", "jax"])
def test_a_gradient_of_rows_that_repeat_is_added_up(target):
    if target == "jax":
        pytest.importorskip("jax")
    compiled = autograd.compile(of_x(READS["rows"]), target=target)
    for i in ([0, 1, 2], [2, 1, 0], [0, 0, 1], [1, 1, 1]):
        x, i = np.arange(12.0).reshape(3, 4), np.array(i)
        np.testing.assert_allclose(compiled(x, i, i), of_x(READS["rows"])(x, i, i), rtol=1e-14)
    assert "1 program" in compiled.show()


def test_an_index_that_is_out_of_range_is_the_same_error():
    compiled = autograd.compile(READS["two computed parts"])
    x, i = np.ones((3, 4)), np.arange(3)
    for _ in range(3):
        compiled(x, i, i)
    with pytest.raises(IndexError, match="index 4 is out of bounds"):
        compiled(x, i, i + 2)


def test_a_length_that_depends_on_the_numbers_is_left_to_python():
    compiled = autograd.compile(lambda i: np.bincount(i, minlength=3))
    for i in ([0, 1, 2], [2, 2, 0], [0, 4, 4], [1, 1, 1]):
        assert compiled(np.array(i)).tolist() == np.bincount(i, minlength=3).tolist()
