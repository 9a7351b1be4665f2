"""Functions of other libraries' arrays as functions of ours, with these libraries' derivatives."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, grad
from autograd.engine.trees import filled, leaves
from autograd.testing import GradientError, check_gradients, from_jax, from_torch
from autograd.testing.adapters import taken_over
from autograd.testing.problem import moves
from autograd.transforms.products import make_jvp, make_vjp

pytestmark = pytest.mark.slow

X = np.array([0.5, 2.0])
CASES = {  # in the words that the libraries share with NumPy; (function of a namespace, arguments)
    "elementwise": (lambda np: np.tanh, (X,)),
    "numbers": (lambda np: lambda x, y: np.sin(x) * y, (0.5, 2.0)),
    "containers": (lambda np: lambda p, n: p["w"] ** n + p["b"], ({"w": X, "b": 1.5}, 3)),
    "several results": (lambda np: lambda x: {"a": x * x, "b": [np.sum(x)]}, (X,)),
    "an argument without effect": (lambda np: lambda x, y: x * 2.0 + 0 * y, (X, X)),
    "single precision": (lambda np: np.sin, (X.astype(np.float32),)),
    "matrices": (lambda np: lambda a: np.linalg.inv(a), (np.array([[1.0, 2.0], [3.0, 5.0]]),)),
}


class Standin:
    """A library whose arrays are Values, to test adapters where no other library is installed."""

    name = "Stand-in"

    def __init__(self, error=None):
        self.error = error

    def run(self, f, args):
        return f(*filled(args, (Value(x) if moves(x) else x for _, x in leaves(args))))

    def array(self, y):
        return y.numpy()[()]

    def is_array(self, y):
        return isinstance(y, Value)

    def joined(self, parts):
        return np.concatenate([np.ravel(part) for part in parts])

    def of_values(self, f, args):
        every = [x for _, x in leaves(args)]
        moving = [i for i, x in enumerate(every) if isinstance(x, Value)]

        def of(*xs):
            new = dict(zip(moving, xs, strict=True))
            return f(*filled(args, (new.get(i, x) for i, x in enumerate(every))))

        return of, [every[i] for i in moving]

    def pull(self, f):
        def gradients(g, *args):
            of, xs = self.of_values(f, args)
            return tuple(make_vjp(of, tuple(range(len(xs))))(*xs)[0](g))

        return gradients

    def push(self, f):
        def change(changes, *args):
            if self.error:
                raise self.error
            of, xs = self.of_values(f, args)
            return make_jvp(of, tuple(range(len(xs))))(*xs)(changes)[1]

        return change

    def lacks_forward(self, error):
        return isinstance(error, NotImplementedError)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("error", [None, NotImplementedError()])
def test_derivatives_of_a_stand_in(name, error):
    made, args = CASES[name]
    f = made(np)
    g = taken_over(f, Standin(error))
    report = check_gradients(g, *args)
    assert {(row["mode"], row["order"]) for row in report.table} == {
        (mode, order) for mode in ("reverse", "forward") for order in (1, 2)
    }
    for (_, a), (_, b) in zip(leaves(g(*args)), leaves(f(*args)), strict=True):
        np.testing.assert_allclose(a, b, 1e-6)


def test_errors_of_a_forward_rule_are_not_hidden():
    with pytest.raises(GradientError, match=r"forward mode, order 1 .* is not possible: Runtime"):
        check_gradients(taken_over(np.tanh, Standin(RuntimeError("no"))), X)


def test_a_function_taken_over_is_part_of_a_larger_one():
    square = taken_over(lambda x: x * x, Standin())
    assert grad(lambda x: np.sum(square(np.sin(x))))(0.5) == pytest.approx(np.sin(1.0))
    assert square(3.0) == 9.0
    assert type(square(X)) is np.ndarray


def test_results_that_are_no_arrays():
    with pytest.raises(TypeError, match="should return arrays of Stand-in, not 3"):
        taken_over(lambda x: 3, Standin())(X)


@pytest.mark.filterwarnings("default")  # PyTorch warns of itself
def test_pytorch():
    torch = pytest.importorskip("torch")

    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 3 * x**2 * g

    class Wrong(Cube):
        @staticmethod
        def backward(ctx, g):
            return 3.1 * ctx.saved_tensors[0] ** 2 * g

    check_gradients(from_torch(Cube), X)
    with pytest.raises(GradientError, match="the gradient of Wrong is wrong at"):
        check_gradients(from_torch(Wrong), X)
    check_gradients(from_torch(torch.nn.Linear(2, 3).double()), X)
    check_gradients(from_torch(lambda z: z * z.conj() + z**2), X + 1j * X[::-1])
    check_gradients(from_torch(lambda x, i: x[i]), X, np.array([1, 1, 0]))
    check_gradients(from_torch(lambda x: torch.ones(2, dtype=torch.float64)), X)
    for made, args in CASES.values():
        check_gradients(from_torch(made(torch)), *args)


def test_jax():
    jax = pytest.importorskip("jax")
    precision = jax.numpy.asarray(1.0).dtype

    @jax.custom_vjp
    def wrong(x):
        return x**2

    wrong.defvjp(lambda x: (x**2, x), lambda x, g: (2.1 * x * g,))
    with pytest.raises(GradientError, match=r"it is 1\.05 times"):
        check_gradients(from_jax(wrong), X)
    check_gradients(from_jax(lambda z: z * z.conj() + z**2), X + 1j * X[::-1])
    check_gradients(from_jax(jax.jit(lambda x, i: x[i])), X, np.array([1, 1, 0]))
    for made, args in CASES.values():  # at special points JAX would compile each op again
        check_gradients(from_jax(made(jax.numpy)), *args, special=False)
    assert jax.numpy.asarray(1.0).dtype == precision


def test_a_library_that_is_not_installed_is_named():
    program = """if True:
        import sys
        sys.modules["torch"] = sys.modules["jax"] = None
        from autograd.testing import from_jax, from_torch
        for adapter in from_torch, from_jax:
            try:
                adapter(abs)
            except ModuleNotFoundError as error:
                print(error)
    """
    top = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=top, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == [
        "from_torch needs PyTorch: pip install torch",
        "from_jax needs JAX: pip install jax",
    ]
